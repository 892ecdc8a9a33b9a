"""Ordeals: faults pressed on a reference CRM of the lab, one after the other, on a ground that is made for it."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from threading import Event, Thread

import orjson

from loadtests.fault import Fault
from loadtests.invariants import QUIET, RECOVER_WITHIN, SEALED_WITHIN
from loadtests.ordeal import Ordeal, Trail, Wish
from loadtests.result import LoadResult
from loadtests.workload import Workload, workload
from poc import acts
from poc.lab.ground import Ground, prepared
from poc.lab.hands import Undo, strike
from poc.loadrun import LoadError, press
from poc.pressing import planned
from poc.settings import Target
from poc.witness import WRITER, Views, Witness, on_file, views
from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.listening import SOUND, Listener
from scenarios.port import BenchFault, Refused, Unsupported
from scenarios.verdict import NotTestable
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: Tells how far a sitting is: what is done at the moment.
Tell = Callable[[str], None]
#: Customers about whom witnesses write, and seconds of load after the fault.
KNOWN, AFTERWARDS = 8, 12.0
#: Seconds between two looks at the processes and at what the witnesses saw.
LOOKS_EVERY = 0.2
#: Seconds that the load generator may take to begin.
BEGINS_WITHIN = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A ground with a seeded CRM, the ways to it, and where it sends its events (None: nowhere).

    ``patience`` is how many seconds one waits for it to recover, and for its events.
    """

    ground: Ground
    target: Target
    bank: Bank
    views: Views
    receiver: str | None
    workers: int
    patience: float

    @property
    def crm(self) -> CRM:
        """Return the target as the bench asks it."""
        return self.views.patient

    @property
    def customers(self) -> Sequence[Customer]:
        """Return those about whom witnesses write: of the branch that the writer sees."""
        branch = self.target.credentials()[WRITER].branch
        return [one for one in self.bank.customers if branch in (None, one.branch)][:KNOWN]

    def whole(self) -> bool:
        """Whether as many processes serve as at the beginning, and the database runs."""
        return bool(self.ground.database()) and len(self.ground.workers()) >= self.workers


@contextmanager
def sitting(
    name: str,
    bank: Bank,
    *,
    mutants: tuple[str, ...] = (),
    processes: int = 2,
    skew: bool = False,
    patience: float = RECOVER_WITHIN,
) -> Iterator[Sitting]:
    """Prepare a ground, pour a bank into its CRM and listen to its events; raises what these raise."""
    with prepared(name, mutants=mutants, processes=processes, skew=skew) as ground:
        listed = ground.folder / "targets.toml"
        made = acts.enlist(ground.house, ground.tenancy, targets=listed, keep=False)
        known = acts.admit(made, bank, ground.house, targets=listed)
        acts.pour(known, bank)
        seen = views(known)
        yield Sitting(
            ground=ground,
            target=known,
            bank=bank,
            views=seen,
            receiver=_listening(seen.patient.acting_as(Actor.INTEGRATION)),
            workers=len(ground.workers()),
            patience=patience,
        )


def _listening(crm: CRM) -> str | None:
    """Have the target tell a receiver what happens; None if it tells nobody anything."""
    if not isinstance(crm.wire, Listener):
        return None
    with suppress(Unsupported, Refused, NotTestable):
        url = crm.wire.listen(SOUND)
        _ = crm.subscribe(url).value
        return url
    return None


def asked(fault: Fault, kind: str, rate: float) -> Workload:
    """Return the load beside a fault: steady, open, from before it until some while after it."""
    seconds = fault.after + fault.lasts + AFTERWARDS
    return workload(kind).at(rate=rate, seconds=seconds)


