"""A bank of one thousand customers, grown once for all tests that only look at it."""

import pytest

from synthetic_data.bank import Bank
from synthetic_data.generator import Generated, generate
from synthetic_data.truth import Truth


@pytest.fixture(scope="session")
def generated() -> Generated:
    return generate(seed=7, customers=1000)


@pytest.fixture(scope="session")
def bank(generated: Generated) -> Bank:
    return generated.bank


@pytest.fixture(scope="session")
def truth(generated: Generated) -> Truth:
    return generated.truth
