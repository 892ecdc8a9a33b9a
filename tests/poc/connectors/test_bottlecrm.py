"""BottleCRM: its connector on what the product answered when it was recorded (1.35.0, 24 November 2026)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from poc.connectors.bottlecrm import BottleCRMConnector
from poc.connectors.bottlecrm_forms import CASES, CONTACTS, form_of
from poc.connectors.dialect import kept as kept_fields
from poc.lab.vendors.bottlecrm import KINDS, custom_fields
from scenarios.actors import Actor, Credential
from scenarios.crm import CRM
from scenarios.port import Reply, Unsupported
from scenarios.recording import Memory, Recording
from scenarios.verdict import NotTestable
from synthetic_data.records import Account, Customer, Interaction, Opportunity, Ticket
from tests.doubles import QuietClock
from tests.poc.connectors.recordings import Recorded

ONE = Customer(
    number="C90000001", name="徐燕婷", latin_name="Xu Yanting", language="zh", gender="F", birth_date=date(2003, 1, 25),
    national_id="499948200301251708", mobile="15424132971", email="xuyanting@example.com", address="东屏区春晓街4619号",
    card_number="9999000895427478", monthly_income=Decimal("6236.20"), currency="CNY", occupation="店主",
    employer="澜江和信物流有限公司", tier="mass", risk_level="C3", aml_rating="medium", state="active", branch="BR01",
    manager="S0019", since=date(2026, 1, 16),
)  # fmt: skip
TWIN = replace(ONE, number="C90000002", name="徐燕平", national_id="499948200301251709")
CASE = Ticket(
    number="TK90000001", customer=ONE.number, category="card", severity="high", subject="银行卡遗失", text="挂失",
    opened_at=datetime(2026, 6, 27, 11, 32, 9, tzinfo=UTC), status="open",
)  # fmt: skip
TALK = Interaction(
    number="IN90000001", customer=ONE.number, channel="call", direction="in", at=datetime(2026, 3, 14, tzinfo=UTC),
    subject="地址", text="更正地址", staff="S0060",
)  # fmt: skip
DEAL = Opportunity(
    number="OP90000001", customer=ONE.number, product="loan", stage="proposed", amount=Decimal("646669.32"),
    currency="CNY", owner="S0027", opened=date(2025, 10, 27), closes=date(2026, 2, 4),
)  # fmt: skip


def play(crm: CRM) -> dict[str, Any]:
    """Do what is recorded: the same on the product and on the record of it."""
    stranger = crm.acting_as(Actor.ANONYMOUS).get(Customer, ONE.number)
    made = [crm.create(one).value for one in (ONE, DEAL, CASE)]
    talk = crm.create(TALK).value
    return {
        "stranger": stranger.reason,
        "made": made,
        "shown": crm.get(Customer, ONE.number).value,
        "nobody": crm.get(Customer, "C99999999").reason,
        "double": crm.create(TWIN).reason,
        "moved in": crm.create(TWIN, key="job-1").value,
        "both": {one.number for one in crm.find(Customer, email=ONE.email).value},
        "page": crm.list(Customer, where={"tier": "mass"}, limit=1).value,
        "changed": crm.update(Customer, ONE.number, {"occupation": "poet", "monthly_income": "7000.00"}).value,
        "deal": crm.get(Opportunity, DEAL.number).value,
        "stages": crm.count(Opportunity, "stage").value,
        "talk": crm.get(Interaction, talk).value,
        "clock": crm.ticket_act(CASE.number, "pause").value,
        "history": crm.history(Ticket, CASE.number).value,
        "glance": crm.overview(ONE.number).value,
        "orphan": crm.create(replace(CASE, customer="C99999999")),
        "invalid": crm.create(replace(TWIN, number="C90000003", email="no address")),
        "audit": crm.audit(subject=ONE.number).value,
        "gone": crm.delete(Customer, TWIN.number).ok,
    }


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    credential = Credential(username="integration@bank.example", token="bcrm_pat_of_nobody")
    crm = CRM(
        BottleCRMConnector(), Recorded.of("bottlecrm"), credentials={Actor.INTEGRATION: credential},
        recorder=Recording(Memory()), clock=QuietClock(), actor=Actor.INTEGRATION,
    )  # fmt: skip
    return play(crm)


def test_a_stranger_is_told_off_with_403_and_taken_for_a_stranger(seen: dict[str, Any]) -> None:
    assert seen["stranger"] == "unauthenticated"


def test_records_are_found_by_the_banks_number_and_nothing_is_lost(seen: dict[str, Any]) -> None:
    shown = seen["shown"]
    assert seen["made"] == [ONE.number, DEAL.number, CASE.number]
    assert {name: shown[name] for name in kept_fields(Customer)} == {
        **{name: getattr(ONE, name) for name in kept_fields(Customer)},
        "birth_date": "2003-01-25", "since": "2026-01-16", "monthly_income": "6236.20",
    }  # fmt: skip
    assert seen["nobody"] == "not-found"


def test_the_product_refuses_a_double_and_a_bank_that_moves_in_keeps_it(seen: dict[str, Any]) -> None:
    assert (seen["double"], seen["moved in"]) == ("duplicate", TWIN.number)
    assert seen["both"] == {ONE.number, TWIN.number}
    assert seen["gone"] is True


def test_pages_go_on_until_all_is_seen(seen: dict[str, Any]) -> None:
    page = seen["page"]
    assert (len(page), page.next) == (1, "1")


def test_a_change_is_seen_in_fields_of_its_own_and_in_custom_ones(seen: dict[str, Any]) -> None:
    assert (seen["changed"]["occupation"], seen["changed"]["monthly_income"]) == ("poet", "7000.00")


def test_deals_cases_and_interactions_hang_on_the_customer(seen: dict[str, Any]) -> None:
    deal, talk = seen["deal"], seen["talk"]
    assert (deal["customer"], deal["amount"], deal["stage"]) == (ONE.number, "646669.32", "proposed")
    assert seen["stages"]["proposed"] == 1
    assert (talk["number"], talk["subject"], talk["channel"]) == (TALK.number, "地址", "call")
    domains = seen["glance"].domains
    assert [domains[name][0]["number"] for name in ("opportunities", "tickets", "interactions")] == [
        DEAL.number, CASE.number, TALK.number,
    ]  # fmt: skip


def test_a_case_tells_its_time_and_its_past(seen: dict[str, Any]) -> None:
    clock, history = seen["clock"], seen["history"]
    assert clock.status == "paused"
    assert clock.due_at > CASE.opened_at
    assert [(one.field, one.before, one.after) for one in history] == [("status", "open", "paused")]


def test_refusals_name_their_fields(seen: dict[str, Any]) -> None:
    orphan, invalid = seen["orphan"], seen["invalid"]
    assert (orphan.reason, orphan.refusal.fields) == ("invalid", ("customer",))
    assert (invalid.reason, invalid.refusal.fields) == ("invalid", ("email",))


def test_the_feed_names_contacts_by_the_banks_number(seen: dict[str, Any]) -> None:
    assert [one.action for one in seen["audit"]] == ["record.create", "record.update"]


def test_every_shape_of_a_refusal_is_understood() -> None:
    connector = BottleCRMConnector()

    def reason(status: int, body: str) -> str | None:
        no = connector.error_of(Reply(status=status, headers={}, body=body.encode()))
        return no.reason if no else None

    assert reason(200, '{"error": false}') is None
    assert reason(200, '{"error": true, "message": "Nothing in this file can be imported."}') == "invalid"
    assert reason(403, '{"error": true, "errors": "Permission Denied"}') == "forbidden"
    assert reason(403, '{"detail": "Organization context is required. Please login again."}') == "unauthenticated"
    assert reason(400, '{"source": ["not a choice"]}') == "invalid"
    assert reason(404, "<!doctype html>") == "not-found"
    assert reason(502, "") == "server-error"


def test_too_fast_is_waited_for() -> None:
    assert BottleCRMConnector().throttle_of(Reply(status=429, headers={"retry-after": "7"}, body=b"{}")) == 7.0


def test_what_the_product_lacks_is_unsupported_and_what_no_bench_can_do_is_not_testable() -> None:
    with pytest.raises(Unsupported, match="keeps no Account records"):
        form_of(Account)
    with pytest.raises(Unsupported, match="filters no contacts by address"):
        CONTACTS.asked({"address": "x"})
    with pytest.raises(Unsupported, match="filters no cases by complaint"):
        CASES.asked({"complaint": "true"})
    with pytest.raises(Unsupported, match="sorts no contacts by name"):
        CONTACTS.order("name")
    assert CASES.order("-severity") == "-priority"
    with pytest.raises(NotTestable, match="mailed"):
        BottleCRMConnector().sign_in(Credential(username="a", secret="b"))
    with pytest.raises(NotTestable, match="public https"):
        BottleCRMConnector().subscribe("https://127.0.0.1/")


def test_the_lab_makes_every_custom_field_that_the_connector_names() -> None:
    made = {(one["target_model"], one["key"]) for one in custom_fields()}
    for target, (kind, _) in KINDS.items():
        form = form_of(kind)
        named = {theirs.removeprefix("cf_") for theirs in form.shape.names.values() if theirs.startswith("cf_")}
        assert form.target == target
        assert {(target, key) for key in named} <= made
    assert ("Contact", "shared_email") in made
