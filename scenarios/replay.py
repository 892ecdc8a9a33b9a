"""rejudge(): judge a stored run again from its exchanges, with today's checks and without any network."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from scenarios.actors import Actor, Credential
from scenarios.crm import CRM, Handshake
from scenarios.evidence import Evidence, Outcome
from scenarios.fuzzing import FuzzReport
from scenarios.inside import inside_request
from scenarios.knocking import knock_request
from scenarios.leash import SILENCE, fuzz_of, fuzz_request, handshake_of, handshake_request, plain_request
from scenarios.lines import digest_of, exchange_of
from scenarios.listening import Heard, answer_request, heard_of, heard_request, listen_request
from scenarios.permission import permission_request
from scenarios.port import BenchFault, Connector, Reply, Request
from scenarios.recording import Nowhere, Recording
from scenarios.redaction import PLACEHOLDER, Redactor, secrets_of
from scenarios.runner import Played, brief, guarded, nonce_of, piece_of
from scenarios.scanning import scan_request
from scenarios.scenario import Scenario
from scenarios.store import Store
from synthetic_data.bank import Bank

#: A moment in ISO form, as stories ask for what happened since; it differs from play to play.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")

#: Verbs whose replies hold tokens.
OPENING = frozenset({"sign_in", "renew", "issue_key", "raw", "arrive", "enter_with_passkey", "view_as"})


@dataclass(slots=True)
class Kept:
    """A line of the exchange log, and whether it was given out already."""

    line: Mapping[str, Any]
    used: bool = False


class Replay:
    """A wire that answers from stored exchanges, and the clock of the time they were made.

    A request is answered by the first exchange not yet given out that has the same digest and the same session; where
    none has, by the next that differs only in moments. Sign-ins of earlier plays are given out again and again. What
    was never asked raises BenchFault: nothing is made up.
    """

    def __init__(
        self,
        lines: Iterable[Mapping[str, Any]],
        sign_ins: Iterable[Mapping[str, Any]],
        long_body: Callable[[str], bytes | None] = lambda _: None,
    ) -> None:
        """Take the lines of one play, all sign-ins before it, and what finds a long body by its sha256."""
        self.long_body = long_body
        self.kept = [Kept(line) for line in lines]
        self.same: dict[str, list[Kept]] = {}
        self.alike: dict[str, list[Kept]] = {}
        for kept in self.kept:
            self.same.setdefault(kept.line["digest"], []).append(kept)
            self.alike.setdefault(_timeless(exchange_of(kept.line).request), []).append(kept)
        self.sign_ins: tuple[Mapping[str, Any], ...] = tuple(sign_ins)
        self.owners = _owners((*self.sign_ins, *(kept.line for kept in self.kept)))
        self.moment = datetime.fromisoformat(self.kept[0].line["at"]) if self.kept else datetime.now(UTC)
        self.back: dict[bytes, bytes] = {}
        self.lock = Lock()

    # -- a wire ------------------------------------------------------------------------------------------------------
    def send(self, request: Request) -> Reply:
        """Answer as the target did; raises BenchFault for what is not on record, and for what was a fault then."""
        return self._reply(self._line(request))

    def handshake(self, version: str, *, suites: str | None = None, verify: bool = False) -> Handshake:
        """Answer as the transport did."""
        return handshake_of(self.send(handshake_request(version, suites, verify)))

    def plain(self, path: str) -> Reply | None:
        """Answer as the port did without TLS."""
        line = self._line(plain_request(path))
        return None if line["fault"] == SILENCE else self._reply(line)

    def knock(self, certificate: str, request: Request) -> Reply | None:
        """Answer as the door that asks for certificates did."""
        line = self._line(knock_request(certificate, request))
        return None if line["fault"] == SILENCE else self._reply(line)

    def fuzz(
        self,
        contract: Mapping[str, object],
        *,
        calls: int,
        seed: int,
        headers: Mapping[str, str],
        leave_out: tuple[str, ...] = (),
    ) -> FuzzReport:
        """Answer with the report that was kept."""
        return fuzz_of(self.send(fuzz_request(calls, seed)))

    def scan(self, tool: str, *, seconds: float) -> Mapping[str, object]:
        """Answer with the report that was kept."""
        told = self.send(scan_request(tool)).json
        assert isinstance(told, dict)
        return told

    def listen(self, make: str) -> str:
        """Return the address that the receiver had."""
        told = self.send(listen_request(make)).json
        assert isinstance(told, dict)
        return str(told["url"])

    def heard(self, url: str) -> tuple[Heard, ...]:
        """Return what had come to it."""
        return heard_of(self.send(heard_request(url)))

    def answer(self, url: str, path: str, body: str) -> None:
        """Let it be: what was answered then is on record in what the target said."""
        self.send(answer_request(url, path, body))

    def permission(self) -> str:
        """Return on what ground attacks were permitted."""
        told = self.send(permission_request()).json
        assert isinstance(told, dict)
        return str(told["ground"])

    def inside(self, act: str, details: Mapping[str, object]) -> object:
        """Return what came of it."""
        return self.send(inside_request(act, details)).json

    # -- a clock -----------------------------------------------------------------------------------------------------
    def now(self) -> datetime:
        """Return when the last exchange that was given out had ended."""
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Let time pass, without waiting."""
        self.moment += timedelta(seconds=seconds)

    def _reply(self, line: Mapping[str, Any]) -> Reply:
        if line["reply"] is None:
            raise BenchFault(line["fault"])
        reply = exchange_of(line).reply
        assert reply is not None
        kept = line["reply"]["body"]
        body = self.long_body(kept["sha256"]) if kept.get("truncated") else reply.body
        if body is None:
            raise BenchFault(
                f"exchange {line['id']} was kept without the end of its body, so it cannot be judged again"
            )
        return replace(reply, body=self._restored(body))

    def _line(self, request: Request) -> Mapping[str, Any]:
        with self.lock:
            line = self._found(request)
            self._learn(request, line)
            took = line["reply"]["seconds"] if line["reply"] is not None else 0.0
            ended = datetime.fromisoformat(line["at"]) + timedelta(seconds=took)
            self.moment = max(self.moment, ended)
        return line

    def _found(self, request: Request) -> Mapping[str, Any]:
        covered = Redactor().request(request)
        digest = digest_of(covered)
        same, alike = self.same.get(digest, ()), self.alike.get(_timeless(covered), ())
        for candidates, known_as in ((same, self._session), (alike, self._session), (same, self._owner)):
            for kept in candidates:
                if not kept.used and known_as(kept.line["request"]["headers"]) == known_as(request.headers):
                    kept.used = True
                    return kept.line
        earlier = [line for line in self.sign_ins if line["digest"] == digest]
        if earlier:
            return earlier[-1]
        raise BenchFault(f"{request.method} {request.path} is not on record: play the scenario again")

    def _session(self, headers: Mapping[str, str]) -> str:
        """Return the session that a request belongs to; tokens that no sign-in gave (forged ones) are all alike."""
        value = _authorization(headers).rpartition(" ")[2]
        return value if value in self.owners or not value else "unknown"

    def _owner(self, headers: Mapping[str, str]) -> str:
        """Return the actor of a session: one that ran out in the middle was followed by another of the same actor."""
        session = self._session(headers)
        return self.owners.get(session, session)

    def token_of(self, actor: Actor) -> str | None:
        """Return the placeholder of the token that an actor came with."""
        for kept in self.kept:
            if kept.line["actor"] == actor.value:
                return _authorization(kept.line["request"]["headers"]).rpartition(" ")[2] or None
        return None

    def _learn(self, request: Request, line: Mapping[str, Any]) -> None:
        """Note which placeholder stands for a secret that the story itself sends, so that replies show it again."""
        stored = exchange_of(line).request
        for ours, theirs in zip(secrets_of(request), secrets_of(stored), strict=False):
            if PLACEHOLDER.fullmatch(theirs) and not PLACEHOLDER.fullmatch(ours):
                self.back[theirs] = ours

    def _restored(self, body: bytes) -> bytes:
        for placeholder, secret in self.back.items():
            body = body.replace(placeholder, secret)
        return body


