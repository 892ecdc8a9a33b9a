"""carry_out(): does what the order of a load test says, tells on disk how far it is, and files the result beside it."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from loadtests.judging import judge
from poc import acts, orders
from poc.candidates import candidates
from poc.conduct import StoppedError, admitted
from poc.furnishing import Furnishing
from poc.nullrun import floor_for, floors
from poc.pressing import keep
from poc.pressure.order import LoadOrder, read
from poc.settings import Target, target
from scenarios.folders import AssessmentFolder
from synthetic_data.bank import Bank
from synthetic_data.generator import generate

#: Seconds between two lines about the same act.
PAUSE = 0.25


@dataclass(slots=True)
class Desk:
    """Where an order lies while it is carried out: tells how far it is, and hears a wish to stop."""

    folder: AssessmentFolder
    order: LoadOrder
    clock: Callable[[], float] = time.monotonic
    _told: dict[str, float] = field(default_factory=dict)

    def tell(self, act: str, **facts: object) -> None:
        """Write a line."""
        orders.tell(self.folder, {"act": act, **facts})

    def far(self, act: str, done: int, total: int) -> None:
        """Tell how far an act is, not more often than anyone can read; raises StoppedError after a wish to stop."""
        now = self.clock()
        if done == total or now - self._told.get(act, -PAUSE) >= PAUSE:
            self._told[act] = now
            self.tell(act, done=done, total=total)
        self.check()

    def check(self) -> None:
        """Raise StoppedError if a stop was asked for."""
        if orders.stop_asked(self.folder):
            raise StoppedError(self.folder.name)


def carry_out(folder: AssessmentFolder) -> str:
    """Carry an order out and return how it ended: done or stopped; what hinders it is told, and raised."""
    order = read(folder)
    with orders.held(folder.path):
        desk = Desk(folder, order)
        desk.tell("begun")
        try:
            state = _carried_out(desk)
        except StoppedError:
            state = "stopped"
        except BaseException as fault:
            desk.tell("fault", text=" ".join(str(fault).split()) or type(fault).__name__)
            desk.tell("ended", state="faulty")
            raise
        desk.tell("ended", state=state)
    return state


def _carried_out(desk: Desk) -> str:
    order = desk.order
    desk.check()
    generated = generate(
        seed=order.seed,
        customers=order.customers,
        profile=order.profile,
        progress=lambda _, done, total: desk.far("bank", done, total),
    )
    with _met(desk, generated.bank) as known:
        desk.check()
        return _pressed(desk, known, generated.bank)


@contextmanager
def _met(desk: Desk, bank: Bank) -> Iterator[Target]:
    """Within the block, the target is there with the bank inside."""
    order = desk.order
    if not order.built_in:
        known = admitted(target(order.target, order.targets_file), bank, order.targets_file)
        if order.pour:
            acts.pour(known, bank, lambda _, done, total: desk.far("seed", done, total))
        yield known
        return
    with orders.held(order.lab):
        furnishing = Furnishing.begun(order.lab, [candidates()[order.target]], LoadOrder.__name__)
        try:
            furnishing.filled(bank, lambda act, _, done, total: desk.far(act, done, total))
            known = furnishing.served(order.target)
            furnishing.tidied(order.target)
            yield known
        finally:
            furnishing.close()


def _pressed(desk: Desk, known: Target, bank: Bank) -> str:
    load, total = desk.order.load, round(desk.order.load.profile.seconds)

    def stopped() -> bool:
        return orders.stop_asked(desk.folder)

    def holding(words: str) -> None:
        desk.tell("calibrate", text=words)

    floor = floor_for(load, known.url, floors(os.environ), tell=holding, stop=stopped)
    desk.check()
    desk.tell("load", done=0, total=total, url=known.url)

    def told(line: Mapping[str, object]) -> None:
        desk.tell("load", total=total, **line)

    result = acts.pressed(
        known,
        bank,
        load,
        progress=told,
        stop=stopped,
        early=desk.order.early,
        floor=floor,
    )
    keep(result, desk.folder.path)
    desk.tell("judged", code=judge(result).code)
    return "stopped" if stopped() else "done"
