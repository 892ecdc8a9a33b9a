"""Planted cases that a plain rule can find, the less the harder they are."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from synthetic_data.domains.money.domain import money
from synthetic_data.domains.money.risk import KINDS
from synthetic_data.ground import Ground, lay_ground
from synthetic_data.profile import load_profile
from tests.synthetic_data.domains.money.cells import PROFILES, crowd, frame, ground_of, seen, turned

CELLS = range(2)


def hard(difficulty: float) -> Ground:
    profile = turned(load_profile("cn-digital-bank"), "risk", easiest=difficulty, hardest=difficulty)
    return lay_ground(ground_of().seed, profile)


@cache
def grown(difficulty: float) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Transactions, cases and events of some cells in which every case is as hard as this."""
    ground = hard(difficulty)
    made = [money(ground, *crowd(ground, cell)) for cell in CELLS]
    moved, cases, events = (
        pd.concat([seen(m, name) for m in made], ignore_index=True)
        for name in ("transactions", "risk_cases", "risk_events")
    )
    return moved[~moved["kind"].isin(["purchase", "bill", "rent", "interest", "valuation"])], cases, events


def of_kind(kind: str, difficulty: float) -> tuple[pd.DataFrame, set[str]]:
    moved, cases, events = grown(difficulty)
    named = cases.set_index("number")["kind"].astype(str)
    members = events[events["case"].map(named) == kind]["customer"]
    return moved, set(members)


def structuring(moved: pd.DataFrame) -> set[str]:
    """Three or more payments of cash between 80 and 100 % of the threshold."""
    near = moved[(moved["kind"] == "cash_in") & moved["amount"].between(40_000, 49_999)]
    return set(near.groupby("customer").size().loc[lambda n: n >= 3].index)


def fan(moved: pd.DataFrame, kind: str) -> set[str]:
    """Eight or more counterparties at other banks within two days."""
    mine = moved[(moved["kind"] == kind) & moved["counterparty"].str.startswith("X")]
    per = mine.groupby(["customer", mine["at"].dt.floor("2D")])["counterparty"].nunique()
    return set(per[per >= 6].index.get_level_values(0))


def rapid(moved: pd.DataFrame) -> set[str]:
    """A large sum from another bank leaves within a day, nearly whole."""
    large = moved[moved["kind"].isin(["transfer_in", "transfer_out"]) & (moved["amount"].abs() > 8_000)]
    large = large.sort_values(["customer", "at"])
    before = large.groupby("customer")[["at", "amount"]].shift()
    soon = (large["at"] - before["at"]) < pd.Timedelta(days=1)
    whole = (-large["amount"] / before["amount"]).between(0.9, 1.0)
    return set(large[soon & whole & (before["amount"] > 0)]["customer"])


def awakening(moved: pd.DataFrame) -> set[str]:
    """A large sum comes after four months of silence and leaves nearly whole within a day and a half."""
    chosen = moved.sort_values(["customer", "at"])
    by = chosen.groupby("customer")
    quiet = by["at"].shift().isna() | (chosen["at"] - by["at"].shift() > pd.Timedelta(days=120))
    large = (chosen["kind"] == "transfer_in") & (chosen["amount"] > 50_000)
    woken = quiet & large
    whole = pd.Series(False, index=chosen.index)
    for later in (-1, -2):
        soon = by["at"].shift(later) - chosen["at"] < pd.Timedelta(days=1.5)
        sent = by["kind"].shift(later) == "transfer_out"
        whole |= soon & sent & (-by["amount"].shift(later) / chosen["amount"]).between(0.95, 1.0)
    return set(chosen[woken & whole]["customer"])


