"""Fuzzing: a wire that can generate calls is known by its method, and one that cannot is not testable."""

from collections.abc import Mapping

import pytest

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.fuzzing import Fuzzer, FuzzReport
from scenarios.port import Connector
from scenarios.recording import Memory, Recording
from scenarios.redaction import Redactor
from scenarios.verdict import NotTestable
from tests.doubles import AcmeServer, QuietClock


class Generating(AcmeServer):
    """A wire that can."""

    def fuzz(
        self,
        contract: Mapping[str, object],
        *,
        calls: int,
        seed: int,
        headers: Mapping[str, str],
        leave_out: tuple[str, ...] = (),
    ) -> FuzzReport:
        return FuzzReport(calls=calls, operations=len(contract), seconds=float(seed))


def anonymous(wire: AcmeServer) -> CRM:
    recorder = Recording(Memory(), Redactor(), "story")
    return CRM(Connector(), wire, credentials={}, recorder=recorder, clock=QuietClock(), actor=Actor.ANONYMOUS)


def test_a_wire_that_can_is_asked() -> None:
    report = anonymous(Generating()).fuzz({"paths": {}}, calls=3, seed=7, leave_out=())
    assert (report.calls, report.operations, report.seconds) == (3, 1, 7.0)


def test_a_wire_that_cannot_is_not_testable() -> None:
    assert not isinstance(AcmeServer(), Fuzzer)
    with pytest.raises(NotTestable, match="cannot generate calls"):
        anonymous(AcmeServer()).fuzz({}, calls=3, seed=7, leave_out=())
