"""Contests: assessments of any number of vendors on disk, with evidence by chance on every check of the catalogue."""

import random
from datetime import UTC, datetime
from pathlib import Path

from scenarios.evidence import Evidence, Grade, Outcome
from scenarios.folders import AssessmentFolder
from scenarios.manifest import describe
from scenarios.store import Store
from scorecards.criterion import Criterion, catalogue

NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
GRADES = (Grade.BLACK_BOX, Grade.BLACK_BOX, Grade.BLACK_BOX, Grade.WITNESSED, Grade.STATEMENT)


def write_contest(runs: Path, *, vendors: int, seed: int = 5) -> Path:
    """Write an assessment in which every vendor but the fourth may win, and return its folder."""
    chance, folder = random.Random(seed), AssessmentFolder(runs, "contest")
    for place in range(vendors):
        name = f"vendor-{place:03d}"
        manifest = describe(
            run="contest", target=name, title=f"Vendor {place:03d}", started=NOON, catalogue="c",
            bank={"digest": "ab" * 32, "seed": 7, "customers": 100, "profile": "cn-digital-bank"},
            settings={"url": "https://127.0.0.1:8443"},
        )  # fmt: skip
        skill = 0.93 if place < 3 else chance.uniform(0.6, 0.95)
        with Store.create(folder.of(name), manifest) as store:
            store.add([
                _piece(name, one, check, chance, 1.0 if one.gate and place != 3 else skill)
                for one in catalogue().of_targets
                if one.gate or chance.random() > 0.12
                for check in sorted(one.checks)
            ])  # fmt: skip
            store.set_state("done")
    return folder.path


def _piece(target: str, one: Criterion, check: str, chance: random.Random, skill: float) -> Evidence:
    missed = Outcome.FAILED if chance.random() < 0.7 else Outcome.UNSUPPORTED
    outcome = Outcome.PASSED if chance.random() < skill else missed
    if not one.gate and chance.random() < 0.05:
        outcome = Outcome.NOT_TESTABLE
    return Evidence(
        run="contest", target=target, criterion=one.id, scenario="story", check=check, sentence=f"{check}.",
        outcome=outcome, harm=False, observed=1, expected="none", exchanges=(), started=NOON,
        grade=Grade.BLACK_BOX if one.gate else chance.choice(GRADES),
    )  # fmt: skip
