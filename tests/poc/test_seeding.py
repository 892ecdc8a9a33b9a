"""Seeding: nothing is judged on ground that was not proven."""

from collections.abc import Sequence
from itertools import count

import pytest

from poc.seeding import POSTS, provision, readback, seed
from scenarios.actors import Actor, Credential
from scenarios.answers import BulkReport, OnFile, Rejection, Session
from scenarios.crm import CRM
from scenarios.lines import plain
from scenarios.port import BenchFault, Connector, Refused, Reply, Request, Steps
from scenarios.recording import Memory, Recording
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import KINDS, Customer, Record
from tests.doubles import AcmeServer, QuietClock


class Ledger(Connector):
    """A vendor whose whole product is a dict; it can be told to reject, lose or garble a customer."""

    def __init__(self) -> None:
        self.rows: dict[tuple[type[Record], str], Record] = {}
        self.jobs: list[str] = []
        self.users: dict[str, str] = {}
        self.disabled: list[str] = []
        self.rejects = self.loses = self.garbles = self.hides = ""

    def sign_in(self, credential: Credential) -> Steps[Session]:
        yield Request(method="POST", path="/login")
        return self.session_of(f"token-of-{credential.username}")

    def sign_out(self) -> Steps[None]:
        yield Request(method="POST", path="/logout")
        self.jobs.append("signed out")

    def bulk(self, records: Sequence[Record], *, dry_run: bool = False, job: str | None = None) -> Steps[BulkReport]:
        yield Request(method="POST", path="/bulk")
        self.jobs.append(job or "")
        rejected = [
            Rejection(row=row, field="name", reason="too long")
            for row, record in enumerate(records)
            if record.number == self.rejects
        ]
        self.rows.update({(type(one), one.number): one for one in records if one.number != self.loses})
        return BulkReport(job=job or "", accepted=len(records) - len(rejected), rejected=tuple(rejected))

    def get(self, kind: type[Record], number: str, *, include: object = ()) -> Steps[OnFile]:
        yield Request(method="GET", path="/one")
        if (kind, number) not in self.rows:
            raise Refused("not-found", status=404)
        fields: dict[str, object] = plain(self.rows[kind, number])  # type: ignore[assignment]
        if number == self.garbles:
            fields["name"] = "?"
        return OnFile(kind=kind.__name__, number=number, fields=fields)

    def find(self, kind: type[Record], /, **by: str) -> Steps[tuple[OnFile, ...]]:
        yield Request(method="GET", path="/find")
        found = [
            one
            for (of, number), one in self.rows.items()
            if of is kind and number != self.hides and all(getattr(one, name) == value for name, value in by.items())
        ]
        return tuple(OnFile(kind=kind.__name__, number=one.number, fields={}) for one in found)

    def add_user(self, credential: Credential, role: str) -> Steps[None]:
        yield Request(method="POST", path="/users")
        if credential.username in self.users:
            raise Refused("duplicate", status=409)
        self.users[credential.username] = role

    def disable(self, username: str) -> Steps[None]:
        yield Request(method="POST", path="/disable")
        self.disabled.append(username)


class Nodding(AcmeServer):
    """A wire to a system that says yes to all."""

    __slots__ = ()

    def send(self, request: Request) -> Reply:
        return Reply(status=200, headers={}, body=b"{}")


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=30).bank


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def crm(ledger: Ledger) -> CRM:
    held = Credential(username="x", secret="y")
    return CRM(
        ledger,
        Nodding(),
        credentials={Actor.INTEGRATION: held, Actor.ADMIN: Credential(username="admin", secret="boot")},
        recorder=Recording(Memory()),
        clock=QuietClock(),
    )


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
    crm = CRM(
        slow,
        Nodding(),
        credentials={Actor.INTEGRATION: Credential(username="x", secret="y")},
        recorder=Recording(Memory()),
        clock=QuietClock(),
    )
    seed(crm, bank)
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
