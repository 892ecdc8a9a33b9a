"""Vouching: what goes wrong with our own bench in mid-run is blocked, gone on with, and never the vendor's loss."""

from dataclasses import replace

import pytest

from poc.connectors.vouching import GO_ON, Vouching
from scenarios.actors import Actor, Credential
from scenarios.crm import CRM
from scenarios.evidence import Outcome
from scenarios.port import BenchFault, Connector, Reply, Request
from scenarios.recording import Memory, Recording
from scenarios.runner import run
from scenarios.scenario import scenario
from scenarios.verdict import Verdict, equal
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from tests.doubles import QuietClock

OPENED = Request(method="GET", path="/v3/contacts", headers={"Authorization": "Bearer good"})
FINE = Reply(status=200, headers={}, body=b"{}")
STRANGER = Reply(status=401, headers={}, body=b'{"error": "E401"}')
BROKEN = Reply(status=500, headers={}, body=b"{}")


def vouching(trouble: str = "") -> Vouching:
    return Vouching(Connector(), {"good": "RM-A"}, lambda: trouble)


def test_an_error_of_a_server_whose_database_is_gone_is_ours() -> None:
    with pytest.raises(BenchFault, match=f"the database is gone: start it, {GO_ON}"):
        vouching("the database is gone: start it").vouch(OPENED, BROKEN, lambda _: BROKEN)


def test_an_error_of_a_server_that_stands_is_its_own() -> None:
    vouching().vouch(OPENED, BROKEN, lambda _: BROKEN)


def test_a_token_that_opened_a_door_and_opens_it_no_more_has_run_out() -> None:
    one = vouching()
    one.vouch(OPENED, FINE, lambda _: FINE)
    with pytest.raises(BenchFault, match="the token of RM-A opened this target and opens it no more"):
        one.vouch(replace(OPENED, path="/v3/contracts"), STRANGER, lambda _: STRANGER)


def test_a_product_that_calls_a_known_user_a_stranger_at_one_door_only_is_believed() -> None:
    one = vouching()
    one.vouch(OPENED, FINE, lambda _: FINE)
    one.vouch(replace(OPENED, path="/v3/contracts"), STRANGER, lambda _: FINE)


def test_a_token_of_nobody_we_know_may_be_refused() -> None:
    one = vouching()
    forged = replace(OPENED, headers={"Authorization": "Bearer forged"})
    one.vouch(forged, FINE, lambda _: FINE)
    one.vouch(forged, STRANGER, lambda _: STRANGER)


@scenario("CUS-01")
def a_door(crm: CRM, bank: Bank) -> int:
    """Somebody knocks."""
    return crm.raw(Request(method="GET", path="/v3/contacts")).status


@a_door.check
def it_opens(seen: int) -> Verdict:
    """The door opens."""
    return equal(seen, 200)


class Failing:
    """A wire whose ground gives way and is mended; or that says "too fast" for ever."""

    def __init__(self, reply: Reply, trouble: str) -> None:
        self.reply, self.trouble = reply, trouble
        self.vouching = Vouching(Connector(), {"good": "RM-A"}, lambda: self.trouble)

    def send(self, request: Request) -> Reply:
        self.vouching.vouch(request, self.reply, lambda _: self.reply)
        return self.reply


@pytest.mark.parametrize(
    ("reply", "trouble", "note"),
    [
        (BROKEN, "shop does not run: touchstone target start shop", "shop does not run"),
        (BROKEN, "the database shop is gone: touchstone target start shop", "the database shop is gone"),
        (Reply(status=429, headers={"retry-after": "1"}, body=b""), "", "throttled 5 times in a row"),
    ],
)
def test_a_story_on_ground_that_gave_way_is_blocked_and_played_again_when_it_is_mended(
    reply: Reply, trouble: str, note: str
) -> None:
    wire = Failing(reply, trouble)
    credentials = {Actor.INTEGRATION: Credential(username="core", token="good")}
    memory = Memory()
    crm = CRM(Connector(), wire, credentials=credentials, recorder=Recording(memory), clock=QuietClock())  # type: ignore[arg-type]
    bank = generate(seed=5, customers=60).bank
    (first,) = run([a_door], crm, bank, run_id="r", target="shop")
    assert (first.outcome, note in first.note) == (Outcome.BLOCKED, True)
    wire.reply, wire.trouble = FINE, ""
    (again,) = run([a_door], crm, bank, run_id="r", target="shop")
    assert again.outcome is Outcome.PASSED
