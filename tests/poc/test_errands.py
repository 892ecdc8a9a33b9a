"""Errands: what is done for a product by a process of its own, as its file tells it."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from poc.errands import STARTS_WITHIN, Errand, ErrandError, Errands, main
from poc.lab.vendors.lab import VendorLab
from poc.lab.vendors.processes import Process

NAME = "amagi-crm"


@pytest.fixture
def errands(tmp_path: Path) -> Errands:
    (tmp_path / "vendors").mkdir()
    return Errands(lab=VendorLab(folder=tmp_path / "vendors"), listed=tmp_path / "targets.toml")


def put(errands: Errands, **facts: object) -> Errand:
    told = Errand.model_validate({"act": "install", "asked": datetime.now(UTC), **facts})
    errands._write(NAME, told)
    return told


def ourselves() -> Process:
    own = psutil.Process()
    return Process(says="us", pid=own.pid, born=own.create_time())


def test_nothing_was_asked_for_yet(errands: Errands) -> None:
    assert errands.of(NAME) is None


def test_an_errand_is_alive_while_its_process_is_and_lost_when_that_is_gone_without_a_word(errands: Errands) -> None:
    assert put(errands, process=ourselves()).alive
    gone = put(errands, process=Process(says="gone", pid=2**22 - 3, born=1.0))
    assert (gone.alive, gone.lost) == (False, True)
    assert not put(errands, ended=True).lost
    assert put(errands).alive
    assert put(errands, asked=datetime.now(UTC) - STARTS_WITHIN - timedelta(seconds=1)).lost


def test_two_errands_for_one_product_do_not_meet(errands: Errands) -> None:
    put(errands, process=ourselves())
    with pytest.raises(ErrandError, match="install is under way"):
        errands.begin("stop", NAME)


def test_what_hinders_an_errand_is_told_in_one_line(errands: Errands) -> None:
    put(errands)
    main(["start", NAME, str(errands.lab.folder), str(errands.listed)])
    ended = errands.of(NAME)
    assert ended is not None
    assert (ended.ended, ended.alive) == (True, False)
    assert "touchstone target install amagi-crm" in ended.fault


def test_a_process_of_its_own_does_it(errands: Errands) -> None:
    errands.begin("stop", NAME)
    begun = errands.of(NAME)
    assert begun is not None
    assert begun.act == "stop"
    while (seen := errands.of(NAME)) is not None and seen.alive:
        time.sleep(0.05)
    assert seen is not None
    assert (seen.ended, seen.fault) == (True, "")
