"""Filing: puts small runs on disk for tests that read them."""

from datetime import UTC, datetime
from pathlib import Path

from scenarios.evidence import Evidence, Outcome
from scenarios.manifest import Manifest
from scenarios.store import Store

NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)


def piece(target: str, check: str, outcome: Outcome, *, criterion: str = "SEC-08", harm: bool = False) -> Evidence:
    return Evidence(
        run="r1",
        target=target,
        criterion=criterion,
        scenario="story",
        check=check,
        sentence="What is true when it holds.",
        outcome=outcome,
        harm=harm,
        started=NOON,
    )


def file_run(folder: Path, target: str, *pieces: Evidence) -> Path:
    manifest = Manifest(
        run=folder.name,
        target=target,
        title=target,
        started=NOON,
        bank={"seed": 1, "customers": 10, "digest": "d" * 64, "profile": "cn-digital-bank"},
        catalogue="c",
        code="test",
        packages={},
        machine={},
    )
    with Store.create(folder, manifest) as store:
        store.add(pieces)
        store.set_state("done")
    return folder
