"""Seat: what one member does: every act signed, points and weights sealed before anybody opens theirs."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from poc.committee.identity import COST, Identity, made, unlocked
from poc.committee.ledger import Ledger
from scorecards.committee.ballots import NONCE_BYTES, Ballot, ballot, fingerprint
from scorecards.committee.course import answers_said
from scorecards.committee.events import Event
from scorecards.committee.selection import Selection
from scorecards.committee.sitting import weights_said
from scorecards.methods.tables import TableError


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A ledger and somebody who has given their passphrase."""

    ledger: Ledger
    who: Identity
    entropy: Callable[[int], bytes] = os.urandom

    def do(self, kind: str, payload: Mapping[str, object] | None = None, *, act: str = "") -> Event:
        """Add a signed entry and return it; raises ValueError where a rule forbids it."""
        return self.ledger.add(
            kind, payload or {}, actor=self.who.name, role=self._role(), key=self.who.key, act=act
        )  # fmt: skip

    def seal_weights(self, dimensions: Mapping[str, float], *, act: str = "") -> Event:
        """Put down the fingerprint of one's weights, and an envelope that only oneself opens."""
        content = weights_said(self.who.name, dimensions)
        return self._seal("weights.sealed", {}, content, act)

    def open_weights(self, *, act: str = "") -> Event:
        """Open one's weights; refused until all have sealed theirs."""
        sealed = self.ledger.state().weights.get(self.who.name)
        if sealed is None:
            raise TableError(f"weights of {self.who.name}: none are sealed; seal them first")
        held: dict[str, Any] = self.who.open(sealed.envelope)
        said = {"dimensions": held["content"]["dimensions"], "nonce": held["nonce"]}
        return self.do("weights.opened", said, act=act)

    def seal_scores(
        self, scores: Mapping[str, float | None], reasons: Mapping[str, str] | None = None, *, act: str = ""
    ) -> Event:
        """Put down the fingerprint of one's points for the open round; None is an abstention."""
        state = self.ledger.state()
        if not state.rounds:
            raise TableError("round: none is open; whoever leads begins one")
        now = state.rounds[-1]
        if odd := sorted(set(scores) - set(now.cells)):
            raise TableError(f"scores: {odd[0]!r} is no cell of round {now.number}; score its cells only")
        said = ballot(self.who.name, scores, round=now.number, reasons=reasons, entropy=self.entropy)
        return self._put("ballot.sealed", {"round": now.number}, said.commitment, _content(said), said.nonce, act)

    def open_scores(self, *, act: str = "") -> Event:
        """Open one's points; refused until all have sealed theirs."""
        state = self.ledger.state()
        sealed = state.rounds[-1].sealed.get(self.who.name) if state.rounds else None
        if sealed is None:
            raise TableError(f"scores of {self.who.name}: none are sealed in this round; seal them first")
        held: dict[str, Any] = self.who.open(sealed.envelope)
        content = held["content"]
        said = {name: content[name] for name in ("round", "scores", "reasons")} | {"nonce": held["nonce"]}
        return self.do("ballot.opened", said, act=act)

    def seal_answers(self, vendor: str, answers: Mapping[str, Mapping[str, str]], *, act: str = "") -> Event:
        """Put down the fingerprint of a vendor's answers, and an envelope that only oneself opens."""
        asked = self.ledger.state().questions.get("ids", ())
        if missing := [one for one in asked if one not in answers]:  # type: ignore[attr-defined]
            raise TableError(f"answers of {vendor}: {missing[0]} is not answered; every question needs an answer")
        return self._seal("answers.sealed", {"vendor": vendor}, answers_said(vendor, answers), act)

    def open_answers(self, vendor: str, *, act: str = "") -> Event:
        """Open a vendor's answers; refused until those of all vendors are in."""
        paper = self.ledger.state().papers.get(vendor)
        if paper is None or paper.sealed is None:
            raise TableError(f"answers of {vendor}: none are sealed; bring them in first")
        held: dict[str, Any] = self.who.open(paper.sealed.envelope)
        said = {"vendor": vendor, "answers": held["content"]["answers"], "nonce": held["nonce"]}
        return self.do("answers.opened", said, act=act)

    def _seal(self, kind: str, payload: Mapping[str, object], content: Mapping[str, object], act: str) -> Event:
        nonce = self.entropy(NONCE_BYTES).hex()
        return self._put(kind, payload, fingerprint(content, nonce), content, nonce, act)

    def _put(
        self, kind: str, payload: Mapping[str, object], commitment: str, content: Mapping[str, object], nonce: str,
        act: str,
    ) -> Event:  # fmt: skip
        if act and (known := _written(self.ledger, act, kind, self.who.name)) is not None:
            return known  # sealing draws a nonce: the same click again would not be the same bytes
        envelope = self.who.seal({"content": dict(content), "nonce": nonce}, self.entropy)
        return self.do(kind, {**payload, "commitment": commitment, "envelope": envelope}, act=act)

    def _role(self) -> str:
        if not self.ledger.path.exists() or not self.ledger.path.stat().st_size:
            return "founder"
        return role_of(self.ledger.state(), self.who.name)


def role_of(state: Selection, name: str) -> str:
    """Return the role under which somebody writes."""
    own = next((one.role for one in state.panel.members if one.name == name), "")
    return own or ("founder" if name == state.founder else "guest")


def found(
    ledger: Ledger, name: str, passphrase: str, *, title: str, vendors: Sequence[str], budget: float = 0.0,
    cost: int = COST,
) -> Seat:  # fmt: skip
    """Begin a selection and return its founder's seat; raises ValueError where there is one already."""
    if ledger.path.exists() and ledger.path.stat().st_size:
        raise TableError(f"{ledger.folder} holds a selection already; choose another name")
    seat = Seat(ledger=ledger, who=made(ledger.keys, name, passphrase, cost=cost))
    said = {"name": title, "vendors": list(vendors), "budget": budget, "key": seat.who.public}
    try:
        seat.do("selection.founded", said)
    except ValueError:
        (ledger.keys / f"{name}.key.json").unlink(missing_ok=True)
        raise
    return seat


def join(ledger: Ledger, name: str, passphrase: str, *, cost: int = COST) -> Seat:
    """Take the seat one was invited to, with a key of one's own; raises ValueError for somebody not invited."""
    state = ledger.state()
    if name not in state.invited:
        raise TableError(f"{name!r} is not invited, or is in already; ask {state.founder}")
    seat = Seat(ledger=ledger, who=made(ledger.keys, name, passphrase, cost=cost))
    try:
        seat.do("member.joined", {"key": seat.who.public})
    except ValueError:
        (ledger.keys / f"{name}.key.json").unlink(missing_ok=True)
        raise
    return seat


def seat(ledger: Ledger, name: str, passphrase: str) -> Seat:
    """Return the seat of somebody who gives their passphrase; raises ValueError for a wrong one."""
    return Seat(ledger=ledger, who=unlocked(ledger.keys, name, passphrase))


def _content(said: Ballot) -> dict[str, object]:
    return {"member": said.member, "round": said.round, "scores": dict(said.scores), "reasons": dict(said.reasons)}


def _written(ledger: Ledger, act: str, kind: str, actor: str) -> Event | None:
    found = (one for one in ledger.log().events if one.payload.get("act") == act)
    return next((one for one in found if (one.kind, one.actor) == (kind, actor)), None)
