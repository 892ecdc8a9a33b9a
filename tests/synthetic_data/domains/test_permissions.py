"""Consents and KYC files."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

from synthetic_data.bank import Bank
from synthetic_data.records import Consent, Customer, KycFile


def test_consents_follow_one_another_and_a_withdrawal_comes_after_the_yes(bank: Bank) -> None:
    for customer in bank.customers:
        said = bank.belonging_to(Consent, customer.number)
        assert all(a.at <= b.at and a.number < b.number for a, b in pairwise(said))
        for purpose in ("marketing", "profiling", "sharing"):
            answers = [c.granted for c in said if c.purpose == purpose and c.channel in ("app", "web")]
            assert answers in ([True], [False], [True, False])


def test_the_version_is_that_of_the_day(bank: Bank) -> None:
    versions = {c.version: c.at.year for c in bank.of(Consent)}
    assert versions.keys() == {"1.0", "2.0", "2.1"}
    assert all(c.at.year <= 2021 for c in bank.of(Consent) if c.version == "1.0")


def test_every_customer_has_one_file_whose_status_follows_from_its_dates(bank: Bank) -> None:
    assert Counter(k.customer for k in bank.of(KycFile)) == dict.fromkeys((c.number for c in bank.customers), 1)
    for file in bank.of(KycFile):
        seen = bank.by_number(Customer, file.customer).closed_on or bank.as_of
        late, soon = file.due_on < seen, file.due_on <= seen + timedelta(days=30)
        assert file.status == ("overdue" if late else "due" if soon else "verified")
        assert file.verified_on <= bank.as_of


def test_high_risk_is_looked_at_harder(bank: Bank) -> None:
    for file in bank.of(KycFile):
        if bank.by_number(Customer, file.customer).aml_rating == "high":
            assert file.level == "enhanced"
    assert {f.status for f in bank.of(KycFile)} == {"verified", "due", "overdue"}
