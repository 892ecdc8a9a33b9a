"""Furnished: banks of up to a million customers inside reference CRMs of one lab, poured once and kept in the cache.

    python -m benchmarks.million.furnished --customers 1000000

goes on where it was broken off, and does nothing when all is there. Of every tenth group of customers everything is
poured through the CRM's own interface; of the others the customers, tickets and opportunities, while their accounts and
interactions, which hold nothing encrypted or derived, are copied into the tables as a bank's own migration would do it.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import psycopg
from psycopg import sql

from loadtests.steps import Person
from poc import acts
from poc.connectors.connect import cache, connect
from poc.lab.house import House, Tenancy, database_of
from poc.lab.postgres import SETTINGS, DatabaseError
from poc.pouring import side_by_side
from poc.settings import Target, target
from scenarios.actors import Actor
from scenarios.crm import CRM
from synthetic_data.cell import grow_cell
from synthetic_data.columns import CELL
from synthetic_data.generator import generate
from synthetic_data.ground import Ground, lay_ground
from synthetic_data.grown import cut
from synthetic_data.profile import load_profile
from synthetic_data.records import (
    KINDS,
    Account,
    Campaign,
    Customer,
    Interaction,
    Opportunity,
    Record,
    Ticket,
)
from synthetic_data.tables import field_names, name_of, to_records

SEED, PROFILE = 7, "cn-digital-bank"
#: Customers of a group, which is poured in one go; of every tenth group everything is poured, and it is asked about.
GROUP, WHOLE = 5 * CELL, 10
#: What is poured of the others, and what is copied.
CORE: tuple[type[Record], ...] = (Customer, Ticket, Opportunity)
COPIED: tuple[type[Record], ...] = (Account, Interaction)
#: Groups that are poured at a time, and processes of the service that take them.
HANDS = 2


class Group(NamedTuple):
    """Some thousand customers of a bank: which, how many, and whether everything about them is poured."""

    number: int
    customers: int

    @property
    def whole(self) -> bool:
        return self.number % WHOLE == 0


def name_for(customers: int) -> str:
    """The name of the reference CRM that holds so many customers."""
    return f"bank-{customers}"


def opened() -> House:
    """The lab, which is kept in the cache; its PostgreSQL has as much memory as a bank of this size is given."""
    return House.open(cache(os.environ) / "million", {**SETTINGS, "shared_buffers": "2GB", "max_wal_size": "8GB"})


def groups(customers: int) -> list[Group]:
    return [Group(first // GROUP, min(GROUP, customers - first)) for first in range(0, customers, GROUP)]


class Notes:
    """Which groups of a bank are in already, and who may be asked about; one line a group, written when it is in."""

    def __init__(self, house: House, name: str) -> None:
        self.path = house.folder / "poured" / f"{name}.jsonl"
        self.path.parent.mkdir(exist_ok=True)

    def _lines(self) -> Iterator[dict]:
        if self.path.exists():
            yield from map(json.loads, self.path.read_text("utf-8").splitlines())

    @property
    def groups(self) -> frozenset[int]:
        return frozenset(line["group"] for line in self._lines())

    @property
    def people(self) -> tuple[Person, ...]:
        return tuple(Person(number, name) for line in self._lines() for number, name in line["people"])

    def add(self, group: Group, people: Sequence[Customer]) -> None:
        told = [[one.number, one.name] for one in people] if group.whole else []
        with self.path.open("a", encoding="utf-8") as out:
            out.write(json.dumps({"group": group.number, "people": told}, ensure_ascii=False) + "\n")


def grown(ground: Ground, group: Group) -> dict[type[Record], tuple[Record, ...]]:
    """What is poured of a group, parents first."""
    first = group.number * GROUP // CELL
    sizes = [min(CELL, group.customers - at) for at in range(0, group.customers, CELL)]
    cells = [cut(grow_cell(ground, first + at, domains=()), size).tables for at, size in enumerate(sizes)]
    kinds = [kind for kind in KINDS if kind is not Campaign and (group.whole or kind in CORE + COPIED)]
    return {kind: tuple(chain.from_iterable(to_records(one[name_of(kind)], kind) for one in cells)) for kind in kinds}


def taken(crm: CRM, rows: Sequence[Record], job: str) -> None:
    """Load rows; the same job again adds nothing."""
    report = crm.bulk(rows, job=job).value
    if report.rejected:
        raise RuntimeError(f"{job}: {len(report.rejected)} rows were rejected, first {report.rejected[0]}")


def copied(url: str, rows: Sequence[Record], branches: Mapping[str, str]) -> None:
    """Copy rows into their table, each in the branch of its customer, unless they are there: all go in or none."""
    names = field_names(type(rows[0]))
    table = sql.Identifier(name_of(type(rows[0])))
    with psycopg.connect(url) as connection:
        there = sql.SQL("SELECT 1 FROM {} WHERE number = %s").format(table)
        if connection.execute(there, (rows[0].number,)).fetchone():
            return
        columns = sql.SQL(", ").join(map(sql.Identifier, (*names, "branch")))
        told = sql.SQL("COPY {} ({}) FROM STDIN").format(table, columns)
        with connection.cursor() as cursor, cursor.copy(told) as copy:
            for row in rows:
                values = [getattr(row, name) for name in names]
                values = [list(one) if isinstance(one, tuple) else one for one in values]
                copy.write_row((*values, branches[row.customer]))


def poured(house: House, known: Target, customers: int, *, until: float, tell: Callable[[int], None]) -> bool:
    """Pour what is not in yet, in order, until a moment (monotonic); whether all is in."""
    notes, ground = Notes(house, known.name), lay_ground(SEED, load_profile(PROFILE))
    crm = connect(known).acting_as(Actor.INTEGRATION)
    crm.session()
    url = house.cluster.url(database_of(known.name))
    done = notes.groups
    due = [group for group in groups(customers) if group.number not in done]
    if due and not done:
        taken(crm, ground.campaigns, "campaigns")

    def pour(group: Group) -> tuple[Group, Sequence[Record]]:
        if time.monotonic() > until:
            return group, ()
        rows = grown(ground, group)
        for kind, some in rows.items():
            if some and (group.whole or kind in CORE):
                taken(crm, some, f"{name_of(kind)}-{group.number}")
        for kind in () if group.whole else COPIED:
            copied(url, rows[kind], {one.number: one.branch for one in rows[Customer]})
        return group, rows[Customer]

    left = len(due)
    for group, people in side_by_side(due, pour, HANDS):
        if people:
            notes.add(group, people)
            left -= 1
            tell(customers - left * GROUP)
    return not left


def migrated(house: House, name: str) -> None:
    """Bring a database that was kept to the present step."""
    url = house.cluster.url(database_of(name))
    command = [sys.executable, "-m", "poc.reference_crm.migrate", "--database-url", url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DatabaseError(f"{name}: {done.stderr.strip()[-300:]}")


def served(house: House, customers: int, *, processes: int = 1) -> tuple[Tenancy, Target]:
    """Start the CRM of a bank with what was poured into it, all actors admitted."""
    name, listed = name_for(customers), house.folder / "targets.toml"
    if house.cluster.exists(database_of(name)):
        migrated(house, name)
    tenancy = house.reference(name, keep=True, processes=processes)
    acts.enlist(house, tenancy, targets=listed, keep=True)
    smallest = generate(seed=SEED, customers=1, profile=PROFILE).bank
    return tenancy, acts.admit(target(name, listed), smallest, house, targets=listed)


def furnish(house: House, customers: int, *, seconds: float = float("inf")) -> bool:
    """Pour a bank of so many customers unless it is in; whether it is."""
    notes, begun = Notes(house, name_for(customers)), time.monotonic()
    if len(notes.groups) == len(groups(customers)):
        return True

    def tell(customers_in: int) -> None:
        print(f"{customers_in:,} customers in after {time.monotonic() - begun:,.0f} s", flush=True)

    tenancy, known = served(house, customers, processes=HANDS)
    try:
        whole = poured(house, known, customers, until=begun + seconds, tell=tell)
    finally:
        tenancy.service.stop()
    if whole:
        house.tidy(known.name)
    return whole


def main() -> int:
    parser = argparse.ArgumentParser(prog="furnished", description="Pour a large bank into a reference CRM, once.")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many, to go on later")
    given = parser.parse_args()
    with opened() as house:
        return 0 if furnish(house, given.customers, seconds=given.seconds) else 75


if __name__ == "__main__":
    sys.exit(main())
