"""Contract: what every connector promises, the fictional one in memory and the real one over TLS alike.

A new connector joins by one line in ``MEETINGS``: a function that gives a CRM on an empty system.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from loadtests.contracts.published import Allowance
from poc.connectors.connect import connect, connector
from poc.connectors.promises import NOBODY, PROMISES, Trial, kept, translation_loses_nothing
from poc.lab.house import House
from poc.lab.standins.dataverse import Dataverse
from poc.lab.standins.fxiaoke import Fxiaoke
from poc.lab.standins.hubspot import HubSpot
from poc.lab.standins.salesforce import Salesforce
from poc.lab.standins.serving import serving
from poc.seeding import provision
from poc.settings import Target
from scenarios.actors import Actor, Credential
from scenarios.port import VERBS, BenchFault, Connector, Refused, Steps
from scenarios.recording import Memory, Recording
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import Customer, Record
from tests.doubles import Acme, AcmeServer, QuietClock, acme
from tests.vendors import standing


@contextmanager
def fictional(folder: Path, bank: Bank) -> Iterator[Trial]:
    """Acme in memory; every fifth reply is silence, which means "too fast"."""
    memory, server = Memory(), AcmeServer(silent_every=5)
    crm = acme(server, recorder=Recording(memory))
    yield Trial(crm=crm, memory=memory, bank=bank, secrets=(server.password, "token-"))


@contextmanager
def reference(folder: Path, bank: Bank) -> Iterator[Trial]:
    """The reference CRM over TLS, on an empty database."""
    with House.open(folder) as house:
        lab = house.reference("contract")
        target = Target(name="contract", connector="reference", url=lab.url, ca=lab.authority)
        boot = {Actor.ADMIN: Credential(username="admin", secret=lab.admin_password)}
        credentials = provision(connect(target, credentials=boot), bank, expire=partial(house.expire, "contract"))
        memory = Memory()
        crm = connect(target, credentials=credentials, recorder=Recording(memory))
        secrets = tuple(one.secret for one in credentials.values() if one.secret)
        yield Trial(crm=crm, memory=memory, bank=bank, secrets=secrets)


@contextmanager
def fxiaoke(folder: Path, bank: Bank) -> Iterator[Trial]:
    """A stand-in for 纷享销客 over HTTP; every answer is a 200, and each interface admits four calls in 20 s."""
    tight = (Allowance(kind="window", requests=4, seconds=20, per="interface"),)
    clock = QuietClock()
    vendor = Fxiaoke(("FSAID_1", "app-secret-1", "permanent-code-1"), frozenset({"1000"}), limits=tight, now=clock.at)
    with serving(vendor) as url:
        yield on_trial(
            "fxiaoke", url, Credential(username="FSAID_1/1000", secret="app-secret-1/permanent-code-1"), bank, clock
        )


@contextmanager
def salesforce(folder: Path, bank: Bank) -> Iterator[Trial]:
    """A stand-in for Salesforce Financial Services Cloud over HTTP."""
    clock = QuietClock()
    with serving(Salesforce(("client-id-1", "client-secret-1"), now=clock.at)) as url:
        yield on_trial("salesforce", url, Credential(username="client-id-1", secret="client-secret-1"), bank, clock)


@contextmanager
def hubspot(folder: Path, bank: Bank) -> Iterator[Trial]:
    """A stand-in for HubSpot over HTTP; its searches see what was written only after two seconds."""
    clock = QuietClock()
    app = ("client-id-1", "client-secret-1", "refresh-token-1")
    with serving(HubSpot(app, now=clock.at)) as url:
        yield on_trial("hubspot", url, Credential(username=app[0], secret="/".join(app[1:])), bank, clock)


@contextmanager
def dataverse(folder: Path, bank: Bank) -> Iterator[Trial]:
    """A stand-in for Dynamics 365 over HTTP; each account may send thirty requests in 20 s."""
    clock = QuietClock()
    tight = (Allowance(kind="window", requests=30, seconds=20, per="user"),)
    with serving(Dataverse({"client-id-1": "client-secret-1"}, limits=tight, now=clock.at)) as url:
        yield on_trial("dataverse", url, Credential(username="client-id-1", secret="client-secret-1"), bank, clock)


def on_trial(connector: str, url: str, credential: Credential, bank: Bank, clock: QuietClock) -> Trial:
    """A stand-in as the core system meets it."""
    memory = Memory()
    target = Target(name="contract", connector=connector, url=url)
    entry = {Actor.INTEGRATION: credential}
    crm = connect(target, credentials=entry, recorder=Recording(memory), clock=clock)
    return Trial(crm=crm, memory=memory, bank=bank, secrets=tuple(credential.secret.split("/")))


MEETINGS: dict[str, Callable[[Path, Bank], object]] = {
    "acme": fictional,
    "reference": reference,
    "fxiaoke": fxiaoke,
    "salesforce": salesforce,
    "hubspot": hubspot,
    "dataverse": dataverse,
    "amagi": partial(standing, "amagi-crm"),
}
SLOW = [pytest.mark.pg, pytest.mark.slow]
ON_TRIAL = [pytest.param(name, marks=SLOW if name in ("reference", "amagi") else []) for name in MEETINGS]
#: What a product cannot be held to, since it offers nothing of the kind.
LACKING = {
    "fxiaoke": {"a_stale_update_is_refused"},
    "hubspot": {"a_stale_update_is_refused"},
    "amagi": {"a_stale_update_is_refused", "a_wrong_password_is_a_refusal_and_no_fault"},
}


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=60).bank


@pytest.fixture(scope="module", params=ON_TRIAL)
def met(request: pytest.FixtureRequest, lab_folder: Path, bank: Bank) -> Iterator[tuple[str, Trial]]:
    with MEETINGS[request.param](lab_folder, bank) as made:  # type: ignore[attr-defined]
        yield request.param, made


@pytest.mark.parametrize("promise", PROMISES, ids=lambda one: one.__name__)
def test_a_connector_keeps_its_promises(met: tuple[str, Trial], promise: Callable[[Trial], str]) -> None:
    name, trial = met
    found = kept(promise, trial)
    assert found.seen == "" or found.kept is None
    assert (found.kept is None) == (promise.__name__ in LACKING.get(name, ()))


def test_a_refusal_is_an_answer_until_its_value_is_read(met: tuple[str, Trial]) -> None:
    answer = met[1].crm.get(Customer, NOBODY)
    assert not answer.ok
    with pytest.raises(Refused, match="not-found"):
        _ = answer.value


def test_a_double_is_refused_where_the_product_says_so() -> None:
    one = generate(seed=5, customers=60).bank.customers[0]
    crm = acme(AcmeServer())
    assert (crm.create(one).ok, crm.create(one).reason) == (True, "duplicate")


def test_a_promise_that_is_broken_says_what_was_seen(bank: Bank) -> None:
    class Forgetful(Acme):
        def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
            return (
                yield from super().create(replace(record, occupation="") if isinstance(record, Customer) else record)
            )

    memory = Memory()
    crm = acme(AcmeServer(), recorder=Recording(memory))
    crm.connector = Forgetful()
    found = kept(translation_loses_nothing, Trial(crm=crm, memory=memory, bank=bank, secrets=()))
    assert found.kept is False
    assert found.seen.startswith("occupation: sent")


def test_the_reference_connector_lacks_nothing() -> None:
    assert connector("reference").verbs() == VERBS


def home(bank: Bank) -> tuple[Customer, ...]:
    return tuple(one for one in bank.customers if one.guardian is None and one.state == "active")


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
