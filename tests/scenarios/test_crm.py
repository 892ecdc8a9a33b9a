"""CRM: one actor's view of a target: sessions, patience, and answers that keep what was said."""

from dataclasses import replace

import pytest

from scenarios.actors import Actor, Credential
from scenarios.answers import Session
from scenarios.crm import PATIENCE, Answer
from scenarios.port import BenchFault, Refused, Reply, Request, Unsupported
from scenarios.recording import Memory, Recording
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import Customer
from tests.doubles import Acme, AcmeServer, acme


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=8).bank


class Brief(Acme):
    """Acme with sessions of a hundred seconds."""

    def session_of(self, token: str) -> Session:
        return replace(super().session_of(token), seconds=100)


def test_a_yes_gives_its_value_and_a_no_its_reason() -> None:
    yes: Answer[int] = Answer(given=7)
    no: Answer[int] = Answer(given=None, refusal=Refused("forbidden", status=403))
    assert (yes.ok, yes.value, yes.reason, yes.status) == (True, 7, None, 0)
    assert (no.ok, no.reason) == (False, "forbidden")
    with pytest.raises(Refused):
        _ = no.value


def test_an_answer_shows_all_that_crossed_the_wire() -> None:
    replies = (
        Reply(status=200, headers={"x-name": "Ada"}, body=b"one"),
        Reply(status=404, headers={}, body=b"two", seconds=0.5),
    )
    answer: Answer[int] = Answer(given=1, replies=replies)
    assert answer.bytes == b"Ada\none\ntwo"
    assert answer.status == 404


def test_a_session_is_opened_once_and_shared_by_all_views(bank: Bank) -> None:
    server = AcmeServer()
    crm = acme(server)
    crm.create(bank.customers[0])
    crm.acting_as(Actor.RM_A).acting_as(Actor.INTEGRATION).find(Customer, branch="x")
    assert len(server.tokens) == 1
    crm.acting_as(Actor.RM_A).find(Customer, branch="x")
    assert len(server.tokens) == 2


def test_a_session_that_was_forgotten_is_opened_anew() -> None:
    server = AcmeServer()
    crm = acme(server)
    crm.find(Customer, branch="x")
    crm.forget()
    crm.find(Customer, branch="x")
    assert len(server.tokens) == 2


def test_a_session_is_renewed_before_it_runs_out() -> None:
    server = AcmeServer()
    crm = acme(server)
    crm.connector = Brief()
    crm.find(Customer, branch="x")
    crm.clock.sleep(70)
    crm.find(Customer, branch="x")
    assert len(server.tokens) == 1
    crm.clock.sleep(20)
    crm.find(Customer, branch="x")
    assert len(server.tokens) == 2


def test_a_held_session_is_used_as_it_is_and_leaves_the_others_alone() -> None:
    server = AcmeServer()
    crm = acme(server)
    crm.find(Customer, branch="x")
    old = crm.holding(crm.connector.session_of("not-a-token"))
    assert old.find(Customer, branch="x").reason == "unauthenticated"
    assert crm.find(Customer, branch="x").ok
    assert len(server.tokens) == 1


def test_nobody_signs_in_for_the_anonymous() -> None:
    server = AcmeServer()
    assert acme(server).acting_as(Actor.ANONYMOUS).find(Customer, branch="x").reason == "unauthenticated"
    assert server.tokens == set()


def test_an_actor_without_credentials_is_our_fault() -> None:
    crm = acme().acting_as(Actor.LEAVER)
    assert not crm.has(Actor.LEAVER)
    with pytest.raises(BenchFault, match="no credential for actor leaver: add it"):
        crm.find(Customer, branch="x")


def test_a_refused_sign_in_is_the_answer_with_its_exchange() -> None:
    crm = acme(password="wrong-password")
    answer = crm.find(Customer, branch="x")
    assert (answer.reason, answer.status, len(answer.exchanges)) == ("unauthenticated", 200, 1)


def test_a_token_that_was_handed_out_before_needs_no_sign_in() -> None:
    server = AcmeServer(tokens={"old-token-1"})
    crm = acme(server, extra={Actor.RM_B: Credential(token="old-token-1")}).acting_as(Actor.RM_B)
    assert crm.find(Customer, branch="x").ok
    assert server.asked == 1


def test_what_the_product_lacks_speaks_of_the_product_before_anything_is_sent() -> None:
    server = AcmeServer()
    with pytest.raises(Unsupported, match="offers no merge"):
        acme(server).merge("a", "b")
    assert server.asked == 0
    assert acme().offers("find")
    assert not acme().offers("merge")


def test_too_fast_is_waited_for_as_long_as_the_vendor_asks() -> None:
    crm = acme(AcmeServer(silent_every=2))
    assert crm.find(Customer, branch="x").ok  # sign-in, silence, and again
    assert crm.clock.slept == [2.0]  # type: ignore[attr-defined]


def test_patience_ends_and_is_our_fault() -> None:
    crm = acme(AcmeServer(silent_every=1))
    with pytest.raises(BenchFault, match=f"throttled {PATIENCE} times in a row"):
        crm.find(Customer, branch="x")


def test_a_ration_is_tried_without_waiting() -> None:
    crm = acme(AcmeServer(silent_every=2)).without_waiting()
    assert crm.find(Customer, branch="x").reason == "throttled"
    assert crm.clock.slept == []  # type: ignore[attr-defined]


def test_a_fault_on_the_way_is_on_record_and_raised() -> None:
    memory = Memory()
    crm = acme(AcmeServer(down=True), recorder=Recording(memory))
    with pytest.raises(BenchFault, match="no reply"):
        crm.find(Customer, branch="x")
    assert [(one.reply, one.fault.split(":")[0]) for one in memory.exchanges] == [(None, "no reply from acme")]


def test_a_raw_request_is_answered_by_whatever_came() -> None:
    answer = acme().raw(Request(method="POST", path="/v3/contacts/read", json={"id": "nobody"}))
    assert answer.value.json == {"error": "E404"}


def test_seconds_are_those_of_the_replies(bank: Bank) -> None:
    crm = acme()
    crm.create(bank.customers[0])
    assert crm.find(Customer, branch="x").seconds == 0.002
