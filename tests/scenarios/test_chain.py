"""Chain: every changed byte is found, and a full disk leaves nothing half-written."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.chain import Chain, Head, sealed, unsealed
from scenarios.disk import StoreError

GENESIS = "0" * 64


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    made = Chain(tmp_path / "log.jsonl", GENESIS)
    made.open()
    yield made
    made.close()


def filled(chain: Chain, lines: int) -> Head:
    for number in range(lines):
        chain.append([{"n": number, "text": '李 said "no"'}])
    return chain.head


def test_lines_come_back_in_order(chain: Chain) -> None:
    filled(chain, 3)
    assert [line["n"] for line, _ in chain.lines()] == [0, 1, 2]


def test_each_line_names_the_one_before(chain: Chain) -> None:
    filled(chain, 3)
    read = list(chain.lines())
    assert [line["prev"] for line, _ in read] == [GENESIS, read[0][1], read[1][1]]


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_a_changed_bit_is_found(tmp_path: Path, where: int, bit: int) -> None:
    path = tmp_path / "log.jsonl"
    path.unlink(missing_ok=True)
    chain = Chain(path, GENESIS)
    chain.open()
    head = filled(chain, 4)
    chain.close()
    data = bytearray(path.read_bytes())
    data[where % len(data)] ^= 1 << bit
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"log\.jsonl"):
        Chain(path, GENESIS).check(head)


def test_the_line_that_differs_is_named(chain: Chain) -> None:
    head = filled(chain, 5)
    lines = chain.path.read_bytes().splitlines(keepends=True)
    chain.path.write_bytes(b"".join([*lines[:2], lines[2].replace(b'"n":2', b'"n":9'), *lines[3:]]))
    with pytest.raises(StoreError, match=r"log\.jsonl line 3 differs"):
        chain.check(head)


@pytest.mark.parametrize("kept", [0, 2])
def test_lines_that_were_cut_off_at_the_end_are_missed(chain: Chain, kept: int) -> None:
    head = filled(chain, 3)
    chain.path.write_bytes(b"".join(chain.path.read_bytes().splitlines(keepends=True)[:kept]))
    with pytest.raises(StoreError, match=f"ends after line {kept} where 3 were written"):
        chain.check(head)


def test_a_line_that_was_taken_out_of_the_middle_is_missed(chain: Chain) -> None:
    head = filled(chain, 3)
    lines = chain.path.read_bytes().splitlines(keepends=True)
    chain.path.write_bytes(lines[0] + lines[2])
    with pytest.raises(StoreError, match="line 2 differs"):
        chain.check(head)


def test_a_torn_line_is_put_aside_and_the_chain_goes_on(chain: Chain) -> None:
    filled(chain, 2)
    chain.close()
    with chain.path.open("ab") as file:
        file.write(b'{"n":2,"text":"to')
    again = Chain(chain.path, GENESIS)
    assert again.open()
    again.append([{"n": 3}])
    assert [line["n"] for line, _ in again.lines()] == [0, 1, 3]
    assert chain.path.with_name("log.jsonl.torn").read_bytes() == b'{"n":2,"text":"to\n'
    again.close()


def test_a_full_disk_leaves_no_half_line_and_the_chain_can_go_on(chain: Chain) -> None:
    head = filled(chain, 2)
    size = chain.path.stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, hard))  # the next line fits in part only
    try:
        with pytest.raises(StoreError, match=r"cannot write .*log\.jsonl: File too large; make room"):
            chain.append([{"n": 2, "text": "x" * 200}])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert chain.path.stat().st_size == size
    assert chain.head == head
    chain.append([{"n": 2}])
    chain.check(chain.head)


def test_several_lines_are_written_all_or_none(chain: Chain) -> None:
    first, second = chain.append([{"n": 0}, {"n": 1}])
    assert chain.head == Head(lines=2, hash=second)
    assert first != second


def test_nobody_writes_to_a_chain_that_is_not_open(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not open for writing"):
        Chain(tmp_path / "log.jsonl", GENESIS).append([{"n": 0}])


def test_a_sealed_line_is_read_back_and_only_as_it_was() -> None:
    raw, own = sealed({"a": 1}, GENESIS)
    assert unsealed(raw[:-1]) == ({"a": 1, "prev": GENESIS}, own)
    with pytest.raises(ValueError, match="hash"):
        unsealed(raw[:-1].replace(b"1", b"2", 1))
