"""Order: partitions share out the customers, each to exactly one, and the first ones never move."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic_data.columns import CELL
from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.order import over_months, versions
from synthetic_data.profile import load_profile
from tests.synthetic_data.folders.meadow import order


@settings(max_examples=30, deadline=None)
@given(customers=st.integers(1, 60_000), cells=st.integers(1, 12))
def test_every_customer_is_in_one_partition(customers: int, cells: int) -> None:
    asked = order(customers, cells=cells)
    slices = [each for number in range(asked.partitions) for each in asked.slices(number)]
    assert [each.cell for each in slices] == list(range(-(-customers // CELL)))
    assert sum(each.customers for each in slices) == customers
    assert all(each.customers == CELL for each in slices[:-1])


@settings(max_examples=30, deadline=None)
@given(customers=st.integers(1, 30_000), more=st.integers(0, 30_000))
def test_a_larger_bank_has_the_same_first_partitions(customers: int, more: int) -> None:
    small, large = order(customers), order(customers + more)
    assert small.identity == large.identity
    for number in range(small.partitions - 1):
        assert list(small.slices(number)) == list(large.slices(number))


def test_identity_follows_seed_months_and_partitioning() -> None:
    others = [order(), order(seed=8), order(months=3), order(cells=2)]
    assert len({each.identity for each in others}) == len(others)


def test_months_are_the_profiles_unless_asked_for() -> None:
    profile = load_profile("cn-digital-bank")
    assert order(months=5).months == 5
    assert over_months(profile, profile.money.months.value).money.months.source == "as asked for"
    with pytest.raises(FolderError, match="months: 0 is outside"):
        over_months(profile, 0)


def test_the_code_that_grows_rows_is_among_the_versions() -> None:
    assert {"touchstone-crm", "numpy", "pyarrow", "source"} == set(versions())
    assert len(versions()["source"]) == 16


def test_tables_and_cells_that_cannot_be_are_refused() -> None:
    with pytest.raises(FolderError, match="tables: none is named"):
        order(tables=())
    with pytest.raises(FolderError, match="cells: 0 is below 1"):
        order(cells=0)
