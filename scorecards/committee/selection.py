"""Selection: all that a committee has done so far, as its log tells it; built by replaying, never by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from scorecards.committee.ballots import Ballot
from scorecards.committee.panel import Motion, Panel
from scorecards.committee.process import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """Something put down and not to be read yet: its fingerprint, the ciphertext, when, and the entry's hash."""

    commitment: str
    envelope: str
    at: datetime
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round of scoring: its cells, what was sealed, what was opened, and whose ballot was given up and why."""

    number: int
    cells: tuple[str, ...]
    voters: tuple[str, ...]
    sealed: Mapping[str, Sealed] = field(default_factory=dict)
    opened: Mapping[str, Ballot] = field(default_factory=dict)
    void: Mapping[str, str] = field(default_factory=dict)
    hash: str = ""

    @property
    def awaited(self) -> tuple[str, ...]:
        """Who has still to seal."""
        return tuple(name for name in self.voters if name not in self.sealed and name not in self.void)

    @property
    def unopened(self) -> tuple[str, ...]:
        """Who sealed and has still to open."""
        return tuple(name for name in self.voters if name not in self.opened and name not in self.void)

    @property
    def revealed(self) -> bool:
        """Whether every ballot lies open: before that nobody is shown anybody's points."""
        return not self.awaited and not self.unopened and bool(self.opened)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was disclosed to the committee: a vendor's run, the hash of its evidence, of its pack, and when it began."""

    vendor: str
    run: str
    sha256: str
    pack: str
    began: datetime
    at: datetime
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A motion while it is voted on, and how it ended once closed. ``vendor`` is whom it would choose, or none."""

    id: str
    text: str
    vendor: str
    by: str
    votes: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    result: Motion | None = None
    withdrawn: str = ""
    hash: str = ""

    @property
    def open(self) -> bool:
        """Whether it is voted on."""
        return self.result is None and not self.withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Somebody opened evidence before all weights were sealed: who, of which vendors, when."""

    by: str
    vendors: tuple[str, ...]
    at: datetime
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A waiver of a gate or an attestation of a fact: what, for which vendor, who answers for it, why, until when.

    An attestation of a criterion says of which class what was looked at is, and how many points it is worth; a demo
    is witnessed by two. ``entry`` is its place in the log, ``ended`` why it was ended before its day.
    """

    kind: str  # waiver | attestation
    about: str
    vendor: str
    name: str
    reason: str
    expires: date
    entry: int = 0
    by: str = ""
    grade: str = ""
    points: float = 0.0
    second: str = ""
    ended: str = ""

    def holds(self, on: date) -> bool:
        """Whether it has neither run out nor been ended."""
        return on <= self.expires and not self.ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a vendor was told and may answer until ``due``; the answer, and what followed from it."""

    id: str
    vendor: str
    text: str
    due: datetime
    reply: str = ""
    outcome: str = ""
    run: str = ""

    def open(self, now: datetime) -> bool:
        """Whether a decision must wait: the time to answer runs, or an answer was given and nothing followed."""
        return not self.outcome and (bool(self.reply) or now <= self.due)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A vendor's answers to the questionnaire: sealed with their fingerprint, later opened, or given up and why."""

    vendor: str
    by: str
    sealed: Sealed | None = None
    answers: Mapping[str, Mapping[str, str]] | None = None
    withdrawn: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One entry of the log without what was said in it: its place, when, who in which role, what kind, its hash."""

    place: int
    at: datetime
    actor: str
    role: str
    kind: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """State of a selection. ``keys`` are members' public keys in hex; ``invited`` have not joined yet."""

    name: str = ""
    founder: str = ""
    vendors: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    budget: float = 0.0
    panel: Panel = field(default_factory=lambda: Panel(members=()))
    invited: frozenset[str] = frozenset()
    left: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    weights: Mapping[str, Sealed] = field(default_factory=dict)
    opened_weights: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    agreed: Mapping[str, object] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    rounds: tuple[Round, ...] = ()
    notes: tuple[Mapping[str, str], ...] = ()
    motions: tuple[Asked, ...] = ()
    vetoes: Mapping[str, str] = field(default_factory=dict)
    promises: tuple[Promise, ...] = ()
    looks: tuple[Look, ...] = ()
    findings: tuple[Finding, ...] = ()
    questions: Mapping[str, object] = field(default_factory=dict)
    papers: Mapping[str, Paper] = field(default_factory=dict)
    progress: Progress = field(default_factory=Progress)
    history: tuple[Logged, ...] = ()
    events: int = 0
    head: str = ""
    at: datetime | None = None

    @property
    def voters(self) -> tuple[str, ...]:
        """Who may vote and score: members not recused who have joined, in the order they were invited."""
        return tuple(one.name for one in self.panel.voters() if one.name not in self.invited)

    @property
    def unsealed(self) -> tuple[str, ...]:
        """Whose weights are not sealed yet; evidence waits for them."""
        return tuple(one.name for one in self.panel.voters() if one.name not in self.weights)

    @property
    def held_back(self) -> bool:
        """Whether evidence waits for weights: not everybody who weighs has sealed theirs."""
        return not self.evidence and (not self.weights or bool(self.unsealed))

    @property
    def sealed_first(self) -> bool:
        """Whether all weights were sealed before the first run began and before anybody opened evidence."""
        if not self.weights or self.unsealed or self.looks:
            return False
        last = max(one.at for one in self.weights.values())
        return all(one.began >= last for one in self.evidence if one.vendor not in self.late)

    @property
    def asked_vendors(self) -> tuple[str, ...]:
        """Whose answers are still waited for before any may be opened."""
        return tuple(v for v in self.vendors if v not in self.papers)

    @property
    def last_revealed(self) -> Round | None:
        """The last round of which every ballot lies open."""
        return next((one for one in reversed(self.rounds) if one.revealed), None)
