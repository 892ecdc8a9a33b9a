"""conduct(): carries an order out, target by target, and tells on disk how far it is; what is done is not repeated."""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from loadtests.workload import workload
from poc import acts, orders
from poc.candidates import REFERENCE, Candidate, candidates
from poc.lab.house import House
from poc.orders import Order, OrderError
from poc.settings import Target, target
from scenarios.disk import write_whole
from scenarios.evidence import Evidence, Outcome
from scenarios.folders import AssessmentFolder
from scenarios.library import catalogue
from scenarios.store import Store
from synthetic_data.bank import Bank
from synthetic_data.generator import generate

#: Seconds between two lines about the same act.
PAUSE = 0.25
#: How a target is pressed.
PRESSED = "bank-peak"


class StoppedError(Exception):
    """Somebody asked for a stop; what is done is kept."""


@dataclass(slots=True)
class Desk:
    """Where an order lies while it is carried out: tells how far it is, and asks whether to stop."""

    folder: AssessmentFolder
    order: Order
    clock: Callable[[], float] = time.monotonic
    _told: dict[tuple[str, str], float] = field(default_factory=dict)

    def tell(self, act: str, target: str = "", **facts: object) -> None:
        """Write a line."""
        orders.tell(self.folder, {"act": act, "target": target, **facts})

    def far(self, act: str, target: str, name: str, done: int, total: int) -> None:
        """Tell how far an act is, not more often than anyone can read; raises StoppedError if a stop was asked for."""
        now = self.clock()
        if done == total or now - self._told.get((act, target), -PAUSE) >= PAUSE:
            self._told[act, target] = now
            self.tell(act, target, name=name, done=done, total=total)
        if act != "scenarios":  # a scenario is never left in its middle
            self.check()

    def check(self) -> None:
        """Raise StoppedError if a stop was asked for."""
        if self.stopped():
            raise StoppedError(self.folder.name)

    def stopped(self) -> bool:
        """Whether a stop was asked for."""
        return orders.stop_asked(self.folder)


def conduct(folder: AssessmentFolder) -> str:
    """Carry an order out, or go on with it, and return how it ended: done, stopped or faulty.

    A target that cannot be examined is told and does not keep the others from being examined; the first such trouble
    is raised at the end. Raises OrderError when another process is at it.
    """
    order = orders.read(folder)
    _known(order)
    with orders.held(folder.path):
        desk, troubles = Desk(folder, order), list[Exception]()
        try:
            _carry_out(desk, troubles)
        except StoppedError:
            desk.tell("ended", state="stopped")
            return "stopped"
        except Exception as fault:
            troubles.insert(0, fault)
            desk.tell("fault", text=_line(fault))
        desk.tell("ended", state="faulty" if troubles else "done")
        if troubles:
            raise troubles[0]
    return "done"


def _known(order: Order) -> None:
    if unknown := [name for name in order.systems if name not in candidates()]:
        raise OrderError(f"system {unknown[0]!r} is unknown: the lab has {', '.join(candidates())}")
    played = {one.criterion for one in catalogue()}
    if unplayed := [name for name in order.only if name not in played]:
        raise OrderError(f"criterion {unplayed[0]!r} has no scenario: played are {' '.join(sorted(played))}")


def _carry_out(desk: Desk, troubles: list[Exception]) -> None:
    order = desk.order
    generated = generate(
        seed=order.seed,
        customers=order.customers,
        profile=order.profile,
        progress=lambda _, done, total: desk.far("bank", "", "", done, total),
    )
    with ExitStack() as stack:
        if order.systems:
            stack.enter_context(orders.held(order.lab))
            house = stack.enter_context(House.open(order.lab))
            _prepare(house, generated.bank, desk)
            for name in order.systems:
                _each(desk, name, troubles, partial(_in_the_lab, house, candidates()[name], generated.bank, desk))
        for name in order.targets:
            _each(desk, name, troubles, partial(_listed, name, generated.bank, desk))


def _each(desk: Desk, name: str, troubles: list[Exception], step: Callable[[], None]) -> None:
    """Take a target's step; whatever goes wrong is told beside the target."""
    try:
        step()
        desk.tell("done", name)
    except StoppedError:
        desk.tell("stopped", name)
        raise
    except Exception as fault:
        desk.tell("fault", name, text=_line(fault))
        troubles.append(fault)


