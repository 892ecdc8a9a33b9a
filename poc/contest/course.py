"""Course: a contest from nothing to its figures; whatever is done is on file, and going on repeats none of it.

A product that cannot be had here is told with its reason, and the others go on. Products run side by side while
scenarios are played, one product at a time; under load each is alone on the machine.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from poc import acts, orders
from poc.candidates import candidates
from poc.conduct import conduct
from poc.connectors.connect import connector
from poc.connectors.verification import version
from poc.contest.figures import Pressed, pressed
from poc.contest.plan import OURS, Contest, Log
from poc.furnishing import Furnishing
from poc.lab.environment import EnvironmentFault, Report
from poc.lab.postgres import DatabaseError
from poc.lab.service import ServiceError
from poc.lab.vendors.lab import VendorLab
from poc.lab.vendors.premises import ProductError
from poc.orders import Order
from poc.pressing import LOADS, NoLoadError, file, results
from poc.settings import Target, keep_target
from scenarios.folders import AssessmentFolder
from scenarios.library import catalogue
from scenarios.manifest import machine, revision
from scenarios.port import BenchFault
from synthetic_data.bank import Bank
from synthetic_data.generator import generate

#: What keeps a product out; anything else is a fault of ours and ends the contest, to be gone on with.
HINDRANCES = (ProductError, EnvironmentFault, ServiceError, DatabaseError, BenchFault)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A contest under way: what was asked, where it lies, the vendor lab, and whom it tells."""

    contest: Contest
    folder: AssessmentFolder
    vendors: VendorLab
    report: Report

    @property
    def log(self) -> Log:
        """Return what notes the facts."""
        return Log(self.folder)

    # -- the whole of it -----------------------------------------------------------------------------------------------
    def run(self) -> None:
        """Hold the contest, or go on with it."""
        bank = self._bank()
        self._conditions(bank)
        able = tuple(name for name in self.contest.products if self._furnished(name, bank))
        self._play(able)
        for name in able:
            self.vendors.stop(name)
        if self.contest.seconds:
            for name in (OURS, *able):
                self._press(name, bank)

    def again(self, name: str, reply: str) -> str:
        """Play and press a product once more after its vendor replied, beside what was; return how it is called then.

        The product is begun afresh with the same bank.
        """
        bank, twin = self._bank(), self._next(name)
        self.log.note(twin, replied=reply, of=name, on=datetime.now(UTC).isoformat(timespec="seconds"))
        try:
            met = self._started(name, fresh=True)
            met = met.model_copy(update={"name": twin, "title": f"{met.title} ({twin.rpartition('-')[2]})"})
            keep_target(met, self.contest.targets_file)
            self._pour(met, bank)
            acts.play(met, bank, self.folder, self._chosen(), progress=self.report, resume=True, retry_blocked=True)
            if self.contest.seconds:
                self._turns(met, bank)
        finally:
            self.vendors.stop(name)
        return twin

    def _next(self, name: str) -> str:
        taken = self.log.read()["entrants"]
        return next(one for n in range(2, 1000) if (one := f"{name}-{n}") not in taken)

    # -- the ground ----------------------------------------------------------------------------------------------------
    def _bank(self) -> Bank:
        asked = self.contest
        self.report("bank", 0, 1)
        made = generate(seed=asked.seed, customers=asked.customers, profile=asked.profile).bank
        self.report("bank", 1, 1)
        return made

    def _conditions(self, bank: Bank) -> None:
        """Note what is the same for all."""
        ours = {"title": candidates()[OURS].title, "version": revision(), "licence": "Apache-2.0"}
        self.log.note(OURS, **ours, settings="as its lab starts it: one process, PostgreSQL on this machine")
        self.log.hold(bank=bank.digest, catalogue=acts.digest_of(self._chosen()), machine=machine(), code=revision())

    def _chosen(self) -> tuple[acts.AnyScenario, ...]:
        return tuple(one for one in catalogue() if not self.contest.only or one.criterion in self.contest.only)

    def _furnished(self, name: str, bank: Bank) -> bool:
        """Install, start and fill a product, as far as that was not done; return whether it takes part."""
        recipe = self.vendors.product(name).recipe
        self.log.note(
            name, title=recipe.title, version=recipe.version, licence=recipe.licence, home=recipe.home,
            settings=recipe.settings.says, source=recipe.settings.source, recipe=recipe.digest,
            connector=version(connector(recipe.connector)),
        )  # fmt: skip
        try:
            if not self.vendors.product(name).installed:
                self.vendors.install(name, self.report)
            met = self._started(name, fresh="seeded" not in self.log.of(name) and not self._receipts(name))
            self._pour(met, bank)
        except HINDRANCES as no:
            self.log.note(name, out=" ".join(str(no).split()))
            self.vendors.stop(name)
            return False
        self.log.note(name, out="")
        return True

    def _started(self, name: str, *, fresh: bool = False) -> Target:
        return self.vendors.start(name, self.contest.targets_file, self.report, fresh=fresh)

    def _receipts(self, name: str) -> bool:
        return any(self._seeding.glob(f"{name}/*.jsonl"))

    @property
    def _seeding(self) -> Path:
        return self.folder.path / "seeding"

    def _pour(self, met: Target, bank: Bank) -> None:
        if "seeded" in self.log.of(met.name):
            return
        report = lambda kind, done, total: self.report(f"{met.name}: rows poured", done, total)  # noqa: E731
        receipt = acts.pour(met, bank, report, receipts=self._seeding)
        seeded = {"rows": receipt.rows, "left_out": receipt.left_out, "seconds": round(receipt.seconds, 1)}
        self.log.note(met.name, seeded=seeded)

    # -- scenarios -----------------------------------------------------------------------------------------------------
    def _play(self, able: tuple[str, ...]) -> None:
        """Have the scenarios played through the mechanism of orders, which goes on where it was stopped."""
        asked = self.contest
        order = Order(
            systems=(OURS,), targets=able, targets_file=asked.targets_file, pour=False, customers=asked.customers,
            seed=asked.seed, profile=asked.profile, seconds=0, only=asked.only, at_once=1, lab=asked.lab,
        )  # fmt: skip
        self.folder.describe({"kind": "order", "order": order.model_dump(mode="json")})
        (self.folder.path / "targets").mkdir(exist_ok=True)
        with orders.heard(self.folder, self._hear):
            conduct(self.folder)

    def _hear(self, line: Mapping[str, object]) -> None:
        done, total = line.get("done"), line.get("total")
        if line["act"] in ("scenarios", "seed") and isinstance(done, int) and isinstance(total, int):
            self.report(f"{line.get('target') or OURS}: {line['act']}", done, total)

    # -- load ----------------------------------------------------------------------------------------------------------
    def _press(self, name: str, bank: Bank) -> None:
        if not list(self._left(name)):
            return
        with self._alone(name) as met:
            self._turns(met, bank)

    @contextmanager
    def _alone(self, name: str) -> Iterator[Target]:
        """Start one entrant while no other runs, with the data that it has, and stop it afterwards."""
        if name == OURS:
            lab = Furnishing.begun(self.contest.lab, [candidates()[OURS]], self.folder.name)
            try:
                yield lab.served(OURS)
            finally:
                lab.close()
            return
        try:
            yield self._started(name)
        finally:
            self.vendors.stop(name)

    def _turns(self, met: Target, bank: Bank) -> None:
        place, left = self.folder.of(met.name), list(self._left(met.name))
        for done, (factor, turn) in enumerate(left):
            self.report(f"{met.name}: load runs", done, len(left))
            asked = self.contest.workload(factor, turn)
            ran = acts.pressed(met, bank, asked)
            file(ran, place)
            if factor == 1.0:
                ran.write(place)  # what reports show is the stated rate
        self.report(f"{met.name}: load runs", len(left), len(left))

    def _left(self, name: str) -> Iterator[tuple[float, int]]:
        """Yield the turns that are not on file yet: the stated rate first, its multiples later."""
        known = figures(self.folder, name)
        for factor in self.contest.factors:
            have = known.get(self.contest.rate * factor)
            for turn in range(have.repeats if have else 0, self.contest.repeats):
                yield factor, turn


def figures(folder: AssessmentFolder, name: str) -> Mapping[float, Pressed]:
    """Return what the load runs of an entrant show, by rate; nothing where there is none."""
    try:
        return pressed(results(folder.of(name) / LOADS))
    except NoLoadError:
        return {}
