"""Leash: a wire that was cut carries nothing, and what it learns of the transport is on record."""

import pytest

from scenarios.fuzzing import FuzzReport, Violation
from scenarios.leash import Leash, fuzz_of, handshake_of
from scenarios.port import BenchFault, Request
from scenarios.recording import Memory, Recording
from scenarios.verdict import NotTestable
from tests.doubles import AcmeServer, QuietClock


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def leash(memory: Memory) -> Leash:
    return Leash(AcmeServer(), recorder=Recording(memory), clock=QuietClock())


def test_a_wire_that_was_cut_carries_nothing(leash: Leash) -> None:
    leash.cut()
    for step in (
        lambda: leash.send(Request(method="POST", path="/v3/login")),
        lambda: leash.handshake("TLSv1.3"),
        lambda: leash.plain("/"),
    ):
        with pytest.raises(BenchFault, match="cut off"):
            step()


def test_requests_pass_and_are_left_to_the_crm_to_record(leash: Leash, memory: Memory) -> None:
    assert leash.send(Request(method="POST", path="/v3/login")).status == 200
    assert memory.exchanges == []


def test_a_handshake_is_kept_as_it_came(leash: Leash, memory: Memory) -> None:
    came = leash.handshake("TLSv1.3", suites="ALL")
    (kept,) = memory.exchanges
    assert kept.reply is not None
    assert handshake_of(kept.reply) == came
    assert (kept.verb, kept.request.path, kept.request.query["suites"]) == ("handshake", "TLSv1.3", "ALL")


def test_silence_in_clear_is_kept_too(leash: Leash, memory: Memory) -> None:
    assert leash.plain("/") is None
    assert (memory.exchanges[0].reply, memory.exchanges[0].fault) == (None, "no answer in HTTP")


def test_generated_calls_need_a_wire_that_can_make_them(leash: Leash) -> None:
    with pytest.raises(NotTestable, match="cannot generate calls"):
        leash.fuzz({}, calls=1, seed=1, headers={})


def test_a_report_of_generated_calls_is_kept_and_read_back(memory: Memory) -> None:
    report = FuzzReport(
        calls=5,
        operations=2,
        seconds=0.5,
        violations=(Violation(rule="status", operation="GET /x", status=500, detail="d", curl="curl"),),
    )

    class Fuzzing(AcmeServer):
        __slots__ = ()

        def fuzz(self, contract: object, **how: object) -> FuzzReport:
            return report

    leash = Leash(Fuzzing(), recorder=Recording(memory), clock=QuietClock())
    assert leash.fuzz({}, calls=5, seed=1, headers={}) == report
    assert memory.exchanges[0].request.query == {"calls": "5", "seed": "1"}
    assert memory.exchanges[0].reply is not None
    assert fuzz_of(memory.exchanges[0].reply) == report
