"""Dialect: what a vendor writes otherwise comes back as the bank wrote it."""

from dataclasses import fields
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from poc.connectors.dialect import Dialect, kept
from poc.connectors.fxiaoke import DIALECT, SHAPES
from scenarios.lines import plain
from synthetic_data.generator import generate
from synthetic_data.records import Customer, Holding

BANK = generate(seed=5, customers=60).bank


def test_every_customer_survives_the_way_there_and_back() -> None:
    shape = SHAPES.of(Customer)
    for one in BANK.customers:
        read = DIALECT.on_file(shape, DIALECT.record(shape, one))
        assert {field.name: read[field.name] for field in fields(one)} == {
            field.name: plain(getattr(one, field.name)) for field in fields(one)
        }


def test_a_day_is_its_first_millisecond_in_china() -> None:
    assert DIALECT.day(date(2018, 1, 31)) == 1517328000000
    assert DIALECT.read_day(1517328000000) == date(2018, 1, 31)


@given(st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1)))  # noqa: DTZ001
@settings(max_examples=50, deadline=None)
def test_a_moment_survives_to_the_millisecond(naive: datetime) -> None:
    moment = naive.replace(microsecond=naive.microsecond // 1000 * 1000, tzinfo=UTC)
    assert DIALECT.read_moment(DIALECT.moment(moment)) == moment


def test_sums_regain_the_decimals_that_a_vendor_cut_off() -> None:
    shape = SHAPES.of(Holding)
    read = Dialect().on_file(shape, {"value__c": 12.5, "units__c": 3})
    assert (read["value"], read["units"]) == ("12.50", "3.0000")


def test_what_is_missing_stays_missing_and_empty_text_stays_text() -> None:
    read = DIALECT.on_file(SHAPES.of(Customer), {"guardian__c": "", "closed_on__c": None, "employer__c": ""})
    assert (read["guardian"], read["closed_on"], read["employer"]) == (None, None, "")


def test_text_of_a_day_is_understood_in_a_change() -> None:
    told = DIALECT.changes(SHAPES.of(Customer), {"since": "2018-01-31"})
    assert told == {"since__c": 1517328000000}


def test_a_field_knows_its_decimals() -> None:
    assert (kept(Holding)["units"].decimals, kept(Holding)["value"].decimals) == (4, 2)
