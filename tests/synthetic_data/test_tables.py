"""Records as columns and back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic_data.bank import Bank
from synthetic_data.columns import NEVER
from synthetic_data.records import KINDS, Account, Holding, Membership
from synthetic_data.tables import NONE, WORDS, amounts, from_records, schema_of, table_of, to_records
from synthetic_data.texts import same, words


class Pair(NamedTuple):
    first: str
    sure: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    number: str
    at: datetime
    amount: Decimal | None


def test_a_schema_follows_from_the_fields_of_a_kind() -> None:
    schema = schema_of(Account)
    assert schema.names == ["number", "customer", "product", "currency", "balance", "opened", "closed", "joint_holders"]
    assert schema.field("product").type == WORDS
    assert schema.field("balance").type == pa.decimal128(18, 2)
    assert schema.field("joint_holders").type == pa.list_(pa.string())
    assert schema.field("closed").nullable
    assert not schema.field("opened").nullable
    assert schema_of(Holding).field("units").type == pa.decimal128(18, 4)


def test_every_record_of_a_bank_comes_back_as_it_was(bank: Bank) -> None:
    for kind in KINDS:
        assert to_records(from_records(bank.of(kind), kind), kind) == bank.of(kind)


def test_columns_of_whole_numbers_become_days_moments_and_amounts() -> None:
    table = table_of(
        Note,
        {
            "number": pa.array(["a", "b"]),
            "at": np.array([0, 86_400]),
            "amount": np.array([-5, NONE]),
        },
    )
    assert to_records(table, Note) == (
        Note(number="a", at=datetime(1970, 1, 1, tzinfo=UTC), amount=Decimal("-0.05")),
        Note(number="b", at=datetime(1970, 1, 2, tzinfo=UTC), amount=None),
    )


def test_what_never_ends_has_no_day() -> None:
    stay = {
        "number": pa.array(["m"]),
        "household": pa.array(["h"]),
        "customer": pa.array(["c"]),
        "role": same("head", 1),
        "since": np.array([1]),
        "until": np.array([NEVER]),
    }
    (one,) = to_records(table_of(Membership, stay), Membership)
    assert (one.since, one.until) == (date(1970, 1, 2), None)


def test_a_missing_column_and_a_stranger_are_named() -> None:
    with pytest.raises(TypeError, match="Pair: columns colour, sure are missing or no fields of it"):
        table_of(Pair, {"first": pa.array(["a"]), "colour": pa.array(["red"])})


def test_pairs_are_kinds_too() -> None:
    table = table_of(Pair, {"first": pa.array(["a"]), "sure": np.array([0.25])})
    assert to_records(table, Pair) == (Pair("a", 0.25),)


def test_a_type_that_no_column_holds_is_named() -> None:
    class Odd(NamedTuple):
        thing: bytes

    with pytest.raises(TypeError, match=r"Odd\.thing: no column holds"):
        schema_of(Odd)


def test_words_of_which_some_are_missing() -> None:
    assert words(np.array([1, -1, 0]), ("a", "b")).to_pylist() == ["b", None, "a"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-(2**62), 2**62).filter(lambda n: abs(n) < 10**17), min_size=1, max_size=20))
def test_amounts_are_exact(cents: list[int]) -> None:
    assert amounts(np.array(cents)).to_pylist() == [Decimal(n).scaleb(-2) for n in cents]
