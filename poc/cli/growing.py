"""Growing: what `touchstone bank generate` does, as records or in columns, told in figures."""

import os
from collections.abc import Callable
from pathlib import Path

from poc.cli.voice import Report
from poc.growth import BANKS, grow, plant
from synthetic_data.folders.dictionary import entries_named
from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.growing import Step
from synthetic_data.folders.hands import Hands, cluster, processes
from synthetic_data.folders.order import Order, over_months
from synthetic_data.profile import load_profile

#: The most processes that are of use: each needs a core.
MOST_WORKERS = 256


def grow_records(customers: int, seed: int, profile: str, out: Path | None, report: Report) -> dict[str, object]:
    """Grow a bank of records and return what is told of it."""
    grown = grow(seed=seed, customers=customers, profile=profile, folder=out, progress=report)
    bank = grown.bank
    return {
        "bank": str(grown.folder),
        "customers": len(bank.customers),
        "rows": bank.rows,
        "seconds": round(grown.seconds, 2),
        "rows_per_second": round(bank.rows / max(grown.seconds, 1e-9)),
        "digest": bank.digest,
        "sealed_truth": str(grown.truth),
        "keys": [str(key) for key in grown.keys],
    }


def grow_columns(
    customers: int,
    seed: int,
    profile: str,
    out: Path | None,
    months: int | None,
    tables: list[str] | None,
    workers: int | None,
    scheduler: str | None,
    told: Callable[[int, int, int], None],
) -> dict[str, object]:
    """Grow a bank in columns and return what is told of it; ``told`` hears of customers, of how many, and of rows."""
    kind = load_profile(profile)
    if months is not None:
        kind = over_months(kind, months)
    entries_named(tables or ())  # which refuses a table that no bank has
    order = Order(seed=seed, profile=kind, customers=customers, tables=tuple(tables) if tables else None)
    folder = out or BANKS / f"{kind.name}-{seed}-{customers}"

    def step(made: Step) -> None:
        told(made.customers, customers, made.rows)

    planted = plant(order, folder, hands=_hands(workers, scheduler), progress=step)
    return {
        "bank": str(folder),
        "customers": planted.manifest.customers,
        "tables": len(planted.manifest.rows),
        "rows": sum(planted.manifest.rows.values()),
        "partitions": len(planted.manifest.parts),
        "kept_partitions": planted.kept,
        "seconds": round(planted.seconds, 2),
        "rows_per_second": round(planted.made / max(planted.seconds, 1e-9)),
        "digest": planted.manifest.digest,
        "sealed_truth": str(planted.truth),
        "keys": [str(key) for key in planted.keys],
    }


def _hands(workers: int | None, scheduler: str | None) -> Hands:
    if scheduler is not None:
        if workers is not None:
            raise FolderError("workers: a cluster brings its own; leave --workers or --scheduler out")
        return cluster(scheduler)
    if workers is None:
        return processes(os.cpu_count() or 1)
    if not 1 <= workers <= MOST_WORKERS:
        raise FolderError(f"workers: {workers} is outside 1..{MOST_WORKERS}; one for each core is best")
    return processes(workers)
