"""Bank in columns: rows a second of each domain, beside Faker and Mimesis row by row, and of whole folders by size.

A million customers take minutes: `make bench-bank ARGS="--million"`.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from faker import Faker
from mimesis import Generic
from mimesis.locales import Locale

from synthetic_data.accounts import accounts
from synthetic_data.cell import DOMAINS, POURED
from synthetic_data.columns import CELL
from synthetic_data.folders.order import Order
from synthetic_data.folders.soil import BankSoil, soil_of
from synthetic_data.folk import folk
from synthetic_data.grown import Grown
from synthetic_data.profile import load_profile

CELLS = 5
ROWS = 2_000
PROFILE = "cn-digital-bank"
Made = dict[str, object]


@pytest.fixture(scope="module")
def soil() -> BankSoil:
    laid = soil_of(Order(seed=7, profile=load_profile(PROFILE), customers=CELLS * CELL))
    laid.cell(0)  # vocabulary and tables of chance are made once
    return laid


def cpu(work: Callable[[], object]) -> float:
    """Seconds of processor that a piece of work takes in this process."""
    began = time.process_time()
    work()
    return time.process_time() - began


def rows_of(grown: Grown) -> int:
    return sum(table.num_rows for table in (*grown.tables.values(), *grown.truth.values()))


class Speed(NamedTuple):
    """Rows that a domain grows, and the seconds of processor it takes."""

    rows: int
    seconds: float
    tables: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
def speeds(soil: BankSoil) -> dict[str, Speed]:
    """How fast each domain grows some cells, the people themselves first."""
    ground, found = soil.ground, dict[str, Speed]()
    people = [folk(ground, cell) for cell in range(CELLS)]
    found["folk"] = Speed(CELL * CELLS, cpu(lambda: [folk(ground, cell) for cell in range(CELLS)]))
    held = [accounts(ground, one.people) for one in people]
    found["accounts"] = Speed(sum(map(len, held)), cpu(lambda: [accounts(ground, one.people) for one in people]))
    for grow in POURED:
        found[grow.__name__] = speed_of(grow, [(ground, one, own) for one, own in zip(people, held, strict=True)])
    for domain in DOMAINS:
        calls = [(ground, one.people, own) for one, own in zip(people, held, strict=True)]
        found[domain.__name__] = speed_of(domain, calls)
    return found


def speed_of(grow: Callable[..., Grown], calls: list[tuple[object, ...]]) -> Speed:
    made: list[Grown] = []
    spent = cpu(lambda: made.extend(grow(*call) for call in calls))
    return Speed(sum(map(rows_of, made)), spent, frozenset(made[0].tables))


def test_rows_a_second_of_each_domain(speeds: dict[str, Speed]) -> None:
    print(f"\n{'domain':<24}{'rows a cell':>12}{'ms a cell':>12}{'rows/s of processor':>22}")
    for name, (rows, seconds, _) in speeds.items():
        print(f"{name:<24}{rows / CELLS:>12,.0f}{seconds / CELLS * 1e3:>12.1f}{rows / max(seconds, 1e-9):>22,.0f}")


def with_faker(fake: Faker) -> dict[str, Callable[[int], Made]]:
    """The fields of two tables, made row by row as one would with Faker."""
    word = fake.random_element
    return {
        "customers": lambda i: {
            "number": f"C{i:08d}", "name": fake.name(), "latin_name": fake.first_romanized_name(),
            "language": word(("zh", "en")), "gender": word("FM"), "birth_date": fake.date_of_birth(),
            "national_id": fake.ssn(), "mobile": fake.phone_number(), "email": fake.email(), "address": fake.address(),
            "card_number": fake.credit_card_number(), "monthly_income": fake.pydecimal(6, 2, positive=True),
            "currency": "CNY", "occupation": fake.job(), "employer": fake.company(),
            "tier": word(("mass", "affluent", "private")), "risk_level": word(("C1", "C2", "C3", "C4", "C5")),
            "aml_rating": word(("low", "medium", "high")), "state": word(("active", "dormant", "closed")),
            "branch": word(("BR01", "BR02", "BR03")), "manager": word(("S0001", "S0002")),
            "since": fake.date_between("-9y"), "closed_on": None, "legal_hold": fake.pybool(1), "guardian": None,
        },
        "transactions": lambda i: {
            "number": f"T{i:012d}", "customer": f"C{i:08d}", "account": f"AC{i:010d}",
            "at": fake.date_time_between("-2y", tzinfo=UTC), "kind": word(("purchase", "salary", "bill")),
            "channel": word(("app", "pos", "atm")), "amount": fake.pydecimal(5, 2), "currency": "CNY",
            "balance": fake.pydecimal(6, 2), "counterparty": fake.company(), "category": word(("food", "rent")),
            "origin": fake.ipv4_private(),
        },
    }  # fmt: skip


def with_mimesis(generic: Generic) -> dict[str, Callable[[int], Made]]:
    """The same with Mimesis."""
    person, word, money = generic.person, generic.random.choice, generic.finance.price
    return {
        "customers": lambda i: {
            "number": f"C{i:08d}", "name": person.full_name(), "latin_name": person.username(),
            "language": word(("zh", "en")), "gender": word("FM"), "birth_date": person.birthdate(),
            "national_id": generic.code.pin("##################"), "mobile": person.phone_number(),
            "email": person.email(), "address": generic.address.address(),
            "card_number": generic.payment.credit_card_number(), "monthly_income": money(), "currency": "CNY",
            "occupation": person.occupation(), "employer": generic.finance.company(),
            "tier": word(("mass", "affluent", "private")), "risk_level": word(("C1", "C2", "C3", "C4", "C5")),
            "aml_rating": word(("low", "medium", "high")), "state": word(("active", "dormant", "closed")),
            "branch": word(("BR01", "BR02", "BR03")), "manager": word(("S0001", "S0002")),
            "since": generic.datetime.date(), "closed_on": None, "legal_hold": generic.random.random() < 0.01,
            "guardian": None,
        },
        "transactions": lambda i: {
            "number": f"T{i:012d}", "customer": f"C{i:08d}", "account": f"AC{i:010d}",
            "at": generic.datetime.datetime(), "kind": word(("purchase", "salary", "bill")),
            "channel": word(("app", "pos", "atm")), "amount": money(), "currency": "CNY", "balance": money(),
            "counterparty": generic.finance.company(), "category": word(("food", "rent")),
            "origin": generic.internet.ip_v4(),
        },
    }  # fmt: skip


def test_the_same_fields_row_by_row(soil: BankSoil, speeds: dict[str, Speed]) -> None:
    """A table of ours is charged for all that its domain grows; customers also for the people behind them."""
    Faker.seed(7)
    others = {"Faker": with_faker(Faker("zh_CN")), "Mimesis": with_mimesis(Generic(Locale.ZH, seed=7))}
    whole: list[int] = []
    seconds = cpu(lambda: whole.extend(rows_of(soil.cell(cell)) for cell in range(CELLS)))
    print(f"\nours, all {sum(whole) / CELLS:,.0f} rows of a cell: {sum(whole) / seconds:,.0f} rows/s of processor")
    for table in ("customers", "transactions"):
        grown = [speed for speed in speeds.values() if table in speed.tables]
        if not grown:
            continue
        (own,) = grown
        ours = (own.seconds + (speeds["folk"].seconds if table == "customers" else 0)) / own.rows
        print(f"{table}: ours {1 / ours:,.0f} rows/s of processor")
        for library, makers in others.items():
            theirs = cpu(lambda make=makers[table]: [make(i) for i in range(ROWS)]) / ROWS  # type: ignore[misc]
            print(f"{table} with {library}: {1 / theirs:,.0f} rows/s; ours is {theirs / ours:,.0f} x that")


def sizes(config: pytest.Config) -> Iterator[int]:
    yield from (1_000, 10_000, 100_000)
    if config.getoption("--million"):
        yield 1_000_000


def test_whole_folders_by_size(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    print(f"\n{'customers':>10}{'rows':>14}{'s':>8}{'rows/s':>12}{'processor s a cell':>20}{'MB':>8}{'peak MiB':>10}")
    for size in sizes(pytestconfig):
        folder = tmp_path / str(size)
        line = ["bank", "generate", "--format", "parquet", "--workers", "2", "--customers", str(size), "--json"]
        began = os.times()
        peak, output = watched([sys.executable, "-m", "poc.cli", *line, "--out", str(folder)])
        ended = os.times()
        spent = ended.children_user + ended.children_system - began.children_user - began.children_system
        facts = json.loads(output)
        stored = sum(path.stat().st_size for path in folder.rglob("*.parquet")) / 1e6
        print(
            f"{size:>10,}{facts['rows']:>14,}{facts['seconds']:>8.1f}{facts['rows_per_second']:>12,.0f}"
            f"{spent / (size / CELL):>20.2f}{stored:>8,.0f}{peak / 2**20:>10,.0f}"
        )


def watched(line: list[str]) -> tuple[int, str]:
    """Run a command and return the most memory that it and its children had at once, and what it said."""
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        most, ended = [0], threading.Event()

        def watch() -> None:
            while not ended.wait(0.1):
                most[0] = max(most[0], memory(running.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        said = running.stdout.read()
        ended.set()
        watcher.join()
    assert running.returncode == 0, said
    return most[0], said


def memory(pid: int) -> int:
    """Bytes that a process and its children hold, shared pages counted once for each."""
    try:
        root = psutil.Process(pid)
        return sum(one.memory_info().rss for one in (root, *root.children(recursive=True)))
    except psutil.Error:
        return 0
