"""Texts for all rows at once."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic_data.texts import beside, chosen, digits, fill, fixed, glue, numbered, taken, words


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 10**8 - 1), min_size=1, max_size=30))
def test_digits_are_those_that_are_written_by_hand(numbers: list[int]) -> None:
    assert fixed(digits(np.array(numbers), 8)).to_pylist() == [f"{n:08d}" for n in numbers]


def test_records_are_numbered_by_customer_and_order() -> None:
    assert numbered("C", np.array([0, 41])).to_pylist() == ["C00000001", "C00000042"]
    assert numbered("AC", np.array([41]), np.array([2])).to_pylist() == ["AC0000004203"]
    assert numbered("TX", np.array([0]), np.array([11]), width=4).to_pylist() == ["TX000000010012"]


def test_parts_of_fixed_width_stand_side_by_side() -> None:
    assert fixed(beside(2, "0666-", digits(np.array([7, 8]), 2))).to_pylist() == ["0666-07", "0666-08"]


def test_columns_are_glued_and_templates_filled() -> None:
    city, room = words(np.array([1, 0]), ("Linxi", "云泽市")), pa.array(["1", "2"])
    assert glue(city, "-", room).to_pylist() == ["云泽市-1", "Linxi-2"]
    assert fill("{city}, Flat {room}.", city=city, room=room).to_pylist() == ["云泽市, Flat 1.", "Linxi, Flat 2."]
    with pytest.raises(KeyError, match="street"):
        fill("{street}", city=city)


def test_a_value_is_taken_from_the_owner_or_is_missing() -> None:
    assert taken(pa.array(["a", "b"]), np.array([1, -1, 0])).to_pylist() == ["b", None, "a"]


def test_one_column_or_the_other() -> None:
    flags = np.array([True, False])
    assert chosen(flags, pa.array(["a", "b"]), pa.array(["c", "d"])).to_pylist() == ["a", "d"]
