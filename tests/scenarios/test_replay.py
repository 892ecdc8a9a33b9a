"""Replay: a stored run is judged again from what is on record, and nothing is made up."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scenarios.actors import Actor, Credential
from scenarios.crm import CRM
from scenarios.evidence import Outcome
from scenarios.manifest import describe
from scenarios.port import Request
from scenarios.replay import rejudge
from scenarios.runner import run
from scenarios.scenario import Scenario, scenario
from scenarios.store import Store
from scenarios.verdict import Verdict, equal, holds
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import Customer
from tests.doubles import START, Acme, AcmeServer, acme

ACTORS = (Actor.INTEGRATION, Actor.RM_A, Actor.EXPIRED)


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=8).bank


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    settings = {"actors": {actor.value: {"username": actor.value.lower()} for actor in ACTORS}}
    made = describe(run="r", target="acme", title="Acme", started=START, bank={}, catalogue="c", settings=settings)
    with Store.create(tmp_path / "run", made) as store:
        yield store


def newcomer() -> Scenario[object]:
    @scenario("CUS-01")
    def a_newcomer(crm: CRM, bank: Bank) -> object:
        """A newcomer is put on file under a name of this play, and read by another."""
        one = bank.customers[0]
        crm.create(one)
        crm.update(Customer, one.number, {"occupation": f"poet {crm.nonce}"}, version="1")
        forged = crm.raw(Request(method="POST", path="/v3/contacts/read", headers={"Authorization": "Bearer forged-1"}))
        since = crm.clock.now().isoformat()
        recent = crm.raw(Request(method="POST", path="/v3/contacts/query", json={"since": since}))
        return crm, one, crm.acting_as(Actor.RM_A).get(Customer, one.number), forged, recent

    @a_newcomer.check
    def the_name_is_on_file(seen: object) -> Verdict:
        """The name is on file."""
        crm, _, answer, *_ = seen  # type: ignore[misc]
        return equal(answer.value["occupation"], f"poet {crm.nonce}")

    @a_newcomer.check
    def a_forged_token_is_refused(seen: object) -> Verdict:
        """A forged token is refused."""
        return equal(seen[3].value.json, {"error": "E401"})  # type: ignore[index]

    @a_newcomer.check
    def nothing_is_quick(seen: object) -> Verdict:
        """Each read takes its time."""
        return holds(seen[2].seconds > 0, observed=seen[2].seconds, expected="> 0")  # type: ignore[index]

    return a_newcomer


def test_the_same_checks_say_the_same_without_a_network(bank: Bank, store: Store) -> None:
    first = list(run([newcomer()], acme(), bank, run_id="r", target="acme", store=store))
    again = list(rejudge(store, [newcomer()], bank, Acme()))
    assert [piece.outcome for piece in first] == [Outcome.PASSED] * 3
    assert again == first


def test_a_stricter_check_judges_what_was_seen_then(bank: Bank, store: Store) -> None:
    list(run([newcomer()], acme(), bank, run_id="r", target="acme", store=store))
    stricter = newcomer()
    place = next(i for i, check in enumerate(stricter.checks) if check.name == "nothing_is_quick")

    def nothing_is_quick(seen: object) -> Verdict:
        """Each read takes a second."""
        return holds(seen[2].seconds > 1, observed=seen[2].seconds, expected="> 1")  # type: ignore[index]

    del stricter.checks[place]
    stricter.check(nothing_is_quick)
    judged = {piece.check: piece.outcome for piece in rejudge(store, [stricter], bank, Acme())}
    assert judged["nothing_is_quick"] is Outcome.FAILED


def test_a_session_that_was_opened_in_an_earlier_play_is_known(bank: Bank, store: Store) -> None:
    @scenario("SEC-07")
    def before(crm: CRM, bank: Bank) -> object:
        """Somebody signs in."""
        return crm.acting_as(Actor.RM_A).find(Customer, branch="BR01").ok

    @before.check
    def it_worked(seen: object) -> Verdict:
        """It worked."""
        return equal(seen, True)

    first = list(run([before, newcomer()], acme(), bank, run_id="r", target="acme", store=store))
    assert list(rejudge(store, [before, newcomer()], bank, Acme())) == first


def test_what_was_never_asked_is_not_made_up(bank: Bank, store: Store) -> None:
    list(run([newcomer()], acme(), bank, run_id="r", target="acme", store=store))

    @scenario("CUS-01")
    def a_newcomer(crm: CRM, bank: Bank) -> object:
        """Another story under the same name."""
        return crm.create(bank.customers[0]), crm.find(Customer, name="somebody else")

    for check in newcomer().checks:
        a_newcomer.check(check.judge)
    pieces = list(rejudge(store, [a_newcomer], bank, Acme()))
    assert {piece.outcome for piece in pieces} == {Outcome.BLOCKED}
    assert pieces[0].note == "BenchFault: POST /v3/contacts/query is not on record: play the scenario again"


def test_a_password_that_the_story_itself_sends_is_seen_again_in_replies(bank: Bank, store: Store) -> None:
    """A target that echoes passwords must fail when judged again, though the record holds no password."""

    def echoing() -> Scenario[object]:
        @scenario("SEC-07")
        def an_echo(crm: CRM, bank: Bank) -> object:
            """A password is sent, and what comes back is searched for it."""
            one = crm.acting_as(Actor.RM_A)
            told = {"customer_no": f"n{crm.nonce}", "password": f"hush-hush-{crm.nonce}"}
            one.raw(Request(method="POST", path="/v3/contacts", json=told))
            return told["password"], one.raw(Request(method="POST", path="/v3/contacts/query", json={}))

        @an_echo.check
        def no_password_comes_back(seen: object) -> Verdict:
            """No password comes back."""
            return equal(seen[0].encode() in seen[1].bytes, False)  # type: ignore[index]

        return an_echo

    first = [piece.outcome for piece in run([echoing()], acme(), bank, run_id="r", target="acme", store=store)]
    again = [piece.outcome for piece in rejudge(store, [echoing()], bank, Acme())]
    assert first == again == [Outcome.FAILED]
    assert b"hush-hush" not in (store.folder / "exchanges.jsonl").read_bytes()


def test_a_handshake_is_on_record_and_judged_again(bank: Bank, store: Store) -> None:
    @scenario("SEC-02")
    def shaking(crm: CRM, bank: Bank) -> object:
        """Two versions are tried, and the port without TLS."""
        return crm.wire.handshake("TLSv1").accepted, crm.wire.handshake("TLSv1.3").accepted, crm.wire.plain("/")

    @shaking.check
    def only_the_new_one_is_accepted(seen: object) -> Verdict:
        """Only the new one is accepted."""
        return equal(seen, (False, True, None))

    first = list(run([shaking], acme(), bank, run_id="r", target="acme", store=store))
    assert list(rejudge(store, [shaking], bank, Acme())) == first
    assert [piece.outcome for piece in first] == [Outcome.PASSED]
    assert len(first[0].exchanges) == 3


def test_forged_tokens_beside_an_expired_one_are_answered_as_they_were(bank: Bank, store: Store) -> None:
    @scenario("SEC-04")
    def forging(crm: CRM, bank: Bank) -> object:
        """An expired token is shown, then a forged one and a good one."""
        expired = crm.acting_as(Actor.EXPIRED)
        forged = expired.holding(crm.connector.session_of("forged-token-1"))
        return tuple(one.find(Customer, branch="x").reason for one in (expired, forged, crm))

    @forging.check
    def only_the_good_one_is_answered(seen: object) -> Verdict:
        """Only the good one is answered."""
        return equal(seen, ("unauthenticated", "unauthenticated", None))

    crm = acme(extra={Actor.EXPIRED: Credential(token="long-gone-token")})
    first = list(run([forging], crm, bank, run_id="r", target="acme", store=store))
    assert [piece.outcome for piece in first] == [Outcome.PASSED]
    assert list(rejudge(store, [forging], bank, Acme())) == first


def test_a_fault_of_that_day_is_a_fault_again(bank: Bank, store: Store) -> None:
    first = list(run([newcomer()], acme(AcmeServer(down=True)), bank, run_id="r", target="acme", store=store))
    again = list(rejudge(store, [newcomer()], bank, Acme()))
    assert {piece.outcome for piece in (*first, *again)} == {Outcome.BLOCKED}


def test_an_expired_token_keeps_its_own_answers(bank: Bank, store: Store) -> None:
    """Two actors ask the same; each is given what was said to it."""

    @scenario("SEC-04")
    def two_ask(crm: CRM, bank: Bank) -> object:
        """A good and an expired token ask the same."""
        return tuple(crm.acting_as(who).find(Customer, branch="x").reason for who in (Actor.EXPIRED, Actor.RM_A))

    @two_ask.check
    def only_the_good_one_is_answered(seen: object) -> Verdict:
        """Only the good one is answered."""
        return equal(seen, ("unauthenticated", None))

    crm = acme(extra={Actor.EXPIRED: Credential(token="long-gone-token")})
    first = list(run([two_ask], crm, bank, run_id="r", target="acme", store=store))
    assert [piece.outcome for piece in first] == [Outcome.PASSED]
    assert list(rejudge(store, [two_ask], bank, Acme())) == first
