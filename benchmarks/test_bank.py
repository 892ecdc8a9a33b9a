"""Bank: how many rows a second are grown, digested, written, read and scanned for leaks."""

from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from synthetic_data.bank import Bank, canonical
from synthetic_data.canaries import Canaries
from synthetic_data.files import read, write
from synthetic_data.generator import generate

CUSTOMERS = 10_000


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=7, customers=CUSTOMERS).bank


def tell(benchmark: BenchmarkFixture, rows: int) -> None:
    """Put rows a second beside the seconds, and on the screen."""
    seconds = benchmark.stats.stats.median
    benchmark.extra_info.update(rows=rows, rows_per_s=round(rows / seconds))
    print(f"\n{benchmark.name}: {rows:,} rows in {seconds:.2f} s = {rows / seconds:,.0f} rows/s")


def test_growing_ten_thousand_customers(benchmark: BenchmarkFixture) -> None:
    grown = benchmark.pedantic(lambda: generate(seed=7, customers=CUSTOMERS).bank, rounds=3)
    tell(benchmark, grown.rows)


def test_digest(benchmark: BenchmarkFixture, bank: Bank) -> None:
    fresh = [Bank(seed=7, profile=bank.profile, as_of=bank.as_of, records=bank.records) for _ in range(3)]
    benchmark.pedantic(lambda: fresh.pop().digest, rounds=3)
    tell(benchmark, bank.rows)


def test_writing(benchmark: BenchmarkFixture, bank: Bank, tmp_path: Path) -> None:
    folders = [tmp_path / str(i) for i in range(3)]
    benchmark.pedantic(lambda: write(bank, folders.pop()), rounds=3)
    tell(benchmark, bank.rows)


def test_reading(benchmark: BenchmarkFixture, bank: Bank, tmp_path: Path) -> None:
    write(bank, tmp_path / "bank")
    benchmark.pedantic(lambda: read(tmp_path / "bank"), rounds=3)
    tell(benchmark, bank.rows)


def test_scanning_an_export_for_leaks(benchmark: BenchmarkFixture, bank: Bank) -> None:
    canaries, export = Canaries.of(bank), b"\n".join(canonical(c) for c in bank.customers)
    found = benchmark.pedantic(lambda: canaries.scan(export), rounds=3)
    assert len(found) > CUSTOMERS
    benchmark.extra_info["megabytes"] = round(len(export) / 1e6, 1)
    tell(benchmark, len(bank.customers))
