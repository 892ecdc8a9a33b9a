"""Seeding: nothing is judged on ground that was not proven."""

from itertools import count

import pytest

from poc.receipts import Receipts, ReceiptsError
from poc.seeding import POSTS, is_still_there, provision, readback, refuse_to_double, seed
from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.port import BenchFault, Connector, Request, Steps
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import KINDS, Customer, Record
from tests.poc.ledger import Ledger, meet


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=30).bank


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def crm(ledger: Ledger) -> CRM:
    return meet(ledger)


def test_every_record_is_poured_in_parents_first(crm: CRM, ledger: Ledger, bank: Bank) -> None:
    receipt = seed(crm, bank)
    assert len(ledger.rows) == bank.rows == sum(receipt.rows.values())
    assert [kind for kind, _ in ledger.rows] == [kind for kind in KINDS for _ in bank.of(kind)]
    assert (receipt.bank, len(receipt.compared)) == (bank.digest, 3)


def test_the_same_bank_is_poured_under_the_same_jobs(crm: CRM, ledger: Ledger, bank: Bank) -> None:
    seed(crm, bank)
    first = list(ledger.jobs)
    seed(crm, bank)
    assert ledger.jobs == first * 2
    assert len(set(first)) == len(first)


def test_progress_is_told_until_all_rows_are_in(crm: CRM, bank: Bank) -> None:
    heard: list[tuple[str, int, int]] = []
    seed(crm, bank, lambda *words: heard.append(words))
    assert heard[0] == ("Customer", 0, bank.rows)
    assert heard[-1] == ("", bank.rows, bank.rows)


def test_a_row_that_is_rejected_stops_the_seeding_and_is_named(crm: CRM, ledger: Ledger, bank: Bank) -> None:
    ledger.rejects = bank.customers[4].number
    with pytest.raises(BenchFault, match=f"rejected 1 Customer rows, first {ledger.rejects}: name: too long"):
        seed(crm, bank)


@pytest.mark.parametrize(
    ("fault", "told"), [("loses", "not come back"), ("garbles", "came back with name '.'"), ("hides", "not found by")]
)
def test_a_canary_that_does_not_come_back_as_it_was_stops_everything(
    crm: CRM, ledger: Ledger, bank: Bank, fault: str, told: str
) -> None:
    setattr(ledger, fault, bank.customers[-1].number)
    with pytest.raises(BenchFault, match=rf"canary {bank.customers[-1].number} .*{told}"):
        seed(crm, bank)


def test_an_empty_target_is_noticed_before_a_run(crm: CRM, bank: Bank) -> None:
    with pytest.raises(BenchFault, match=r"does not come back: not-found .*seed it again"):
        readback(crm, bank)


def test_a_product_without_bulk_is_filled_one_by_one(bank: Bank) -> None:
    class Slow(Ledger):
        bulk = Connector.bulk

        def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
            yield Request(method="POST", path="/one")
            self.rows[type(record), record.number] = record
            return record.number

    slow = Slow()
    seed(meet(slow), bank)
    assert len(slow.rows) == bank.rows


def test_all_actors_are_made_and_the_leaver_is_shut_out(crm: CRM, ledger: Ledger, bank: Bank) -> None:
    numbers = count()
    made = provision(crm, bank, draw=lambda: f"secret-number-{next(numbers):02d}", expire=lambda name: None)
    assert set(made) == set(Actor) - {Actor.ANONYMOUS}
    assert ledger.users["rm-b"] == "rm"
    assert ledger.disabled == [POSTS[Actor.LEAVER].username]
    assert made[Actor.RM_A].branch == bank.branches[0].number
    assert made[Actor.RM_B].branch == bank.branches[1].number
    assert len({one.secret for one in made.values() if one.secret}) == len(made) - 1


def test_the_expired_token_was_good_once_and_ran_out(crm: CRM, ledger: Ledger, bank: Bank) -> None:
    ran_out: list[str] = []
    made = provision(crm, bank, expire=ran_out.append)
    assert made[Actor.EXPIRED].token == "token-of-rm-a-expired"
    assert (ran_out, ledger.jobs) == (["rm-a-expired"], []), "it was not signed out: that is another thing"


def test_users_that_exist_already_are_told_with_the_remedy(crm: CRM, ledger: Ledger, bank: Bank) -> None:
    ledger.users["teller-a"] = "teller"
    with pytest.raises(BenchFault, match=r"would not take user teller-a: duplicate .*empty database"):
        provision(crm, bank, expire=lambda name: None)


def test_customers_come_first_of_all_kinds() -> None:
    assert KINDS[0] is Customer


def test_a_second_seeding_asks_for_nothing_that_is_receipted(ledger: Ledger, crm: CRM, bank: Bank) -> None:
    receipts = Receipts(target="ledger", bank=bank.digest)
    assert seed(crm, bank, receipts=receipts).poured == bank.rows
    asked = len(ledger.jobs)
    again = seed(crm, bank, receipts=receipts)
    assert (again.poured, sum(again.rows.values()), len(ledger.jobs)) == (0, bank.rows, asked)


def test_a_target_that_was_emptied_since_is_noticed(ledger: Ledger, crm: CRM, bank: Bank) -> None:
    receipts = Receipts(target="ledger", bank=bank.digest)
    seed(crm, bank, receipts=receipts)
    assert is_still_there(crm, receipts)
    ledger.rows.clear()
    assert not is_still_there(crm, receipts)


def test_a_target_that_lost_a_part_is_not_gone_on_with(ledger: Ledger, crm: CRM, bank: Bank) -> None:
    receipts = Receipts(target="ledger", bank=bank.digest)
    seed(crm, bank, receipts=receipts)
    del ledger.rows[Customer, bank.customers[0].number]
    with pytest.raises(BenchFault, match=r"1 are no longer on file: take the rest back .*unseed"):
        is_still_there(crm, receipts)


def test_a_bank_that_is_there_is_not_poured_anew(ledger: Ledger, crm: CRM, bank: Bank) -> None:
    receipts = Receipts(target="ledger", bank=bank.digest)
    refuse_to_double(crm, receipts)
    seed(crm, bank, receipts=receipts)
    with pytest.raises(ReceiptsError, match="ledger holds this bank: take it back"):
        refuse_to_double(crm, receipts)
    ledger.rows.clear()
    refuse_to_double(crm, receipts)