def rejudge(store: Store, scenarios: Sequence[Scenario[Any]], bank: Bank, connector: Connector) -> Iterator[Evidence]:
    """Yield the evidence of a stored run as today's checks see it, sending nothing.

    Scenarios that the run never played are left out. Where a story asks for what is not on record (it was changed
    since, or a reply was too long to be kept) its checks are blocked and the note says so. What was waived stays so.
    """
    sign_ins = [line for line in store.all_exchange_lines() if line["verb"] in ("sign_in", "renew")]
    for one in scenarios:
        pieces = [piece for piece in store.evidence() if (piece.criterion, piece.scenario) == (one.criterion, one.name)]
        for exchanges in dict.fromkeys(piece.exchanges for piece in pieces):
            same_play = [piece for piece in pieces if piece.exchanges == exchanges]
            yield from _judged(store, one, same_play, bank, connector, sign_ins)


def _judged(
    store: Store,
    one: Scenario[Any],
    pieces: Sequence[Evidence],
    bank: Bank,
    connector: Connector,
    sign_ins: Sequence[Mapping[str, Any]],
) -> Iterator[Evidence]:
    if pieces[0].outcome is Outcome.NOT_APPLICABLE:
        yield from pieces
        return
    ids = pieces[0].exchanges
    first = int(ids[0][1:]) if ids else 1
    replay = Replay(
        store.exchange_lines(ids), [line for line in sign_ins if int(line["id"][1:]) < first], store.long_body
    )
    crm = CRM(
        connector,
        replay,
        credentials=_credentials(store, replay),
        recorder=Recording(Nowhere()),
        clock=replay,
        nonce=nonce_of(store.manifest.run, store.manifest.target, one.name, first - 1),
    )
    seen, outcome, note = guarded(lambda: one.play(crm, bank))
    played = Played(seen, outcome, note, pieces[0].started, pieces[0].seconds, ids)
    judged = {piece.check for piece in pieces}
    for check in one.checks:
        if check.name in judged:
            yield piece_of(one, check, played, run_id=store.manifest.run, target=store.manifest.target, brief=brief)


