"""Rating: what outcomes, grades, harms and silence are worth."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.evidence import Evidence, Grade, Outcome
from scorecards.criterion import Catalogue, Criterion
from scorecards.rating import WHOLE_ROW, Rating, UnknownCriterionError, Why, rate, rate_all
from scorecards.rubric import count
from tests.scorecards.evidence import piece

CHECKS = ("first", "second", "third", "fourth")


@pytest.fixture
def row(rows: Catalogue) -> Criterion:
    return replace(rows.by_id["SEC-02"], rubric=count(checks=frozenset(CHECKS)), harms=frozenset())


def figures(rating: Rating) -> tuple[float | None, float, float, float]:
    return rating.observed, rating.worst, rating.best, rating.coverage


def test_unknown_is_neither_zero_nor_a_pass(row: Criterion) -> None:
    rating = rate("alder", row, ())
    assert figures(rating) == (None, 0, 5, 0)
    assert rating.why is Why.NOTHING_SEEN
    assert set(rating.open_checks) == set(CHECKS)


def test_what_the_product_does_not_offer_counts_as_not_passed(row: Criterion) -> None:
    rating = rate("alder", row, [*map(piece, CHECKS[:2]), *(piece(name, Outcome.UNSUPPORTED) for name in CHECKS[2:])])
    assert figures(rating) == (2, 2, 2, 1)


@pytest.mark.parametrize("outcome", [Outcome.BLOCKED, Outcome.NOT_TESTABLE, Outcome.UNSCORED])
def test_what_is_not_decided_widens_the_interval_and_never_becomes_a_zero(row: Criterion, outcome: Outcome) -> None:
    rating = rate("alder", row, [*map(piece, CHECKS[:3]), piece("fourth", outcome)])
    assert figures(rating) == (5, 3, 5, 0.75)


def test_our_own_fault_asks_for_another_run(row: Criterion) -> None:
    rating = rate("alder", row, [*map(piece, CHECKS[:3]), piece("fourth", Outcome.BLOCKED)])
    assert rating.must_rerun
    assert rating.why is Why.MUST_RERUN


def test_harm_is_zero_whatever_the_count(row: Criterion) -> None:
    rating = rate("alder", row, [*map(piece, CHECKS), piece("nothing_leaks", Outcome.FAILED, harm=True)])
    assert figures(rating) == (0, 0, 0, 1)
    assert rating.why is Why.HARM


def test_a_harm_nobody_looked_for_leaves_the_worst_case_at_zero(row: Criterion) -> None:
    watched = replace(row, harms=frozenset({"nothing_leaks"}))
    rating = rate("alder", watched, map(piece, CHECKS))
    assert figures(rating) == (5, 0, 5, 0.8)


def test_what_is_not_offered_does_no_harm(row: Criterion) -> None:
    rating = rate("alder", row, [*map(piece, CHECKS), piece("nothing_leaks", Outcome.UNSUPPORTED, harm=True)])
    assert rating.observed == 3
    assert not rating.harmed


@pytest.mark.parametrize(
    ("grade", "cap"),
    [("E0", 1), ("E1v", 2), ("E1t", 3), ("E2", 3), ("E3", 5), ("E4", 5)],
)
def test_the_weakest_evidence_limits_the_points(row: Criterion, grade: str, cap: float) -> None:
    pieces = [*map(piece, CHECKS[:3]), piece("fourth", grade=Grade(grade))]
    assert figures(rate("alder", row, pieces)) == (cap, cap, cap, 1)


def test_independent_paper_earns_full_marks_where_paper_is_the_natural_evidence(rows: Catalogue) -> None:
    clauses = [piece(f"clause_{i}", criterion="VEN-10", grade=Grade.THIRD_PARTY_PAPER) for i in range(18)]
    assert figures(rate("alder", rows.by_id["VEN-10"], clauses)) == (5, 5, 5, 1)


def test_open_evidence_does_not_cap(row: Criterion) -> None:
    pieces = [*map(piece, CHECKS[:3]), piece("fourth", Outcome.UNSCORED, grade=Grade.STATEMENT)]
    assert rate("alder", row, pieces).cap == 5


def test_the_later_piece_of_a_check_counts_whatever_the_order_of_lines(row: Criterion) -> None:
    lines = [piece("first", Outcome.FAILED), piece("first", Outcome.PASSED, minutes=5), *map(piece, CHECKS[1:])]
    assert rate("alder", row, lines) == rate("alder", row, reversed(lines))
    assert rate("alder", row, lines).observed == 5


def test_a_correction_wins_over_what_began_with_it(row: Criterion) -> None:
    wrong = piece("first", Outcome.PASSED)
    right = replace(piece("first", Outcome.FAILED), supersedes="line hash")
    assert rate("alder", row, [right, wrong]).failed_checks == ("first",)


def test_a_waived_check_leaves_the_sum(row: Criterion) -> None:
    rating = rate("alder", row, [*map(piece, CHECKS[:3]), piece("fourth", Outcome.NOT_APPLICABLE)])
    assert figures(rating) == (5, 5, 5, 1)


def test_a_waived_row_leaves_every_sum(row: Criterion) -> None:
    rating = rate("alder", row, [piece(WHOLE_ROW, Outcome.NOT_APPLICABLE)])
    assert not rating.applicable
    assert rating.why is Why.NOT_APPLICABLE


def test_a_row_is_left_out_only_when_every_check_it_asks_for_is_waived(rows: Catalogue) -> None:
    clauses = [piece(f"clause_{i}", Outcome.NOT_APPLICABLE, criterion="VEN-10") for i in range(18)]
    assert not rate("alder", rows.by_id["VEN-10"], clauses).applicable
    one_waived = rate("alder", rows.by_id["VEN-10"], clauses[:1])
    assert one_waived.applicable
    assert figures(one_waived) == (None, 0, 5, 0)


def test_a_measure_that_is_no_number_proves_nothing(rows: Catalogue) -> None:
    slow = rows.by_id["PER-08"]
    lost = piece("batch", criterion="PER-08", online_p99_growth_share=float("nan"))
    assert rate("alder", slow, [lost]).observed is None


def test_a_failed_check_still_earns_what_its_measure_earns(rows: Catalogue) -> None:
    pieces = [
        piece("reads_are_quick_enough", Outcome.FAILED, criterion="PER-02", p99_upper_ms=350.0),
        piece("writes_are_quick_enough", criterion="PER-02"),
        piece("errors_are_rare", criterion="PER-02", error_share=0.0),
        piece("the_offered_rate_is_achieved", criterion="PER-02"),
    ]
    assert figures(rate("alder", rows.by_id["PER-02"], pieces)) == (1, 1, 1, 1)


def test_every_row_of_the_catalogue_is_rated_even_without_evidence(rows: Catalogue) -> None:
    ratings = rate_all([piece("certificate_is_valid")], rows)
    assert ratings.targets == ("alder",)
    assert len(ratings.by_target["alder"]) == 126
    assert len(ratings.process) == 12
    assert ratings.of("alder", "CUS-09").observed is None
    assert len(list(ratings)) == 138


def test_the_committees_own_rows_rate_nobody_else(rows: Catalogue) -> None:
    ratings = rate_all([piece("owners_named", criterion="PRO-01", target="committee")], rows)
    assert ratings.targets == ()
    assert ratings.process["PRO-01"].coverage == pytest.approx(1 / 42)


def test_evidence_for_an_unknown_criterion_is_refused_by_name(rows: Catalogue) -> None:
    with pytest.raises(UnknownCriterionError, match="'SEC-99', which the catalogue lacks"):
        rate_all([piece("anything", criterion="SEC-99")], rows)


pieces = st.builds(
    piece,
    st.sampled_from(("certificate_is_valid", "hsts_is_long_enough", "old_tls_is_refused", "national_suites_are_offered",
                     "only_aead_suites_are_accepted", "nothing_is_served_in_clear", "mutual_tls_is_offered")),
    st.sampled_from(Outcome),
    harm=st.booleans(),
    grade=st.sampled_from(Grade),
    minutes=st.integers(0, 3),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(evidence=st.lists(pieces, max_size=9))
def test_what_is_observed_never_leaves_the_interval(rows: Catalogue, evidence: list[Evidence]) -> None:
    rating = rate("alder", rows.by_id["SEC-02"], evidence)
    assert 0 <= rating.worst <= rating.best <= 5
    assert rating.observed is None or rating.worst <= rating.observed <= rating.best
    assert 0 <= rating.coverage <= 1