def suffer(held: Sitting, fault: Fault, *, kind: str, rate: float, tell: Tell = lambda words: None) -> Ordeal:
    """Press a target, do to it what the fault says, undo it, and return what became of it.

    Whatever happens, the fault is undone, and if somebody breaks it off, load ends within two seconds. Raises
    GroundError where this machine cannot do it, LoadError or BenchFault when the bench itself failed.
    """
    witness = Witness(held.views, held.customers, secrets.token_hex(3))
    tell("load begins")
    with Pressed(planned_for(held, fault, kind, rate)) as load:
        began = time.time()
        try:
            witness.begin()
            time.sleep(fault.after)
            tell(f"{fault.title.en.lower()}")
            struck, lifted, mended = _struck(held, fault)
            tell("undone, waiting until all is served again")
            mended, ended = _recovered(held, witness, lifted, mended)
            tell("witnesses repeat what was not confirmed")
            witness.end()
        finally:
            witness.leave()
        result = load.end()
    ordeal = Ordeal(
        fault=fault, target=held.target.name, began=began, pressed=result.began, struck=struck, lifted=lifted,
        ended=max(ended, time.time()), wishes=tuple(witness.wishes), reads=tuple(witness.reads), trail=Trail(),
        mended=mended, listens=held.receiver is not None, unanswered=result.unfinished, rate=rate,
        requests={second: n for second, (n, _, _) in result.by_second().items()},
        failures={second: bad for second, (_, bad, _) in result.by_second().items()},
    )  # fmt: skip
    tell("looking at what is on file")
    return _looked_at(held, ordeal)


def planned_for(held: Sitting, fault: Fault, kind: str, rate: float) -> "partial[LoadResult]":
    """Return the pressing, ready to be called."""
    return partial(press, planned(held.target, held.bank, asked(fault, kind, rate)))


