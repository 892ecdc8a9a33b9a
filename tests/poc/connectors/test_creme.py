"""Creme: its connector on what the product answered when it was recorded (2.8.6, 24 November 2026)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from poc.connectors.creme import CremeConnector
from poc.connectors.creme_forms import CALLS, COMPANIES, CONTACTS, DEALS, FORMS, TICKETS, form_of
from poc.connectors.dialect import kept as kept_fields
from poc.lab.vendors.creme import KINDS, STATUSES
from scenarios.actors import Actor, Credential
from scenarios.crm import CRM
from scenarios.port import Refused, Reply, Request, Unsupported, drive
from scenarios.recording import Memory, Recording
from synthetic_data.records import Account, Customer, Opportunity, Ticket
from tests.doubles import QuietClock
from tests.poc.connectors.recordings import Recorded

ONE = Customer(
    number="C90000001", name="徐燕婷", latin_name="Xu Yanting", language="zh", gender="F", birth_date=date(2003, 1, 25),
    national_id="499948200301251708", mobile="15424132971", email="xuyanting@example.com", address="东屏区春晓街4619号",
    card_number="9999000895427478", monthly_income=Decimal("6236.20"), currency="CNY", occupation="店主",
    employer="澜江和信物流有限公司", tier="mass", risk_level="C3", aml_rating="medium", state="active", branch="BR01",
    manager="S0019", since=date(2026, 1, 16),
)  # fmt: skip
CASE = Ticket(
    number="TK90000001", customer=ONE.number, category="card", severity="high", subject="银行卡遗失", text="挂失",
    opened_at=datetime(2026, 6, 27, 11, 32, 9, tzinfo=UTC), status="open",
)  # fmt: skip
DEAL = Opportunity(
    number="OP90000001", customer=ONE.number, product="loan", stage="proposed", amount=Decimal("96466693.20"),
    currency="CNY", owner="S0027", opened=date(2025, 10, 27), closes=date(2026, 2, 4),
)  # fmt: skip

#: In the order in which the product lets them go: a contact not before the deal that it is the target of.
LEAVING = ((Opportunity, DEAL.number), (Ticket, CASE.number), (Customer, ONE.number))


def play(crm: CRM) -> dict[str, Any]:
    """Do what is recorded: the same on the product and on the record of it."""
    stranger = crm.acting_as(Actor.ANONYMOUS).get(Customer, ONE.number)
    return {
        "stranger": stranger.reason,
        "made": [crm.create(one).value for one in (ONE, DEAL, CASE)],
        "shown": crm.get(Customer, ONE.number).value,
        "nobody": crm.get(Customer, "C99999999").reason,
        "changed": crm.update(Customer, ONE.number, {"occupation": "poet"}).value,
        "invalid": crm.update(Customer, ONE.number, {"email": "no address"}),
        "history": crm.history(Customer, ONE.number).value,
        "deal": crm.get(Opportunity, DEAL.number).value,
        "larger": len(crm.list(Opportunity, where={"amount__gt": "96466693.20"}).value),
        "clock": crm.ticket_act(CASE.number, "pause").value,
        "orphan": crm.create(replace(CASE, customer="C99999999")),
        "tied": crm.delete(Customer, ONE.number),
        "gone": [crm.delete(kind, number).ok for kind, number in LEAVING],
    }


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    credential = Credential(username="integration", token="a session of nobody")
    crm = CRM(
        CremeConnector(), Recorded.of("creme"), credentials={Actor.INTEGRATION: credential},
        recorder=Recording(Memory()), clock=QuietClock(), actor=Actor.INTEGRATION,
    )  # fmt: skip
    return play(crm)


def test_a_stranger_is_led_to_the_door_and_taken_for_a_stranger(seen: dict[str, Any]) -> None:
    assert seen["stranger"] == "unauthenticated"


def test_records_are_found_by_the_banks_number_and_nothing_is_lost(seen: dict[str, Any]) -> None:
    shown = seen["shown"]
    assert seen["made"] == [ONE.number, DEAL.number, CASE.number]
    assert {name: shown[name] for name in kept_fields(Customer)} == {
        **{name: getattr(ONE, name) for name in kept_fields(Customer)},
        "birth_date": "2003-01-25", "since": "2026-01-16", "monthly_income": "6236.20",
    }  # fmt: skip
    assert (seen["nobody"], seen["tied"].reason, seen["gone"]) == ("not-found", "conflict", [True, True, True])


def test_a_change_is_seen_and_told_with_what_was(seen: dict[str, Any]) -> None:
    assert seen["changed"]["occupation"] == "poet"
    told = [(one.field, one.before, one.after, one.who) for one in seen["history"] if one.field == "occupation"]
    assert told == [("occupation", "店主", "poet", "integration")]


def test_deals_and_tickets_hang_on_the_customer(seen: dict[str, Any]) -> None:
    deal = seen["deal"]
    assert (deal["customer"], deal["amount"], deal["stage"], deal["currency"]) == (
        ONE.number, "96466693.20", "proposed", "CNY",
    )  # fmt: skip
    assert seen["larger"] == 0
    assert (seen["clock"].status, seen["clock"].due_at) == ("paused", None)


def test_refusals_that_come_as_a_page_name_their_fields(seen: dict[str, Any]) -> None:
    orphan, invalid = seen["orphan"], seen["invalid"]
    assert (orphan.reason, orphan.refusal.fields) == ("invalid", ("customer",))
    assert (invalid.reason, invalid.refusal.fields) == ("invalid", ("email",))


def test_a_session_is_the_cookies_of_the_door() -> None:
    door = Reply(status=200, headers={"set-cookie": "csrftoken=once; expires=Tue, 23 Nov 2027; Path=/"}, body=b"")
    inside = "csrftoken=again; Path=/; SameSite=Lax, sessionid=within; HttpOnly; Path=/"
    replies = [door, Reply(status=302, headers={"location": "/", "set-cookie": inside}, body=b"")]
    sent: list[Request] = []

    def send(request: Request) -> Reply:
        sent.append(request)
        return replies[len(sent) - 1]

    connector = CremeConnector()
    session = drive(connector.sign_in(Credential(username="a b", secret="c&d")), send, connector.error_of)
    assert sent[1].body == b"username=a+b&password=c%26d"
    assert sent[1].headers["X-CSRFToken"] == "once"
    assert session.headers == {"Cookie": "csrftoken=again; sessionid=within", "X-CSRFToken": "again"}


def test_a_wrong_password_leaves_one_a_stranger() -> None:
    page = b'<form method="post"><ul class="errorlist nonfield"><li>Please enter a correct username</li></ul></form>'
    connector = CremeConnector()
    with pytest.raises(Refused, match="unauthenticated") as no:
        drive(
            connector.sign_in(Credential(username="a", secret="b")),
            lambda asked: Reply(status=200, headers={}, body=page if asked.method == "POST" else b"<form></form>"),
            connector.error_of,
        )
    assert no.value.status == 200


def test_what_the_product_lacks_is_unsupported() -> None:
    with pytest.raises(Unsupported, match="keeps no Account records"):
        form_of(Account)
    with pytest.raises(Unsupported, match="no field nickname"):
        CONTACTS.asked({"nickname": "x"})
    with pytest.raises(Unsupported, match="compares no since"):
        CONTACTS.asked({"since__gt": "2020-01-01"})
    with pytest.raises(Unsupported, match=r"sorts no persons/contacts by tier"):
        CONTACTS.order("tier")


def test_one_custom_field_is_asked_for_at_a_time_and_own_ones_by_their_names() -> None:
    asked = TICKETS.asked({"customer": "C1", "category": "card", "status": "paused"})
    assert asked == [
        ("customfieldstring__custom_field__name", "customer"), ("customfieldstring__value", "C1"),
        ("status__name", "Paused"),
    ]  # fmt: skip
    assert DEALS.order("-closes") == {"sort_key": "regular_field-expected_closing_date", "sort_order": "DESC"}


def test_the_lab_makes_every_field_and_column_that_the_connector_names() -> None:
    kinds = {one.path: one for one in KINDS}
    for form in (CONTACTS, COMPANIES, DEALS, TICKETS, CALLS):
        made = kinds[form.path]
        assert set(form.shape.names.values()) - set(form.own) == set(made.custom) | set(made.sums)
        assert form.sums == set(made.sums)
        assert {*form.own, "user"} <= set(made.own)
        assert (made.view, made.form) == (form.view, f"{form.entry}/add")
    assert len(KINDS) == len(FORMS)
    assert set(STATUSES) <= set(TICKETS.shape.words["status"].values())
