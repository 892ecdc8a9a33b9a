"""unseed(): take back what a seeding put into a target, by its receipts, and prove that nothing of it is left."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from poc.inventory import NotListed, on_file
from poc.pouring import HANDS, Patience, side_by_side
from poc.receipts import Put, Receipts
from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.port import BenchFault
from synthetic_data.records import KINDS, Record

#: Told the kind at hand, how many rows are gone, and how many there were.
Progress = Callable[[str, int, int], None]

BY_NAME: Mapping[str, type[Record]] = {kind.__name__: kind for kind in KINDS}
#: How many things that are wrong are named.
NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was looked at after everything was taken back. ``left`` are our numbers that are still on file, ``orphans``
    records of others that name one of ours, ``counts`` rows by kind before the seeding and now (None: not told).

    ``unlisted`` tells by kind why it could not be looked through; there the first and last number of every batch were
    asked for, and nothing more is known.
    """

    looked_for: int
    left: tuple[str, ...]
    orphans: tuple[str, ...]
    counts: Mapping[str, tuple[int | None, int | None]]
    unlisted: Mapping[str, str]

    @property
    def moved(self) -> tuple[str, ...]:
        """Return the kinds that have not as many rows as before, in words."""
        told = ((kind, was, now) for kind, (was, now) in self.counts.items() if was is not None and now is not None)
        return tuple(f"{kind}: {was} before, {now} now" for kind, was, now in told if was != now)

    @property
    def holds(self) -> bool:
        """Whether every number was looked for among all that is on file, and all is as it was before."""
        known = all(None not in pair for pair in self.counts.values())
        return not (self.left or self.orphans or self.moved or self.unlisted) and known

    def told(self) -> dict[str, object]:
        """Return the proof in words and figures; of what is wrong, the first few."""
        wrong = {
            "orphans": self.orphans[:NAMED],
            "counts_moved": self.moved,
            "not_counted_before": tuple(kind for kind, (was, _) in self.counts.items() if was is None),
            "not_listed": dict(self.unlisted),
        }
        return {
            "proven": self.holds,
            "looked_for": self.looked_for,
            "still_there": len(self.left),
            **{name: told for name, told in wrong.items() if told},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What was taken back: rows by kind, by which verb, and the proof."""

    rows: Mapping[str, int]
    way: str
    proof: Proof


def unseed(crm: CRM, receipts: Receipts, progress: Progress | None = None, *, hands: int = HANDS) -> Removal:
    """Take back what receipts tell of, children first, and look whether it is gone; goes on where it was broken off.

    Raises BenchFault when the product cannot take back, when it refuses, or when something is there still.
    """
    core = crm.acting_as(Actor.INTEGRATION)
    core.session()
    patience, put = Patience(core), receipts.put
    way = _way(core, put)
    total = sum(len(one.numbers) for one in put)
    gone, rows = 0, Counter[str]()
    for kind, batches in _backwards(put):
        for one in side_by_side(batches, lambda one: _take_back(core, patience, receipts, one), hands):
            gone += len(one.numbers)
            rows[kind] += len(one.numbers)
            if progress:
                progress(kind, gone, total)
    proof = prove_gone(core, patience, receipts)
    if proof.left:
        raise BenchFault(
            f"{len(proof.left)} of {proof.looked_for} numbers are on file still, first "
            f"{', '.join(proof.left[:NAMED])}: the target said that they were gone; empty it by its own means"
        )
    receipts.note("gone", proof=proof.told())
    return Removal(rows=rows, way=way, proof=proof)


def _way(core: CRM, put: Sequence[Put]) -> str:
    """Return the verb by which rows are taken back; raises BenchFault when the product has none."""
    if core.offers("revert") and all(one.way == "bulk" for one in put):
        return "revert"
    if core.offers("delete"):
        return "delete"
    rows = sum(len(one.numbers) for one in put)
    raise BenchFault(
        f"the product takes nothing back ({type(core.connector).__name__} offers neither the verb revert nor delete): "
        f"{rows} rows stay on file; empty the target by its own means"
    )


def _backwards(put: Sequence[Put]) -> Iterable[tuple[str, list[Put]]]:
    """Yield the batches of one stage after the other, the last first; those of one stage do not lean on each other."""
    ordered = sorted(put, key=lambda one: -one.stage)
    for _, batches in groupby(ordered, key=lambda one: one.stage):
        listed = list(batches)
        yield listed[0].kind, listed


def _take_back(core: CRM, patience: Patience, receipts: Receipts, one: Put) -> Put:
    if _way(core, (one,)) == "revert":
        answered = _revert(patience, one.job)
    else:
        for number in reversed(one.numbers):
            _delete(patience, BY_NAME[one.kind], number)
        answered = {"deleted": len(one.numbers)}
    receipts.note("taken back", job=one.job, answered=answered)
    return one


def _revert(patience: Patience, job: str) -> dict[str, object]:
    answer = patience.ask(lambda crm: crm.revert(job))
    if answer.reason == "not-found":  # asked for when the seeding was killed, and never begun
        return {"accepted": 0, "state": "unknown"}
    if not answer.ok:
        raise BenchFault(
            f"the target would not take job {job} back: {answer.refusal}; take off file what hangs on it, then unseed "
            "again"
        )
    return {"accepted": answer.value.accepted, "state": answer.value.state}


def _delete(patience: Patience, kind: type[Record], number: str) -> None:
    answer = patience.ask(lambda crm: crm.delete(kind, number))
    if not answer.ok and answer.reason != "not-found":
        raise BenchFault(
            f"the target would not delete {kind.__name__} {number}: {answer.refusal}; take off file what hangs on it, "
            "then unseed again"
        )


# -- the proof -------------------------------------------------------------------------------------------------------
def prove_gone(core: CRM, patience: Patience, receipts: Receipts) -> Proof:
    """Look through all that a target has for what receipts tell of, and for records that name it."""
    ours = _numbers(receipts)
    everything = set[str]().union(*ours.values())
    before: Mapping[str, int | None] = next(iter(receipts.of("seeding")), {}).get("before", {})
    left: list[str] = []
    orphans: list[str] = []
    counts: dict[str, tuple[int | None, int | None]] = {}
    unlisted: dict[str, str] = {}
    for name, kind in BY_NAME.items():
        mine, counted = ours.get(name, set()), 0
        try:
            for row in on_file(core, kind, patience):
                counted += 1
                if row.number in mine:
                    left.append(row.number)
                elif named := _named(row.fields.values(), everything):
                    orphans.append(f"{name} {row.number} names {named}")
            counts[name] = (before.get(name), counted)
        except NotListed as why:
            if mine:
                unlisted[name] = str(why)
    left += _answering(core, patience, receipts)
    return Proof(
        looked_for=len(everything),
        left=tuple(dict.fromkeys(left)),
        orphans=tuple(orphans),
        counts=counts,
        unlisted=unlisted,
    )


def _numbers(receipts: Receipts) -> dict[str, set[str]]:
    """Return all numbers that were ever put into the target, by kind: ours, and its own where they differ."""
    numbers: dict[str, set[str]] = {}
    kinds = {line["job"]: line["kind"] for line in receipts.of("asked")}
    for line in (*receipts.of("asked"), *receipts.of("taken")):
        numbers.setdefault(kinds[line["job"]], set()).update(line.get("numbers", ()))
    return numbers


def _named(values: Iterable[object], numbers: set[str]) -> str:
    """Return the first of some numbers that a record's fields name."""
    for value in values:
        for one in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(one, str) and one in numbers:
                return one
    return ""


def _answering(core: CRM, patience: Patience, receipts: Receipts) -> list[str]:
    """Return which of the first and last numbers of every batch can be read still: a list may hide some."""
    if not core.offers("get"):
        return []
    lines = receipts.of("asked")
    asked = {(line["kind"], number) for line in lines for number in (line["numbers"][0], line["numbers"][-1])}
    return [number for kind, number in sorted(asked) if _is_there(patience, BY_NAME[kind], number)]


def _is_there(patience: Patience, kind: type[Record], number: str) -> bool:
    answer = patience.ask(lambda crm: crm.get(kind, number))
    if not answer.ok and answer.reason != "not-found":
        raise BenchFault(f"whether {kind.__name__} {number} is gone cannot be told: {answer.refusal}")
    return answer.ok
