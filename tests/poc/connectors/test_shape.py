"""Shape: translation loses nothing and knows what it does not know."""

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poc.connectors.shape import Shape, Shapes
from scenarios.port import Unsupported
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import KINDS, Account, Customer, Household, Record
from tests.doubles import SHAPES


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=20).bank


def test_names_and_words_are_theirs_on_the_wire_and_ours_again_after(bank: Bank) -> None:
    shape, one = SHAPES.of(Customer), bank.customers[0]
    theirs = shape.theirs(one)
    assert theirs["full_name"] == one.name
    assert theirs["gender"] in ("female", "male")
    back = shape.ours({**theirs, "rev": 3})
    assert (back.number, back.version, back["gender"], back["name"]) == (one.number, "3", one.gender, one.name)


@pytest.mark.parametrize("kind", KINDS)
def test_translation_of_every_field_of_every_kind_loses_nothing(bank: Bank, kind: type[Record]) -> None:
    plainly = Shape(kind=kind, path="/x")
    renamed = Shape(
        kind=kind, path="/x", names={name: f"{name}_c" for name in kind.__dataclass_fields__}, key="number_c"
    )
    for one in bank.of(kind)[:5]:
        assert renamed.ours(renamed.theirs(one)).fields == plainly.ours(plainly.theirs(one)).fields
        assert renamed.ours(renamed.theirs(one)).number == one.number


@pytest.mark.parametrize("kind", KINDS)
def test_lines_tell_what_single_records_tell(bank: Bank, kind: type[Record]) -> None:
    rows = bank.of(kind)[:5]
    for shape in (Shape(kind=kind, path="/x"), Shape(kind=kind, path="/x", names={"number": "key"})):
        told = [orjson.loads(line) for line in shape.lines(rows).splitlines()]
        assert told == [orjson.loads(orjson.dumps(shape.theirs(row))) for row in rows]


def test_money_and_days_cross_as_text(bank: Bank) -> None:
    account = bank.accounts[0]
    theirs = Shape(kind=Account, path="/x").theirs(account)
    assert theirs["balance"] == str(account.balance)
    assert theirs["opened"] == account.opened.isoformat()
    assert theirs["joint_holders"] == list(account.joint_holders)


@settings(max_examples=30)
@given(st.sampled_from(["name", "gender", "tier", "national_id"]), st.sampled_from(["", "__gt", "__lt"]))
def test_a_filter_keeps_its_comparison(name: str, tail: str) -> None:
    ((theirs, _),) = SHAPES.of(Customer).named({name + tail: "x"}).items()
    assert theirs.endswith(tail)
    assert theirs.removesuffix(tail) == SHAPES.of(Customer).field(name)


def test_a_filter_speaks_their_words() -> None:
    assert SHAPES.of(Customer).named({"gender": "F"}) == {"gender": "female"}


def test_a_descending_sort_keeps_its_sign() -> None:
    assert SHAPES.of(Customer).field("-name") == "-full_name"


def test_what_a_vendor_cannot_keep_is_left_out(bank: Bank) -> None:
    shape = Shape(kind=Customer, path="/x", left_out=frozenset({"aml_rating"}))
    assert "aml_rating" not in shape.theirs(bank.customers[0])


def test_fields_that_we_do_not_know_keep_their_names() -> None:
    assert SHAPES.of(Customer).ours({"customer_no": "C1", "karma": 7})["karma"] == 7


def test_a_kind_without_a_shape_is_unsupported() -> None:
    with pytest.raises(Unsupported, match="keeps no Household records"):
        Shapes().of(Household)
