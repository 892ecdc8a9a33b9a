"""Unseeding: what was put is taken back, and nobody is believed who says so."""

from dataclasses import replace

import pytest

from poc.receipts import Receipts
from poc.seeding import seed
from poc.unseeding import unseed
from scenarios.answers import BulkReport, OnFile
from scenarios.crm import CRM
from scenarios.port import BenchFault, Connector, Refused, Request, Steps
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import Account, Customer, Record
from tests.doubles import AcmeServer, acme
from tests.poc.ledger import Ledger, meet


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=30).bank


@pytest.fixture(scope="module")
def stranger() -> Customer:
    return generate(seed=6, customers=1).bank.customers[0]


@pytest.fixture
def ledger(stranger: Customer) -> Ledger:
    """A product that held one customer before."""
    product = Ledger()
    product.rows[Customer, "before"] = replace(stranger, number="before")
    return product


@pytest.fixture
def crm(ledger: Ledger) -> CRM:
    return meet(ledger)


@pytest.fixture
def receipts(crm: CRM, bank: Bank) -> Receipts:
    kept = Receipts(target="ledger", bank=bank.digest)
    seed(crm, bank, receipts=kept)
    return kept


def test_all_that_was_put_is_gone_and_what_was_there_before_stays(
    crm: CRM, ledger: Ledger, receipts: Receipts, bank: Bank
) -> None:
    heard: list[tuple[str, int, int]] = []
    removal = unseed(crm, receipts, lambda *words: heard.append(words))
    assert set(ledger.rows) == {(Customer, "before")}
    assert (removal.way, sum(removal.rows.values())) == ("revert", bank.rows)
    assert removal.proof.holds
    assert removal.proof.looked_for == bank.rows
    assert removal.proof.counts["Customer"] == (1, 1)
    assert (heard[0][0], heard[-1][0], heard[-1][1]) == ("KycFile", "Customer", bank.rows)
    assert receipts.ended


def test_a_number_that_is_on_file_still_is_no_success(crm: CRM, ledger: Ledger, receipts: Receipts, bank: Bank) -> None:
    ledger.keeps_back = bank.customers[7].number
    with pytest.raises(BenchFault, match=rf"1 of {bank.rows} numbers are on file still, first {ledger.keeps_back}"):
        unseed(crm, receipts)
    assert not receipts.ended


def test_a_list_that_hides_what_can_be_read_is_not_believed(bank: Bank) -> None:
    class Hiding(Ledger):
        def revert(self, job: str) -> Steps[BulkReport]:
            yield Request(method="POST", path="/revert")
            return BulkReport(job=job, accepted=0, state="reverted")

        def export(self, kind: type[Record]) -> Steps[tuple[OnFile, ...]]:
            yield Request(method="GET", path="/export")
            return ()

    product, kept = meet(Hiding()), Receipts(target="t", bank=bank.digest)
    seed(product, bank, receipts=kept)
    with pytest.raises(BenchFault, match="are on file still"):
        unseed(product, kept)


def test_a_record_of_others_that_names_ours_is_an_orphan(
    crm: CRM, ledger: Ledger, receipts: Receipts, bank: Bank
) -> None:
    foreign = replace(bank.accounts[0], number="A-foreign")
    ledger.rows[Account, "A-foreign"] = foreign
    proof = unseed(crm, receipts).proof
    assert proof.orphans == (f"Account A-foreign names {foreign.customer}",)
    assert proof.moved == ("Account: 0 before, 1 now",)
    assert not proof.holds


def test_what_was_asked_for_and_never_receipted_is_taken_back_too(ledger: Ledger, crm: CRM, bank: Bank) -> None:
    kept = Receipts(target="ledger", bank=bank.digest)
    seed(crm, bank, receipts=kept)
    kept.lines = [one for one in kept.lines if one["line"] != "taken"]  # as if killed between reply and receipt
    unseed(crm, kept)
    assert set(ledger.rows) == {(Customer, "before")}


def test_a_removal_that_was_broken_off_goes_on(crm: CRM, ledger: Ledger, receipts: Receipts) -> None:
    last = receipts.put[-1]
    ledger.reverts.pop(last.job)
    for number in last.numbers:
        del ledger.rows[next(key for key in ledger.rows if key[1] == number)]
    receipts.note("taken back", job=last.job)
    assert unseed(crm, receipts).proof.holds


def test_a_product_without_jobs_is_cleared_record_by_record(bank: Bank) -> None:
    class Deleting(Ledger):
        bulk, revert = Connector.bulk, Connector.revert

        def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
            yield Request(method="POST", path="/one")
            self.rows[type(record), record.number] = record
            return record.number

        def delete(self, kind: type[Record], number: str) -> Steps[None]:
            yield Request(method="DELETE", path="/one")
            if self.rows.pop((kind, number), None) is None:
                raise Refused("not-found", status=404)

    product, kept = Deleting(), Receipts(target="t", bank=bank.digest)
    seed(meet(product), bank, receipts=kept)
    del product.rows[Customer, bank.customers[-1].number]
    removal = unseed(meet(product), kept)
    assert (removal.way, product.rows, removal.proof.holds) == ("delete", {}, True)


def test_a_product_that_takes_nothing_back_is_said_plainly(bank: Bank) -> None:
    product, kept = acme(AcmeServer()), Receipts(target="acme", bank=bank.digest)
    told = seed(product, bank, receipts=kept)
    rows = sum(told.rows.values())
    with pytest.raises(BenchFault, match=rf"takes nothing back \(Acme offers neither .* {rows} rows stay on file"):
        unseed(product, kept)


def test_a_refusal_to_take_back_names_the_job_and_the_remedy(bank: Bank) -> None:
    class Stubborn(Ledger):
        def revert(self, job: str) -> Steps[BulkReport]:
            yield Request(method="POST", path="/revert")
            raise Refused("conflict", status=409, detail="3 accounts hang on it")

    product, kept = meet(Stubborn()), Receipts(target="t", bank=bank.digest)
    seed(product, bank, receipts=kept)
    with pytest.raises(BenchFault, match=r"take job seed-.* back: conflict .*3 accounts hang on it; take off"):
        unseed(product, kept)


def test_what_cannot_be_listed_is_not_called_proven(bank: Bank) -> None:
    class Silent(Ledger):
        list = Connector.list

    product, kept = meet(Silent()), Receipts(target="t", bank=bank.digest)
    seed(product, bank, receipts=kept)
    proof = unseed(product, kept).proof
    assert proof.left == ()
    assert proof.unlisted["Customer"] == "the product offers neither lists nor exports"
    assert not proof.holds
