"""Leash: the wire of one play: it can be cut, and what it learns of the transport goes on record too."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from threading import Event

import orjson

from scenarios.actors import Actor
from scenarios.crm import Clock, Handshake, Recorder, Wire
from scenarios.fuzzing import Fuzzer, FuzzReport, Violation
from scenarios.inside import RESTORING, Insider, inside_request
from scenarios.knocking import Knocker, knock_request
from scenarios.listening import Answering, Heard, Listener, answer_request, heard_request, listen_request
from scenarios.permission import Permitting, permission_request
from scenarios.port import BenchFault, Reply, Request
from scenarios.scanning import Scanner, scan_request
from scenarios.verdict import NotTestable


class Leash:
    """A wire that can be cut, so that a story that was left behind sends nothing more."""

    def __init__(self, wire: Wire, *, recorder: Recorder, clock: Clock) -> None:
        """Hold a wire."""
        self.wire, self.recorder, self.clock = wire, recorder, clock
        self._cut = Event()

    def cut(self) -> None:
        """Let nothing more pass."""
        self._cut.set()

    def send(self, request: Request) -> Reply:
        """Carry a request, unless the wire was cut; the CRM keeps the record."""
        self._whole()
        reply = self.wire.send(request)
        self._whole()
        return reply

    def handshake(self, version: str, *, suites: str | None = None, verify: bool = False) -> Handshake:
        """Try a handshake and keep what came of it."""
        asked, at = handshake_request(version, suites, verify), self.clock.now()
        self._whole()
        try:
            came = self.wire.handshake(version, suites=suites, verify=verify)
        except BenchFault as fault:
            self._keep(asked, None, at, str(fault))
            raise
        self._keep(asked, Reply(status=0, headers={}, body=orjson.dumps(asdict(came))), at)
        return came

    def plain(self, path: str) -> Reply | None:
        """Ask without TLS and keep what was said; silence is kept as an exchange without a reply."""
        asked, at = plain_request(path), self.clock.now()
        self._whole()
        reply = self.wire.plain(path)
        self._keep(asked, reply, at, "" if reply is not None else SILENCE)
        return reply

    def knock(self, certificate: str, request: Request) -> Reply | None:
        """Knock with a certificate and keep what was said; raises NotTestable if the wire knows no such door."""
        if not isinstance(self.wire, Knocker):
            raise NotTestable("this way to the target knows no door that asks for certificates")
        at = self.clock.now()
        self._whole()
        reply = self.wire.knock(certificate, request)
        self._keep(knock_request(certificate, request), reply, at, "" if reply is not None else SILENCE)
        return reply

    def fuzz(
        self,
        contract: Mapping[str, object],
        *,
        calls: int,
        seed: int,
        headers: Mapping[str, str],
        leave_out: tuple[str, ...] = (),
    ) -> FuzzReport:
        """Make generated calls and keep the report; raises NotTestable if the wire cannot."""
        if not isinstance(self.wire, Fuzzer):
            raise NotTestable("this way to the target cannot generate calls")
        at = self.clock.now()
        self._whole()
        report = self.wire.fuzz(contract, calls=calls, seed=seed, headers=headers, leave_out=leave_out)
        self._keep(fuzz_request(calls, seed), Reply(status=0, headers={}, body=orjson.dumps(asdict(report))), at)
        return report

    def scan(self, tool: str, *, seconds: float) -> Mapping[str, object]:
        """Have a scanner look and keep its report; raises NotTestable if the wire cannot."""
        if not isinstance(self.wire, Scanner):
            raise NotTestable("this way to the target runs no scanners")
        asked, at = scan_request(tool), self.clock.now()
        self._whole()
        try:
            report = self.wire.scan(tool, seconds=seconds)
        except BenchFault as fault:
            self._keep(asked, None, at, str(fault))
            raise
        self._keep(asked, Reply(status=0, headers={}, body=orjson.dumps(report)), at)
        return report

    def listen(self, make: str) -> str:
        """Open a receiver and keep its address; raises NotTestable if the wire cannot."""
        if not isinstance(self.wire, Listener):
            raise NotTestable("this way to the target opens no receivers")
        at = self.clock.now()
        self._whole()
        url = self.wire.listen(make)
        self._keep(listen_request(make), Reply(status=0, headers={}, body=orjson.dumps({"url": url})), at)
        return url

    def heard(self, url: str) -> tuple[Heard, ...]:
        """Return what came to a receiver, and keep it."""
        if not isinstance(self.wire, Listener):
            raise NotTestable("this way to the target opens no receivers")
        at = self.clock.now()
        self._whole()
        came = self.wire.heard(url)
        kept = orjson.dumps([asdict(one) for one in came])
        self._keep(heard_request(url), Reply(status=0, headers={}, body=kept), at)
        return came

    def permission(self) -> str:
        """Return on what ground attacks are permitted, and keep it; a wire that knows nothing of it permits none."""
        given = self.wire.permission() if isinstance(self.wire, Permitting) else ""
        kept = Reply(status=0, headers={}, body=orjson.dumps({"ground": given}))
        self._keep(permission_request(), kept, self.clock.now())
        return given

    def answer(self, url: str, path: str, body: str) -> None:
        """Say what a receiver answers, and keep it; raises NotTestable if the wire cannot."""
        if not isinstance(self.wire, Answering):
            raise NotTestable("this way to the target opens no receivers that answer")
        at = self.clock.now()
        self._whole()
        self.wire.answer(url, path, body)
        self._keep(answer_request(url, path, body), Reply(status=0, headers={}, body=b"{}"), at)

    def inside(self, act: str, details: Mapping[str, object]) -> object:
        """Do something inside the target and keep what came of it; what puts things back passes a wire that was cut."""
        if not isinstance(self.wire, Insider):
            raise NotTestable("this way to the target leads to its interface only")
        at = self.clock.now()
        if act not in RESTORING:
            self._whole()
        came = self.wire.inside(act, details)
        self._keep(inside_request(act, details), Reply(status=0, headers={}, body=orjson.dumps(came)), at)
        return came

    def _keep(self, request: Request, reply: Reply | None, at: datetime, fault: str = "") -> None:
        self.recorder.keep(actor=Actor.ANONYMOUS, verb=request.step, request=request, reply=reply, at=at, fault=fault)

    def _whole(self) -> None:
        if self._cut.is_set():
            raise BenchFault("the story was cut off: it took too long")


#: What is noted when nothing in HTTP was said.
SILENCE = "no answer in HTTP"


def handshake_request(version: str, suites: str | None, verify: bool) -> Request:
    """Return how a handshake is named on record."""
    query = {"suites": suites or "", "verify": str(verify).lower()}
    return Request(method="TLS", path=version, query=query, step="handshake")


def plain_request(path: str) -> Request:
    """Return how a question without TLS is named on record."""
    return Request(method="GET", path=path, step="plain")


def handshake_of(reply: Reply) -> Handshake:
    """Return the handshake that was kept."""
    told = orjson.loads(reply.body)
    return Handshake(accepted=told["accepted"], version=told["version"], suite=told["suite"], note=told["note"])


def fuzz_request(calls: int, seed: int) -> Request:
    """Return how generated calls are named on record."""
    return Request(method="FUZZ", path="/", query={"calls": str(calls), "seed": str(seed)}, step="fuzz")


def fuzz_of(reply: Reply) -> FuzzReport:
    """Return the report that was kept."""
    told = orjson.loads(reply.body)
    return FuzzReport(**{**told, "violations": tuple(Violation(**one) for one in told["violations"])})
