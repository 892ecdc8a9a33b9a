"""A cell depends on nothing but the seed, the profile and its number, and may be cut anywhere."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic_data import identities
from synthetic_data.cell import grow_cell
from synthetic_data.columns import CELL
from synthetic_data.ground import Ground, lay_ground
from synthetic_data.grown import Grown, cut
from synthetic_data.profile import load_profile, profile_names
from synthetic_data.records import KINDS, Campaign, Company, Customer, Record
from synthetic_data.tables import name_of, schema_of, to_records
from synthetic_data.truth import DuplicatePair, TwinPair

PROFILE = load_profile("cn-digital-bank")
GROUND = lay_ground(7, PROFILE)

#: First two digits that GB/T 2260 assigns, and 83 and 91, which stand for residence permits.
ASSIGNED = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91"

seeds, cells = st.integers(0, 2**40), st.integers(0, 99_998)


@pytest.fixture(scope="module")
def whole() -> Grown:
    """A cell with all that any domain grows."""
    return grow_cell(GROUND, 1)


def poured(ground: Ground, cell: int) -> Grown:
    return grow_cell(ground, cell, domains=())


def named(grown: Grown) -> Iterator[tuple[str, pa.Array]]:
    """Every column of numbers that names another record, with where it stands."""
    for table, column in (
        *((name, "customer") for name, table in grown.tables.items() if "customer" in table.column_names),
        ("relations", "source"),
        ("relations", "target"),
        ("memberships", "household"),
        ("holdings", "account"),
        ("customers", "guardian"),
    ):
        yield f"{table}.{column}", grown.tables[table].column(column)


@settings(max_examples=4, deadline=None)
@given(seeds, cells)
def test_a_cell_is_the_same_whenever_it_is_grown(seed: int, cell: int) -> None:
    ground = lay_ground(seed, PROFILE)
    first = poured(ground, cell)
    poured(ground, cell + 1)
    again = poured(lay_ground(seed, PROFILE), cell)
    assert all(again.tables[name].equals(table) for name, table in first.tables.items())
    assert all(again.truth[name].equals(table) for name, table in first.truth.items())


@settings(max_examples=6, deadline=None)
@given(seeds, cells, st.integers(1, CELL))
def test_a_cell_that_is_cut_names_nothing_beyond_itself(seed: int, cell: int, customers: int) -> None:
    grown = cut(poured(lay_ground(seed, PROFILE), cell), customers)
    known = pa.concat_arrays([pc.cast(t["number"].combine_chunks(), pa.string()) for t in grown.tables.values()])
    assert len(grown.tables["customers"]) == customers
    for where, column in named(grown):
        assert pc.all(pc.is_in(column.drop_null(), value_set=known), min_count=0).as_py(), where
    for table in grown.truth.values():
        assert all(pc.all(pc.is_in(table[c], value_set=known), min_count=0).as_py() for c in table.column_names[:2])


@settings(max_examples=4, deadline=None)
@given(seeds, cells, st.integers(1, CELL - 1), st.integers(1, CELL - 1))
def test_cutting_twice_is_cutting_once(seed: int, cell: int, one: int, other: int) -> None:
    grown = poured(lay_ground(seed, PROFILE), cell)
    twice, once = cut(cut(grown, max(one, other)), min(one, other)), cut(grown, min(one, other))
    assert all(twice.tables[name].equals(table) for name, table in once.tables.items())
    assert all(twice.truth[name].equals(table) for name, table in once.truth.items())


@settings(max_examples=3, deadline=None)
@given(seeds, cells)
def test_numbers_are_well_formed_and_no_identity_lies_in_an_assigned_region(seed: int, cell: int) -> None:
    grown = poured(lay_ground(seed, PROFILE), cell)
    people = to_records(grown.tables["customers"], Customer)
    for one in people:
        assert identities.is_national_id(one.national_id)
        assert one.national_id[:2] not in ASSIGNED.split()
        assert identities.is_card_number(one.card_number)
        assert one.mobile.startswith(identities.MOBILE_SEGMENT)
        assert len(one.mobile) == 11
    for firm in to_records(grown.tables["companies"], Company):
        assert identities.is_registration_id(firm.registration_id)
        assert firm.registration_id[2:4] not in ASSIGNED.split()
    for field in ("number", "national_id", "card_number"):
        assert len({getattr(one, field) for one in people}) == CELL


@settings(max_examples=6, deadline=None)
@given(seeds, cells)
def test_the_truth_agrees_with_the_tables(seed: int, cell: int) -> None:
    grown = poured(lay_ground(seed, PROFILE), cell)
    people = {one.number: one for one in to_records(grown.tables["customers"], Customer)}
    pairs = to_records(grown.truth["duplicates"], DuplicatePair)
    traps = to_records(grown.truth["traps"], TwinPair)
    assert len(pairs) == 80
    assert len(traps) == 30
    for pair in pairs:
        one, other = people[pair.kept], people[pair.duplicate]
        assert (one.birth_date, one.gender, one.branch) == (other.birth_date, other.gender, other.branch)
        assert one.number < other.number
        assert one.national_id[-7:-4] == other.national_id[-7:-4] or len(other.national_id) == 15
    assert {(p.kept, p.duplicate) for p in pairs}.isdisjoint((t.first, t.second) for t in traps)


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_grows_tables_of_the_kinds_they_are_named_after(name: str) -> None:
    grown = poured(lay_ground(3, load_profile(name)), 0)
    kinds: list[type[Record]] = [kind for kind in KINDS if kind is not Campaign]
    assert grown.tables.keys() == {name_of(kind) for kind in kinds}
    for kind in kinds:
        grown.tables[name_of(kind)].validate(full=True)
        assert grown.tables[name_of(kind)].schema == schema_of(kind)
        assert (np.diff(grown.owners[name_of(kind)]) >= 0).all()


def test_cells_share_no_number_of_anybody() -> None:
    one, other = poured(GROUND, 0).tables["customers"], poured(GROUND, 99_998).tables["customers"]
    for field in ("number", "national_id", "card_number"):
        assert set(one[field].to_pylist()).isdisjoint(other[field].to_pylist())


@pytest.mark.parametrize("customers", [1, 37, 500])
def test_whatever_a_whole_cell_keeps_can_be_cut(whole: Grown, customers: int) -> None:
    grown = cut(whole, customers)
    known = grown.tables["customers"]["number"].combine_chunks()
    accounts = grown.tables["accounts"]["number"].combine_chunks()
    for name, table in (*grown.tables.items(), *grown.truth.items()):
        for field, there in (("customer", known), ("account", accounts)):
            if field in table.column_names:
                named = table[field].cast(pa.string()).drop_null()
                assert pc.all(pc.is_in(named, value_set=there), min_count=0).as_py(), f"{name}.{field}"


def test_whole_cells_share_no_number(whole: Grown) -> None:
    other = grow_cell(GROUND, 2)
    for name, table in whole.tables.items():
        if "number" in table.column_names:
            shared = pc.is_in(table["number"], value_set=other.tables[name]["number"].combine_chunks())
            assert not pc.any(shared, min_count=0).as_py(), name


def test_owners_are_told_of_every_table(whole: Grown) -> None:
    assert whole.owners.keys() == {*whole.tables, *whole.truth}
    for name, table in (*whole.tables.items(), *whole.truth.items()):
        assert len(whole.owners[name]) == len(table)
