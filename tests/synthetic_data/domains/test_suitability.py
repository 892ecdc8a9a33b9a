"""Assessments and orders of a cell: planted edges are judged as the rules say, and truth agrees with the files."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from synthetic_data.domains.edges import EDGES
from synthetic_data.domains.suitability import products, suitability_of
from synthetic_data.grown import Grown
from tests.synthetic_data.columns_lives import accounts_of, ground_of, people_of

PROFILES = ("cn-digital-bank", "cn-joint-stock", "eu-retail")


@cache
def grown(cell: int = 0, profile: str = "cn-digital-bank") -> Grown:
    return suitability_of(ground_of(7, profile), people_of(7, cell, profile), accounts_of(7, cell, profile))


def frame(cell: Grown, name: str) -> pd.DataFrame:
    return ({**cell.tables, **cell.truth}[name]).to_pandas()


@pytest.fixture(scope="module")
def cell() -> Grown:
    return grown()


def test_a_cell_is_the_same_whenever_it_is_grown(cell: Grown) -> None:
    again = grown.__wrapped__()
    assert all(again.tables[name].equals(table) for name, table in cell.tables.items())
    assert all(again.truth[name].equals(table) for name, table in cell.truth.items())


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: edge.name)
def test_every_edge_is_planted_and_judged_as_the_rule_says(profile: str, edge: object) -> None:
    name, reason = edge.name, edge.reason  # type: ignore[attr-defined]
    verdicts = pd.concat([frame(grown(n, profile), "order_verdicts") for n in range(2)])
    mine = verdicts[verdicts["case"] == name]
    assert len(mine) > 0
    assert set(mine["reason"]) == {reason}


def test_every_level_meets_every_rating_and_is_judged_by_them_alone(cell: Grown) -> None:
    verdicts = frame(cell, "order_verdicts")
    cases = {f"C{level}R{rating}" for level in range(1, 6) for rating in range(1, 6)}
    assert cases <= set(verdicts["case"])
    above = verdicts["case"].isin([c for c in cases if c[3] > c[1]])
    assert not verdicts[above & (verdicts["reason"] == "above_level")]["allowed"].any()


def test_an_order_is_allowed_exactly_without_a_reason(cell: Grown) -> None:
    for name in ("order_verdicts", "assessment_verdicts"):
        verdicts = frame(cell, name)
        assert (verdicts["allowed"] == (verdicts["reason"] == "none")).all()


def test_no_customer_has_more_counted_assessments_than_the_caps(cell: Grown) -> None:
    rows = frame(cell, "suitability_assessments").merge(frame(cell, "assessment_verdicts"), on="number")
    counted = rows[rows["allowed"]].assign(day=lambda r: r["at"].dt.date)
    assert counted.groupby(["customer", "day"]).size().max() == 2
    assert set(rows["reason"]) == {"none", "third_of_the_day", "ninth_in_twelve_months"}


def test_the_level_on_file_is_that_of_the_last_assessment_that_counts(cell: Grown) -> None:
    people = people_of()
    rows = frame(cell, "suitability_assessments").merge(frame(cell, "assessment_verdicts"), on="number")
    last = rows[rows["allowed"]].sort_values("at").groupby("customer")["level"].last()
    place = last.index.str[1:].astype(int) - 1
    assert (last.astype(str).to_numpy() == np.array([f"C{risk + 1}" for risk in people.risk[place]])).all()


def test_scores_lie_in_the_band_of_their_level(cell: Grown) -> None:
    rows = frame(cell, "suitability_assessments")
    assert (rows["score"] // 20 + 1 == rows["level"].astype(str).str[1:].astype(int)).all()


def test_nothing_is_ordered_before_its_customer_came(cell: Grown) -> None:
    orders = frame(cell, "orders")
    since = people_of().since[orders["customer"].str[1:].astype(int).to_numpy() - 1]
    assert (orders["at"].dt.tz_localize(None).to_numpy().astype("M8[D]").astype(int) >= since).all()
    assert (orders["at"].dt.date < ground_of().as_of).all()


def test_the_catalogue_is_kept_once_for_the_whole_bank() -> None:
    ground = ground_of()
    first, second = (products(ground, people_of(7, n), accounts_of(7, n)).tables["investment_products"] for n in (0, 1))
    assert first.num_rows == ground.profile.lives.suitability.products.value
    assert second.num_rows == 0
    rows = first.to_pandas()
    assert set(rows["rating"]) == {"R1", "R2", "R3", "R4", "R5"}
    assert rows["name"].is_unique
    assert set(frame(grown(1), "orders")["product"]) <= set(rows["number"])
