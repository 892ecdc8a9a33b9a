"""Fixtures: the shipped catalogue, read once."""

import pytest

from scorecards.criterion import Catalogue, catalogue


@pytest.fixture(scope="session")
def rows() -> Catalogue:
    return catalogue()
