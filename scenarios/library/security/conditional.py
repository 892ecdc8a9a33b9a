"""Conditional: twenty rights that hold under a condition only, tried where it holds and where it does not."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, NamedTuple

from scenarios.actors import Actor
from scenarios.answers import OnFile, Page
from scenarios.conditions import AccessCondition
from scenarios.crm import CRM, Answer
from scenarios.library.newcomers import newcomers, on_file, quietly
from scenarios.library.security.attempts import Attempt, attempt, seconds_until
from scenarios.library.security.policy import the_policy
from scenarios.library.security.probes import PROBES, Scene
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: A condition that is set must be felt within a minute; once any was felt, the others get a few seconds more.
FELT_S, MORE_S = 60.0, 4.0
#: Places among the newcomers that no plot uses.
FROM, TO = 40, 43


class Held(NamedTuple):
    """One right under a condition: what came of it where it holds, and where it does not."""

    kind: str  # branch | hours | network | tier
    operation: str
    inside: tuple[tuple[Attempt[Any], str], ...] = ()  # a try, and the customer that it must show, if any
    outside: tuple[tuple[Attempt[Any], str], ...] = ()
    offered: bool = True

    @property
    def wrong(self) -> tuple[str, ...]:
        """Return what is wrong with it, one line each."""
        if not self.offered:
            return (f"{self.operation} by {self.kind}: no such condition can be set",)
        shut = (f"{one} where it must open, by {self.kind}" for one, number in self.inside if not _opens(one, number))
        open_ = (f"{one} where it must not, by {self.kind}" for one, number in self.outside if _opens(one, number))
        return (*shut, *open_)


class Conditioned(NamedTuple):
    """All that was seen of conditions: the twenty rights, and what the policy exported of those that stood."""

    rights: tuple[Held, ...]
    exported: Attempt[Sequence[AccessCondition]] | None
    stood: tuple[AccessCondition, ...]
    felt_s: float | None


def _opens(tried: Attempt[Any], number: str) -> bool:
    """Tell whether a try shows the customer it was for; without one, whether it was let in and found anything."""
    if not tried.ok:
        return not number and tried.admitted and tried.reason != "invalid"
    given = tried.value
    if number and isinstance(given, Page | tuple):
        return number in {row.number for row in given if isinstance(row, OnFile)}
    return bool(given != ())


def tried_under_conditions(crm: CRM, bank: Bank, scenes: Mapping[str, Scene], second: frozenset[Actor]) -> Conditioned:
    """Try the twenty rights of the policy; what was set for it is lifted at the end whatever happens."""
    branch = tuple(_elsewhere(crm, scenes, second))
    if not crm.offers("set_condition"):
        others = (
            Held(kind, operation, offered=False)
            for kind, decisions in the_policy().conditions.decisions.items()
            for _, operation in decisions
        )
        return Conditioned((*branch, *others), None, (), None)
    people = _one_of_each_tier(crm, bank)
    with on_file(crm, *people), ExitStack() as standing:
        return _set_and_tried(crm, scenes["a"], people, branch, standing)


def _elsewhere(crm: CRM, scenes: Mapping[str, Scene], second: frozenset[Actor]) -> Iterator[Held]:
    """Try what is a right in one's own branch on the other branch's records."""
    told = the_policy().conditions
    actors = [actor for actor in told.branch_actors if crm.has(actor)]
    for operation in told.branch_operations:
        tries = []
        for actor in actors:
            other = scenes["a" if actor in second else "b"]
            tries.append((attempt(crm.acting_as(actor), operation, partial(_ask, operation, other)), ""))
        yield Held("branch", operation, outside=tuple(tries), offered=any(one.offered for one, _ in tries))


def _ask(operation: str, at: Scene, view: CRM) -> Answer[Any]:
    return PROBES[operation].ask(view, at)


def _one_of_each_tier(crm: CRM, bank: Bank) -> tuple[Customer, ...]:
    tiers = the_policy().conditions.tiers
    return tuple(replace(one, tier=tier) for one, tier in zip(newcomers(crm, bank, TO)[FROM:TO], tiers, strict=True))


def _set_and_tried(
    crm: CRM, at: Scene, people: Sequence[Customer], branch: tuple[Held, ...], standing: ExitStack
) -> Conditioned:
    """Set what does not hold and try, then what does and try again.

    Hours that hold are set after hours that do not: the later rule must take back nothing of the earlier one.
    """
    now, told = _now(crm), the_policy().conditions
    anywhere = ("0.0.0.0/0", "::/0")
    narrow = {
        "hours": replace(_bare("hours"), hours=_around(now, 3, 6)),
        "network": replace(_bare("network"), networks=told.elsewhere),
    }
    wide = {
        "hours": replace(_bare("hours"), hours=_around(now, -2, 2)),
        "network": replace(_bare("network"), networks=anywhere),
        "tier": replace(_bare("tier"), tier_up_to=told.tier_up_to),
    }
    kinds = tuple(narrow)
    with ExitStack() as first:
        for condition in narrow.values():
            first.enter_context(_set(crm, condition))
        standing.enter_context(_set(crm, wide["hours"]))
        standing.enter_context(_set(crm, wide["tier"]))
        felt_s = _felt(crm, at, kinds, wanted=False)
        outside = {kind: _tries(crm, at, kind) for kind in kinds}
    standing.enter_context(_set(crm, wide["network"]))
    _felt(crm, at, kinds, wanted=True)
    inside = {kind: _tries(crm, at, kind) for kind in kinds}
    rights = [
        Held(kind, operation, inside=inside[kind][place][:1], outside=outside[kind][place])
        for kind in kinds
        for place, (_, operation) in enumerate(told.decisions[kind])
    ]
    exported = attempt(crm.acting_as(Actor.COMPLIANCE), "export the conditions", lambda view: view.conditions())
    return Conditioned((*branch, *rights, *_by_tier(crm, people)), exported, tuple(wide.values()), felt_s)


def _bare(kind: str) -> AccessCondition:
    """Return a condition on the operations and roles of one kind, that asks nothing yet."""
    policy = the_policy()
    decisions = policy.conditions.decisions[kind]
    return AccessCondition(
        name=f"tried by {kind}",
        operations=tuple(dict.fromkeys(operation for _, operation in decisions)),
        roles=tuple(dict.fromkeys(policy.roles[actor] for actor, _ in decisions)),
    )


@contextmanager
def _set(crm: CRM, condition: AccessCondition) -> Iterator[None]:
    admin = crm.acting_as(Actor.ADMIN)
    number = admin.set_condition(condition).value
    try:
        yield
    finally:
        quietly(admin.lift_condition, number)


def _now(crm: CRM) -> datetime:
    """Return the moment on the target's clock where it tells one, on the bank's wall."""
    told = attempt(crm.acting_as(Actor.INTEGRATION), "clock", lambda view: view.now())
    return (told.value if told.ok else crm.clock.now()).astimezone(the_policy().conditions.zone)


def _around(now: datetime, begin: int, end: int) -> tuple[time, time]:
    """Return the hours of the day from ``begin`` to ``end`` hours after now."""
    opens, closes = ((now + timedelta(hours=hours)).time().replace(second=0, microsecond=0) for hours in (begin, end))
    return opens, closes


def _felt(crm: CRM, at: Scene, kinds: Sequence[str], *, wanted: bool) -> float | None:
    """Wait until the first right of each kind opens or does not, as wanted; return the seconds, None if it never is."""
    waiting = list(kinds)

    def all_felt() -> bool:
        waiting[:] = [kind for kind in waiting if _first(crm, at, kind).ok is not wanted]
        return not waiting

    begun = crm.clock.now()
    seconds_until(crm.clock, lambda: all_felt() or len(waiting) < len(kinds), within=FELT_S + 1)
    seconds_until(crm.clock, all_felt, within=MORE_S if len(waiting) < len(kinds) else 0.0)
    return None if waiting else (crm.clock.now() - begun).total_seconds()


def _first(crm: CRM, at: Scene, kind: str) -> Attempt[Any]:
    actor, operation = the_policy().conditions.decisions[kind][0]
    return attempt(crm.acting_as(actor), operation, partial(_ask, operation, replace(at, may=True)))


def _tries(crm: CRM, at: Scene, kind: str) -> tuple[tuple[tuple[Attempt[Any], str], ...], ...]:
    """Try each right of a kind; by network also while pretending to sit where the right holds."""
    found = []
    for actor, operation in the_policy().conditions.decisions[kind]:
        ask = partial(_ask, operation, replace(at, may=True))
        views = [crm.acting_as(actor)]
        views += [_pretending(views[0])] if kind == "network" else []
        found.append(tuple((attempt(view, operation, ask), "") for view in views))
    return tuple(found)


def _pretending(view: CRM) -> CRM:
    """Return a view that says of itself, in the headers that proxies write, that it sits elsewhere."""
    session, address = view.session(), the_policy().conditions.pretended
    if session is None:
        return view
    told = {"X-Forwarded-For": address, "X-Real-IP": address, "Forwarded": f"for={address}"}
    return view.holding(replace(session, headers={**session.headers, **told}))


def _by_tier(crm: CRM, people: Sequence[Customer]) -> Iterator[Held]:
    """Look for a customer of each tier by each right: those up to the highest are there, the others are not."""
    told = the_policy().conditions
    highest = told.tiers.index(told.tier_up_to)
    for actor, operation in told.decisions["tier"]:
        view = crm.acting_as(actor)
        tried = [
            (attempt(view, f"{operation} of tier {one.tier}", partial(LOOKS[operation], one)), one.number)
            for one in people
        ]
        yield Held("tier", operation, inside=tuple(tried[: highest + 1]), outside=tuple(tried[highest + 1 :]))


LOOKS: Mapping[str, Callable[[Customer, CRM], Answer[Any]]] = {
    "customer.get": lambda one, view: view.get(Customer, one.number),
    "customer.list": lambda one, view: view.list(Customer, where={"name": one.name}, limit=50),
    "customer.search": lambda one, view: view.search(Customer, one.latin_name, limit=20),
    "customer.find": lambda one, view: view.find(Customer, mobile=one.mobile),
    "customer.overview": lambda one, view: view.overview(one.number),
}
