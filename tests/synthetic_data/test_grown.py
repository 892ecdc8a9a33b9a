"""What is grown for a cell, joined and cut."""

import numpy as np
import pyarrow as pa
import pytest

from synthetic_data.grown import Grown, cut, joined

NOTES = Grown({"notes": pa.table({"n": [10, 11, 12]})}, {}, {"notes": np.array([0, 1, 1])})
SECRETS = Grown({}, {"secrets": pa.table({"s": [5, 6, 7]})}, {"secrets": np.array([2, 0, 1])})


def test_a_cell_is_cut_by_the_owners_of_its_rows() -> None:
    small = cut(joined((NOTES, SECRETS)), 1)
    assert small.tables["notes"].to_pylist() == [{"n": 10}]
    assert small.truth["secrets"].to_pylist() == [{"s": 6}]
    assert [list(owners) for owners in small.owners.values()] == [[0], [0]]


def test_a_cut_behind_the_last_row_keeps_all_and_at_nobody_nothing() -> None:
    assert cut(NOTES, 1000).tables["notes"].equals(NOTES.tables["notes"])
    assert cut(NOTES, 0).tables["notes"].num_rows == 0


def test_a_table_is_grown_by_one_domain_only() -> None:
    with pytest.raises(ValueError, match="tables notes: are grown by two domains"):
        joined((NOTES, NOTES))
