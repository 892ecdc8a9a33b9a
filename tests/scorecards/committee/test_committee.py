"""Committee: what is said stays said, nobody fits scores to another's, and disagreement is seen."""

import dataclasses
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from scorecards.committee.ballots import ballot, opened
from scorecards.committee.events import BEGINNING, Log, LogError, read, verify
from scorecards.committee.opinions import gathered, objective, pivotal
from scorecards.committee.panel import Conflict, Member, Panel, vote
from scorecards.methods.tables import TableError

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PANEL = Panel(
    members=tuple(Member(name=name, role="expert", department="it", expert=True) for name in "abcde"),
    conflicts=(Conflict(member="e", vendor="X", kind="shares", recused=True),),
    declared=frozenset("abcde"),
)


def log_of(n, key=None):
    log = Log()
    for step in range(n):
        at = NOON + timedelta(minutes=step)
        log = log.add(log.next("note", {"text": f"第{step}条"}, actor="a", role="chair", at=at, key=key))
    return log


def test_an_empty_log_begins_at_nothing_and_grows_by_hashes():
    log = log_of(3)
    assert Log().head == BEGINNING
    assert log.events[2].before == log.events[1].hash
    assert verify(read(event.line()) for event in log.events) == log


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 4), st.sampled_from(["change", "drop", "swap", "cut", "actor"]))
def test_whatever_is_done_to_a_log_is_found(at, how):
    log = log_of(6, KEY)
    events = list(log.events)
    if how == "change":
        events[at] = dataclasses.replace(events[at], payload={"text": "other"})
    elif how == "actor":
        events[at] = dataclasses.replace(events[at], actor="b")
    elif how == "drop":
        del events[at]
    elif how == "swap":
        events[at], events[at + 1] = events[at + 1], events[at]
    else:
        events = events[: at + 1]
    with pytest.raises(LogError, match="log:"):
        verify(events, {"a": KEY.public_key()}, head=log.head)


def test_an_entry_without_its_member_s_signature_is_named():
    with pytest.raises(LogError, match="entry 1 is not signed by a"):
        verify(log_of(2).events, {"a": KEY.public_key()})
    verify(log_of(2, KEY).events, {"a": KEY.public_key()})


def test_two_who_write_at_once_do_not_overwrite_each_other():
    log = log_of(1)
    mine, yours = (log.next("note", {"n": n}, actor="a", role="chair", at=NOON + timedelta(hours=1)) for n in (1, 2))
    with pytest.raises(LogError, match="somebody else wrote first"):
        log.add(mine).add(yours)


def test_time_never_runs_back_and_payloads_are_plain():
    with pytest.raises(LogError, match="before the last entry"):
        log_of(2).next("note", {}, actor="a", role="chair", at=NOON - timedelta(days=1))
    with pytest.raises(LogError, match="finite"):
        Log().next("note", {"x": float("nan")}, actor="a", role="chair", at=NOON)


def test_a_sealed_ballot_opens_only_as_it_was():
    own = ballot("a", {"X/SEC-01": 4, "X/SEC-02": None})
    assert opened(own, own.commitment) is own
    better = dataclasses.replace(own, scores={"X/SEC-01": 5, "X/SEC-02": None})
    with pytest.raises(LogError, match="not the one that was sealed"):
        opened(better, own.commitment)
    assert ballot("a", own.scores).commitment != own.commitment
    with pytest.raises(LogError, match="give 0 to 5"):
        ballot("a", {"X/SEC-01": 6})


def test_medians_keep_every_value_and_abstaining_is_not_nothing():
    scores = {"a": 4, "b": 3, "c": 4, "d": 0, "e": None}
    seen = gathered([ballot(name, {"X/UX-01": value, "X/UX-02": None}) for name, value in scores.items()])
    cell = seen.cells["X/UX-01"]
    assert (cell.median, dict(cell.values)) == (3.5, scores)
    assert cell.outliers == ("d",)
    assert seen.to_discuss == ("X/UX-01",)
    assert seen.cells["X/UX-02"].median is None
    assert seen.disagreement()["d"] == {"UX": -3.5}


def test_agreement_is_a_word():
    same = [ballot(name, {"X/UX-01": 4, "Y/UX-01": 1, "Z/UX-01": 3}) for name in "abc"]
    assert gathered(same).agreement == "good"
    assert gathered([ballot("a", {"X/UX-01": 4})]).agreement == "unknown"
    odd = [ballot(n, {"X/UX-01": s, "Y/UX-01": 5 - s}) for n, s in zip("ab", (0, 5), strict=True)]
    assert gathered(odd).agreement == "brief_again"
    with pytest.raises(TableError, match="one for each member"):
        gathered([ballot("a", {}), ballot("a", {})])


def test_an_objective_value_is_one_value():
    assert objective("X/ROI-02", {"a": 3, "b": 3}) == 3
    with pytest.raises(TableError, match="differs at c"):
        objective("X/ROI-02", {"a": 3, "b": 3, "c": 4})
    assert pivotal({"a": "X", "b": "Y"}, "X") == ("b",)


def test_a_panel_is_large_odd_expert_and_declared():
    assert PANEL.complaints() == ()
    assert PANEL.complaints(budget=2e7) == ("too_few",)
    small = Panel(members=tuple(Member(name=name, role="", department="") for name in "ab"))
    assert small.complaints() == ("too_few", "even", "too_few_experts", "undeclared:a", "undeclared:b")


def test_whoever_is_recused_does_not_decide():
    assert [one.name for one in PANEL.voters()] == list("abcd")
    assert [one.name for one in PANEL.voters("Y")] == list("abcde")


def test_a_motion_needs_more_than_half_and_dissent_its_reasons():
    tie = dict(zip("abcd", ("approve", "approve", "reject", "reject"), strict=True))
    found = vote(PANEL, "choose X", tie, reasons={"c": "exit costs", "d": "no references"})
    assert (found.passed, found.needed, dict(found.dissent)) == (False, 3, {"c": "exit costs", "d": "no references"})
    most = dict(zip("abcd", ("approve", "approve", "approve", "abstain"), strict=True))
    assert vote(PANEL, "choose X", most).passed
    assert not vote(PANEL, "choose X", most, open_vetoes=["SEC-05"]).passed


@pytest.mark.parametrize(
    ("votes", "told"),
    [
        ({"e": "approve"}, "not a member who may vote"),
        ({"a": "maybe"}, "'maybe' is none"),
        ({"a": "reject"}, "needs its reasons"),
        ({"a": "approve", "b": "approve", "c": "approve"}, "no quorum"),
    ],
)
def test_a_vote_that_does_not_count_is_refused(votes, told):
    with pytest.raises(TableError, match=told):
        vote(PANEL, "choose X", votes)


def test_ballots_in_any_order_give_the_same_medians():
    ballots = [ballot(name, {"X/UX-01": value}) for name, value in zip("abc", (1, 2, 5), strict=True)]
    assert {gathered(order).medians["X/UX-01"] for order in itertools.permutations(ballots)} == {2}