# -- systems of the lab ----------------------------------------------------------------------------------------------
def _prepare(house: House, bank: Bank, desk: Desk) -> None:
    """Put the bank into the reference CRM and copy it, unless this order did so before."""
    chosen = [candidates()[name] for name in desk.order.systems]
    if all(_stamp(house, one.name) == _seal(desk, bank) for one in chosen):
        return
    listed = house.folder / "targets.toml"
    first = candidates()[REFERENCE]
    for one in candidates().values():
        _stamp_of(house, one.name).unlink(missing_ok=True)
    tenancy = acts.serve(house, first.name, targets=listed, title=first.title)
    try:
        original = acts.admit(target(first.name, listed), bank, targets=listed)
        acts.pour(original, bank, lambda kind, done, total: desk.far("seed", "", kind, done, total))
    finally:
        tenancy.service.stop()
    for one in chosen:
        if one.name != REFERENCE:
            copy = acts.twin(
                house, original, one.name, targets=listed, mutants=one.mutants, labels=one.labels, title=one.title
            )
            copy.service.stop()
    for one in chosen:
        path = _stamp_of(house, one.name)
        path.parent.mkdir(exist_ok=True)
        write_whole(path, _seal(desk, bank).encode())


def _seal(desk: Desk, bank: Bank) -> str:
    return f"{desk.folder.name} {bank.digest}"


def _stamp_of(house: House, name: str) -> Path:
    return house.folder / "seeded" / name


def _stamp(house: House, name: str) -> str:
    path = _stamp_of(house, name)
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _in_the_lab(house: House, one: Candidate, bank: Bank, desk: Desk) -> None:
    if _finished(desk, one.name):
        return
    listed = house.folder / "targets.toml"
    tenancy = acts.serve(
        house, one.name, targets=listed, mutants=one.mutants, keep=True, labels=one.labels, title=one.title
    )
    try:
        _examine(target(one.name, listed), bank, desk)
    finally:
        tenancy.service.stop()


# -- listed targets --------------------------------------------------------------------------------------------------
def _listed(name: str, bank: Bank, desk: Desk) -> None:
    if _finished(desk, name):
        return
    known = target(name, desk.order.targets_file)
    if known.secrets_file is not None:
        known = acts.admit(known, bank, targets=desk.order.targets_file)
    poured = any(line["act"] == "poured" and line.get("target") == name for line in orders.told(desk.folder))
    if desk.order.pour and not poured:
        acts.pour(known, bank, lambda kind, done, total: desk.far("seed", name, kind, done, total))
        desk.tell("poured", name)
    _examine(known, bank, desk)


# -- any target ------------------------------------------------------------------------------------------------------
def _examine(known: Target, bank: Bank, desk: Desk) -> None:
    """Play what is not played yet, then press, unless that was done."""
    acts.play(
        known,
        bank,
        desk.folder,
        _chosen(desk.order),
        progress=lambda name, done, total: desk.far("scenarios", known.name, name, done, total),
        resume=True,
        retry_blocked=True,
        stop=desk.stopped,
        each=lambda piece: _judged(desk, piece),
    )
    desk.check()
    if not desk.order.seconds or _pressed(desk, known.name):
        return
    total = round(workload(PRESSED).at(rate=desk.order.rate, seconds=desk.order.seconds).profile.seconds)
    desk.tell("load", known.name, done=0, total=total)
    acts.load(
        known,
        bank,
        desk.folder,
        kind=PRESSED,
        rate=desk.order.rate,
        seconds=desk.order.seconds,
        progress=lambda line: desk.tell("load", known.name, total=total, **line),
        stop=desk.stopped,
    )
    desk.check()


def _judged(desk: Desk, piece: Evidence) -> None:
    facts = {"criterion": piece.criterion, "check": piece.check, "outcome": piece.outcome.value, "harm": piece.harm}
    desk.tell("check", piece.target, **facts)


def _chosen(order: Order) -> Sequence[acts.AnyScenario]:
    return tuple(one for one in catalogue() if not order.only or one.criterion in order.only)


def _finished(desk: Desk, name: str) -> bool:
    """Whether a target was played to its end, without blocks of our own, and pressed if that was asked for."""
    folder = desk.folder.of(name)
    if not (folder / "manifest.json").exists():
        return False
    store = Store.open(folder)
    if store.state != "done" or any(piece.outcome is Outcome.BLOCKED for piece in store.evidence()):
        return False
    return not desk.order.seconds or _pressed(desk, name)


def _pressed(desk: Desk, name: str) -> bool:
    path = desk.folder.of(name) / "load.json"
    return path.exists() and not json.loads(path.read_text(encoding="utf-8"))["stopped_early"]


def _line(fault: Exception) -> str:
    return " ".join(str(fault).split()) or type(fault).__name__
