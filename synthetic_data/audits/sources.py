"""Sources: where the parts of an audited bank come from: grown on the spot, or read from a folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from synthetic_data.audits.audit import COLUMNS
from synthetic_data.audits.tally import Clock, Tables
from synthetic_data.cell import grow_cell
from synthetic_data.columns import CELL
from synthetic_data.files import read
from synthetic_data.folders.reading import BankFolder
from synthetic_data.ground import lay_ground
from synthetic_data.grown import cut
from synthetic_data.profile import Profile, load_profile, profile_names
from synthetic_data.records import KINDS, Customer
from synthetic_data.tables import from_records, name_of


class Source(NamedTuple):
    """A bank to be audited, part by part: its profile's name, its customers, and when it is seen."""

    profile: str
    customers: int
    clock: Clock
    parts: Iterator[Tables]


def grown(seed: int, profile: Profile, customers: int) -> Source:
    """A bank that is grown while it is audited, a thousand customers at a time, and kept nowhere."""
    ground = lay_ground(seed, profile)
    cells = (
        cut(grow_cell(ground, first // CELL), min(CELL, customers - first)).tables
        for first in range(0, customers, CELL)
    )
    return Source(profile.name, customers, clock_of(profile), cells)


def kept(folder: Path) -> Source:
    """A bank that rests in a folder, in columns or in records; raises what those who read them raise."""
    if (folder / f"{Customer.__name__.lower()}.jsonl").is_file():
        return _records(folder)
    bank = BankFolder.open(folder)
    clock = Clock(bank.manifest.as_of, _offset(bank.manifest.profile))
    return Source(bank.manifest.profile, bank.manifest.customers, clock, bank.partitions(COLUMNS))


def _records(folder: Path) -> Source:
    bank = read(folder)
    tables = {name_of(kind): from_records(bank.of(kind), kind) for kind in KINDS}
    return Source(bank.profile, len(bank.customers), Clock(bank.as_of, _offset(bank.profile)), iter([tables]))


def clock_of(profile: Profile) -> Clock:
    """The clock of a profile."""
    return Clock(profile.as_of, profile.money.calendar.utc_offset.value)


def _offset(profile: str) -> float:
    return load_profile(profile).money.calendar.utc_offset.value if profile in profile_names() else 0.0
