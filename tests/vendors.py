"""Vendors: products of others as they are, in a lab of the tests' own, so that nobody's trial is disturbed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from poc.connectors.connect import cache, connect
from poc.connectors.promises import Trial
from poc.lab.environment import EnvironmentFault
from poc.lab.vendors.lab import VendorLab
from scenarios.actors import Actor
from scenarios.recording import Memory, Recording
from synthetic_data.bank import Bank


def silent(name: str, done: int, total: int) -> None:
    """Say nothing of progress."""


def lab_of_tests() -> VendorLab:
    """Return the lab that the tests share from run to run, so that a product is fetched once."""
    return VendorLab(folder=cache(os.environ) / "tried")


@contextmanager
def standing(name: str, folder: Path, bank: Bank) -> Iterator[Trial]:
    """A product as the core system meets it, with the database of its beginning; it is stopped afterwards."""
    lab = lab_of_tests()
    lab.folder.mkdir(parents=True, exist_ok=True)
    with (lab.folder / f".{name}.tried").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)  # tests of other files wait until these are done
        yield from _standing(lab, name, folder, bank)


def _standing(lab: VendorLab, name: str, folder: Path, bank: Bank) -> Iterator[Trial]:
    if not lab.product(name).installed:
        try:
            lab.install(name, silent)
        except EnvironmentFault as unreachable:
            pytest.skip(f"{name} cannot be fetched here: {unreachable}")
    target = lab.start(name, folder / f"{name}.toml", silent, fresh=True)
    try:
        memory = Memory()
        crm = connect(target, recorder=Recording(memory))
        secrets = tuple(part for one in crm.credentials.values() for part in (one.token, one.secret) if part)
        yield Trial(crm=crm.acting_as(Actor.INTEGRATION), memory=memory, bank=bank, secrets=secrets)
    finally:
        lab.stop(name)
