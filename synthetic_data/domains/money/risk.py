"""Risk: planted cases of suspicious conduct, each with its members, its span and how hard it is to see.

A case's difficulty d between 0 and 1 blurs the marks of its kind: sums stray from the tell-tale size, moments spread
out, what came in goes out less fully. At 0 a plain rule finds it; at 1 it looks like anybody's payments. Every case
begins with money from outside, and none uses wages, cards or the customers' own accounts elsewhere: an honest payment
never carries the marks of a kind by the logic of this bank, so that a rule can be right.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from synthetic_data.chance import Bools, Chance, Floats, Ints
from synthetic_data.columns import STATES
from synthetic_data.days import SECONDS
from synthetic_data.domains.money.amounts import cents
from synthetic_data.domains.money.directory import OUTSIDERS
from synthetic_data.domains.money.postings import NOBODY, Postings, post, together
from synthetic_data.domains.money.scene import Scene

KINDS = ("structuring", "fan_in", "fan_out", "awakening", "rapid", "circular", "cluster")
#: How many customers of the cell a case of each kind binds.
MEMBERS = {"circular": 4, "cluster": 5}
#: Days that a case may last, and days of quiet paying before one may begin.
LONGEST, QUIET = 45, 60
#: Movements in the end for each that is there when cases are planted: theirs, openings, and what is moved on.
LATER = 1.065


class Cases(NamedTuple):
    """The planted cases of a cell, in the order of the numbers that its movements carry."""

    kind: Ints  # place in KINDS
    difficulty: Floats
    members: tuple[Ints, ...]  # positions of customers; the first of all is the one it hangs on
    postings: Postings


class Ring(NamedTuple):
    """Cases of one kind while they are grown: a row for each."""

    number: Ints
    members: Ints  # a column for each member
    difficulty: Floats
    begins: Ints  # the day, on the bank's own clock
    total: Ints  # cents that move in


Grower: TypeAlias = Callable[[Scene, Ring, Chance], Postings]


def cases(scene: Scene, events: int) -> Cases:
    """Return the cases for so many ordinary movements; no customer is in two of them."""
    told = scene.told.risk
    wanted = events * LATER * told.per_half_million.value / 500_000
    count = int(wanted) + int(scene.chance("risk").shares(1)[0] < wanted % 1)
    shares = tuple(told.kinds.shares.get(kind, 0.0) for kind in KINDS)
    kinds = np.sort(scene.chance("risk", "kinds").pick(shares, count))
    pools = {True: _able(scene, awake=True), False: _able(scene, awake=False)}
    made: list[Ring] = []
    for code, kind in enumerate(KINDS):
        size = MEMBERS.get(kind, 1)
        pool = pools[kind != "awakening"]
        many = min(int((kinds == code).sum()), len(pool) // size)
        taken, pools[kind != "awakening"] = pool[: many * size], pool[many * size :]
        made.append(_ring(scene, kind, np.sort(taken.reshape(many, size), axis=1), sum(len(r.number) for r in made)))
    grown = [GROWERS[kind](scene, ring, scene.chance("risk", kind)) for kind, ring in zip(KINDS, made, strict=True)]
    return Cases(
        kind=np.repeat(np.arange(len(KINDS)), [len(ring.number) for ring in made]),
        difficulty=np.concatenate([ring.difficulty for ring in made]),
        members=tuple(row for ring in made for row in ring.members),
        postings=together(grown),
    )


def _able(scene: Scene, *, awake: bool) -> Ints:
    """Customers whom a case may bind, in an order of chance: grown-ups with a first file who have paid for a while."""
    who, people = scene.who, scene.people
    state = STATES.index("active" if awake else "dormant")
    able: Bools = (people.state == state) & ~people.minor & (people.copies < 0) & who.pays & ~who.fading
    able &= who.last - who.first > (QUIET + LONGEST + 30 if awake else 30)
    found = np.flatnonzero(able)
    return found[scene.chance("risk", "members", str(awake)).order(len(found))]


def _ring(scene: Scene, kind: str, members: Ints, first: int) -> Ring:
    told, n = scene.told.risk, len(members)
    chance = scene.chance("risk", kind, "ring")
    low, high = told.easiest.value, max(told.easiest.value, told.hardest.value)
    difficulty = np.floor((low + (high - low) * chance.shares(n)) * 1000 + 0.5) / 1000
    total = cents(chance.along(told.typical.points, n))
    begins = scene.who.first[members].max(axis=1, initial=0) + QUIET
    ends = np.minimum(scene.who.last[members].min(axis=1, initial=2**40), scene.calendar.ends) - LONGEST
    if kind == "awakening":
        begins = scene.who.last[members[:, 0]] + 150
        ends = np.full(n, scene.calendar.ends - 10)
    day = chance.whole(begins, np.maximum(begins, ends), n)
    return Ring(first + np.arange(n), members, difficulty, day, total)


def _moments(scene: Scene, days: Ints, chance: Chance, where: str = "online") -> Ints:
    return scene.calendar.moments(days, scene.calendar.seconds(chance, where, len(days)))


def _parts(chance: Chance, total: Ints, which: Ints, count: Ints, evenness: Floats) -> Ints:
    """Split totals into ``count`` parts each (``which`` tells whose part): alike where evenness is 1."""
    weight = 1 + (1 - evenness[which]) * (2 * chance.shares(len(which)) - 1)
    sums = np.bincount(which, np.floor(weight * 1e6), len(total))
    return np.floor(total[which] * (np.floor(weight * 1e6) / sums[which])).astype(np.int64)


def _outside(chance: Chance, n: int, first: int) -> Ints:
    return first + chance.whole(0, OUTSIDERS - 1, n)


def _main(scene: Scene, customers: Ints) -> Ints:
    return scene.who.main[customers]


def structuring(scene: Scene, ring: Ring, chance: Chance) -> Postings:
    """Cash paid in day after day, each time just below what must be reported; then sent on in one sum.

    Difficulty lowers the sums from 90-99 % of the threshold towards a third of it and spreads them over weeks.
    """
    n, report = len(ring.number), round(scene.told.risk.cash_report.value * 100)
    count = 4 + chance.whole(0, 4, n)
    which = np.repeat(np.arange(n), count)
    d = ring.difficulty[which]
    share = (0.9 - 0.6 * d) + (0.09 + 0.3 * d) * chance.shares(len(which))
    amount = np.floor(report * share / 10_000).astype(np.int64) * 10_000
    span = 4 + np.floor(26 * ring.difficulty).astype(np.int64)
    day = ring.begins[which] + np.floor(chance.shares(len(which)) * span[which]).astype(np.int64)
    member = ring.members[:, 0]
    paid = post(
        _main(scene, member[which]),
        _moments(scene, day, chance, "office"),
        amount,
        "cash_in",
        "branch",
        case=ring.number[which],
    )
    gathered = np.bincount(which, amount, n).astype(np.int64)
    gone = np.floor(gathered * (0.97 - 0.3 * ring.difficulty) / 10_000).astype(np.int64) * 10_000
    return together([paid, _sent(scene, ring, chance, ring.begins + span + 1, gone)])


def _sent(scene: Scene, ring: Ring, chance: Chance, days: Ints, amount: Ints) -> Postings:
    """One transfer of each case to an account at another bank."""
    member = ring.members[:, 0]
    return post(
        _main(scene, member),
        _moments(scene, days, chance),
        -amount,
        "transfer_out",
        "app",
        party=_outside(chance, len(member), scene.known.outsiders),
        origin=member,
        case=ring.number,
    )


def _scattered(
    scene: Scene, ring: Ring, chance: Chance, *, inward: bool, total: Ints, begins: Ints, hours: Ints, count: Ints
) -> Postings:
    """Many transfers of each case with different accounts at other banks, within some hours."""
    which = np.repeat(np.arange(len(count)), count)
    amount = _parts(chance, total, which, count, 1 - 0.2 - 0.7 * ring.difficulty)
    member = ring.members[:, 0][which]
    at = begins[which] + np.floor(chance.shares(len(which)) * hours[which] * 3600).astype(np.int64)
    return post(
        _main(scene, member),
        at,
        amount if inward else -amount,
        "transfer_in" if inward else "transfer_out",
        "app",
        party=_outside(chance, len(which), scene.known.outsiders),
        origin=np.full(len(which), NOBODY) if inward else member,
        case=ring.number[which],
    )


def _begun(scene: Scene, ring: Ring, chance: Chance) -> Ints:
    return _moments(scene, ring.begins, chance)


def fan_in(scene: Scene, ring: Ring, chance: Chance) -> Postings:
    """A mule is sent money by a dozen strangers within two days and passes nearly all on in one sum.

    Difficulty makes the strangers fewer, the days more, and what is passed on less.
    """
    d = ring.difficulty
    count = np.floor(14 - 10 * d).astype(np.int64) + chance.whole(0, 3, len(d))
    hours = np.floor(30 + 600 * d).astype(np.int64)
    start = _begun(scene, ring, chance)
    came = _scattered(scene, ring, chance, inward=True, total=ring.total, begins=start, hours=hours, count=count)
    out = _sent(scene, ring, chance, ring.begins, np.floor(ring.total * (0.96 - 0.35 * d)).astype(np.int64))
    return together([came, out._replace(at=start + hours * 3600 + 3600 + np.floor(72_000 * d).astype(np.int64))])


def fan_out(scene: Scene, ring: Ring, chance: Chance) -> Postings:
    """A mule is sent one large sum and scatters nearly all of it to a dozen strangers within a day."""
    d = ring.difficulty
    count = np.floor(13 - 9 * d).astype(np.int64) + chance.whole(0, 3, len(d))
    hours = np.floor(18 + 600 * d).astype(np.int64)
    start = _begun(scene, ring, chance)
    came = _received(scene, ring, chance, start, ring.total)
    out = np.floor(ring.total * (0.96 - 0.35 * d)).astype(np.int64)
    return together(
        [came, _scattered(scene, ring, chance, inward=False, total=out, begins=start + 3600, hours=hours, count=count)]
    )


def _received(scene: Scene, ring: Ring, chance: Chance, at: Ints, amount: Ints) -> Postings:
    """One transfer from a stranger in each case."""
    return post(
        _main(scene, ring.members[:, 0]),
        at,
        amount,
        "transfer_in",
        "app",
        party=_outside(chance, len(at), scene.known.outsiders),
        case=ring.number,
    )


def awakening(scene: Scene, ring: Ring, chance: Chance) -> Postings:
    """An account that slept for months is sent a large sum, which leaves within a day; difficulty makes it smaller."""
    d = ring.difficulty
    total = np.floor(ring.total * (1 - 0.9 * d)).astype(np.int64)
    start = _begun(scene, ring, chance)
    came = _received(scene, ring, chance, start, total)
    later = np.floor((2 + 20 * chance.shares(len(d)) + 120 * d) * 3600).astype(np.int64)
    out = _sent(scene, ring, chance, ring.begins, np.floor(total * (0.98 - 0.4 * d)).astype(np.int64))
    return together([came, out._replace(at=np.minimum(start + later, _end(scene)))])


def rapid(scene: Scene, ring: Ring, chance: Chance) -> Postings:
    """Three times a large sum from a stranger leaves to another within hours; difficulty delays and lessens it."""
    parts = []
    for turn in range(3):
        d = ring.difficulty
        start = _moments(scene, ring.begins + turn * (1 + np.floor(8 * d).astype(np.int64)), chance)
        total = np.floor(ring.total * (0.25 + 0.2 * chance.shares(len(d)))).astype(np.int64)
        later = np.floor((0.5 + 4 * chance.shares(len(d)) + 110 * d) * 3600).astype(np.int64)
        out = _sent(scene, ring, chance, ring.begins, np.floor(total * (0.985 - 0.4 * d)).astype(np.int64))
        parts += [_received(scene, ring, chance, start, total), out._replace(at=start + later)]
    return together(parts)


def circular(scene: Scene, ring: Ring, chance: Chance) -> Postings:
    """Money from outside goes round four customers and comes back to the first, nearly whole.

    Difficulty takes off more at each step and lengthens the way.
    """
    d, size = ring.difficulty, ring.members.shape[1]
    start = _begun(scene, ring, chance)
    parts = [_received(scene, ring, chance, start, ring.total)]
    amount, at = ring.total, start
    for turn in range(size):
        giver, taker = ring.members[:, turn], ring.members[:, (turn + 1) % size]
        amount = np.floor(amount * (0.995 - 0.02 * chance.shares(len(d)) - 0.2 * d)).astype(np.int64)
        at = at + np.floor((1 + 9 * chance.shares(len(d)) + 150 * d) * 3600).astype(np.int64)
        parts += _passed(scene, ring, giver, taker, at, amount)
    out = _sent(scene, ring, chance, ring.begins, amount)
    return together([*parts, out._replace(at=at + 7200)])


def _passed(scene: Scene, ring: Ring, giver: Ints, taker: Ints, at: Ints, amount: Ints) -> list[Postings]:
    """Both sides of transfers between customers of the cell."""
    gives, takes = _main(scene, giver), _main(scene, taker)
    return [
        post(gives, at, -amount, "transfer_out", "app", party=takes, origin=giver, case=ring.number),
        post(takes, at + 1, amount, "transfer_in", "app", party=gives, case=ring.number),
    ]


def cluster(scene: Scene, ring: Ring, chance: Chance) -> Postings:
    """Five customers who have nothing to do with each other order their transfers from one network address.

    Each is sent a sum and passes most of it to the same account outside; difficulty gives some their own address back.
    """
    size, n = ring.members.shape[1], len(ring.number)
    target = _outside(chance, n, scene.known.outsiders)
    parts = []
    for turn in range(size):
        member = ring.members[:, turn]
        day = ring.begins + np.floor((3 + 20 * ring.difficulty) * chance.shares(n)).astype(np.int64)
        start = _moments(scene, day, chance)
        amount = np.floor(ring.total / size * (0.6 + 0.8 * chance.shares(n))).astype(np.int64)
        own = chance.happens(0.8 * ring.difficulty)
        later = np.floor((1 + 20 * chance.shares(n)) * 3600).astype(np.int64)
        came = post(
            _main(scene, member), start, amount, "transfer_in", "app",
            party=_outside(chance, n, scene.known.outsiders), case=ring.number,
        )  # fmt: skip
        parts.append(came)
        parts.append(
            post(
                _main(scene, member),
                start + later,
                -np.floor(amount * (0.97 - 0.3 * ring.difficulty)).astype(np.int64),
                "transfer_out",
                "app",
                party=target,
                origin=np.where(own, member, ring.members[:, 0]),
                case=ring.number,
            )
        )
    return together(parts)


def _end(scene: Scene) -> int:
    """The last second of the window."""
    return int(scene.calendar.moments(np.array([scene.calendar.ends]), np.array([SECONDS - 1]))[0])


GROWERS: dict[str, Grower] = {
    "structuring": structuring,
    "fan_in": fan_in,
    "fan_out": fan_out,
    "awakening": awakening,
    "rapid": rapid,
    "circular": circular,
    "cluster": cluster,
}
