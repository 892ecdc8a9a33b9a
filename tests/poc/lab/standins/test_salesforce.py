"""Salesforce: the stand-in and its connector agree on the documents: 403 for too much, a no inside a 200."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from loadtests.contracts.published import Allowance
from poc.connectors.connect import connect
from poc.lab.standins.salesforce import Salesforce
from poc.lab.standins.serving import serving
from poc.lab.standins.soql import SoqlError, rows_of
from poc.settings import Target
from scenarios.actors import Actor, Credential
from scenarios.crm import CRM
from scenarios.port import BenchFault, Reply
from synthetic_data.generator import generate
from synthetic_data.records import Account, Customer, Opportunity
from tests.doubles import QuietClock

BANK = generate(seed=5, customers=60).bank
PEOPLE = tuple(BANK.customers)


def met(url: str, clock: QuietClock) -> CRM:
    credential = Credential(username="client-1", secret="client-secret-1")
    target = Target(name="sf", connector="salesforce", url=url)
    return connect(target, credentials={Actor.INTEGRATION: credential}, clock=clock)


@pytest.fixture
def clock() -> QuietClock:
    return QuietClock()


@pytest.fixture
def vendor(clock: QuietClock) -> Salesforce:
    return Salesforce(("client-1", "client-secret-1"), now=clock.at)


@pytest.fixture
def crm(vendor: Salesforce, clock: QuietClock) -> Iterator[CRM]:
    with serving(vendor) as url:
        yield met(url, clock)


def test_a_number_that_is_on_file_is_refused_as_a_double(crm: CRM) -> None:
    assert [crm.create(PEOPLE[0]).reason, crm.create(PEOPLE[0]).reason] == [None, "duplicate"]


def test_a_bulk_load_tells_of_each_row_and_doubles_nothing_when_it_is_sent_again(crm: CRM) -> None:
    crm.create(PEOPLE[0])
    orphan = replace(next(iter(BANK.accounts)), customer="C88888888", joint_holders=())
    mine = replace(orphan, number="A-2", customer=PEOPLE[0].number)
    report = crm.bulk((orphan, mine)).value
    assert (report.accepted, [one.row for one in report.rejected]) == (1, [0])
    assert crm.bulk(PEOPLE[:5]).value.accepted == crm.bulk(PEOPLE[:5]).value.accepted == 5
    assert len(crm.list(Customer).value) == 5
    assert crm.get(Account, "A-2").value["customer"] == PEOPLE[0].number


def test_used_up_calls_are_a_403_that_blocks_the_bench_and_never_fails_the_product(clock: QuietClock) -> None:
    tight = (Allowance(kind="window", requests=2, seconds=86_400),)
    with serving(Salesforce(("client-1", "client-secret-1"), limits=tight, now=clock.at)) as url:
        crm = met(url, clock)
        crm.create(PEOPLE[0])
        crm.get(Customer, PEOPLE[0].number)
        with pytest.raises(BenchFault, match=r"used up \(api-usage=2/2\)"):
            crm.get(Customer, PEOPLE[0].number)


def test_too_many_long_calls_at_once_are_waited_for(crm: CRM) -> None:
    words = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
    body = f'[{{"message": "{words}", "errorCode": "REQUEST_LIMIT_EXCEEDED"}}]'.encode()
    assert crm.connector.throttle_of(Reply(status=403, headers={}, body=body)) == 5.0


def test_a_session_that_ended_is_unauthenticated(crm: CRM, vendor: Salesforce, clock: QuietClock) -> None:
    crm.create(PEOPLE[0])
    vendor.sessions.clear()
    assert crm.get(Customer, PEOPLE[0].number).reason == "unauthenticated"


def test_a_name_with_a_quote_is_text_and_no_query(crm: CRM) -> None:
    crm.create(replace(PEOPLE[0], name="O'Brien' OR Name LIKE '%"))
    crm.create(PEOPLE[1])
    assert len(crm.find(Customer, name="O'Brien' OR Name LIKE '%").value) == 1
    assert [one.number for one in crm.search(Customer, "O'Bri").value] == [PEOPLE[0].number]
    assert crm.search(Customer, "%").value[0].number == PEOPLE[0].number


def test_days_sums_and_groups_are_asked_for_in_the_vendors_ways(crm: CRM) -> None:
    crm.bulk(PEOPLE[:20])
    young = [one.number for one in PEOPLE[:20] if one.birth_date.isoformat() > "1990-01-01"]
    page = crm.list(Customer, where={"birth_date__gt": "1990-01-01"}, sort="-birth_date").value
    assert sorted(row.number for row in page) == sorted(young)
    assert sum(crm.count(Customer, "tier").value.values()) == 20


def test_a_stage_is_the_vendors_word_there_and_ours_here(crm: CRM, vendor: Salesforce) -> None:
    crm.create(PEOPLE[0])
    day = PEOPLE[0].since
    deal = Opportunity(
        number="O1", customer=PEOPLE[0].number, product="loan", stage="won", amount=next(iter(BANK.accounts)).balance,
        currency="CNY", owner="S1", opened=day, closes=day,
    )  # fmt: skip
    crm.create(deal)
    assert next(iter(vendor.rows["Opportunity"].values()))["StageName"] == "Closed Won"
    assert crm.get(Opportunity, "O1").value["stage"] == "won"


def test_what_is_deleted_is_not_found(crm: CRM) -> None:
    crm.create(PEOPLE[0])
    assert crm.delete(Customer, PEOPLE[0].number).ok
    assert crm.get(Customer, PEOPLE[0].number).reason == "not-found"


@pytest.mark.parametrize(
    "wrong", ["DELETE FROM Account", "SELECT Id FROM Account OFFSET 2001", "SELECT Id FROM X WHERE a"]
)
def test_a_query_beyond_the_documents_is_refused(wrong: str) -> None:
    with pytest.raises(SoqlError):
        rows_of(wrong, lambda kind: [])
