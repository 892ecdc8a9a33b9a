"""Stalls: a day of visits meets a contract's gates, event by event; which screens wait, from when on, and who gives up.

Whoever is refused is first in a queue and asks again at the very moment at which the gate opens, which no real client
does: what is found here is the least that people will feel.
"""

import heapq
import itertools
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from loadtests.contracts.day import Call, Visit
from loadtests.contracts.gates import DAY, NEVER, Gate, gate
from loadtests.contracts.published import Allowance

#: A screen stalls when it waits longer than this, and is given up after that long (ms).
STALLS, GIVES_UP = 3_000, 30_000
#: Milliseconds of the stretches by which a day is drawn.
STRETCH = 1_800_000


@dataclass(slots=True)
class Screen:
    """What became of a role's screen: opened, stalled (given up included), given up; the first stall and worst wait."""

    role: str
    screen: str
    opened: int = 0
    stalled: int = 0
    given_up: int = 0
    first: int | None = None  # ms from midnight
    worst: int = 0  # ms
    by_stretch: list[list[int]] = field(default_factory=lambda: [[0, 0] for _ in range(DAY // STRETCH)])

    def count(self, at: int, waited: int, *, up: bool) -> None:
        """Count one opening at a moment that waited so long in all."""
        stalls = up or waited > STALLS
        self.opened += 1
        self.given_up += up
        self.worst = max(self.worst, waited)
        stretch = self.by_stretch[min(at, DAY - 1) // STRETCH]
        stretch[0] += 1
        if stalls:
            self.stalled += 1
            stretch[1] += 1
            self.first = at if self.first is None else min(self.first, at)


@dataclass(slots=True)
class Held:
    """How many calls a quota held back, the first at which moment, and the most that were asked for within it."""

    allowance: Allowance
    calls: int = 0
    first: int | None = None

    def hold(self, at: int) -> None:
        """Count a call that has to wait."""
        self.calls += 1
        self.first = at if self.first is None else min(self.first, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The day: screens by role, quotas in their order, calls that were made, and those that were asked for."""

    screens: tuple[Screen, ...]
    held: tuple[Held, ...]
    passed: int
    asked: int


@dataclass(slots=True)
class _Asked:
    visit: Visit
    place: int
    since: int  # when this call was first asked
    opened: int  # when its screen was opened
    waited: int  # what its screen has waited before
    held: bool = False

    @property
    def call(self) -> Call:
        return self.visit.calls[self.place]


class _Lane:
    """Calls that meet the very same gates, first come, first served."""

    def __init__(self, gates: Sequence[tuple[int, Gate]]) -> None:
        self.gates, self.queue = gates, deque[_Asked]()
        self.wakes = NEVER  # the moment at which it looks again by itself


class Simulation:
    """One day; use ``simulate``."""

    def __init__(self, limits: Sequence[Allowance], licences: int, packs: int) -> None:
        """Begin at midnight, with nothing used up."""
        self._limits, self._with = limits, (licences, packs)
        self._gates: dict[tuple[int, str], Gate] = {}
        self._lanes: dict[tuple[str, str], _Lane] = {}
        self._events: list[tuple[int, int, _Lane | None, _Asked | None]] = []
        self._order = itertools.count()
        self._screens: dict[tuple[str, str], Screen] = {}
        self.held = tuple(Held(limit) for limit in limits)
        self.passed = 0
        self.asked = 0

    def run(self, visits: Iterable[Visit]) -> Told:
        """Play all visits to their end."""
        for visit in visits:
            self._ask(_Asked(visit, 0, visit.at, visit.at, 0))
        while self._events:
            now, _, lane, asked = heapq.heappop(self._events)
            if asked is not None:
                lane = self._lane(asked)
                lane.queue.append(asked)
            assert lane is not None
            self._serve(lane, now)
        screens = tuple(self._screens[key] for key in sorted(self._screens))
        return Told(screens=screens, held=self.held, passed=self.passed, asked=self.asked)

    def _ask(self, asked: _Asked) -> None:
        if asked.since < DAY:
            self.asked += 1
            heapq.heappush(self._events, (asked.since, next(self._order), None, asked))

    def _lane(self, asked: _Asked) -> _Lane:
        key = (asked.call.interface, asked.visit.account)
        if key not in self._lanes:
            self._lanes[key] = _Lane([(place, self._gate(place, *key)) for place in self._meets(key[0])])
        return self._lanes[key]

    def _meets(self, interface: str) -> list[int]:
        return [place for place, one in enumerate(self._limits) if interface.endswith(one.only)]

    def _gate(self, place: int, interface: str, account: str) -> Gate:
        scope = {"all": "", "interface": interface, "user": account}[self._limits[place].per]
        return self._gates.setdefault((place, scope), gate(self._limits[place], *self._with))

    def _serve(self, lane: _Lane, now: int) -> None:
        while lane.queue:
            head = lane.queue[0]
            ends = head.since + GIVES_UP - head.waited
            place, opens = max(
                ((place, one.opens(now, head.call.takes)) for place, one in lane.gates),
                key=lambda found: found[1],
                default=(0, now),
            )
            if opens > now and not head.held:
                head.held = True
                self.held[place].hold(now)
            if now >= ends and opens > now:
                lane.queue.popleft()
                self._close(head, ends, up=True)
            elif opens <= now:
                lane.queue.popleft()
                self._pass(lane, head, now)
            else:
                self._wake(lane, min(opens, ends), now)
                return

    def _wake(self, lane: _Lane, at: int, now: int) -> None:
        if at < lane.wakes or lane.wakes <= now:
            lane.wakes = at
            heapq.heappush(self._events, (at, next(self._order), lane, None))

    def _pass(self, lane: _Lane, asked: _Asked, now: int) -> None:
        takes, visit = asked.call.takes, asked.visit
        for _, one in lane.gates:
            one.passes(now, takes)
        self.passed += now < DAY
        waited, after = asked.waited + now - asked.since, now + takes
        if not asked.call.last:
            self._ask(_Asked(visit, asked.place + 1, after, asked.opened, waited))
            return
        self._close(asked, now, up=False)
        if asked.place + 1 < len(visit.calls):
            self._ask(_Asked(visit, asked.place + 1, after + visit.pause, after + visit.pause, 0))

    def _close(self, asked: _Asked, now: int, *, up: bool) -> None:
        key = (asked.visit.role, asked.call.screen)
        screen = self._screens.setdefault(key, Screen(*key))
        screen.count(asked.opened, asked.waited + now - asked.since, up=up)


def simulate(visits: Iterable[Visit], limits: Sequence[Allowance], *, licences: int = 0, packs: int = 0) -> Told:
    """Play a day against a contract with so many licences and packs, and return what people felt."""
    return Simulation(limits, licences, packs).run(visits)


def wanted(visits: Iterable[Visit], limits: Sequence[Allowance]) -> tuple[int, ...]:
    """Return for each quota the most that would fall into it if nobody were ever held back.

    Calls, or milliseconds of execution for work; of those under way at once the most at one moment.
    """
    sent: list[tuple[int, int, str, str]] = []
    for visit in visits:
        at = visit.at
        for place, call in enumerate(visit.calls):
            if at >= DAY:
                break
            sent.append((at, call.takes, call.interface, visit.account))
            following = visit.calls[place + 1] if place + 1 < len(visit.calls) else None
            at += call.takes + (visit.pause if following is not None and following.first else 0)
    sent.sort()
    return tuple(_most(sent, limit) for limit in limits)


def _most(sent: Sequence[tuple[int, int, str, str]], limit: Allowance) -> int:
    length = NEVER if limit.kind == "day" else round(limit.seconds * 1000)
    inside: dict[str, deque[tuple[int, int]]] = {}
    sums: Counter[str] = Counter()
    most = 0
    for at, takes, interface, account in sent:
        if not interface.endswith(limit.only) or takes < limit.longer_than * 1000:
            continue
        scope = {"all": "", "interface": interface, "user": account}[limit.per]
        kept, weight = inside.setdefault(scope, deque()), takes if limit.kind == "work" else 1
        until = at + (takes if limit.kind == "at_once" else length)
        _leave(kept, sums, scope, at, sort=limit.kind == "at_once")
        kept.append((until, weight))
        sums[scope] += weight
        most = max(most, sums[scope])
    return most


def _leave(kept: deque[tuple[int, int]], sums: Counter[str], scope: str, now: int, *, sort: bool) -> None:
    if sort and kept:
        staying = [one for one in kept if one[0] > now]
        sums[scope] = sum(weight for _, weight in staying)
        kept.clear()
        kept.extend(staying)
        return
    while kept and kept[0][0] <= now:
        sums[scope] -= kept.popleft()[1]
