"""HubSpot: the stand-in and its connector agree on the documents: 207 for some, 429 and policy, searches that lag."""

from collections.abc import Iterator
from dataclasses import replace

import orjson
import pytest

from loadtests.contracts.published import Allowance
from poc.connectors.connect import connect
from poc.connectors.hubspot import HubSpotConnector
from poc.lab.standins.hubspot import HubSpot
from poc.lab.standins.serving import serving
from poc.settings import Target
from scenarios.actors import Actor, Credential
from scenarios.crm import CRM
from scenarios.port import BenchFault, Reply
from synthetic_data.generator import generate
from synthetic_data.records import Customer, Opportunity
from tests.doubles import QuietClock

BANK = generate(seed=5, customers=60).bank
PEOPLE = tuple(BANK.customers)
APP = ("client-1", "client-secret-1", "refresh-1")


def met(url: str, clock: QuietClock) -> CRM:
    credential = Credential(username=APP[0], secret="/".join(APP[1:]))
    target = Target(name="hs", connector="hubspot", url=url)
    return connect(target, credentials={Actor.INTEGRATION: credential}, clock=clock)


@pytest.fixture
def clock() -> QuietClock:
    return QuietClock()


@pytest.fixture
def vendor(clock: QuietClock) -> HubSpot:
    return HubSpot(APP, now=clock.at)


@pytest.fixture
def crm(vendor: HubSpot, clock: QuietClock) -> Iterator[CRM]:
    with serving(vendor) as url:
        yield met(url, clock)


def said(status: int, **told: object) -> Reply:
    return Reply(status=status, headers={}, body=orjson.dumps(told))


def test_a_number_and_an_address_that_are_on_file_are_refused_as_doubles(crm: CRM) -> None:
    one = PEOPLE[0]
    assert crm.create(one).ok
    assert crm.create(replace(one, email="other@example.com")).reason == "duplicate"
    assert crm.create(replace(one, number="C-2")).reason == "duplicate"


def test_a_search_lags_behind_what_is_read_at_once(crm: CRM, clock: QuietClock) -> None:
    crm.create(PEOPLE[0])
    assert [one.number for one in crm.find(Customer, number=PEOPLE[0].number).value] == [PEOPLE[0].number]
    assert crm.find(Customer, mobile=PEOPLE[0].mobile).value == ()
    clock.sleep(2)
    assert len(crm.find(Customer, mobile=PEOPLE[0].mobile).value) == 1


def test_a_batch_tells_of_each_row_and_doubles_nothing_when_it_is_sent_again(crm: CRM) -> None:
    wrong = replace(PEOPLE[1], email="nobody")
    report = crm.bulk((PEOPLE[0], wrong, PEOPLE[2])).value
    assert (report.accepted, [(one.row, one.field) for one in report.rejected]) == (2, [(1, "email")])
    assert crm.bulk((PEOPLE[0], PEOPLE[2])).value.accepted == 2
    assert len(crm.list(Customer).value) == 2


def test_the_sixth_search_of_a_second_waits_and_says_so(crm: CRM, clock: QuietClock) -> None:
    crm.create(PEOPLE[0])
    clock.slept.clear()
    for _ in range(6):
        crm.find(Customer, mobile="1")
    assert clock.slept == [1.0]


def test_too_many_in_ten_seconds_are_waited_for(clock: QuietClock) -> None:
    tight = (Allowance(kind="window", requests=2, seconds=10),)
    with serving(HubSpot(APP, limits=tight, now=clock.at)) as url:
        crm = met(url, clock)
        numbers = [crm.get(Customer, "C1").reason for _ in range(3)]
    assert (numbers, clock.slept) == (["not-found"] * 3, [10.0])


def test_a_day_that_is_used_up_blocks_the_bench_and_never_fails_the_product(clock: QuietClock) -> None:
    with serving(HubSpot(APP, limits=(Allowance(kind="day", requests=1),), now=clock.at)) as url:
        crm = met(url, clock)
        crm.get(Customer, "C1")
        with pytest.raises(BenchFault, match="after midnight in the account's time zone"):
            crm.get(Customer, "C1")


