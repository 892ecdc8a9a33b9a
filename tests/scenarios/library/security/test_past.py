"""Past: what a judge makes of a history beside our own ledger."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scenarios.answers import Change
from scenarios.library.security import past
from scenarios.library.security.past import Edit, Moment, Seen
from scenarios.port import Unsupported
from tests.scenarios.library.security.made import missing, no, on_file, yes

START = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)
STATES = ("mass", "affluent", "private", "mass")


def edit(turn: int) -> Edit:
    at = START + timedelta(seconds=turn)
    return Edit(f"user{turn}", "tier", STATES[turn], STATES[turn + 1], at, at)


def change(turn: int, **changes: object) -> Change:
    told = edit(turn)
    good = Change(
        at=told.latest, who=told.who, field="tier", before=told.before, after=told.after, source="api", id=str(turn)
    )
    return replace(good, **changes)  # type: ignore[arg-type]


def seen(**changes: object) -> Seen:
    moments = tuple(
        Moment(START + timedelta(seconds=turn, milliseconds=500), {"tier": tier}, yes(on_file("N1", tier=tier)))
        for turn, tier in enumerate(STATES[1:])
    )
    good = Seen(
        ledger=tuple(edit(turn) for turn in range(3)),
        history=tuple(change(turn) for turn in range(3)),
        moments=moments,
        undone=edit(2),
        restored=yes(on_file("N1", tier="private")),
        afterwards=on_file("N1", tier="private"),
    )
    return good._replace(**changes)  # type: ignore[arg-type]


def test_a_faithful_history_passes_every_check() -> None:
    for check in past.twenty_edits_are_remembered.checks:
        assert check.judge(seen()).passed, check.name


def test_a_history_of_the_last_change_only_has_lost_the_others() -> None:
    short = seen(history=(change(2),))
    assert past.the_last_change_is_named(short).passed
    assert not past.every_change_is_kept(short).passed


def test_the_service_is_no_author() -> None:
    system = seen(history=tuple(change(turn, who="system") for turn in range(3)))
    assert not past.the_last_change_is_named(system).passed
    assert not past.every_change_has_an_author(system).passed


def test_a_change_at_another_time_is_not_the_last_one() -> None:
    late = seen(history=(change(0), change(1), change(2, at=START + timedelta(hours=1))))
    assert not past.the_last_change_is_named(late).passed


def test_values_must_be_those_of_the_ledger() -> None:
    blank = seen(history=tuple(change(turn, before=None) for turn in range(3)))
    assert not past.the_last_change_shows_its_values(blank).passed


def test_one_instant_shown_wrongly_is_counted() -> None:
    wrong = seen().moments[0]._replace(told=yes(on_file("N1", tier="mass")))
    verdict = past.past_states_are_rebuilt(seen(moments=(wrong, *seen().moments[1:])))
    assert not verdict.passed
    assert verdict.measures["moments_right_share"] == pytest.approx(2 / 3)


def test_a_refused_instant_is_wrong_and_a_missing_verb_unsupported() -> None:
    refused = tuple(moment._replace(told=no("not-found")) for moment in seen().moments)
    assert past.past_states_are_rebuilt(seen(moments=refused)).measures["moments_right_share"] == 0
    with pytest.raises(Unsupported):
        past.past_states_are_rebuilt(seen(moments=tuple(m._replace(told=missing()) for m in seen().moments)))


def test_a_change_without_its_door_fails() -> None:
    assert not past.every_change_names_its_source(seen(history=(change(0, source=""), change(1), change(2)))).passed


def test_a_restore_that_only_says_yes_fails() -> None:
    assert not past.a_change_can_be_reverted(seen(afterwards=on_file("N1", tier="mass"))).passed
    assert not past.a_change_can_be_reverted(seen(undone=None, restored=None)).passed
