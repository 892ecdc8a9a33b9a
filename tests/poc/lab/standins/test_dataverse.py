"""Dataverse: the stand-in and its connector agree on the documents: three limits, ETags, addresses of further pages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from loadtests.contracts.published import Allowance
from poc.connectors.connect import connect
from poc.connectors.dataverse import DataverseConnector
from poc.lab.standins.dataverse import Dataverse
from poc.lab.standins.odata import ODataError, grouped, matching
from poc.lab.standins.serving import Asked, Said, serving
from poc.settings import Target
from scenarios.actors import Actor, Credential
from scenarios.crm import CRM
from scenarios.port import BenchFault, Reply
from synthetic_data.generator import generate
from synthetic_data.records import Account, Customer, Ticket
from tests.doubles import QuietClock

BANK = generate(seed=5, customers=60).bank
PEOPLE = tuple(BANK.customers)
APPS = {"client-1": "client-secret-1", "client-2": "client-secret-2"}


class Always:
    """Says the same to everything."""

    def __init__(self, said: Said) -> None:
        self.said = said

    def answer(self, asked: Asked) -> Said:
        return self.said


def met(url: str, clock: QuietClock) -> CRM:
    known = {
        actor: Credential(username=name, secret=APPS[name])
        for actor, name in ((Actor.INTEGRATION, "client-1"), (Actor.RM_A, "client-2"))
    }
    return connect(Target(name="dv", connector="dataverse", url=url), credentials=known, clock=clock)


@pytest.fixture
def clock() -> QuietClock:
    return QuietClock()


@pytest.fixture
def vendor(clock: QuietClock) -> Dataverse:
    return Dataverse(APPS, now=clock.at)


@pytest.fixture
def crm(vendor: Dataverse, clock: QuietClock) -> Iterator[CRM]:
    with serving(vendor) as url:
        yield met(url, clock)


def test_a_number_that_is_on_file_is_refused_as_a_double(crm: CRM) -> None:
    assert [crm.create(PEOPLE[0]).reason, crm.create(PEOPLE[0]).reason] == [None, "duplicate"]


def test_a_412_without_a_code_is_told_apart_by_its_words() -> None:
    reasons = []
    for words in ("A record with matching key values already exists.", "The version of the existing record ..."):
        body = f'{{"error": {{"code": "", "message": "{words}"}}}}'.encode()
        no = DataverseConnector().error_of(Reply(status=412, headers={}, body=body))
        assert no is not None
        reasons.append(no.reason)
    assert reasons == ["duplicate", "conflict"]


@pytest.mark.parametrize(
    ("limit", "work", "waited"),
    [
        (Allowance(kind="window", requests=2, seconds=20, per="user"), 0.02, 20.0),
        (Allowance(kind="work", requests=30, seconds=20, per="user"), 15.0, 20.0),
        (Allowance(kind="at_once", requests=2, per="user"), 5.0, 5.0),
    ],
)
def test_each_of_the_three_limits_says_when_to_come_again(
    clock: QuietClock, limit: Allowance, work: float, waited: float
) -> None:
    with serving(Dataverse(APPS, limits=(limit,), work=work, now=clock.at)) as url:
        crm = met(url, clock)
        for _ in range(3):
            assert crm.get(Customer, "C1").reason == "not-found"
        assert clock.slept == [waited]
        clock.slept.clear()
        assert crm.acting_as(Actor.RM_A).get(Customer, "C1").reason == "not-found"
        assert clock.slept == []


def test_a_page_goes_on_at_the_address_that_came_with_it(crm: CRM) -> None:
    crm.bulk(PEOPLE[:9])
    seen, cursor = list[str](), None
    while True:
        page = crm.list(Customer, sort="name", limit=4, cursor=cursor).value
        seen += [str(row["name"]) for row in page]
        if (cursor := page.next) is None:
            break
    assert seen == sorted((one.name for one in PEOPLE[:9]), key=str.lower)


def test_one_bad_row_fails_its_batch_and_is_found_row_by_row(crm: CRM) -> None:
    crm.create(PEOPLE[0])
    orphan = replace(next(iter(BANK.accounts)), customer="C88888888", joint_holders=())
    mine = replace(orphan, number="A-2", customer=PEOPLE[0].number)
    report = crm.bulk((orphan, mine)).value
    assert (report.accepted, [one.row for one in report.rejected]) == (1, [0])
    assert crm.get(Account, "A-2").value["customer"] == PEOPLE[0].number
    assert crm.bulk(PEOPLE[:5]).value.accepted == crm.bulk(PEOPLE[:5]).value.accepted == 5


def test_an_update_never_creates_what_is_not_there(crm: CRM) -> None:
    assert crm.update(Customer, "C404", {"occupation": "poet"}).reason == "not-found"
    assert crm.get(Customer, "C404").reason == "not-found"


def test_sign_in_elsewhere_is_refused_unless_the_settings_name_it(clock: QuietClock) -> None:
    challenge = (
        "Bearer authorization_uri=https://login.example.com/tenant/oauth2/authorize, "
        "resource_id=https://org.crm.example.com/"
    )
    elsewhere = Always(Said(status=401, headers={"www-authenticate": challenge}))
    with serving(elsewhere) as url, pytest.raises(BenchFault, match=r"sign-in to https://login\.example\.com"):
        met(url, clock).get(Customer, "C1")


def test_an_address_that_is_no_environment_says_so(clock: QuietClock) -> None:
    with serving(Always(Said(told={}))) as url, pytest.raises(BenchFault, match="is it a Dataverse environment"):
        met(url, clock).get(Customer, "C1")


def test_a_session_that_ended_is_unauthenticated(crm: CRM, vendor: Dataverse) -> None:
    crm.create(PEOPLE[0])
    vendor.tokens.clear()
    assert crm.get(Customer, PEOPLE[0].number).reason == "unauthenticated"


def test_a_name_with_an_apostrophe_is_text_and_no_query(crm: CRM) -> None:
    crm.create(replace(PEOPLE[0], name="O'Brien' or lastname ne 'x"))
    crm.create(PEOPLE[1])
    assert len(crm.find(Customer, name="o'brien' or lastname ne 'x").value) == 1
    assert [one.number for one in crm.search(Customer, "O'Bri").value] == [PEOPLE[0].number]


def test_days_booleans_and_groups_are_asked_for_in_the_vendors_ways(crm: CRM) -> None:
    crm.bulk(PEOPLE[:20])
    young = [one.number for one in PEOPLE[:20] if one.birth_date.isoformat() > "1990-01-01"]
    page = crm.list(Customer, where={"birth_date__gt": "1990-01-01", "legal_hold": "false"}, sort="-birth_date").value
    assert sorted(row.number for row in page) == sorted(young)
    assert sum(crm.count(Customer, "tier").value.values()) == 20


def test_a_ticket_is_graded_in_numbers_there_and_in_our_words_here(crm: CRM, vendor: Dataverse) -> None:
    crm.create(PEOPLE[0])
    ticket = Ticket(
        number="T1", customer=PEOPLE[0].number, category="card", severity="high", subject="card", text="lost",
        opened_at=datetime(2026, 6, 30, 1, tzinfo=UTC), status="paused",
    )  # fmt: skip
    crm.create(ticket)
    assert vendor.rows.all("incidents")[0]["prioritycode"] == 1
    read = crm.get(Ticket, "T1").value
    assert (read["severity"], read["status"], read["customer"]) == ("high", "paused", PEOPLE[0].number)
    assert len(crm.list(Ticket, where={"severity": "high", "customer": PEOPLE[0].number}).value) == 1


def test_what_is_deleted_is_not_found(crm: CRM) -> None:
    crm.create(PEOPLE[0])
    assert crm.delete(Customer, PEOPLE[0].number).ok
    assert crm.get(Customer, PEOPLE[0].number).reason == "not-found"


@pytest.mark.parametrize("wrong", ["lastname", "lastname eq 'a' or lastname eq 'b'", "startswith(lastname,'a')"])
def test_a_filter_beyond_the_documents_we_read_is_refused(wrong: str) -> None:
    with pytest.raises(ODataError):
        matching(wrong)


def test_grouping_beyond_the_documents_is_refused() -> None:
    with pytest.raises(ODataError):
        grouped([], "aggregate(amount with sum as total)")
