"""Pacing: a run keeps to what the vendor declares."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest

from poc.connectors.pacing import PacedWire
from poc.settings import Limits
from scenarios.port import BenchFault, Reply, Request
from tests.doubles import START, AcmeServer, QuietClock

ASK = Request(method="POST", path="/v3/login")


def paced(clock: QuietClock, **limits: float) -> PacedWire:
    return PacedWire(AcmeServer(), Limits.model_validate(limits), clock)


def test_requests_are_spread_over_the_second() -> None:
    clock = QuietClock(step=timedelta(0))
    wire = paced(clock, requests_per_second=4)
    for _ in range(9):
        wire.send(ASK)
    assert clock.moment - START == timedelta(seconds=2)


def test_one_who_is_slow_anyway_does_not_wait() -> None:
    clock = QuietClock(step=timedelta(seconds=1))
    wire = paced(clock, requests_per_second=4)
    for _ in range(3):
        wire.send(ASK)
    assert clock.slept == []


def test_a_days_quota_that_is_used_up_is_our_fault_and_names_the_remedy() -> None:
    clock = QuietClock()
    wire = paced(clock, requests_per_day=2)
    wire.send(ASK)
    wire.send(ASK)
    with pytest.raises(BenchFault, match="declared 2 requests a day are used up: resume the run tomorrow"):
        wire.send(ASK)
    clock.sleep(24 * 3600)
    assert wire.send(ASK).status == 200


def test_no_more_are_on_their_way_at_once_than_declared() -> None:
    both = Barrier(2)

    class Meeting(AcmeServer):
        """Answers once two have met, or says that they did not."""

        __slots__ = ()

        def send(self, request: Request) -> Reply:
            try:
                both.wait(0.2)
            except BrokenBarrierError:
                return Reply(status=503, headers={}, body=b"")
            return Reply(status=200, headers={}, body=b"")

    def statuses(parallel: int) -> set[int]:
        both.reset()
        wire = PacedWire(Meeting(), Limits(parallel=parallel), QuietClock())
        with ThreadPoolExecutor(2) as pool:
            return {reply.status for reply in pool.map(wire.send, [ASK, ASK])}

    assert statuses(1) == {503}
    assert statuses(2) == {200}


def test_the_transport_is_asked_as_before() -> None:
    wire = paced(QuietClock(), requests_per_second=1)
    assert wire.handshake("TLSv1.3").accepted
    assert wire.plain("/") is None
