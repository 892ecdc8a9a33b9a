"""Newcomers: valid, their own, the same for the same play, and gone after it whatever happens."""

from typing import Any, cast

import pytest

from scenarios.actors import Actor, Credential
from scenarios.answers import BulkReport, Rejection
from scenarios.crm import CRM, Answer
from scenarios.library.newcomers import first_branch, newcomers, on_file, second_branch
from scenarios.port import Refused, Unsupported
from synthetic_data import identities
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import Account, Customer, Record
from tests.scenarios.library.answering import account, yes


class Book:
    """A target that only keeps rows by job; it can lack bulk, refuse the last row, or refuse to take back."""

    def __init__(self, nonce: str = "abc12345", *, bulky: bool = True, picky: bool = False) -> None:
        self.nonce, self.bulky, self.picky = nonce, bulky, picky
        self.credentials = {Actor.RM_A: Credential(branch="BR02"), Actor.RM_B: Credential(branch="BR03")}
        self.jobs: dict[str, tuple[Record, ...]] = {}
        self.created: list[Record] = []

    def acting_as(self, actor: Actor) -> "Book":
        return self

    def offers(self, verb: str) -> bool:
        return self.bulky

    def bulk(self, rows: tuple[Record, ...], *, job: str) -> Answer[BulkReport]:
        self.jobs[job] = rows
        refused = (Rejection(row=len(rows) - 1, field="mobile", reason="not liked"),) if self.picky else ()
        return yes(BulkReport(job=job, accepted=len(rows), rejected=refused))

    def create(self, row: Record) -> Answer[str]:
        self.created.append(row)
        return yes(row.number)

    def revert(self, job: str) -> Answer[BulkReport]:
        if not self.bulky:
            raise Unsupported("no bulk")
        return yes(BulkReport(job=job, accepted=len(self.jobs.pop(job))))


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=150).bank


def crm(**other: Any) -> CRM:
    return cast(CRM, Book(**other))


def test_newcomers_are_valid_and_share_nothing_with_anybody(bank: Bank) -> None:
    people = newcomers(crm(), bank, 50)
    assert all(
        identities.is_national_id(one.national_id) and identities.is_card_number(one.card_number) for one in people
    )
    for field in ("number", "national_id", "mobile", "email", "card_number", "address"):
        known = {getattr(one, field) for one in bank.customers}
        assert len({getattr(one, field) for one in people} - known) == len(people)
    assert {one.branch for one in people} == {"BR02"}
    assert {one.state for one in people} == {"active"}


def test_newcomers_follow_from_the_play(bank: Bank) -> None:
    assert newcomers(crm(), bank, 3) == newcomers(crm(), bank, 3)
    assert newcomers(crm(), bank, 5)[:3] == newcomers(crm(), bank, 3)
    other = newcomers(crm(nonce="zzz99999"), bank, 3)
    assert not {one.national_id for one in other} & {one.national_id for one in newcomers(crm(), bank, 3)}


def test_branches_are_those_of_the_two_bankers(bank: Bank) -> None:
    assert (first_branch(crm(), bank), second_branch(crm(), bank)) == ("BR02", "BR03")


def test_what_is_put_on_file_is_taken_away_even_if_the_story_breaks_off(bank: Bank) -> None:
    book = Book()
    people = newcomers(cast(CRM, book), bank, 2)
    with pytest.raises(RuntimeError), on_file(cast(CRM, book), account("A1", people[0].number, "1"), *people):
        assert [type(rows[0]) for rows in book.jobs.values()] == [Customer, Account]  # parents first
        raise RuntimeError
    assert not book.jobs


def test_a_valid_row_that_is_refused_ends_the_story_and_leaves_nothing(bank: Bank) -> None:
    book = Book(picky=True)
    with pytest.raises(Refused, match="not liked"), on_file(cast(CRM, book), *newcomers(cast(CRM, book), bank, 2)):
        pytest.fail("the story must not begin")
    assert not book.jobs


def test_without_bulk_rows_are_created_one_by_one(bank: Bank) -> None:
    book = Book(bulky=False)
    people = newcomers(cast(CRM, book), bank, 2)
    with on_file(cast(CRM, book), *people):
        assert book.created == list(people)
