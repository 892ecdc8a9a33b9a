"""Webhooks: events reach a proven receiver, signed and without personal data; others hear nothing, and why is told."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from poc.connectors.receivers import Receivers
from poc.lab.authority import identity
from poc.lab.receivers import RECEIVER_HOST, receivers
from poc.reference_crm.operations.deliveries import deliver
from scenarios.listening import BAD, SOUND
from tests.poc.reference_crm.counter import Counter, counter, customer, opened

pytestmark = pytest.mark.pg


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("authority")
    identity(made)
    receivers(made)
    return made


@pytest.fixture(scope="module")
def calling(crm_database: str, folder: Path) -> Iterator[Counter]:
    """The service, allowed to call the bench's address."""
    with counter(crm_database, webhook_ca=folder / "ca.pem", webhook_networks=f"{RECEIVER_HOST}/32") as crm:
        yield crm


@pytest.fixture
def ears(folder: Path) -> Receivers:
    return Receivers(folder / "receivers", RECEIVER_HOST)


def subscribed(crm: Counter, url: str) -> dict[str, str]:
    reply = crm.ask("integration", "POST", "/v1/webhooks", json={"url": url, "events": ["record.create"]})
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


def test_an_event_arrives_once_signed_and_tells_nothing_of_the_person(calling: Counter, ears: Receivers) -> None:
    url = ears.open(SOUND)
    hook = subscribed(calling, url)
    opened(calling, 7001)
    calling.wait(deliver(calling.desk))
    calling.wait(deliver(calling.desk))
    (came,) = ears.heard(url)
    told = json.loads(came.body)
    assert (told["event"], told["subject"]) == ("record.create", "customers/C007001")
    assert set(told) == {"id", "event", "subject", "at", "version"}
    signed = f"{came.headers['x-event-time']}.{came.body}".encode()
    mark = hmac.new(hook["secret"].encode(), signed, hashlib.sha256).hexdigest()
    assert came.headers["x-event-signature"] == f"sha256={mark}"
    listed = calling.ask("integration", "GET", f"/v1/webhooks/{hook['id']}/deliveries").json()["items"]
    assert [(one["id"], one["state"]) for one in listed] == [(told["id"], "delivered")]
    assert calling.ask("integration", "DELETE", f"/v1/webhooks/{hook['id']}").status_code == 204


@pytest.mark.parametrize("make", [make for make in BAD if make != "clear"])
def test_a_receiver_that_proves_nothing_hears_nothing_and_the_log_says_why(
    calling: Counter, ears: Receivers, make: str
) -> None:
    url = ears.open(make)
    hook = subscribed(calling, url)
    opened(calling, 7100 + BAD.index(make))
    calling.wait(deliver(calling.desk))
    (listed,) = calling.ask("integration", "GET", f"/v1/webhooks/{hook['id']}/deliveries").json()["items"]
    assert ears.heard(url) == ()
    assert (listed["state"], listed["attempts"]) == ("waiting", 1)
    assert "certificate not accepted" in listed["note"]
    calling.ask("integration", "DELETE", f"/v1/webhooks/{hook['id']}")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.77/events",
        "https://127.0.0.1:5432/",
        "https://localhost/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/",
        "https://2130706433/",
        "https://user:word@127.0.0.77/",
        "https:///nowhere",
        "ftp://127.0.0.77/",
    ],
)
def test_an_address_that_must_not_be_called_is_refused_with_a_reason(calling: Counter, url: str) -> None:
    reply = calling.ask("admin", "POST", "/v1/webhooks", json={"url": url, "events": ["record.create"]})
    assert reply.status_code == 422, reply.text
    assert reply.json()["errors"][0]["field"] == "url"


def test_the_secret_is_shown_once_and_rests_sealed(calling: Counter, ears: Receivers) -> None:
    hook = subscribed(calling, ears.open(SOUND))
    listed = calling.ask("admin", "GET", "/v1/webhooks")
    assert hook["id"] in listed.text
    assert hook["secret"] not in listed.text
    calling.ask("admin", "DELETE", f"/v1/webhooks/{hook['id']}")


@pytest.mark.parametrize("who", ["teller-a", "rm-a", "manager-a", "agent", "marketing", "compliance", "auditor"])
def test_others_set_up_no_webhooks(calling: Counter, who: str) -> None:
    told = {"url": "https://127.0.0.77/", "events": ["record.create"]}
    assert calling.ask(who, "POST", "/v1/webhooks", json=told).status_code == 403
    assert calling.ask(who, "GET", "/v1/webhooks").status_code == 403


def test_a_customer_that_is_refused_is_not_announced(calling: Counter, ears: Receivers) -> None:
    url = ears.open(SOUND)
    hook = subscribed(calling, url)
    assert calling.ask("integration", "POST", "/v1/customers", json=customer(7300, mobile="1")).status_code == 422
    calling.wait(deliver(calling.desk))
    assert ears.heard(url) == ()
    calling.ask("integration", "DELETE", f"/v1/webhooks/{hook['id']}")
