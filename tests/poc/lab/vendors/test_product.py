"""Product: half-installed, of another version, gone, killed, its port taken: each is told with its remedy."""

import os
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from poc.connectors.connect import connect, prove
from poc.lab.service import ServiceError
from poc.lab.vendors.lab import VendorLab
from poc.lab.vendors.premises import ProductError, State
from poc.lab.vendors.processes import Process
from poc.lab.vendors.product import Product
from poc.settings import target
from scenarios.port import BenchFault
from synthetic_data.generator import generate
from synthetic_data.records import Customer
from tests.vendors import lab_of_tests, silent, standing

NAME = "amagi-crm"


@pytest.fixture
def absent(tmp_path: Path) -> Product:
    return VendorLab(folder=tmp_path / "lab").product(NAME)


def test_what_is_not_installed_says_how_to_install_it(absent: Product) -> None:
    assert absent.trouble == f"{NAME} is not installed: touchstone target install {NAME}"
    with pytest.raises(ProductError, match="is not installed"):
        absent.start(silent)
    assert (absent.stop(), absent.remove(), absent.running) == (False, False, False)


def test_what_was_broken_off_is_half_installed(absent: Product) -> None:
    absent.premises.folder.mkdir(parents=True)
    assert "half-installed" in absent.trouble
    absent.premises.write(State(digest=absent.recipe.digest, port=8099))
    assert "half-installed" in absent.trouble
    with pytest.raises(ProductError, match="half-installed"):
        absent.start(silent)


def test_what_another_recipe_installed_is_told(absent: Product) -> None:
    absent.premises.folder.mkdir(parents=True)
    absent.premises.write(State(digest="of yesterday", port=8099, installed=datetime.now(UTC)))
    assert "installed by another recipe" in absent.trouble
    assert not absent.installed


def test_a_process_that_only_has_the_number_is_left_alone() -> None:
    ourselves = Process(says="server", pid=os.getpid(), born=1.0)
    assert not ourselves.alive
    ourselves.end()


def test_what_it_keeps_secret_only_its_owner_reads(absent: Product) -> None:
    absent.premises.folder.mkdir(parents=True)
    drawn = absent.premises.secrets()
    assert absent.premises.secrets() == drawn
    assert (absent.premises.folder / "secrets.json").stat().st_mode & 0o077 == 0


@pytest.mark.pg
@pytest.mark.slow
def test_a_product_is_killed_loses_its_database_and_finds_its_port_taken_and_each_is_told(tmp_path: Path) -> None:
    bank = generate(seed=5, customers=60).bank
    with standing(NAME, tmp_path, bank) as trial:
        lab, listed = lab_of_tests(), tmp_path / f"{NAME}.toml"
        one, known = lab.product(NAME), target(NAME, listed)
        trial.settled(trial.customers()[0])
        prove(trial.crm, known)
        # the database goes while the product stands
        one.premises.databases.up().drop(one.recipe.stem)
        with pytest.raises(BenchFault, match=rf"the database amagi_crm is gone: touchstone target start {NAME}, then"):
            trial.crm.get(Customer, "C00000001")
        assert lab.start(NAME, listed, silent).url == known.url
        assert connect(known).get(Customer, "C00000001").reason == "not-found"
        # the product goes
        held = one.premises.held()
        held.processes[0].end()
        with pytest.raises(BenchFault, match=rf"does not run: touchstone target start {NAME}, then go on"):
            trial.crm.get(Customer, "C00000001")
        with pytest.raises(BenchFault, match="does not run: touchstone target start"):
            prove(trial.crm, known)
        # its port is somebody else's
        with socket.create_server(("127.0.0.1", held.port)), pytest.raises(ServiceError, match="is in use"):
            lab.start(NAME, listed, silent)
        assert lab.start(NAME, listed, silent).url == known.url
        assert lab.start(NAME, listed, silent).url == known.url
