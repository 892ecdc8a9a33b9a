"""Panel: who sits on the committee, who must leave a vote, and whether enough are there to decide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from scorecards.methods.tables import TableError

#: Least number of members; from this budget on (in CNY) seven. Ministry of Finance order 87 (2017), article 47.
FEWEST, FEWEST_LARGE, LARGE_BUDGET = 5, 7, 10_000_000
#: Share of members who are technical or economic experts (same article), and of members who must be present.
EXPERTS, QUORUM = 2 / 3, 2 / 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """An interest that a member declared: in which vendor, of what kind, and what follows."""

    member: str
    vendor: str
    kind: str  # employment | shares | family | gift | earlier work | other
    recused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who decides. ``veto`` names gates that the member may block with evidence (security, compliance)."""

    name: str
    role: str
    department: str
    expert: bool = False
    veto: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Members and their declared interests."""

    members: tuple[Member, ...]
    conflicts: tuple[Conflict, ...] = ()
    declared: frozenset[str] = frozenset()

    def complaints(self, *, budget: float = 0.0) -> tuple[str, ...]:
        """Return what a committee of this make lacks, as words: too_few, even, too_few_experts, undeclared:NAME."""
        names = [one.name for one in self.members]
        least = FEWEST_LARGE if budget >= LARGE_BUDGET else FEWEST
        found = {
            "too_few": len(names) < least,
            "even": len(names) % 2 == 0,
            "too_few_experts": sum(one.expert for one in self.members) < ceil(len(names) * EXPERTS - 1e-9),
        }
        silent = [f"undeclared:{name}" for name in names if name not in self.declared]
        return (*(word for word, holds in found.items() if holds), *silent)

    def voters(self, vendor: str | None = None) -> tuple[Member, ...]:
        """Return who may vote, on one vendor or on the choice: whoever is recused from any vendor leaves the choice."""
        out = {one.member for one in self.conflicts if one.recused and vendor in (None, one.vendor)}
        return tuple(one for one in self.members if one.name not in out)

    def has_quorum(self, present: Iterable[str]) -> bool:
        """Return whether at least two thirds of all members are present."""
        known = {one.name for one in self.members}
        there = set(present)
        if odd := sorted(there - known):
            raise TableError(f"present: {odd[0]!r} is no member; use {', '.join(sorted(known))}")
        return len(there) >= ceil(len(known) * QUORUM - 1e-9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """How a motion ended; ``open_vetoes`` are gates that a member blocks until the evidence is answered."""

    text: str
    approved: tuple[str, ...]
    rejected: tuple[str, ...]
    abstained: tuple[str, ...]
    dissent: Mapping[str, str]
    open_vetoes: tuple[str, ...]
    needed: int
    passed: bool


def vote(
    panel: Panel,
    text: str,
    votes: Mapping[str, str],
    *,
    reasons: Mapping[str, str] | None = None,
    open_vetoes: Sequence[str] = (),
) -> Motion:
    """Return the result of a motion: more than half of the members not recused must approve; a tie does not pass.

    Votes are approve, reject or abstain. Who rejects must say why: order 87, article 61 counts silence as consent.
    Raises TableError for a vote by nobody known or recused, for another word, without quorum, or for a silent dissent.
    """
    may, why = {one.name for one in panel.voters()}, dict(reasons or {})
    for name, word in votes.items():
        if name not in may:
            raise TableError(f"vote of {name!r}: not a member who may vote; use {', '.join(sorted(may))}")
        if word not in ("approve", "reject", "abstain"):
            raise TableError(f"vote of {name!r}: {word!r} is none; use approve, reject or abstain")
        if word == "reject" and not why.get(name, "").strip():
            raise TableError(f"vote of {name!r}: a dissent needs its reasons; write them down")
    if not panel.has_quorum(votes):
        raise TableError(f"votes: {len(votes)} of {len(panel.members)} is no quorum; two thirds must take part")
    sides = {
        word: tuple(sorted(name for name, own in votes.items() if own == word))
        for word in ("approve", "reject", "abstain")
    }
    needed = len(may) // 2 + 1
    return Motion(
        text=text, approved=sides["approve"], rejected=sides["reject"], abstained=sides["abstain"],
        dissent={name: why[name] for name in sides["reject"]}, open_vetoes=tuple(open_vetoes), needed=needed,
        passed=len(sides["approve"]) >= needed and not open_vetoes,
    )  # fmt: skip
