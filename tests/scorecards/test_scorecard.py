"""Scorecard: totals with their interval, gates on the interval, and nobody moved by anybody else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.evidence import Evidence, Outcome
from scorecards.criterion import Catalogue
from scorecards.methods.gates import GateState
from scorecards.rating import WHOLE_ROW, Rating, Ratings, Why, rate_all
from scorecards.scorecard import Eligible, Scorecard, score, weigh
from scorecards.weighting import DIMENSIONS, Waiver, Weighting, WeightingError, load_weighting
from tests.scorecards.evidence import piece

DEFAULT = load_weighting("seed-default")


def rated(observed: float | None, *, criterion: str = "SEC-01", target: str = "alder", **more: object) -> Rating:
    known = observed is not None
    rating = Rating(
        target=target,
        criterion=criterion,
        observed=observed,
        worst=observed if known else 0.0,
        best=observed if known else 5.0,
        coverage=float(known),
        why=Why.COMPLETE if known else Why.NOTHING_SEEN,
    )
    return replace(rating, **more)  # type: ignore[arg-type]


def everywhere(rows: Catalogue, points: float | None, target: str = "alder") -> dict[str, Rating]:
    return {one.id: rated(points, criterion=one.id, target=target) for one in rows.of_targets}


def card(rows: Catalogue, weighting: Weighting = DEFAULT, **targets: Mapping[str, Rating]) -> Scorecard:
    return score(Ratings(targets, {}), weighting, rows)


def test_the_weighted_sum_is_that_of_kracka_brauers_and_zavadskas_2010() -> None:
    """Inzinerine Ekonomika 21(4), 352-359: six facade alternatives, seven equal weights; cost columns as 1/x."""
    matrix = [
        [33.95, 23.78, 11.45, 39.97, 29.44, 167.10, 3.852],
        [38.9, 4.17, 6.32, 0.01, 4.29, 132.52, 25.184],
        [37.59, 9.36, 8.23, 4.35, 10.22, 136.71, 10.845],
        [30.44, 37.59, 13.91, 74.08, 45.10, 198.34, 2.186],
        [36.21, 14.79, 9.17, 17.77, 17.06, 148.3, 6.610],
        [37.8, 8.55, 7.97, 2.35, 9.25, 134.83, 11.935],
    ]
    gains = [[x if column in (4, 6) else 1 / x for column, x in enumerate(line)] for line in matrix]
    sums = [sum(column) for column in zip(*gains, strict=True)]
    scores = [weigh((rated(x / total), 1 / 7) for x, total in zip(line, sums, strict=True)) for line in gains]
    published = [0.12040426, 0.3458235, 0.13838192, 0.12841246, 0.12346084, 0.14351701]
    assert [one.observed for one in scores if one] == pytest.approx(published, abs=1e-6)


def test_the_unknown_is_an_interval_and_not_a_point() -> None:
    """Weights 0.5, 0.3, 0.2: scores 4, unknown, 3 against 3.5, 2.5, 3; neither is certainly better."""
    weights = (0.5, 0.3, 0.2)
    hidden = weigh(zip(map(rated, (4.0, None, 3.0)), weights, strict=True))
    shown = weigh(zip(map(rated, (3.5, 2.5, 3.0)), weights, strict=True))
    assert hidden is not None
    assert shown is not None
    assert (hidden.worst, hidden.best, hidden.coverage) == pytest.approx((2.6, 4.1, 0.7))
    assert (shown.worst, shown.best, shown.coverage) == pytest.approx((3.1, 3.1, 1.0))


def test_dimensions_weigh_as_agreed_and_rows_within_them_by_their_own_weight(rows: Catalogue) -> None:
    ratings = everywhere(rows, 0.0) | {one.id: rated(5.0, criterion=one.id) for one in rows.of("SEC")}
    standing = card(rows, alder=ratings).of("alder")
    assert standing.overall.observed == pytest.approx(5 * 0.30)
    assert standing.overall.hundred.observed == pytest.approx(30)
    one_row = card(rows, alder=everywhere(rows, 0.0) | {"SEC-01": rated(5.0, criterion="SEC-01")}).of("alder")
    # a gate keeps the two of its five points that are above it
    left = {one.id: one.weight * (0.4 if one.gate else 1.0) for one in rows.of("SEC")}
    assert one_row.dimensions["SEC"].observed == pytest.approx(5 * left["SEC-01"] / sum(left.values()))


def test_a_gate_scores_only_what_is_above_it(rows: Catalogue) -> None:
    """Points for what qualifies would count it twice; above the gate a point is worth a point of any other row."""
    met = everywhere(rows, 0.0) | {one.id: rated(3.0, criterion=one.id) for one in rows.of_targets if one.gate}
    standing = card(rows, alder=met).of("alder")
    assert standing.eligible is Eligible.YES
    assert standing.overall.observed == 0
    above, beside = (met | {name: rated(points, criterion=name)} for name, points in (("SEC-02", 4.0), ("SEC-03", 1.0)))
    gained = [card(rows, alder=one).of("alder").overall.worst for one in (above, beside)]
    weights = {one.id: one.weight for one in rows.of_targets}
    assert gained[0] / weights["SEC-02"] == pytest.approx(gained[1] / weights["SEC-03"])
    assert standing.swings["SEC-02"] == 0


def test_a_bank_may_let_gates_score_whole_and_a_waiver_moves_no_scale(rows: Catalogue) -> None:
    whole = replace(rows, gate_scores="whole")
    assert card(whole, alder=everywhere(rows, 4.0)).of("alder").overall.observed == pytest.approx(4)
    waiver = Waiver(gate="SEC-16", name="Head of Risk", reason="one tenant", expires=date(2027, 1, 31))
    ratings = Ratings({"alder": everywhere(rows, 4.0)}, {})
    live, gone = (
        score(ratings, replace(DEFAULT, waivers=(waiver,)), rows, on=date(2027, month, 1)).of("alder")
        for month in (1, 3)
    )
    assert live.overall == gone.overall


def test_a_gate_of_which_nothing_was_seen_is_unknown_and_not_inconclusive(rows: Catalogue) -> None:
    gates = card(rows, alder=everywhere(rows, None)).of("alder").gates
    assert {one.state for one in gates} == {GateState.UNKNOWN}


def test_performance_is_part_of_the_integration_dimension(rows: Catalogue) -> None:
    ratings = everywhere(rows, 0.0) | {"PER-02": rated(5.0, criterion="PER-02")}
    assert card(rows, alder=ratings).of("alder").dimensions["INT"].observed != 0


def test_a_bank_may_weigh_a_row_differently(rows: Catalogue) -> None:
    own = replace(DEFAULT, criteria={"CUS-18": 50.0})
    ratings = everywhere(rows, 0.0) | {"CUS-18": rated(5.0, criterion="CUS-18")}
    plain, moved = (card(rows, one, alder=ratings).of("alder").dimensions["CUS"].observed for one in (DEFAULT, own))
    assert plain is not None
    assert moved is not None
    assert moved > plain


def test_the_total_moves_by_the_share_that_hangs_on_a_row(rows: Catalogue) -> None:
    low, high = everywhere(rows, 2.0), everywhere(rows, 2.0) | {"PER-02": rated(5.0, criterion="PER-02")}
    before, after = (card(rows, alder=one).of("alder") for one in (low, high))
    assert sum(before.weights.values()) == pytest.approx(1)
    assert after.overall.worst - before.overall.worst == pytest.approx(
        5 * before.weights["PER-02"]
    )  # gate at 3: 0 to 5


def test_a_target_nobody_looked_at_has_no_total_but_the_whole_interval(rows: Catalogue) -> None:
    standing = card(rows, alder=everywhere(rows, None)).of("alder")
    overall = standing.overall
    assert (overall.observed, overall.worst, overall.best, overall.coverage) == (None, 0, 5, 0)
    assert standing.eligible is Eligible.CONDITIONAL
    assert set(standing.dimensions) == set(DIMENSIONS)


def test_a_waived_row_leaves_the_sum(rows: Catalogue) -> None:
    ratings = everywhere(rows, 5.0) | {"SEC-01": rated(None, criterion="SEC-01", applicable=False)}
    overall = card(rows, alder=ratings).of("alder").overall
    assert (overall.observed, overall.worst, overall.best, overall.coverage) == pytest.approx((5, 5, 5, 1))


def test_a_dimension_waived_as_a_whole_gives_its_share_to_the_others(rows: Catalogue) -> None:
    waived = {one.id: rated(None, criterion=one.id, applicable=False) for one in rows.of("UX")}
    only_security = {one.id: rated(5.0, criterion=one.id) for one in rows.of("SEC")}
    scored = card(rows, alder=everywhere(rows, 0.0) | only_security | waived)
    standing = scored.of("alder")
    assert "UX" not in standing.dimensions
    assert standing.overall.observed == pytest.approx(5 * 0.30 / 0.92)
    assert "waived" in scored._repr_html_()


@pytest.mark.parametrize(
    ("worst", "best", "state", "eligible"),
    [
        (3.0, 5.0, GateState.PASSED, Eligible.YES),
        (0.0, 2.9, GateState.FAILED, Eligible.NO),
        (2.0, 4.0, GateState.INCONCLUSIVE, Eligible.CONDITIONAL),
    ],
)
def test_a_gate_is_judged_on_the_interval(
    rows: Catalogue, worst: float, best: float, state: GateState, eligible: Eligible
) -> None:
    ratings = everywhere(rows, 5.0) | {"SEC-02": rated(2.5, criterion="SEC-02", worst=worst, best=best)}
    standing = card(rows, alder=ratings).of("alder")
    assert {gate.criterion: gate.state for gate in standing.gates}["SEC-02"] is state
    assert standing.eligible is eligible
    assert len(standing.gates) == 13


def test_a_committee_may_add_a_gate(rows: Catalogue) -> None:
    ratings = everywhere(rows, 5.0) | {"SEC-23": rated(1.0, criterion="SEC-23")}
    assert card(rows, alder=ratings).of("alder").eligible is Eligible.YES
    assert card(rows, replace(DEFAULT, gates=("SEC-23",)), alder=ratings).of("alder").eligible is Eligible.NO


@pytest.mark.parametrize(("day", "eligible"), [(date(2027, 1, 31), Eligible.YES), (date(2027, 2, 1), Eligible.NO)])
def test_a_gate_is_dropped_only_until_its_waiver_expires(rows: Catalogue, day: date, eligible: Eligible) -> None:
    waiver = Waiver(gate="SEC-16", name="Head of Risk", reason="one tenant", expires=date(2027, 1, 31))
    ratings = everywhere(rows, 5.0) | {"SEC-16": rated(0.0, criterion="SEC-16")}
    scored = score(Ratings({"alder": ratings}, {}), replace(DEFAULT, waivers=(waiver,)), rows, on=day)
    assert scored.of("alder").eligible is eligible


def test_a_weighting_of_rows_that_do_not_exist_is_refused(rows: Catalogue) -> None:
    with pytest.raises(WeightingError, match="names criterion 'SEC-99', which does not exist; remove it"):
        card(rows, replace(DEFAULT, criteria={"SEC-99": 1.0}))


def test_targets_within_the_tie_band_share_a_place_and_the_ineligible_come_last(rows: Catalogue) -> None:
    scored = card(
        rows,
        alder=everywhere(rows, 4.00),
        birch=everywhere(rows, 4.05),
        cedar=everywhere(rows, 3.5),
        fir=everywhere(rows, 5.0) | {"SEC-02": rated(0.0, criterion="SEC-02")},
        oak=everywhere(rows, None),
    )
    assert scored.ranking() == (("birch", "alder"), ("cedar",), ("oak",), ("fir",))


def test_the_committees_own_score_stands_beside_the_totals(rows: Catalogue) -> None:
    asked = rate_all([piece(f"asked_{i}", criterion="PRO-01", target="committee") for i in range(42)], rows)
    scored = score(asked, DEFAULT, rows)
    assert scored.standings == ()
    assert scored.process is not None
    assert scored.process.observed == 5
    assert scored.process.worst < 1


def test_rows_for_tables_hold_each_total_and_each_dimension(rows: Catalogue) -> None:
    scored = card(rows, alder=everywhere(rows, 5.0))
    lines = scored.rows()
    assert [line["dimension"] for line in lines] == ["ALL", *DIMENSIONS]
    assert lines[0]["observed"] == pytest.approx(5)
    html = scored._repr_html_()
    assert "<th>alder</th>" in html
    assert "5.00" in html


def test_a_waiver_of_a_whole_gate_row_passes_through_rating_and_score(rows: Catalogue) -> None:
    ratings = rate_all([piece(WHOLE_ROW, Outcome.NOT_APPLICABLE, criterion="VEN-07")], rows)
    gates = {gate.criterion: gate.state for gate in score(ratings, DEFAULT, rows).of("alder").gates}
    assert gates["VEN-07"] is GateState.WAIVED


evidence = st.builds(
    piece,
    st.sampled_from(("certificate_is_valid", "old_tls_is_refused", "hsts_is_long_enough", "clause_1", "clause_2")),
    st.sampled_from(Outcome),
    criterion=st.sampled_from(("SEC-02", "SEC-04", "VEN-10", "PER-02", "AI-08")),
    minutes=st.integers(0, 2),
    harm=st.booleans(),
    p99_upper_ms=st.floats(10, 900),
)


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(evidence, max_size=12))
def test_every_total_lies_between_worst_and_best(rows: Catalogue, lines: list[Evidence]) -> None:
    for standing in score(rate_all(lines, rows, targets=["alder"]), DEFAULT, rows).standings:
        for one in (standing.overall, *standing.dimensions.values()):
            assert 0 <= one.worst <= one.best <= 5
            assert one.observed is None or one.worst <= one.observed <= one.best
            assert 0 <= one.coverage <= 1
