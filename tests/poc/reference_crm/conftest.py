"""Conftest: the reference CRM open over a database of the test module's own."""

from collections.abc import Iterator

import pytest

from tests.poc.reference_crm.counter import Counter, counter


@pytest.fixture(scope="module")
def crm(crm_database: str) -> Iterator[Counter]:
    """The service, with a user of each role."""
    with counter(crm_database) as opened:
        yield opened