def _credentials(store: Store, replay: Replay) -> dict[Actor, Credential]:
    """Return who could sign in: user names from the manifest; secrets are gone, tokens are their placeholders."""
    actors = store.manifest.settings.get("actors")
    held: dict[Actor, Credential] = {}
    for name, login in actors.items() if isinstance(actors, Mapping) else ():
        actor = Actor(name)
        held[actor] = Credential(
            username=login.get("username", ""),
            secret="[secret-0000000000]",
            token=replay.token_of(actor) if actor is Actor.EXPIRED or login.get("token_env") else None,
            branch=login.get("branch"),
        )
    return held


def _authorization(headers: Mapping[str, str]) -> str:
    return next((value for name, value in headers.items() if name.lower() == "authorization"), "")


def _owners(lines: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the placeholders of all tokens that were handed out or brought along, with the actors that held them."""
    found: dict[str, str] = {}
    for line in lines:
        if line["actor"] == Actor.EXPIRED.value and Actor.EXPIRED.value not in found.values():
            # the first is the one that the settings brought along; later ones are forged by the story
            found[_authorization(line["request"]["headers"]).rpartition(" ")[2]] = line["actor"]
        if line["reply"] is not None and line["verb"] in OPENING:
            body = line["reply"]["body"].get("text", "").encode()
            found.update({m.decode(): line["actor"] for m in PLACEHOLDER.findall(body)})
    found.pop("", None)
    return found


def _timeless(request: Request) -> str:
    """Return the digest of a request whatever the moments in it."""
    query = {name: _MOMENT.sub("[moment]", value) for name, value in request.query.items()}
    body = _MOMENT.sub("[moment]", request.body.decode("utf-8", "replace")).encode()
    return digest_of(replace(request, query=query, json=None, content=body))
