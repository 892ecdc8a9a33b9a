"""Lines: what is written down is read back as it was."""

from datetime import UTC, date, datetime
from decimal import Decimal

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.crm import Exchange
from scenarios.evidence import Evidence, Grade, Outcome
from scenarios.lines import (
    LONGEST_BODY,
    digest_of,
    evidence_line,
    evidence_of,
    exchange_line,
    exchange_of,
    plain,
    spans,
    unspanned,
)
from scenarios.port import Reply, Request

AT = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)


def exchange(body: bytes = b"{}", *, answered: bool = True) -> Exchange:
    request = Request(method="GET", path="/v1/x", query={"q": "李"}, headers={"a": "b"}, content=b"hello", step="find")
    reply = Reply(status=200, headers={"etag": '"1"'}, body=body, seconds=0.25) if answered else None
    return Exchange(id="x000001", actor="RM-A", verb="find", request=request, reply=reply, at=AT, fault="")


def read_back(line: dict[str, object]) -> dict[str, object]:
    read: dict[str, object] = orjson.loads(orjson.dumps(line))
    return read


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_any_body_comes_back_byte_for_byte(body: bytes) -> None:
    assert exchange_of(read_back(exchange_line(exchange(body), "s"))) == exchange(body)


def test_an_exchange_without_a_reply_comes_back_as_one() -> None:
    assert exchange_of(read_back(exchange_line(exchange(answered=False), "s"))).reply is None


def test_a_long_body_keeps_its_head_its_length_and_its_hash() -> None:
    line = exchange_line(exchange(b"x" * (LONGEST_BODY + 1)), "s")
    kept = line["reply"]["body"]
    assert (kept["truncated"], kept["length"], len(kept["text"])) == (True, LONGEST_BODY + 1, LONGEST_BODY)


def test_evidence_comes_back_as_it_was() -> None:
    piece = Evidence(
        run="r",
        target="t",
        criterion="SEC-01",
        scenario="s",
        check="c",
        sentence="It holds.",
        outcome=Outcome.UNSCORED,
        grade=Grade.WHITE_BOX,
        harm=True,
        observed={"n": 1},
        expected=[1, 2],
        note="n",
        measures={"p99_ms": 1.5},
        exchanges=("x000001", "x000002", "x000007", "per-02"),
        started=AT,
        seconds=0.5,
        supersedes="abc",
    )
    assert evidence_of(read_back(evidence_line(piece))) == piece


@settings(max_examples=60)
@given(st.lists(st.integers(1, 2_000_000), max_size=30))
def test_ids_survive_being_told_as_spans(numbers: list[int]) -> None:
    ids = [f"x{number:06d}" for number in numbers]
    assert list(unspanned(spans(ids))) == ids


def test_neighbours_are_told_as_one_span() -> None:
    assert spans(f"x{n:06d}" for n in (1, 2, 3, 7)) == ["x000001-x000003", "x000007"]


def test_plain_values_are_what_people_read() -> None:
    seen = {
        "at": AT,
        "day": date(2026, 1, 2),
        "sum": Decimal("1.50"),
        "set": {"b", "a"},
        "raw": b"x",
    }
    assert plain(seen) == {
        "at": "2026-06-30T08:00:00+00:00",
        "day": "2026-01-02",
        "sum": "1.50",
        "set": ["a", "b"],
        "raw": "x",
    }
    assert plain([Outcome.PASSED, (1, None)]) == ["passed", [1, None]]
    assert plain(exchange())["request"]["method"] == "GET"  # type: ignore[index]


def test_requests_that_differ_in_secrets_only_are_found_under_one_digest() -> None:
    one = Request(method="POST", path="/", content=b'{"password":"[secret-0000000001]"}')
    other = Request(method="POST", path="/", content=b'{"password":"[secret-0000000002]"}')
    third = Request(method="POST", path="/", content=b'{"user":"x"}')
    assert digest_of(one) == digest_of(other) != digest_of(third)
