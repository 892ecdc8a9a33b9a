"""Breakage: faults pressed one after the other on a system of the lab, filed in its run, and found again."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from loadtests.fault import Fault
from loadtests.invariants import RECOVER_WITHIN, recovered_after
from loadtests.ordeal import FILE, Ordeal, read
from loadtests.resilience import CRITERION, harvest
from poc.acts import opened, superseding
from poc.candidates import candidates
from poc.lab.ground import GroundError
from poc.ordeals import Sitting, Tell, sitting, suffer
from poc.settings import SettingsError, Target
from scenarios.evidence import Evidence
from scenarios.folders import AssessmentFolder
from scenarios.library import catalogue
from scenarios.store import Store
from synthetic_data.bank import Bank

#: Where the ordeals of a target lie below its run folder, each in a folder named by its moment and fault.
FAULTS = "faults"


class NoOrdealError(ValueError):
    """A place was named that holds no ordeal; the text names it and how one is made."""


def broken(
    system: str,
    bank: Bank,
    faults: Sequence[Fault],
    *,
    mutants: tuple[str, ...] = (),
    kind: str = "bank-peak",
    rate: float = 10.0,
    patience: float = RECOVER_WITHIN,
    tell: Tell = lambda words: None,
) -> tuple[tuple[Ordeal, ...], Mapping[str, str]]:
    """Press all faults on a system of the lab; return the ordeals, and why others could not be pressed by fault.

    A system that did not recover from one fault gets a new ground for the next. Raises SettingsError for an unknown
    system, what ``sitting`` raises when it does not start, LoadError when it cannot be pressed.
    """
    known = candidates()
    if system not in known:
        raise SettingsError(f"system {system!r} is not built into the lab: use {', '.join(known)}")
    planted, skew = (*known[system].mutants, *mutants), any(one.act == "skew-clock" for one in faults)
    done: list[Ordeal] = []
    hindered: dict[str, str] = {}
    with ExitStack() as ends:
        held: Sitting | None = None
        for one in faults:
            if held is None:
                tell("a ground is made and the bank is poured")
                held = ends.enter_context(sitting(system, bank, mutants=planted, skew=skew, patience=patience))
            try:
                done.append(suffer(held, one, kind=kind, rate=rate, tell=_named(one, tell)))
            except GroundError as fault:
                hindered[one.name] = str(fault)
                continue
            if recovered_after(done[-1]) is None:
                ends.pop_all().close()
                held = None
    return tuple(done), hindered


def _named(one: Fault, tell: Tell) -> Tell:
    return lambda words: tell(f"{one.name}: {words}")


def filed(
    done: Sequence[Ordeal], bank: Bank, runs: AssessmentFolder, system: str, *, mutants: tuple[str, ...] = ()
) -> tuple[Evidence, ...]:
    """Put ordeals on file in a system's run, judge the newest there of each fault, and return the evidence."""
    target = Target(
        name=system,
        connector="reference",
        url="https://127.0.0.1",
        title=candidates()[system].title,
        labels=candidates()[system].labels if not mutants else ("deliberately weakened",),
    )
    place = runs.of(system)
    state = Store.open(place).state if (place / "manifest.json").exists() else "done"
    with opened(target, bank, runs, catalogue(), resume=True) as store:
        for one in done:
            stamp = datetime.fromtimestamp(one.began, UTC).strftime("%Y-%m-%dT%H-%M-%S-%fZ")
            one.write(place / FAULTS / f"{stamp}-{one.fault.name}")
        known = _newest(place)
        proofs = {one.fault.name: sha256((folder / FILE).read_bytes()).hexdigest() for folder, one in known.items()}
        before = {piece.check: own for own, piece in store.standing() if piece.criterion == CRITERION}
        pieces = harvest(tuple(known.values()), run=runs.name, target=system, proofs=proofs)
        store.add(superseding(pieces, before))
        store.set_state(state)
    return pieces


def ordeals(place: Path) -> tuple[Ordeal, ...]:
    """Return the newest ordeal of each fault in a folder or below it; raises NoOrdealError, OrdealError."""
    found = tuple(_newest(place).values())
    if not found:
        raise NoOrdealError(f"there is no ordeal in '{place}'; `touchstone load fault run` makes one")
    return found


def _newest(place: Path) -> Mapping[Path, Ordeal]:
    by_fault: dict[str, tuple[Path, Ordeal]] = {}
    for path in sorted(place.rglob(FILE)):
        one = read(path.parent)
        if one.fault.name not in by_fault or by_fault[one.fault.name][1].began <= one.began:
            by_fault[one.fault.name] = (path.parent, one)
    return dict(by_fault.values())