class Pressed:
    """The open load, in a thread of its own: in the block it has begun; it ends by itself or when that breaks off."""

    def __init__(self, pressing: "partial[LoadResult]") -> None:
        self._pressing, self._begun, self._broken_off = pressing, Event(), Event()
        self._result: LoadResult | None = None
        self._fault: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            self._result = self._pressing(progress=lambda _: self._begun.set(), stop=self._broken_off.is_set)
        except Exception as fault:  # told to whoever waits for the result
            self._fault = fault
        finally:
            self._begun.set()

    def __enter__(self) -> "Pressed":
        """Return when the load has begun; raises what hindered it."""
        self._thread.start()
        try:
            if not self._begun.wait(BEGINS_WITHIN):
                raise LoadError(f"the load did not begin within {BEGINS_WITHIN:.0f} s")
            if self._fault is not None:
                raise self._fault
        except BaseException:
            self._halt()
            raise
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Break the load off if the block was, and return when it has ended."""
        if kind is not None:
            self._halt()

    def _halt(self) -> None:
        self._broken_off.set()
        self._thread.join()

    def end(self) -> LoadResult:
        """Return what was measured."""
        self._thread.join()
        if self._result is None:
            raise self._fault or LoadError("the load left no result")
        return self._result


def _struck(held: Sitting, fault: Fault) -> tuple[float, float, float | None]:
    """Do it and undo it; return when it began, when it was undone, and when all processes were back before that."""
    undo: Undo = lambda: None  # noqa: E731 - nothing to undo until something is done
    mended: float | None = None
    try:
        struck = time.time()
        undo = strike(
            fault.act, held.ground, strength=fault.strength, answers=partial(_answers, held), begin=fault.begin,
            undo=fault.undo,
        )  # fmt: skip
        while time.time() < struck + fault.lasts:
            time.sleep(LOOKS_EVERY)
            mended = (mended or time.time()) if held.whole() else None
    finally:
        undo()
    return struck, time.time() if fault.lasts else struck, mended


def _answers(held: Sitting, status: int | None) -> None:
    wire = held.crm.wire
    receivers = getattr(wire, "receivers", None)
    if receivers is not None and held.receiver is not None:
        receivers.fail(held.receiver, status)


def _recovered(held: Sitting, witness: Witness, lifted: float, mended: float | None) -> tuple[float | None, float]:
    """Wait until nothing fails any more and all processes are back, or patience ends; return both moments."""
    until = lifted + held.patience
    while time.time() < until:
        time.sleep(LOOKS_EVERY)
        mended = (mended or time.time()) if held.whole() else None
        quiet = time.time() - max([lifted, *(one.at + one.seconds for one in witness.failures())])
        if mended is not None and quiet > 2 * QUIET:
            break
    return mended, time.time()


# -- afterwards ------------------------------------------------------------------------------------------------------
def _looked_at(held: Sitting, ordeal: Ordeal) -> Ordeal:
    """Return the ordeal with what is on file, in the audit, and what receivers heard."""
    found = on_file(held.crm, held.customers)
    wishes = [replace(wish, found=None if found is None else found.get(wish.mark, 0)) for wish in ordeal.wishes]
    trail, noted = _trail(held, ordeal)
    drained, told = _told(held, wishes)
    wishes = [
        replace(
            wish,
            noted=None if noted is None else _noted(wish, noted),
            told=None if told is None else len(told.get(wish.mark, ())),
        )
        for wish in wishes
    ]
    after = None if drained is None else max(0.0, drained - ordeal.lifted)
    return replace(ordeal, wishes=tuple(wishes), trail=trail, drained_after_s=after)


def _noted(wish: Wish, noted: Mapping[str, int]) -> int:
    return noted.get(wish.number or f"F{wish.mark}", 0)


def _trail(held: Sitting, ordeal: Ordeal) -> tuple[Trail, Mapping[str, int] | None]:
    """Wait until the audit is sealed to its end, have it verified, and count the creations that it has by number."""
    auditor = held.crm.acting_as(Actor.AUDITOR)
    who = held.target.credentials()[WRITER].username
    since = datetime.fromtimestamp(ordeal.began - 1, UTC)
    try:
        entries = auditor.audit(who=who, since=since).value
        noted: dict[str, int] = {}
        for one in entries:
            if "create" in one.action and one.result == "ok":
                number = one.subject.rpartition("/")[2]
                noted[number] = noted.get(number, 0) + 1
        sealed = _sealed_within(auditor, entries[-1].id) if entries else None
        last = auditor.audit_seals().value[-1].last
        many = int(last) - int(entries[0].id) + 1 if entries and last.isdecimal() and entries[0].id.isdecimal() else 200
        copy = auditor.audit_copy(last, max(1, many)).value
        proof = auditor.verify_audit(copy, copy.lines).value
    except Unsupported as missing:
        return Trail(note=f"the product offers no {missing}"), None
    except (Refused, BenchFault) as fault:
        return Trail(note=str(fault)), None
    words = tuple(f"{one.kind} at {one.entry}" for one in proof.findings)
    return Trail(sound=proof.sound, findings=words, sealed_after_s=sealed), noted


def _sealed_within(auditor: CRM, entry: str) -> float | None:
    """Return the seconds until the statements about the audit reach an entry; None if they never do."""
    began = time.time()
    while time.time() - began < SEALED_WITHIN:
        seals = auditor.audit_seals().value
        if seals and (int(seals[-1].last) >= int(entry) if entry.isdecimal() else seals[-1].last >= entry):
            return time.time() - began
        time.sleep(0.5)
    return None


def _told(held: Sitting, wishes: Sequence[Wish]) -> tuple[float | None, Mapping[str, set[str]] | None]:
    """Wait until every write on file was told; return when the last was, and the ids told by mark."""
    if held.receiver is None:
        return None, None
    until = time.time() + held.patience
    for look in count():
        told = _events(held, wishes)
        if all(told.get(wish.mark) for wish in wishes if wish.found):
            return time.time(), told
        if time.time() > until:
            return None, told
        time.sleep(min(5.0, 0.5 * (look + 1)))
    raise AssertionError("a count never ends")


def _events(held: Sitting, wishes: Sequence[Wish]) -> Mapping[str, set[str]]:
    wire = held.crm.wire
    assert held.receiver is not None and isinstance(wire, Listener)
    by_number: dict[str, set[str]] = {}
    for one in wire.heard(held.receiver):
        fields = _fields(one.body)
        number = str(fields.get("subject", "")).rpartition("/")[2]
        by_number.setdefault(number, set()).add(str(fields.get("id") or one.headers.get("x-event-id") or one.body))
    return {wish.mark: by_number.get(wish.number or f"F{wish.mark}", set()) for wish in wishes}


def _fields(body: str) -> Mapping[str, object]:
    try:
        told = orjson.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
