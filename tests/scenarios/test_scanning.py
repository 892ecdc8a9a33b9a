"""Scanning: a scanner's report goes on record and comes back from it; a wire that runs none is not testable."""

from collections.abc import Mapping

import pytest

from scenarios.leash import Leash
from scenarios.recording import Memory, Recording
from scenarios.redaction import Redactor
from scenarios.replay import Replay
from scenarios.scanning import Scanner, scan_request
from scenarios.verdict import NotTestable
from tests.doubles import AcmeServer, QuietClock


class Scanning(AcmeServer):
    """A wire that can."""

    def scan(self, tool: str, *, seconds: float) -> Mapping[str, object]:
        return {"tool": tool, "seconds": seconds}


def test_a_report_is_handed_on_and_kept() -> None:
    kept = Memory()
    leash = Leash(Scanning(), recorder=Recording(kept, Redactor(), "story"), clock=QuietClock())
    assert leash.scan("sslyze", seconds=3.0) == {"tool": "sslyze", "seconds": 3.0}
    (line,) = kept.exchanges
    assert (line.request.method, line.request.path) == (scan_request("sslyze").method, "sslyze")
    assert line.reply is not None
    assert line.reply.json == {"tool": "sslyze", "seconds": 3.0}


def test_a_wire_that_runs_no_scanners_is_not_testable() -> None:
    assert not isinstance(AcmeServer(), Scanner)
    leash = Leash(AcmeServer(), recorder=Recording(Memory(), Redactor(), "story"), clock=QuietClock())
    with pytest.raises(NotTestable, match="runs no scanners"):
        leash.scan("sslyze", seconds=3.0)


def test_a_stored_run_answers_like_a_scanner() -> None:
    assert isinstance(Replay((), ()), Scanner)
