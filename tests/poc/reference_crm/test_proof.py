"""Tests of the proof: whatever is done to a small trail is found, at its place."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poc.reference_crm import digests
from poc.reference_crm.checkpoints import Book, Checkpoint, Signer, next_after, parsed
from poc.reference_crm.proof import main, verify

SIGNER = Signer(b"k" * 32)
#: A number that no act used up in the end.
GAP = 7


def entry(number: int, **other: Any) -> dict[str, Any]:
    told = {"id": number, "at": f"2026-11-23T08:00:{number % 60:02d}+00:00", "who": f"user{number % 3}", "role": "rm"}
    told |= {"action": "record.read", "subject": f"customers/C{number}", "origin": "127.0.0.1 GET /", "result": "ok"}
    return {**told, "before": None, "after": '{"tier": "mass"}', "trace": f"t{number}", "forgotten": None, **other}


def sealed(numbers: list[int], *ends: int) -> list[Checkpoint]:
    book: list[Checkpoint] = []
    for end in ends:
        begin = book[-1].last if book else 0
        batch = [number for number in numbers if begin < number <= end]
        contents = [digests.content_digest(entry(number)) for number in batch]
        last = book[-1] if book else None
        book.append(next_after(last, upto=end, numbers=batch, contents=contents, at="now", signer=SIGNER))
    return book


NUMBERS = [number for number in range(1, 31) if number != GAP]
BOOK = sealed(NUMBERS, 10, 20, 30)
TRAIL = [entry(number) for number in NUMBERS]


def kinds(trail: Sequence[Mapping[str, Any]], book: list[Checkpoint] = BOOK) -> set[tuple[str, int]]:
    return {(one.kind, one.entry) for one in verify(book, trail, key=SIGNER.public).findings}


def test_a_whole_trail_is_sound_with_its_gap() -> None:
    proof = verify(BOOK, TRAIL, key=SIGNER.public)
    assert proof.sound and proof.entries == 29 and proof.sealed_to == 30 and proof.unsealed == 0


def test_entries_after_the_last_seal_are_counted_and_not_proven() -> None:
    proof = verify(BOOK, [*TRAIL, entry(31)], key=SIGNER.public)
    assert proof.sound and (proof.entries, proof.unsealed) == (29, 1)


@given(
    st.integers(0, 27),
    st.integers(1, 28),
    st.sampled_from(["alter", "drop", "swap", "clone", "tail", "gap", "renumber"]),
)
def test_any_change_is_found_at_its_place(one: int, other: int, act: str) -> None:
    trail, number = list(TRAIL), int(TRAIL[one]["id"])
    if act == "alter":
        trail[one] = entry(number, who="somebody")
        expected = ("altered", number)
    elif act == "drop":
        del trail[one]
        expected = ("deleted", number)
    elif act == "swap":
        other = other if other != one else one + 1
        trail[one], trail[other] = trail[other], trail[one]
        expected = ("moved", number)
    elif act == "clone":
        trail.insert(other, trail[one])
        expected = ("cloned", number)
    elif act == "tail":
        del trail[one + 1 :]
        expected = ("truncated", int(TRAIL[one + 1]["id"]))
    elif act == "gap":
        trail.insert(6, entry(GAP))
        expected = ("inserted", GAP)
    else:
        trail.insert(6, entry(number) | {"id": GAP})
        expected = ("cloned", GAP)
    assert expected in kinds(trail)


def test_a_forged_missing_or_foreign_checkpoint_is_found() -> None:
    forged = replace(BOOK[1], root="0" * 64)
    assert kinds(TRAIL, [BOOK[0], forged, BOOK[2]]) >= {("checkpoint", 2)}
    assert ("checkpoint", 3) in kinds(TRAIL, [BOOK[0], BOOK[2]])
    assert ("checkpoint", 1) in kinds(TRAIL[10:], BOOK[1:])
    assert ("checkpoint", 1) in kinds(TRAIL, [replace(BOOK[0], signature=""), *BOOK[1:]])
    assert {one.detail for one in verify(BOOK, TRAIL, key="ab" * 32).findings if one.kind == "checkpoint"}


def test_contents_that_are_not_those_of_the_root_prove_nothing() -> None:
    spoilt = replace(BOOK[0], contents=(b"x" * 32, *BOOK[0].contents[1:]))
    assert ("checkpoint", 1) in kinds(TRAIL, [spoilt, *BOOK[1:]])


def test_values_go_unnoticed_only_by_an_act_that_forgets_them() -> None:
    gone = entry(5, after=None, forgotten=digests.values_digest(None, '{"tier": "mass"}'))
    assert kinds([*TRAIL[:4], gone, *TRAIL[5:]]) == {("blanked", 5)}
    act = entry(31, action="audit.forgotten", after=orjson.dumps({"subjects": ["customers/C5"]}).decode())
    contents = [digests.content_digest(act)]
    book = [*BOOK, next_after(BOOK[-1], upto=31, numbers=[31], contents=contents, at="now", signer=SIGNER)]
    assert verify(book, [*TRAIL[:4], gone, *TRAIL[5:], act], key=SIGNER.public).sound


def test_nothing_sealed_is_no_proof() -> None:
    assert not verify([], TRAIL).sound


def test_a_book_reads_what_it_wrote_and_forgets_half_a_line(tmp_path: Path) -> None:
    book = Book(tmp_path / "book")
    book.append(BOOK[0])
    with book.path.open("ab") as file:
        file.write(b'{"half": ')
    book.append(BOOK[1])
    again = Book(book.path)
    assert [one.number for one in again.refresh()] == [1, 2]
    assert list(again.whole(11, 12)) == [BOOK[1]] and parsed(BOOK[2].line()) == BOOK[2]


def test_only_one_writes_a_book(tmp_path: Path) -> None:
    book = Book(tmp_path / "book")
    with book.held(), pytest.raises(BlockingIOError):
        Book(book.path).held()


def test_the_command_tells_a_whole_trail_from_a_spoilt_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book, log = tmp_path / "book", tmp_path / "log"
    book.write_bytes(b"".join(one.line() for one in BOOK))
    log.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in TRAIL))
    asked = ["--checkpoints", str(book), "--log", str(log), "--key", SIGNER.public]
    assert main(asked) == 0 and orjson.loads(capsys.readouterr().out)["entries"] == 29
    lines = log.read_bytes().splitlines(keepends=True)
    Random(1).shuffle(lines)
    log.write_bytes(b"".join(lines[:-1]))
    assert main(asked) == 99
    log.write_bytes(b"no entry\n")
    assert main(asked) == 2 and "line 1" in capsys.readouterr().err
