"""Conftest: one PostgreSQL for all tests of the proof of concept, and copies of a migrated database for each module."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from poc.lab.postgres import Cluster
from poc.reference_crm.migrate import migrate

TEMPLATE = "crm_template"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of this test session's own, or the one that DATABASE_URL names."""
    with TemporaryDirectory(prefix="touchstone-pg-") as name:
        folder = Path(name)
        # the server runs as a user of its own when the tests run as root, and must be able to enter
        folder.chmod(0o755)
        with Cluster.open(folder / "data") as started:
            yield started


@pytest.fixture(scope="session")
def lab_folder() -> Iterator[Path]:
    """A lab's folder for all tests that open one in turn: its database is made ready for the first of them alone."""
    with TemporaryDirectory(prefix="touchstone-lab-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="session")
def migrated(cluster: Cluster, worker_name: str) -> str:
    """The name of a migrated database to copy."""
    name = f"{TEMPLATE}_{worker_name}"
    migrate(cluster.create(name))
    return name


@pytest.fixture(scope="session")
def worker_name(request: pytest.FixtureRequest) -> str:
    """What tells this test process from others that run beside it."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture(scope="module")
def crm_database(cluster: Cluster, migrated: str, worker_name: str) -> Iterator[str]:
    """The URL of an empty, migrated database of this test module's own, as superuser."""
    name = f"crm_test_{worker_name}"
    yield cluster.create(name, template=migrated)
    cluster.drop(name)
