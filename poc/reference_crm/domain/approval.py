"""Approval: who must agree to a change, in which order, and what each decision does; pure, without clock or store."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

PENDING, RETURNED, APPROVED, REJECTED, RECALLED = "pending", "returned", "approved", "rejected", "recalled"
#: States in which the request is still under way, and acts that belong to whoever asked.
OPEN, MAKERS_ACTS = frozenset({PENDING, RETURNED}), frozenset({"recall", "amend"})
ACTS = ("approve", "reject", "return", "recall", "amend")


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a field's value must be: within [at_least, below) or one of some words; what is not said is not asked."""

    field: str
    at_least: Decimal | None = None
    below: Decimal | None = None
    among: tuple[str, ...] = ()

    def holds(self, values: Mapping[str, object]) -> bool:
        """Whether it holds; for a bound a value that is missing or no number does not."""
        value = values.get(self.field)
        if self.among and str(value) not in self.among:
            return False
        if self.at_least is None and self.below is None:
            return True
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return False
        return (self.at_least is None or number >= self.at_least) and (self.below is None or number < self.below)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One step: roles of which any one or all must agree; after ``hours`` of silence it passes to other roles."""

    roles: tuple[str, ...]
    need: str = "any"  # any | all
    when: tuple[Condition, ...] = ()
    hours: float | None = None
    escalate_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A rule of the bank: changes for which ``when`` holds need the levels whose own conditions hold, in order."""

    when: tuple[Condition, ...] = ()
    levels: tuple[Level, ...] = ()

    def path(self, values: Mapping[str, object]) -> tuple[Level, ...]:
        """Return the levels that a record with these values must pass; none where the flow does not cover it."""
        if not _hold(self.when, values):
            return ()
        return tuple(level for level in self.levels if _hold(level.when, values))


def _hold(conditions: tuple[Condition, ...], values: Mapping[str, object]) -> bool:
    return all(condition.holds(values) for condition in conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """Somebody's right to approve, lent until a moment; ``role`` is the one that the owner has now."""

    owner: str
    role: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Approver:
    """Who decides: the role as it is now, and what was lent to them."""

    who: str
    role: str
    lent: tuple[Loan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One agreement: for which seat of which level (from 0), and in whose stead."""

    level: int
    who: str
    role: str
    on_behalf: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a request stands: ``place`` is the level that has the word, since a moment; ``round`` counts the versions."""

    maker: str
    levels: tuple[Level, ...]
    since: datetime
    place: int = 0
    round: int = 1
    state: str = PENDING
    voices: tuple[Voice, ...] = ()

    def due(self) -> datetime | None:
        """Return when the level that has the word passes it on, None if it waits for ever."""
        hours = self.levels[self.place].hours if self.state == PENDING else None
        return None if hours is None else self.since + timedelta(hours=hours)

    def escalated(self, now: datetime) -> bool:
        """Whether the level let its time pass. Silence passes the word on; it never agrees."""
        due = self.due()
        return due is not None and due <= now

    def seats(self, now: datetime) -> tuple[str, ...]:
        """Return the roles that are still waited for; nobody once the request is no more under way."""
        if self.state != PENDING:
            return ()
        level = self.levels[self.place]
        if self.escalated(now) and level.escalate_to:
            return level.escalate_to
        taken = {voice.role for voice in self.voices if voice.level == self.place}
        return tuple(role for role in level.roles if role not in taken)


class ApprovalRefused(Exception):
    """A decision that may not be taken; ``reason`` is forbidden, conflict or invalid."""

    def __init__(self, reason: str, detail: str, field: str = "act") -> None:
        """Keep the reason, what to say and the field that is to blame."""
        super().__init__(detail)
        self.reason, self.detail, self.field = reason, detail, field


def decide(
    standing: Standing, act: str, approver: Approver, now: datetime, *, to: int | None = None, levels: object = None
) -> Standing:
    """Return how a request stands after a decision; raises ApprovalRefused.

    ``to`` is the level to which it is returned, from 1 and at most the present one; 0 is whoever asked. ``levels`` are
    those that the amended request must pass.
    """
    if standing.state not in OPEN:
        raise ApprovalRefused("conflict", f"the request is {standing.state} already")
    if act in MAKERS_ACTS:
        return _by_maker(standing, act, approver, now, levels)
    if standing.state != PENDING:
        raise ApprovalRefused("conflict", "the request went back to whoever asked: it must be amended first")
    voice = _voice(standing, approver, now)
    if act == "approve":
        return _agreed(standing, voice, now)
    if act == "reject":
        return replace(standing, state=REJECTED)
    return _returned(standing, to, now)


def _by_maker(standing: Standing, act: str, approver: Approver, now: datetime, levels: object) -> Standing:
    if approver.who != standing.maker:
        raise ApprovalRefused("forbidden", "only who asked may recall or amend the request")
    if act == "recall":
        return replace(standing, state=RECALLED)
    path = levels if isinstance(levels, tuple) else standing.levels
    return restarted(replace(standing, levels=path), now)


def restarted(standing: Standing, now: datetime) -> Standing:
    """Return a request at its beginning: what was agreed to is no more what is asked for."""
    return replace(standing, state=PENDING, place=0, round=standing.round + 1, voices=(), since=now)


def _voice(standing: Standing, approver: Approver, now: datetime) -> Voice:
    """Return the seat that somebody may speak for: their own first, then one that was lent to them."""
    if approver.who == standing.maker:
        raise ApprovalRefused("forbidden", "who asks may not decide on it")
    heard = {name for voice in standing.voices for name in (voice.who, voice.on_behalf) if name}
    if approver.who in heard:
        raise ApprovalRefused("conflict", "you have agreed already: somebody else must decide now")
    seats = standing.seats(now)
    if approver.role in seats:
        return Voice(level=standing.place, who=approver.who, role=approver.role)
    for loan in approver.lent:
        if loan.role in seats and now < loan.until and loan.owner not in heard | {standing.maker}:
            return Voice(level=standing.place, who=approver.who, role=loan.role, on_behalf=loan.owner)
    raise ApprovalRefused("forbidden", "the request does not wait for your decision")


def _agreed(standing: Standing, voice: Voice, now: datetime) -> Standing:
    after = replace(standing, voices=(*standing.voices, voice))
    level = standing.levels[standing.place]
    if level.need == "all" and not standing.escalated(now) and after.seats(now):
        return after
    if standing.place + 1 == len(standing.levels):
        return replace(after, state=APPROVED)
    return replace(after, place=standing.place + 1, since=now)


def _returned(standing: Standing, to: int | None, now: datetime) -> Standing:
    if to is None or not 0 <= to <= standing.place + 1:
        raise ApprovalRefused("invalid", f"must be 0 (who asked) to {standing.place + 1} (the present level)", "to")
    if to == 0:
        return replace(standing, state=RETURNED, place=0, voices=(), since=now)
    kept = tuple(voice for voice in standing.voices if voice.level < to - 1)
    return replace(standing, place=to - 1, voices=kept, since=now)
