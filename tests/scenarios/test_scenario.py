"""Scenario: what is declared before anything runs."""

from pathlib import Path

import pytest

from scenarios.crm import CRM
from scenarios.library import catalogue
from scenarios.scenario import FullSize, Scenario, scenario
from scenarios.verdict import Verdict, equal
from synthetic_data.bank import Bank


def told() -> Scenario[int]:
    @scenario("SEC-11", heavy=True)
    def somebody_leaves(crm: CRM, bank: Bank) -> int:
        """Somebody leaves.

        And more that the committee does not read.
        """
        return 1

    return somebody_leaves


def test_a_story_is_named_by_its_function_and_told_by_its_first_line() -> None:
    one = told()
    assert (one.criterion, one.name, one.sentence, one.heavy) == ("SEC-11", "somebody_leaves", "Somebody leaves.", True)


def test_checks_stand_in_the_order_they_were_declared_and_can_be_called_by_tests() -> None:
    one = told()

    @one.check
    def nobody_is_left(seen: int) -> Verdict:
        """Nobody is left."""
        return equal(seen, 1)

    @one.harm
    def nothing_is_lost(seen: int) -> Verdict:
        """Nothing is lost."""
        return equal(seen, 1)

    assert [(check.name, check.sentence, check.harm) for check in one.checks] == [
        ("nobody_is_left", "Nobody is left.", False),
        ("nothing_is_lost", "Nothing is lost.", True),
    ]
    assert nobody_is_left(2).passed is False


def test_what_has_no_sentence_is_refused() -> None:
    one = told()
    with pytest.raises(TypeError, match="silent has no docstring"):

        @one.check
        def silent(seen: int) -> Verdict:
            return equal(seen, 1)


def test_a_story_can_be_played_in_full_and_is_judged_by_the_same_checks() -> None:
    def at_length(crm: CRM, bank: Bank) -> int:
        return 1_000

    @scenario("SEC-01", full=FullSize(play=at_length, told="a thousand", seconds=900.0))
    def somebody_counts(crm: CRM, bank: Bank) -> int:
        """Somebody counts."""
        return 24

    @somebody_counts.check
    def something_was_counted(seen: int) -> Verdict:
        """Something was counted."""
        return equal(seen > 0, True)

    whole = somebody_counts.in_full()
    assert (whole.name, whole.play, whole.patience) == ("somebody_counts", at_length, 900.0)
    assert whole.checks == somebody_counts.checks
    assert somebody_counts.patience == 0.0


def test_a_story_without_a_longer_form_is_played_as_it_is() -> None:
    one = told()
    assert one.in_full() is one


def test_every_full_size_is_listed_for_who_contributes() -> None:
    listed = " ".join((Path(__file__).parents[2] / "CONTRIBUTING.md").read_text("utf-8").split())
    full = [(one.criterion, one.full) for one in catalogue() if one.full is not None]
    assert len(full) >= 2
    assert [told.told for criterion, told in full if f"{criterion}, {told.told}" not in listed] == []
