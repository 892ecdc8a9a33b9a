"""Weighting: shipped sets, a bank's own file, and clear words for what is wrong with it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorecards.methods.weights import rank_order_centroid
from scorecards.weighting import (
    DIMENSIONS,
    Weighting,
    WeightingError,
    load_weighting,
    weightings,
)

OWN = """
name = "Retail bank"
because = "A million small relationships."
agreed_by = ["Retail", "Compliance"]
agreed_on = 2026-03-14
gates = ["SEC-23"]

[dimensions]
SEC = 60
CUS = 40
INT = 20
AI = 10
UX = 10
VEN = 10
ROI = 10

[criteria]
CUS-18 = 3

[waive.SEC-16]
name = "Head of Risk"
reason = "one tenant only"
expires = 2027-01-31
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "retail.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_a_banks_own_file_is_read_whole(own: Path) -> None:
    weighting = load_weighting(own)
    assert weighting.dimensions["SEC"] == 60 / 160
    assert sum(weighting.dimensions.values()) == pytest.approx(1)
    assert weighting.criteria == {"CUS-18": 3}
    assert weighting.gates == ("SEC-23",)
    assert weighting.waivers[0].name == "Head of Risk"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("UX = 10\n", "", "dimensions.UX is missing; give it a number"),
        ("UX = 10\n", "UX = 10\nPRO = 3\n", "dimensions.PRO is unknown"),
        ("UX = 10\n", "UX = -1\n", "dimensions.UX = -1.0: give a number from 0 upwards"),
        ("UX = 10\n", "UX = nan\n", "dimensions.UX = nan"),
        ("UX = 10\n", 'UX = "much"\n', "dimensions.UX: .*number"),
        ("agreed_on = 2026-03-14\n", "", "agreed_on: field required"),
        ('because = "A million small relationships."\n', "", "because: field required"),
        ("gates =", "doors =", "doors: extra inputs are not permitted"),
        ("CUS-18 = 3", "CUS-18 = inf", "criteria.CUS-18 = inf"),
        ('reason = "one tenant only"\n', "", "waive.SEC-16.reason: field required"),
        ("[dimensions]", "[dimensions", "cannot be read"),
    ],
)
def test_a_file_that_is_wrong_names_the_field_and_the_remedy(own: Path, before: str, after: str, told: str) -> None:
    own.write_text(OWN.replace(before, after), encoding="utf-8")
    with pytest.raises(WeightingError, match=told) as refused:
        load_weighting(own)
    assert "\n" not in str(refused.value)


def test_an_unknown_name_is_answered_with_the_shipped_ones() -> None:
    with pytest.raises(WeightingError, match=r"no such name or file; shipped are .*seed-core, seed-default"):
        load_weighting("fashion")


def test_all_zero_is_no_weighting() -> None:
    with pytest.raises(WeightingError, match="sum to 0"):
        Weighting.of(dict.fromkeys(DIMENSIONS, 0))


@pytest.mark.parametrize("name", weightings())
def test_every_shipped_weighting_can_be_read_in_two_languages(name: str) -> None:
    weighting = load_weighting(name)
    assert sum(weighting.dimensions.values()) == pytest.approx(1)
    assert weighting.name_zh
    assert weighting.because_zh


def test_the_default_puts_security_first_and_the_four_core_dimensions_at_76() -> None:
    shares = load_weighting("seed-default").dimensions
    assert [round(100 * share) for share in shares.values()] == [30, 18, 16, 12, 8, 8, 8]


def test_the_shipped_rank_order_weighting_is_the_centroid_of_seven_ranks() -> None:
    assert tuple(load_weighting("rank-order").dimensions.values()) == pytest.approx(rank_order_centroid(7), abs=1e-6)


def test_the_digest_moves_with_everything_that_moves_a_total(own: Path) -> None:
    digests = {load_weighting(own).digest}
    for before, after in (("UX = 10", "UX = 11"), ("CUS-18 = 3", "CUS-18 = 4"), ("SEC-23", "SEC-08"), ("2027", "2028")):
        own.write_text(OWN.replace(before, after), encoding="utf-8")
        digests.add(load_weighting(own).digest)
    own.write_text(OWN, encoding="utf-8")
    assert len(digests) == 5
    assert load_weighting(own).digest in digests


def test_moving_the_sliders_keeps_rows_and_gates_and_loses_the_signatures(own: Path) -> None:
    agreed = load_weighting(own)
    moved = agreed.moved(dict.fromkeys(DIMENSIONS, 1))
    assert (moved.criteria, moved.gates, moved.waivers) == (agreed.criteria, agreed.gates, agreed.waivers)
    assert moved.dimensions["SEC"] == pytest.approx(1 / 7)
    assert moved.agreed_by == ()
    assert moved.digest != agreed.digest


@settings(max_examples=50, deadline=None)
@given(points=st.lists(st.floats(0, 1e6), min_size=7, max_size=7).filter(lambda points: sum(points) > 1e-6))
def test_sliders_of_any_size_become_shares(points: list[float]) -> None:
    shares = Weighting.of(dict(zip(DIMENSIONS, points, strict=True))).dimensions
    assert sum(shares.values()) == pytest.approx(1)
    assert tuple(shares) == DIMENSIONS