def circular(moved: pd.DataFrame) -> set[str]:
    """Large transfers inside the bank that come and go within two days."""
    inside = moved[moved["counterparty"].str.startswith("AC", na=False) & (moved["amount"].abs() > 20_000)]
    inside = inside[inside["kind"].isin(["transfer_in", "transfer_out"])]
    others = inside[inside["counterparty"].str[:10] != inside["account"].str[:10]].sort_values(["customer", "at"])
    before = others.groupby("customer")[["at", "amount"]].shift()
    back = (others["at"] - before["at"] < pd.Timedelta(days=2)) & (others["amount"] * before["amount"] < 0)
    near = (others["amount"].abs() / before["amount"].abs()).between(0.9, 1.1)
    return set(others[back & near]["customer"])


def cluster(moved: pd.DataFrame) -> set[str]:
    """A network address from which three or more customers order."""
    used = moved.dropna(subset=["origin"]).groupby("origin")["customer"].agg(["nunique", "unique"])
    return {c for row in used.loc[used["nunique"] >= 3, "unique"] for c in row}


RULES = {
    "structuring": structuring,
    "fan_in": lambda moved: fan(moved, "transfer_in"),
    "fan_out": lambda moved: fan(moved, "transfer_out"),
    "awakening": awakening,
    "rapid": rapid,
    "circular": circular,
    "cluster": cluster,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_plain_rule_finds_plain_cases_and_fewer_the_harder_they_are(kind: str) -> None:
    recall = []
    for difficulty in (0.0, 0.5, 1.0):
        moved, members = of_kind(kind, difficulty)
        assert members
        recall.append(len(RULES[kind](moved) & members) / len(members))
    assert recall[0] >= 0.7
    assert recall[0] >= recall[1] >= recall[2]
    assert recall[2] < recall[0] - 0.3


@pytest.mark.parametrize("kind", ["structuring", "fan_in", "fan_out", "awakening", "cluster", "circular"])
def test_the_honest_never_look_like_it(kind: str) -> None:
    moved, _ = of_kind(kind, 0.0)
    planted = set(grown(0.0)[2]["customer"])
    assert not RULES[kind](moved) - planted


@pytest.mark.parametrize("profile", PROFILES)
def test_three_hundred_cases_are_planted_in_half_a_million_events(profile: str) -> None:
    cases = sum(len(frame("risk_cases", profile, cell)) for cell in CELLS)
    events = sum(len(frame("transactions", profile, cell)) for cell in CELLS)
    assert abs(cases / events * 500_000 - 300) < 20


def test_no_customer_is_in_two_cases_and_every_event_is_a_transaction_of_its_customer() -> None:
    moved, cases, events = frame("transactions"), frame("risk_cases"), frame("risk_events")
    assert events.groupby("customer")["case"].nunique().max() == 1
    there = moved.set_index("number").loc[events["number"]]
    assert (there["customer"].to_numpy() == events["customer"].to_numpy()).all()
    told = cases.set_index("number")
    seen = events.assign(at=there["at"].to_numpy()).groupby("case")["at"].agg(["min", "max", "size"])
    assert (seen["min"] == told["began"].reindex(seen.index).astype(seen["min"].dtype)).all()
    assert (seen["size"] == told["events"].reindex(seen.index)).all()
    assert set(cases["kind"]) == set(KINDS)


def test_cases_spare_wages_and_cards() -> None:
    events, moved = frame("risk_events"), frame("transactions").set_index("number")
    kinds = set(moved.loc[events["number"], "kind"].astype(str))
    assert kinds == {"cash_in", "transfer_in", "transfer_out"}


def test_those_who_are_about_to_leave_are_in_no_case() -> None:
    churn = frame("churn").set_index("customer")
    signs = churn[["logins_fade", "activity_fades", "salary_moves", "balance_drains"]].sum(axis=1)
    members = frame("risk_events")["customer"].unique()
    assert signs.reindex(members).fillna(0).max() <= 2


def test_a_bank_without_cases_can_be_asked_for() -> None:
    profile = turned(load_profile("cn-digital-bank"), "risk", per_half_million=0)
    ground = lay_ground(7, profile)
    made = money(ground, *crowd(ground))
    assert made.truth["risk_cases"].num_rows == made.truth["risk_events"].num_rows == 0
    assert np.array_equal(made.owners["risk_cases"], [])
