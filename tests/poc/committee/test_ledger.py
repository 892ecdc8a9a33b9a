"""Ledger: ten who write at once lose nothing, nobody reads before all have sealed, and every change is found."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest

from poc.committee.identity import IdentityError, made, unlocked
from poc.committee.ledger import Ledger, LedgerError, ledger, selections
from poc.committee.seat import Seat, found, join, seat
from scorecards.committee.events import LogError
from scorecards.committee.opinions import gathered
from scorecards.methods.tables import TableError
from tests.poc.committee.seats import CELLS, CHEAP, NOON, PASS, founded, scoring


def points(place: int) -> dict[str, float | None]:
    return {cell: float((place + at) % 6) for at, cell in enumerate(CELLS)}


def test_ten_members_who_score_at_once_lose_nothing(tmp_path: Path) -> None:
    _, seats = scoring(tmp_path / "s", 10)
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda place: seats[place].seal_scores(points(place)), range(10)))
        list(pool.map(lambda own: own.open_scores(), seats))
    state = seats[0].ledger.state()
    opened = state.rounds[-1].opened
    assert {name: dict(one.scores) for name, one in opened.items()} == {f"m{n}": points(n) for n in range(10)}
    assert state.rounds[-1].revealed
    assert gathered(tuple(opened.values())).cells["X/UX-01"].median == 2


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_ten_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    chair, seats = founded(tmp_path / "s", 10)
    context = multiprocessing.get_context("fork")
    notes = [context.Process(target=own.do, args=("note.taken", {"text": own.who.name})) for own in seats]
    for one in notes:
        one.start()
    for one in notes:
        one.join(60)
    assert [one.exitcode for one in notes] == [0] * 10
    assert {note["by"] for note in chair.ledger.state().notes} == {f"m{n}" for n in range(10)}


def test_nobody_opens_before_all_have_sealed_and_sealed_points_cannot_be_read(tmp_path: Path) -> None:
    chair, seats = scoring(tmp_path / "s", 3)
    for place, own in enumerate(seats[:2]):
        own.seal_scores(points(place), {"X/UX-01": "because of the blue door"})
    with pytest.raises(TableError, match="m2 must seal first"):
        seats[0].open_scores()
    assert b"blue door" not in chair.ledger.path.read_bytes()
    envelope = chair.ledger.state().rounds[-1].sealed["m0"].envelope
    with pytest.raises(IdentityError, match="of another key"):
        chair.who.open(envelope)
    assert not chair.ledger.state().rounds[-1].opened


def test_points_stay_as_they_are_once_all_have_sealed(tmp_path: Path) -> None:
    _, seats = scoring(tmp_path / "s", 2)
    seats[0].seal_scores(points(0))
    seats[0].seal_scores(points(1))  # the last one's not in yet: one may think again
    seats[1].seal_scores(points(2))
    with pytest.raises(TableError, match="all have sealed round 1"):
        seats[0].seal_scores(points(3))
    seats[0].open_scores()
    assert dict(seats[0].ledger.state().rounds[-1].opened["m0"].scores) == points(1)


def test_evidence_waits_for_every_member_s_weights(tmp_path: Path) -> None:
    chair, seats = founded(tmp_path / "s", 2)
    seats[0].seal_weights({"SEC": 1})
    what = {"vendor": "X", "run": "r", "sha256": "a" * 64, "pack": "b" * 64, "began": NOON.isoformat()}
    with pytest.raises(TableError, match="m1 must seal first"):
        chair.do("evidence.disclosed", what)
    with pytest.raises(TableError, match="m1 must seal first"):
        seats[0].open_weights()
    seats[1].seal_weights({"SEC": 3, "UX": 1})
    chair.do("evidence.disclosed", what)
    with pytest.raises(TableError, match="sealed before both"):
        seats[0].seal_weights({"UX": 1})
    seats[1].open_weights()
    assert dict(chair.ledger.state().opened_weights) == {"m1": {"SEC": 3.0, "UX": 1.0}}


def test_the_same_click_twice_is_one_entry(tmp_path: Path) -> None:
    _, seats = scoring(tmp_path / "s", 2)
    first, again = (seats[0].seal_scores(points(0), act="click-1") for _ in range(2))
    assert first == again
    noted, twice = (seats[0].do("note.taken", {"text": "said"}, act="click-2") for _ in range(2))
    assert noted == twice
    with pytest.raises(LogError, match="used for something else"):
        seats[0].do("note.taken", {"text": "other"}, act="click-2")


def test_whatever_is_refused_leaves_the_log_as_it_was(tmp_path: Path) -> None:
    chair, seats = founded(tmp_path / "s", 1)
    before = chair.ledger.path.read_bytes()
    for kind, payload in (("nonsense", {}), ("round.begun", {"cells": ["X/UX-01"]}), ("member.invited", {"name": ""})):
        with pytest.raises(ValueError, match=r".+"):
            chair.do(kind, payload)
    with pytest.raises(TableError, match="only chair may"):
        seats[0].do("member.invited", {"name": "x"})
    assert chair.ledger.path.read_bytes() == before


def test_a_changed_cut_or_forged_log_is_named(tmp_path: Path) -> None:
    chair, seats = founded(tmp_path / "s", 2)
    path, head = chair.ledger.path, chair.ledger.log().head
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines).replace(b'"department":"it"', b'"department":"hr"', 1))
    with pytest.raises(LogError, match="entry 2 was changed"):
        chair.ledger.log()
    path.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(LogError, match="entries are missing"):
        chair.ledger.log(head=head)
    path.write_bytes(b"".join(lines))
    forged = Seat(ledger=chair.ledger, who=made(tmp_path / "other", "m0", PASS, cost=CHEAP))
    with pytest.raises(LogError, match="not signed by m0"):
        forged.do("note.taken", {"text": "I never said this"})
    assert chair.ledger.log().head == head
    assert seats[0].ledger.state().notes == ()


def test_a_line_that_a_crash_tore_was_never_said(tmp_path: Path) -> None:
    chair, _ = founded(tmp_path / "s", 1)
    path, count = chair.ledger.path, len(chair.ledger.log().events)
    with path.open("ab") as file:
        file.write(b'{"place": 99, "at"')
    assert len(chair.ledger.log().events) == count
    chair.do("note.taken", {"text": "after the crash"})
    assert [orjson.loads(line)["place"] for line in path.read_bytes().splitlines()] == list(range(1, count + 2))


def test_a_key_opens_to_its_passphrase_alone(tmp_path: Path) -> None:
    made(tmp_path, "a", PASS, cost=CHEAP)
    assert unlocked(tmp_path, "a", PASS).public
    with pytest.raises(IdentityError, match="does not open"):
        unlocked(tmp_path, "a", PASS + "!")
    with pytest.raises(IdentityError, match="has a key already"):
        made(tmp_path, "a", PASS)
    with pytest.raises(IdentityError, match="give 12 or more"):
        made(tmp_path, "b", "short")
    with pytest.raises(IdentityError, match="use letters"):
        made(tmp_path, "../b", PASS)
    assert (tmp_path / "a.key.json").stat().st_mode & 0o077 == 0


def test_a_selection_is_founded_once_and_found_by_name(tmp_path: Path) -> None:
    own = ledger("crm-2026", tmp_path, lambda: NOON)
    with pytest.raises(LedgerError, match="touchstone committee found"):
        own.state()
    with pytest.raises(TableError, match="vendors is empty"):
        found(own, "chair", PASS, title="CRM", vendors=(), cost=CHEAP)
    assert selections(tmp_path) == ()
    found(own, "chair", PASS, title="CRM", vendors=("X",), cost=CHEAP)
    assert selections(tmp_path) == ("crm-2026",)
    assert seat(own, "chair", PASS).who.name == "chair"
    with pytest.raises(TableError, match="holds a selection already"):
        found(own, "chair", PASS, title="CRM", vendors=("X",), cost=CHEAP)
    with pytest.raises(TableError, match="not invited"):
        join(own, "stranger", PASS, cost=CHEAP)
    with pytest.raises(LedgerError, match="cannot name"):
        ledger("../x", tmp_path)
    assert isinstance(own, Ledger)
