"""Pouring: batches of records go into a target, several at a time, as fast as it bears; each leaves a receipt."""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from threading import Lock
from typing import TypeVar

from poc.receipts import Put, Receipts
from scenarios.answers import OnFile
from scenarios.crm import CRM, Answer
from scenarios.port import BenchFault, Refused, Unsupported
from scenarios.verdict import NotTestable
from synthetic_data.bank import Bank
from synthetic_data.records import KINDS, Customer, Record

T = TypeVar("T")
S = TypeVar("S")

#: How many rows go into one bulk call: small enough to show progress, large enough to be quick.
BATCH_ROWS = 2000
#: How many records that go in one by one share a receipt.
CHUNK_ROWS = 50
#: How many calls are under way at a time, so that a target's application and its database work side by side.
HANDS = 2
#: How often a target may say "too fast" to one call, and the longest that is waited for at once (seconds).
PATIENCE, LONGEST_WAIT = 30, 900.0
#: How often a call is repeated that brought no reply, and the first pause before it (seconds; doubled each time).
REPEATS, FIRST_PAUSE = 3, 1.0
#: The field by which a record names another of its own kind, which must be in before it.
OWN_KIND: dict[type[Record], str] = {Customer: "guardian"}
#: Reasons for which a target refuses what it has already.
HAS_IT = frozenset({"duplicate", "conflict"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Records of one kind that go in together. Batches of one ``stage`` do not lean on each other."""

    job: str
    stage: int
    rows: tuple[Record, ...]

    @property
    def kind(self) -> type[Record]:
        """Return what the records are."""
        return type(self.rows[0])


def stages(bank: Bank, job: str, size: int) -> Iterator[tuple[type[Record], tuple[Batch, ...]]]:
    """Yield a bank's batches, parents first; what one stage holds may go in at once, in any order.

    The same bank, job and size give the same batches under the same jobs.
    """
    stage = 0
    for kind in KINDS:
        start = 0
        for wave in _waves(kind, bank.of(kind)):
            cuts = range(0, len(wave), size)
            name = f"{job}-{kind.__name__.lower()}"
            yield kind, tuple(Batch(job=f"{name}-{start + at}", stage=stage, rows=wave[at : at + size]) for at in cuts)
            start, stage = start + len(wave), stage + 1


def _waves(kind: type[Record], rows: tuple[Record, ...]) -> Iterator[tuple[Record, ...]]:
    """Yield rows so that one that names another of its kind comes in a later wave."""
    name, left = OWN_KIND.get(kind), rows
    while left:
        waiting = {row.number for row in left} if name else set()
        ready = tuple(row for row in left if name is None or getattr(row, name) not in waiting)
        yield ready or left
        if len(ready) in (0, len(left)):
            return
        poured = {row.number for row in ready}
        left = tuple(row for row in left if row.number not in poured)


def side_by_side(work: Iterable[S], do: Callable[[S], T], hands: int) -> Iterator[T]:
    """Do pieces of work, so many at a time, and yield what came of each; the first trouble ends it all.

    What is under way when trouble comes is waited for, and nothing more is begun.
    """
    left = iter(work)
    with ThreadPoolExecutor(hands) as pool:
        going: set[Future[T]] = {pool.submit(do, one) for one in islice(left, hands)}
        while going:
            done, going = wait(going, return_when=FIRST_COMPLETED)
            for one in done:
                yield one.result()
            going |= {pool.submit(do, one) for one in islice(left, len(done))}


@dataclass(slots=True)
class Patience:
    """Waits as long as a target asks for, for all hands alike, and asks again where a reply was lost."""

    core: CRM
    not_before: datetime | None = None
    lock: Lock = field(default_factory=Lock)

    def ask(self, what: Callable[[CRM], Answer[T]]) -> Answer[T]:
        """Ask, and ask again when the target says "too fast"; raises BenchFault when it says so for ever."""
        impatient = self.core.without_waiting()
        for _ in range(PATIENCE):
            self._await_turn()
            answer = self._heard(impatient, what)
            if answer.reason != "throttled":
                return answer
            self._hold(self.core.connector.throttle_of(answer.replies[-1]) if answer.replies else None)
        raise BenchFault(
            f"the target said {PATIENCE} times in a row that this is too fast: declare its limits in targets.toml, "
            "then seed again to go on"
        )

    def _heard(self, impatient: CRM, what: Callable[[CRM], Answer[T]]) -> Answer[T]:
        pause = FIRST_PAUSE
        for left in range(REPEATS, -1, -1):
            try:
                return what(impatient)
            except BenchFault as fault:
                if not left:
                    raise BenchFault(f"{fault}; what is in stays in: seed again to go on") from None
            self.core.clock.sleep(pause)
            pause *= 2
        raise AssertionError("the last call returns or raises")

    def _await_turn(self) -> None:
        with self.lock:
            until, now = self.not_before, self.core.clock.now()
        if until is not None and until > now:
            self.core.clock.sleep((until - now).total_seconds())

    def _hold(self, seconds: float | None) -> None:
        asked = 1.0 if seconds is None else seconds
        if asked > LONGEST_WAIT:
            raise BenchFault(f"the target asks to wait {asked:.0f} s: seed again after that, it will go on")
        with self.lock:
            until = self.core.clock.now() + timedelta(seconds=asked)
            self.not_before = max(until, self.not_before or until)


@dataclass(slots=True)
class Pourer:
    """Brings batches in, through the bulk verb where the product has one, else record by record, and notes each."""

    core: CRM
    receipts: Receipts
    patience: Patience
    asked: frozenset[str]

    @classmethod
    def of(cls, core: CRM, receipts: Receipts) -> "Pourer":
        """Return one that goes on where receipts end."""
        return cls(core, receipts, Patience(core), frozenset(one["job"] for one in receipts.of("asked")))

    def pour(self, batch: Batch) -> Batch:
        """Bring a batch in; raises BenchFault naming what the target did not take, Unsupported for a kind it lacks."""
        begun = time.perf_counter()
        by_bulk = self.core.offers("bulk")
        put = Put(
            job=batch.job,
            kind=batch.kind.__name__,
            stage=batch.stage,
            way="bulk" if by_bulk else "create",
            numbers=tuple(record.number for record in batch.rows),
        )
        self.receipts.ask(put)
        try:
            numbers, answered = (self._in_bulk if by_bulk else self._one_by_one)(batch)
        except (Unsupported, NotTestable) as no:
            self.receipts.note("taken back", job=batch.job, answered={"unsupported": str(no)})
            raise
        self.receipts.take(put, numbers, answered, time.perf_counter() - begun)
        return batch

    def _in_bulk(self, batch: Batch) -> tuple[tuple[str, ...], dict[str, object]]:
        answer = self.patience.ask(lambda crm: crm.bulk(batch.rows, job=batch.job))
        kind = batch.kind.__name__
        if not answer.ok:
            raise BenchFault(
                f"the target would not take {kind} rows: {answer.refusal}; look into its log, then seed again"
            )
        report = answer.value
        if report.rejected:
            first = report.rejected[0]
            number = batch.rows[first.row].number if 0 <= first.row < len(batch.rows) else f"row {first.row}"
            raise BenchFault(
                f"the target rejected {len(report.rejected)} {kind} rows, first {number}: {first.field}: "
                f"{first.reason}; empty the target or mend the connector's shape, then seed again"
            )
        if report.accepted != len(batch.rows) and batch.job not in self.asked:
            raise BenchFault(
                f"the target took {report.accepted} of {len(batch.rows)} {kind} rows of job {batch.job} and named no "
                "reason; look into its log"
            )
        answered = {"job": report.job, "accepted": report.accepted, "state": report.state, "status": answer.status}
        return tuple(record.number for record in batch.rows), answered

    def _one_by_one(self, batch: Batch) -> tuple[tuple[str, ...], dict[str, object]]:
        doubtful = batch.job in self.asked  # begun before and never receipted: some may be in already
        numbers = [self._put(record, f"{batch.job}-{place}", doubtful) for place, record in enumerate(batch.rows)]
        return tuple(numbers), {"created": len(numbers)}

    def _put(self, record: Record, key: str, doubtful: bool) -> str:
        known = self._on_file(record) if doubtful else None
        if known is not None:
            return known
        answer = self.patience.ask(lambda crm: crm.create(record, key=key))
        if answer.ok:
            return answer.value
        known = self._on_file(record) if answer.reason in HAS_IT else None
        if known is None:
            raise BenchFault(
                f"the target would not take {type(record).__name__} {record.number}: {answer.refusal}; "
                "empty it or mend the connector's shape, then seed again"
            )
        return known

    def _on_file(self, record: Record) -> str | None:
        """Return the target's number of a record that is in already."""
        if not self.core.offers("get"):
            return None
        answer = self.patience.ask(lambda crm: crm.get(type(record), record.number))
        return answer.value.number if answer.ok else None


def missing(core: CRM, patience: Patience, receipts: Receipts) -> tuple[int, int]:
    """Return how many of some receipted records are not on file, and how many were looked for.

    The first and last record of the first, middle and last receipts are looked for.
    """
    certain = receipts.taken
    taken = [one for one in receipts.put if one.job in certain]
    kinds = {kind.__name__: kind for kind in KINDS}
    picked = [taken[place] for place in sorted({0, len(taken) // 2, len(taken) - 1})] if taken else []
    looked = [(kinds[one.kind], number) for one in picked for number in {one.numbers[0], one.numbers[-1]}]
    if not core.offers("get"):
        return 0, 0
    answers = [patience.ask(partial(_get, kind, number)) for kind, number in looked]
    broken = next((one for one in answers if not one.ok and one.reason != "not-found"), None)
    if broken is not None:
        raise Refused(broken.reason or "refused", detail="a receipted record could not be read")
    return sum(not one.ok for one in answers), len(answers)


def _get(kind: type[Record], number: str, crm: CRM) -> Answer[OnFile]:
    return crm.get(kind, number)
