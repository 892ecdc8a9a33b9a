"""Retention: who may be forgotten, and with which reason somebody may not."""

from datetime import date

import pytest

from poc.reference_crm.domain import retention
from poc.reference_crm.domain.retention import Relationship, erasure

TODAY = date(2026, 6, 30)


def relationship(closed_on: date | None, *, hold: bool = False, contracts: int = 0) -> Relationship:
    return Relationship(closed_on=closed_on, legal_hold=hold, open_contracts=contracts)


def test_who_left_more_than_ten_years_ago_is_forgotten() -> None:
    assert erasure(relationship(date(2016, 6, 30)), TODAY).erase


def test_who_left_a_day_less_than_ten_years_ago_is_kept_with_basis_and_date() -> None:
    decision = erasure(relationship(date(2016, 7, 1)), TODAY)
    assert (decision.erase, decision.until) == (False, date(2026, 7, 1))
    assert "art. 34" in decision.basis


@pytest.mark.parametrize("closed_on", [None, date(2010, 1, 1)])
def test_a_running_contract_keeps_the_customer_on_file(closed_on: date | None) -> None:
    decision = erasure(relationship(closed_on, contracts=1), TODAY)
    assert not decision.erase
    assert "contract" in decision.basis


def test_who_has_not_left_is_kept() -> None:
    assert not erasure(relationship(None), TODAY).erase


def test_a_legal_hold_outlasts_the_ten_years() -> None:
    decision = erasure(relationship(date(2001, 1, 1), hold=True), TODAY)
    assert not decision.erase
    assert "legal hold" in decision.basis


def test_who_left_on_a_leap_day_may_go_on_the_first_of_march() -> None:
    assert retention.kept_until(date(2016, 2, 29)) == date(2026, 3, 1)
    assert retention.kept_until(date(2012, 2, 28)) == date(2022, 2, 28)
