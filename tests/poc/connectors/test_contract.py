"""Contract: what every connector promises, the fictional one in memory and the real one over TLS alike.

A new connector joins by one line in ``MEETINGS``: a function that gives a CRM on an empty system.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path

import pytest

from poc.connectors.connect import connect
from poc.lab.house import House
from poc.seeding import provision
from poc.settings import Target
from scenarios.actors import Actor, Credential
from scenarios.crm import CRM
from scenarios.lines import plain
from scenarios.port import VERBS, BenchFault, Connector, Refused, Unsupported
from scenarios.recording import Memory, Recording
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import Account, Customer
from tests.doubles import AcmeServer, acme


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A target on trial by contract: as the core system meets it, its record, and its secrets."""

    crm: CRM
    memory: Memory
    secrets: tuple[str, ...]


@contextmanager
def fictional(folder: Path, bank: Bank) -> Iterator[Met]:
    """Acme in memory; every fifth reply is silence, which means "too fast"."""
    memory, server = Memory(), AcmeServer(silent_every=5)
    yield Met(crm=acme(server, recorder=Recording(memory)), memory=memory, secrets=(server.password, "token-"))


@contextmanager
def reference(folder: Path, bank: Bank) -> Iterator[Met]:
    """The reference CRM over TLS, on an empty database."""
    with House.open(folder) as house:
        lab = house.reference("contract")
        target = Target(name="contract", connector="reference", url=lab.url, ca=lab.authority)
        boot = {Actor.ADMIN: Credential(username="admin", secret=lab.admin_password)}
        credentials = provision(connect(target, credentials=boot), bank, expire=partial(house.expire, "contract"))
        memory = Memory()
        crm = connect(target, credentials=credentials, recorder=Recording(memory))
        yield Met(crm=crm, memory=memory, secrets=tuple(one.secret for one in credentials.values() if one.secret))


MEETINGS: dict[str, Callable[[Path, Bank], object]] = {"acme": fictional, "reference": reference}
ON_TRIAL = ["acme", pytest.param("reference", marks=[pytest.mark.pg, pytest.mark.slow])]


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=60).bank


@pytest.fixture(scope="module", params=ON_TRIAL)
def met(request: pytest.FixtureRequest, lab_folder: Path, bank: Bank) -> Iterator[Met]:
    with MEETINGS[request.param](lab_folder, bank) as made:  # type: ignore[attr-defined]
        yield made


@pytest.fixture
def crm(met: Met) -> CRM:
    return met.crm


def home(bank: Bank) -> tuple[Customer, ...]:
    """Customers that rest on nobody else."""
    return tuple(one for one in bank.customers if one.guardian is None and one.state == "active")


def settled(crm: CRM, one: Customer) -> str:
    """Put a customer on file, unless an earlier test did."""
    answer = crm.create(one)
    if not answer.ok:
        assert answer.reason in ("duplicate", "conflict")
        return one.number
    return answer.value


def test_what_is_put_on_file_is_found_again(crm: CRM, bank: Bank) -> None:
    one = home(bank)[0]
    number = settled(crm, one)
    assert crm.get(Customer, number).value.text("name") == one.name
    assert [found.number for found in crm.find(Customer, national_id=one.national_id).value] == [number]


def test_translation_loses_nothing(crm: CRM, bank: Bank) -> None:
    one = home(bank)[1]
    shown = crm.get(Customer, settled(crm, one)).value
    lost = {
        field.name: (plain(getattr(one, field.name)), shown[field.name])
        for field in fields(one)
        if str(plain(getattr(one, field.name))) != str(shown[field.name])
    }
    assert lost == {}


def test_a_refusal_is_an_answer_until_its_value_is_read(crm: CRM, bank: Bank) -> None:
    settled(crm, home(bank)[0])
    answer = crm.create(home(bank)[0])
    assert (answer.ok, answer.reason) == (False, "duplicate")
    with pytest.raises(Refused, match="duplicate"):
        _ = answer.value


