"""Overview: facts are counted by domain, masked ones count, others' rows and slow or many calls do not pass."""

from datetime import date

import pytest

from scenarios.answers import Overview
from scenarios.library.customers import overview as o
from synthetic_data.generator import generate
from synthetic_data.records import Account, Household, Ticket
from tests.scenarios.library.answering import customer, no, shown, yes

ADA = customer()


def glance(facts: tuple[o.Fact, ...], *, seconds: float = 0.01, calls: int = 1, **domains: object) -> o.Glance:
    rows = {name: tuple(told) for name, told in domains.items()}  # type: ignore[call-overload]
    return o.Glance("C1", facts, yes(Overview(customer=shown(ADA), domains=rows, calls=calls), seconds=seconds))


def test_a_fact_needs_all_its_values_in_one_row_of_its_domain() -> None:
    fact = o.Fact("holdings", ("AC1", "12.50"))
    rows = [{"number": "AC1", "balance": "3.00"}, {"number": "AC2", "balance": "12.50"}]
    for domains, passed in (
        ({"holdings": [{"number": "AC1", "sum": {"balance": "12.50"}}]}, True),
        ({"holdings": rows}, False),
        ({"identity": [{"number": "AC1", "balance": "12.50"}]}, False),
        ({}, False),
    ):
        assert o.planted_facts_are_found(o.Glances((glance((fact,), **domains),))).passed is passed


@pytest.mark.parametrize(("told", "passed"), [("154****6847", True), ("155****6847", False), ("***", True)])
def test_a_masked_form_counts_where_it_fits(told: str, passed: bool) -> None:
    seen = o.Glances((glance((o.Fact("contact", (ADA.mobile,)),), contact=[{"mobile": told}]),))
    assert o.planted_facts_are_found(seen).passed is passed


def test_two_facts_in_a_hundred_may_be_missing_three_may_not() -> None:
    there, gone = o.Fact("risk", ("C3",)), o.Fact("risk", ("C5",))
    for missing, passed in ((2, True), (3, False)):
        facts = (*[there] * (100 - missing), *[gone] * missing)
        verdict = o.planted_facts_are_found(o.Glances((glance(facts, risk=[{"risk_level": "C3"}]),)))
        assert verdict.passed is passed
        assert verdict.measures["facts_share"] == 1 - missing / 100


def test_calls_and_time_are_those_of_the_worst() -> None:
    quick, slow = glance(()), glance((), seconds=0.7, calls=4)
    assert o.few_calls_suffice(o.Glances((quick,))).passed
    assert o.the_overview_is_quick(o.Glances((quick,))).passed
    assert not o.few_calls_suffice(o.Glances((quick, slow))).passed
    verdict = o.the_overview_is_quick(o.Glances((quick, slow)))
    assert not verdict.passed
    assert verdict.measures["overview_p99_ms"] == pytest.approx(700)


def test_a_change_that_never_shows_fails() -> None:
    assert o.changes_reach_the_overview(o.Reflection((0.1, 3.0))).passed
    assert not o.changes_reach_the_overview(o.Reflection((0.1, None))).passed


def test_what_the_bank_knows_covers_its_domains() -> None:
    bank = generate(seed=3, customers=120).bank
    households = {household.number: household for household in bank.of(Household)}
    facts = [fact for one in bank.customers for fact in o.known(bank, one, households)]
    assert {fact.domain for fact in facts} == {
        "identity", "contact", "risk", "kyc", "consents", "holdings", "transactions", "household",
        "tickets", "interactions", "campaigns", "opportunities",
    }  # fmt: skip
    open_accounts = {account.number for account in bank.of(Account) if account.closed is None}
    assert {fact.values[0] for fact in facts if fact.domain == "holdings"} == open_accounts
    assert sum(fact.domain == "tickets" for fact in facts) == len(bank.of(Ticket))
    assert all(not isinstance(value, date) or value.year > 1900 for fact in facts for value in fact.values)


def test_an_overview_that_was_refused_fails_by_its_refusal() -> None:
    with pytest.raises(Exception, match="forbidden"):
        o.few_calls_suffice(o.Glances((o.Glance("C1", (), no("forbidden", 403)),)))
