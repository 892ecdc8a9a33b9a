"""A bank grows in a process of its own: it can be watched, stopped, gone on with, and says what went wrong."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from poc.nursery import Bed, NurseryError, State, Wish, bed_of, beds, start, stop
from synthetic_data.folders.growing import grow_folder
from synthetic_data.folders.order import Order
from synthetic_data.folders.soil import soil_of
from synthetic_data.profile import load_profile

WISH = Wish(profile="cn-digital-bank", customers=40, seed=3)
SLEEPER = (sys.executable, "-c", "import time; time.sleep(30)")


def grown(folder: Path) -> None:
    order = Order(seed=WISH.seed, profile=load_profile(WISH.profile), customers=WISH.customers, tables=("customers",))
    grow_folder(order, folder, grower=soil_of)


def soon(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def now(folder: Path) -> Bed:
    bed = bed_of(folder)
    assert bed is not None
    return bed


def test_a_place_without_banks_has_none(tmp_path: Path) -> None:
    assert beds(tmp_path / "nowhere") == ()
    (tmp_path / "notes").mkdir()
    assert beds(tmp_path) == ()


def test_a_whole_bank_is_told_and_not_begun_again(tmp_path: Path) -> None:
    grown(tmp_path / WISH.name)
    (bed,) = beds(tmp_path)
    assert (bed.state, bed.customers, bed.rows, bed.wish) == (State.WHOLE, 40, 40, WISH)
    with pytest.raises(NurseryError, match="is whole already"):
        start(WISH, tmp_path)


def test_a_bank_that_grows_is_watched_and_stopped(tmp_path: Path) -> None:
    folder = start(WISH, tmp_path, SLEEPER)
    assert now(folder).state is State.GROWING
    with pytest.raises(NurseryError, match="grows already"):
        start(WISH, tmp_path, SLEEPER)
    stop(folder)
    soon(lambda: now(folder).state is State.STOPPED)
    with pytest.raises(NurseryError, match="nothing to stop"):
        stop(folder)


def test_a_process_that_failed_says_why_and_can_be_gone_on_with(tmp_path: Path) -> None:
    told = "import sys; print('touchstone: the disk is full.', file=sys.stderr); sys.exit(3)"
    folder = start(WISH, tmp_path, (sys.executable, "-c", told))
    soon(lambda: now(folder).state is State.STOPPED)
    assert now(folder).fault == "the disk is full."
    grown(folder)
    assert now(folder).state is State.WHOLE
    assert now(folder).fault == ""


def test_what_is_no_receipt_of_a_process_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "bank.slip.json").write_text("{}", "utf-8")
    assert bed_of(tmp_path / "bank") is None
    assert beds(tmp_path) == ()


def test_a_wish_that_no_bank_can_be_is_refused() -> None:
    with pytest.raises(ValueError, match="customers"):
        Wish(profile="cn-digital-bank", customers=0)