def test_a_token_ends_after_half_an_hour_and_a_new_one_is_fetched_in_time(
    crm: CRM, vendor: HubSpot, clock: QuietClock
) -> None:
    crm.get(Customer, "C1")
    clock.sleep(1800)
    assert crm.get(Customer, "C1").reason == "not-found"
    vendor.tokens = dict.fromkeys(vendor.tokens, 0.0)
    assert crm.get(Customer, "C1").reason == "unauthenticated"


@pytest.mark.parametrize(
    ("reply", "wait"),
    [
        (said(423), 2.0),
        (said(429, policyName="TEN_SECONDLY_ROLLING"), 10.0),
        (Reply(status=429, headers={"retry-after": "7"}, body=b"<html>"), 7.0),
        (said(503), None),
    ],
)
def test_how_long_to_wait_is_told_by_status_policy_or_header(reply: Reply, wait: float | None) -> None:
    assert HubSpotConnector().throttle_of(reply) == wait


def test_an_account_on_the_move_blocks_the_bench() -> None:
    with pytest.raises(BenchFault, match="moved between data centres"):
        HubSpotConnector().throttle_of(said(477))


def test_a_deal_is_associated_with_its_contact_and_refused_without(crm: CRM) -> None:
    day = PEOPLE[0].since
    deal = Opportunity(
        number="O1", customer=PEOPLE[0].number, product="loan", stage="won", amount=next(iter(BANK.accounts)).balance,
        currency="CNY", owner="S1", opened=day, closes=day,
    )  # fmt: skip
    assert crm.create(deal).reason == "not-found"
    crm.create(PEOPLE[0])
    crm.create(deal)
    read = crm.get(Opportunity, "O1").value
    assert (read["stage"], read["customer"], read["amount"]) == ("won", deal.customer, str(deal.amount))


def test_history_tells_each_change_oldest_first(crm: CRM, clock: QuietClock) -> None:
    crm.create(PEOPLE[0])
    clock.sleep(1)
    crm.update(Customer, PEOPLE[0].number, {"occupation": "poet"})
    (last,) = [one for one in crm.history(Customer, PEOPLE[0].number).value if one.field == "occupation"][1:]
    assert (last.before, last.after, last.source) == (PEOPLE[0].occupation, "poet", "INTEGRATION")


def test_days_are_compared_and_sorted_and_pages_go_on(crm: CRM, clock: QuietClock) -> None:
    crm.bulk(PEOPLE[:20])
    clock.sleep(2)
    young = sorted(one.birth_date.isoformat() for one in PEOPLE[:20] if one.birth_date.isoformat() > "1990-01-01")
    first = crm.list(Customer, where={"birth_date__gt": "1990-01-01"}, sort="-birth_date", limit=2).value
    second = crm.list(Customer, where={"birth_date__gt": "1990-01-01"}, sort="-birth_date", limit=2, cursor=first.next)
    seen = [row["birth_date"] for row in (*first, *second.value)]
    assert seen == young[::-1][:4]


def test_two_become_one_and_the_survivor_keeps_its_number(crm: CRM) -> None:
    crm.create(replace(PEOPLE[0], employer=""))
    crm.create(replace(PEOPLE[1], employer="Mill"))
    merged = crm.merge(PEOPLE[0].number, PEOPLE[1].number).value
    assert (merged.number, merged["employer"]) == (PEOPLE[0].number, "Mill")
    assert crm.get(Customer, PEOPLE[1].number).reason == "not-found"


def test_what_is_archived_is_not_found(crm: CRM) -> None:
    crm.create(PEOPLE[0])
    assert crm.delete(Customer, PEOPLE[0].number).ok
    assert crm.get(Customer, PEOPLE[0].number).reason == "not-found"
    assert crm.create(PEOPLE[0]).ok


def test_a_name_is_found_by_a_part_of_it(crm: CRM, clock: QuietClock) -> None:
    crm.create(replace(PEOPLE[0], name="Li O'Brien"))
    clock.sleep(2)
    assert [one.number for one in crm.search(Customer, "o'bri").value] == [PEOPLE[0].number]
