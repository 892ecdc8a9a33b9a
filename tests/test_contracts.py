"""Import contracts: kept by the house, and each of them broken by the line that it forbids."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
ROOMS = ("poc", "scorecards", "loadtests", "scenarios", "synthetic_data")

#: Contract, the module that sins, the line it sins with.
SINS = [
    ("One corridor", "scenarios/port.py", "import poc.report"),
    ("One corridor", "scorecards/rating.py", "import loadtests.permission"),
    ("Inside poc", "poc/assessment.py", "import poc.cli.door"),
    ("Inside poc", "poc/connectors/reference.py", "import poc.assessment"),
    ("Inside poc", "poc/report.py", "import poc.pages.overview"),
    ("Inside poc", "poc/report.py", "import poc.conduct"),
    ("The reference CRM plays away", "poc/reference_crm/audit.py", "import synthetic_data.records"),
    ("Nobody imports the reference CRM", "poc/seeding.py", "import poc.reference_crm.audit"),
    ("Scores read evidence", "scorecards/rating.py", "import scenarios.crm"),
    ("The library and the runner", "loadtests/permission.py", "import scenarios.runner"),
    ("Vendors do not know each other", "poc/connectors/reference.py", "import poc.connectors.salesforce"),
    ("Locust is a process", "poc/loadrun.py", "import loadtests.agent.main"),
    ("Locust and gevent stay", "loadtests/permission.py", "import gevent"),
    ("Streamlit stays", "poc/assessment.py", "import streamlit"),
    ("Web framework and SQL", "scenarios/runner.py", "import sqlalchemy"),
    ("No circles", "scorecards/rating.py", "import scorecards.scorecard"),
]
#: Rooms that the contracts name, and guests in the rooms where they may be.
FURNITURE = {
    "poc/cli/door.py": "import poc.report",
    "poc/conduct.py": "import poc.furnishing",
    "poc/report.py": "import poc.assessment",
    "poc/pages/overview.py": "import streamlit",
    "poc/pages/over_tls.py": "import streamlit, uvicorn",
    "poc/assessment.py": "import poc.connectors.reference\nimport scenarios.runner\nimport scorecards.scorecard",
    "poc/connectors/reference.py": "import scenarios.port",
    "poc/connectors/fxiaoke.py": "import scenarios.port",
    "poc/connectors/salesforce.py": "import scenarios.port",
    "poc/connectors/hubspot.py": "import scenarios.port",
    "poc/connectors/dataverse.py": "import scenarios.port",
    "poc/connectors/bottlecrm.py": "import scenarios.port",
    "poc/connectors/creme.py": "import scenarios.port",
    "poc/connectors/amagi.py": "import scenarios.port",
    "poc/connectors/tryton.py": "import scenarios.port",
    "poc/seeding.py": "import scenarios.crm",
    "poc/loadrun.py": "import loadtests.permission",
    "poc/lab/postgres.py": "import psycopg",
    "poc/mutants/leaks.py": "import poc.reference_crm.audit",
    "poc/reference_crm/audit.py": "import fastapi, starlette, sqlalchemy, alembic, asyncpg, uvicorn",
    "loadtests/agent/main.py": "import locust, gevent",
    "loadtests/permission.py": "import scenarios.evidence",
    "scenarios/library/security.py": "import scenarios.scenario",
    "scenarios/replay.py": "import scenarios.runner",
    "scenarios/runner.py": "import scenarios.scenario",
    "scenarios/scenario.py": "import scenarios.crm\nimport scenarios.verdict",
    "scenarios/crm.py": "import scenarios.port",
    "scenarios/port.py": "import synthetic_data.records",
    "scenarios/verdict.py": "",
    "scenarios/evidence.py": "",
    "scorecards/rating.py": "import scenarios.evidence",
    "scorecards/scorecard.py": "import scorecards.rating",
    "synthetic_data/records.py": "",
}


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)


def doll_house(folder: Path, sinner: str = "", sin: str = "") -> Path:
    for name, line in FURNITURE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{line}\n{sin if name == sinner else ''}\n", "utf-8")
    for room in (path for name in ROOMS for path in (folder / name, *(folder / name).rglob("*/"))):
        (room / "__init__.py").touch()
    shutil.copy(HOUSE / "pyproject.toml", folder)
    return folder


def test_the_house_keeps_its_contracts() -> None:
    linted = lint(HOUSE)
    assert linted.returncode == 0, linted.stdout


def test_a_well_kept_doll_house_passes(tmp_path: Path) -> None:
    linted = lint(doll_house(tmp_path))
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize(("contract", "sinner", "sin"), SINS, ids=[f"{where}: {line}" for _, where, line in SINS])
def test_every_contract_is_broken_by_the_line_it_forbids(tmp_path: Path, contract: str, sinner: str, sin: str) -> None:
    assert sinner in FURNITURE
    linted = lint(doll_house(tmp_path, sinner, sin))
    assert linted.returncode == 1, linted.stdout + linted.stderr
    broken = [line for line in linted.stdout.splitlines() if line.endswith("BROKEN")]
    assert [line for line in broken if line.startswith(contract)], linted.stdout