def test_nobody_is_found_under_a_number_that_nobody_has(crm: CRM) -> None:
    assert crm.get(Customer, "C99999999").reason == "not-found"


def test_what_is_not_overridden_is_unsupported(crm: CRM) -> None:
    lacking = VERBS - type(crm.connector).verbs()
    assert all(crm.offers(name) for name in VERBS - lacking)
    if "merge" in lacking:
        with pytest.raises(Unsupported, match="offers no merge"):
            crm.merge("a", "b")


def test_the_reference_connector_lacks_nothing(met: Met) -> None:
    if met.crm.connector.title != "Acme":
        assert type(met.crm.connector).verbs() == VERBS


def test_every_answer_is_on_record(met: Met) -> None:
    answer = met.crm.find(Customer, branch="BR01")
    kept = {exchange.id: exchange for exchange in met.memory.exchanges}
    assert answer.exchanges
    assert [kept[name].verb for name in answer.exchanges] == ["find"] * len(answer.exchanges)
    assert kept[answer.exchanges[-1]].reply is not None


def test_secrets_are_never_on_record(met: Met) -> None:
    met.crm.find(Customer, branch="BR01")
    told = repr([(exchange.request, exchange.reply) for exchange in met.memory.exchanges])
    assert not [secret for secret in met.secrets if secret in told]
    assert "[secret-" in told


def test_a_stale_update_is_refused_and_a_fresh_one_is_seen(crm: CRM, bank: Bank) -> None:
    number = settled(crm, home(bank)[2])
    before = crm.get(Customer, number).value
    assert before.version is not None
    crm.update(Customer, number, {"occupation": "poet"}, version=before.version).value  # noqa: B018
    stale = crm.update(Customer, number, {"occupation": "clerk"}, version=before.version)
    assert stale.reason == "conflict"
    assert crm.get(Customer, number).value["occupation"] == "poet"


def test_paging_sees_all_and_none_twice(crm: CRM, bank: Bank) -> None:
    wanted = [settled(crm, one) for one in home(bank)[:11]]
    seen: list[str] = []
    cursor = None
    while True:
        page = crm.list(Customer, limit=4, cursor=cursor).value
        assert len(page) <= 4
        seen += [row.number for row in page]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen))
    assert set(wanted) <= set(seen)


def test_a_child_record_keeps_its_parent(crm: CRM, bank: Bank) -> None:
    one = home(bank)[0]
    number = settled(crm, one)
    account = replace(
        next(a for a in bank.accounts if a.closed is None), number="A-CONTRACT", customer=number, joint_holders=()
    )
    made = crm.create(account)
    assert made.ok or made.reason == "duplicate"
    assert crm.get(Account, "A-CONTRACT").value["customer"] == number


def test_a_wrong_password_is_a_refusal_and_no_fault(crm: CRM) -> None:
    stranger = CRM(
        crm.connector,
        crm.wire,
        credentials={Actor.RM_A: Credential(username="nobody-we-know", secret="not-the-password")},
        recorder=crm.recorder,
        clock=crm.clock,
        actor=Actor.RM_A,
    )
    answer = stranger.get(Customer, "C00000001")
    assert answer.reason == "unauthenticated"
    assert answer.exchanges


def test_throttled_is_waited_for_and_not_scored(bank: Bank) -> None:
    server = AcmeServer(silent_every=2)
    crm = acme(server)
    assert crm.create(home(bank)[0]).ok
    assert crm.clock.slept  # type: ignore[attr-defined]


def test_throttled_without_end_is_our_fault_and_not_the_vendors() -> None:
    with pytest.raises(BenchFault, match="throttled 5 times in a row"):
        acme(AcmeServer(silent_every=1)).get(Customer, "C1")


def test_a_connector_of_nothing_offers_nothing() -> None:
    assert Connector.verbs() == frozenset()
