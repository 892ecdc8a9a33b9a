"""Attempts: a missing verb is an answer, a fault of ours is not."""

import pytest

from scenarios.actors import Actor
from scenarios.crm import Answer
from scenarios.library.security.attempts import attempt, offered, seconds_until
from scenarios.port import BenchFault, Refused, Unsupported
from tests.doubles import QuietClock
from tests.scenarios.library.security.made import missing, no, yes


class View:
    actor = Actor.TELLER_A


def test_a_verb_that_the_product_lacks_is_not_offered() -> None:
    def ask(_: object) -> Answer[str]:
        raise Unsupported("no")

    tried = attempt(View(), "merge", ask)  # type: ignore[arg-type]
    assert not tried.offered
    assert tried.reason == "not-offered"
    with pytest.raises(Unsupported):
        _ = tried.value


def test_a_fault_of_our_bench_is_raised() -> None:
    def ask(_: object) -> Answer[str]:
        raise BenchFault("wire cut")

    with pytest.raises(BenchFault):
        attempt(View(), "merge", ask)  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", ["forbidden", "unauthenticated", "not-found"])
def test_a_denial_lets_nobody_in(reason: str) -> None:
    assert no(reason).denied
    assert not no(reason).admitted


@pytest.mark.parametrize("reason", ["invalid", "conflict", "duplicate"])
def test_finding_fault_with_what_was_sent_lets_the_sender_in(reason: str) -> None:
    assert no(reason).admitted


def test_a_broken_system_neither_admits_nor_denies() -> None:
    broken = no("server-error")
    assert not broken.admitted
    assert not broken.denied


def test_reading_a_refused_value_raises_the_refusal() -> None:
    with pytest.raises(Refused):
        _ = no("forbidden").value


def test_what_is_offered_nowhere_is_unsupported() -> None:
    assert offered([yes(), missing()]) == (yes(),)
    with pytest.raises(Unsupported):
        offered([missing()])


def test_waiting_ends_when_something_holds() -> None:
    turns = iter([False, False, True])
    waited = seconds_until(QuietClock(), lambda: next(turns), within=60, every=1.0)
    assert waited is not None
    assert 2.0 <= waited < 2.1


def test_waiting_ends_when_patience_does() -> None:
    clock = QuietClock()
    assert seconds_until(clock, lambda: False, within=3, every=1.0) is None
    assert sum(clock.slept) <= 4
