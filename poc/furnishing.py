"""Furnishing: the systems of an order in a lab, the bank inside each: one is filled, the others begin as copies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from poc import acts
from poc.candidates import REFERENCE, Candidate, candidates
from poc.lab.house import House, Tenancy
from poc.settings import Target, target
from scenarios.disk import write_whole
from synthetic_data.bank import Bank

#: Tells what is done (``seed``, ``copies``), to what, how much, and how much there is.
Tell = Callable[[str, str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnishing:
    """A lab that is open, whose systems they are that are wanted in it, and in whose name they are filled."""

    house: House
    chosen: Sequence[Candidate]
    owner: str
    empty: Tenancy | None

    @classmethod
    def begun(cls, lab: Path, chosen: Sequence[Candidate], owner: str) -> "Furnishing":
        """Open the lab and start what will be filled, unless ``owner`` had all of them filled before."""
        house = House.open(lab)
        try:
            empty = None
            if not all(_stamp(house, one).startswith(f"{owner} ") for one in chosen):
                empty = house.reference(REFERENCE)
            return cls(house=house, chosen=chosen, owner=owner, empty=empty)
        except BaseException:
            house.close()
            raise

    @property
    def listed(self) -> Path:
        """Return the file that lists the systems of the lab as targets."""
        return self.house.folder / "targets.toml"

    def filled(self, bank: Bank, tell: Tell) -> None:
        """Put the bank into the reference CRM and copy it, unless this was done before."""
        seal = f"{self.owner} {bank.digest}"
        if all(_stamp(self.house, one) == seal for one in self.chosen):
            return
        for one in candidates().values():
            _stamp_of(self.house, one).unlink(missing_ok=True)
        first = candidates()[REFERENCE]
        original = self._poured(first, bank, tell)
        copies = [one for one in self.chosen if one.name != first.name]
        for done, one in enumerate(copies, start=1):
            acts.copy(self.house, original, one.name, targets=self.listed)
            tell("copies", one.name, done, len(copies))
        for one in self.chosen:
            path = _stamp_of(self.house, one)
            path.parent.mkdir(exist_ok=True)
            write_whole(path, seal.encode())

    def _poured(self, first: Candidate, bank: Bank, tell: Tell) -> Target:
        tenancy = self.empty or self.house.reference(first.name)
        acts.enlist(self.house, tenancy, targets=self.listed, keep=False, title=first.title)
        try:
            original = acts.admit(target(first.name, self.listed), bank, self.house, targets=self.listed)
            acts.pour(original, bank, lambda kind, done, total: tell("seed", kind, done, total))
        finally:
            tenancy.service.stop()
        self.house.tidy(first.name)
        return original

    def served(self, name: str) -> Target:
        """Start one of the wanted systems and return it as a target; raises what hinders it."""
        (one,) = (one for one in self.chosen if one.name == name)
        begun = self.house.reference(name, mutants=one.mutants, keep=True)
        return acts.enlist(self.house, begun, targets=self.listed, keep=True, labels=one.labels, title=one.title)

    def tidied(self, name: str) -> None:
        """Tidy the database of a system, as an administrator would before the doors open."""
        self.house.tidy(name)

    def close(self) -> None:
        """End all services, then the database."""
        self.house.close()


def _stamp_of(house: House, one: Candidate) -> Path:
    return house.folder / "seeded" / one.name


def _stamp(house: House, one: Candidate) -> str:
    path = _stamp_of(house, one)
    return path.read_text(encoding="utf-8") if path.exists() else ""
