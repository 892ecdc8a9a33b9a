"""conduct(): carries an order out and tells on disk how far it is; what is done is not repeated.

The bank is grown while the lab opens. Scenarios are played on several targets at a time, each in a process of its own
(in the threads of one process they would wait for each other, and that waiting would look like the targets'); who is
ready begins, so that where one story waits another works. Load tests come one after the other, when nothing else is
going on.
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from loadtests.workload import workload
from poc import acts, orders
from poc.abreast import Step, abreast
from poc.candidates import candidates
from poc.connectors.connect import connect
from poc.furnishing import Furnishing
from poc.lab.house import House
from poc.nullrun import floor_for, floors
from poc.orders import Order, OrderError
from poc.seeding import readback
from poc.settings import Target, target
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

    def far_in_the_lab(self, act: str, name: str, done: int, total: int) -> None:
        """Tell how far an act is that is done for all systems of the lab."""
        self.far(act, "", name, done, total)

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
        desk.tell("begun")
        try:
            _carry_out(desk, troubles)
        except StoppedError:
            desk.tell("ended", state="stopped")
            orders.stop_file(folder).unlink(missing_ok=True)  # it is fulfilled: who goes on does not meet it again
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


@dataclass(slots=True)
class Work:
    """What is going on for an order: which targets are still to be examined, and what went wrong so far."""

    desk: Desk
    troubles: list[Exception]
    left: list[str]

    def dropped(self, name: str, trouble: Exception) -> None:
        """Tell beside a target why it is examined no further."""
        self.left.remove(name)
        if isinstance(trouble, StoppedError):
            self.desk.tell("stopped", name)
        else:
            self.desk.tell("fault", name, text=_line(trouble))
            self.troubles.append(trouble)

    @contextmanager
    def beside(self, name: str) -> Iterator[None]:
        """Within the block, whatever goes wrong is told beside a target; raises StoppedError after a stop."""
        try:
            yield
        except Exception as trouble:
            self.dropped(name, trouble)
            self.desk.check()


def _carry_out(desk: Desk, troubles: list[Exception]) -> None:
    desk.check()
    work = Work(desk, troubles, [name for name in desk.order.named if not _finished(desk, name)])
    if not work.left:
        return
    with ExitStack() as stack:
        bank, lab = _ground(desk, stack)
        if lab is not None and set(work.left).intersection(desk.order.systems):
            lab.filled(bank, desk.far_in_the_lab)
        known = _play_all(work, lab, bank)
        for name in tuple(work.left):
            with work.beside(name):
                _press(desk, known[name], bank)
                desk.tell("done", name)


def _ground(desk: Desk, stack: ExitStack) -> tuple[Bank, Furnishing | None]:
    """Grow the bank, and open the lab meanwhile if the order needs one."""
    order = desk.order
    with ThreadPoolExecutor(1) as aside:
        opening = None
        if order.systems:
            stack.enter_context(orders.held(order.lab))
            chosen = [candidates()[name] for name in order.systems]
            opening = aside.submit(Furnishing.begun, order.lab, chosen, desk.folder.name)
        try:
            generated = generate(
                seed=order.seed,
                customers=order.customers,
                profile=order.profile,
                progress=lambda _, done, total: desk.far("bank", "", "", done, total),
            )
        finally:
            if opening is not None and opening.exception() is None:
                stack.callback(opening.result().close)
    return generated.bank, opening.result() if opening is not None else None


def _met(order: Order, lab: Furnishing | None, bank: Bank, name: str) -> Target:
    """Start a system of the lab, or find a listed target; those of a lab get their users. Raises what hinders it."""
    if lab is not None and name in order.systems:
        return lab.served(name)
    return admitted(target(name, order.targets_file), bank, order.targets_file)


def admitted(known: Target, bank: Bank, targets: Path) -> Target:
    """Return a listed target; one of a lab gets its users first if it has none."""
    if (lab := acts.lab_of(known)) is None:
        return known
    with House.open(lab) as house:
        return acts.admit(known, bank, house, targets=targets)


def _play_all(work: Work, lab: Furnishing | None, bank: Bank) -> Mapping[str, Target]:
    """Play on all targets that are left and return them by name."""
    known: dict[str, Target] = {}
    with closing(abreast(_plays(work, lab, bank, known), work.desk.order.at_once)) as ends:
        for name, trouble in ends:
            if trouble is not None:
                work.dropped(name, trouble)
            else:
                work.desk.tell("played", name)
    work.desk.check()
    return known


def _plays(work: Work, lab: Furnishing | None, bank: Bank, known: dict[str, Target]) -> Iterator[tuple[str, Step]]:
    """Yield the play of each target as soon as it is there; those before it play meanwhile, and are left in peace."""
    desk = work.desk
    for name in tuple(work.left):
        if desk.stopped():
            return
        try:
            known[name] = _met(desk.order, lab, bank, name)
        except Exception as trouble:  # it is told beside its name, and the others are examined all the same
            work.dropped(name, trouble)
        else:
            yield name, partial(_play, desk, known[name], bank, lab)


# -- one target ------------------------------------------------------------------------------------------------------
def _play(desk: Desk, known: Target, bank: Bank, lab: Furnishing | None) -> None:
    """Play what is not played yet; the bank is inside, and was read back, before anything is judged.

    A system of the lab is tidy afterwards, while others still play.
    """
    _poured(desk, known, bank)
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
    if lab is not None and known.name in desk.order.systems and desk.order.seconds:
        lab.tidied(known.name)


def _poured(desk: Desk, known: Target, bank: Bank) -> None:
    """Pour the bank into a listed target that is to have it; read it back from one of the lab before its first play."""
    name, order = known.name, desk.order
    if name in order.systems:
        if not (desk.folder.of(name) / "manifest.json").exists():
            readback(connect(known), bank)  # a copy too must hold the bank
        return
    poured = any(line["act"] == "poured" and line.get("target") == name for line in orders.told(desk.folder))
    if order.pour and not poured:
        acts.pour(known, bank, lambda kind, done, total: desk.far("seed", name, kind, done, total))
        desk.tell("poured", name)


def _press(desk: Desk, known: Target, bank: Bank) -> None:
    desk.check()
    if not desk.order.seconds or _pressed(desk, known.name):
        return
    asked = workload(PRESSED).at(rate=desk.order.rate, seconds=desk.order.seconds)
    total = round(asked.profile.seconds)
    desk.tell("load", known.name, done=0, total=total)
    acts.load(
        known,
        bank,
        desk.folder,
        kind=asked,
        progress=lambda line: desk.tell("load", known.name, total=total, **line),
        stop=desk.stopped,
        floor=floor_for(asked, known.url, floors(os.environ), stop=desk.stopped),
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
