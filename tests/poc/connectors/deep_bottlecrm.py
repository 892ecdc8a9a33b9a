"""Deep bottlecrm: BottleCRM as it is, installed by its recipe: every promise of a connector, and what it offers beside.

Not part of the ordinary suite (``make vendors-check``): the first time the product is installed, which takes minutes.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from poc.connectors.connect import cache, connect
from poc.connectors.promises import PROMISES, Trial, kept
from poc.lab.vendors.lab import VendorLab
from scenarios.actors import Actor
from scenarios.port import VERBS, Unsupported
from scenarios.recording import Memory, Recording
from scenarios.verdict import NotTestable
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import Company, Customer, Interaction, Opportunity, Ticket

NAME = "bottlecrm"
#: It tells no versions, and no password opens it.
LACKING = {"a_stale_update_is_refused", "a_wrong_password_is_a_refusal_and_no_fault"}


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=60).bank


@pytest.fixture(scope="module")
def trial(bank: Bank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """The product with the database of its beginning, as the core system meets it; it is stopped afterwards."""
    lab = VendorLab(folder=Path(os.environ.get("TOUCHSTONE_VENDORS") or cache(os.environ) / "vendors"))
    if not lab.product(NAME).installed:
        lab.install(NAME, lambda *_: None)
    target = lab.start(NAME, tmp_path_factory.mktemp("listed") / "targets.toml", lambda *_: None, fresh=True)
    memory = Memory()
    crm = connect(target, recorder=Recording(memory))
    secrets = tuple(one.token for one in crm.credentials.values() if one.token)
    yield Trial(crm=crm.acting_as(Actor.INTEGRATION), memory=memory, bank=bank, secrets=secrets)
    lab.stop(NAME)


@pytest.mark.parametrize("promise", PROMISES, ids=lambda one: one.__name__)
def test_a_connector_keeps_its_promises(trial: Trial, promise: Callable[[Trial], str]) -> None:
    found = kept(promise, trial)
    assert found.seen == "" or found.kept is None
    assert (found.kept is None) == (promise.__name__ in LACKING)


def test_children_hang_on_their_customer_and_are_found_by_the_banks_number(trial: Trial) -> None:
    one = next(one for one in trial.bank.customers if trial.bank.belonging_to(Opportunity, one.number))
    trial.settled(one)
    deal = trial.bank.belonging_to(Opportunity, one.number)[0]
    assert trial.crm.create(deal).value == deal.number
    seen = trial.crm.get(Opportunity, deal.number).value
    assert (seen["customer"], seen["amount"], seen["stage"]) == (one.number, str(deal.amount), deal.stage)
    assert trial.crm.count(Opportunity, "stage").value[deal.stage] >= 1
    found = trial.crm.get(Customer, one.number, include=(Opportunity,)).value
    assert [row.number for row in found.included["Opportunity"]] == [deal.number]


def test_a_company_is_an_account(trial: Trial) -> None:
    company = trial.bank.of(Company)[0]
    trial.crm.create(company).value  # noqa: B018
    seen = trial.crm.get(Company, company.number).value
    assert (seen["name"], seen["annual_turnover"]) == (company.name, str(company.annual_turnover))


def test_an_interaction_is_logged_on_its_customer(trial: Trial) -> None:
    talk = trial.bank.of(Interaction)[0]
    trial.settled(next(one for one in trial.bank.customers if one.number == talk.customer))
    number = trial.crm.create(talk).value
    seen = trial.crm.get(Interaction, number).value
    assert (seen["number"], seen["subject"], seen["text"]) == (talk.number, talk.subject, talk.text)
    assert talk.number in str(trial.crm.overview(talk.customer).value.domains["interactions"])
    trial.crm.delete(Interaction, number).value  # noqa: B018
    assert trial.crm.get(Interaction, number).reason == "not-found"


def test_a_case_keeps_its_time_and_its_history(trial: Trial) -> None:
    case = replace(trial.bank.of(Ticket)[0], number="TK-DEEP", status="open")
    trial.settled(next(one for one in trial.bank.customers if one.number == case.customer))
    trial.crm.create(case).value  # noqa: B018
    assert trial.crm.ticket_clock(case.number).value.due_at is not None
    assert trial.crm.ticket_act(case.number, "pause").value.status == "paused"
    assert trial.crm.ticket_act(case.number, "resolve", {"root_cause": "worn reader"}).value.status == "resolved"
    assert trial.crm.get(Ticket, case.number).value["root_cause"] == "worn reader"
    changes = trial.crm.history(Ticket, case.number).value
    told = [(one.before, one.after, one.who) for one in changes if one.field == "status"]
    assert told == [("open", "paused", "integration@bank.example"), ("paused", "resolved", "integration@bank.example")]


def test_a_double_is_refused_and_a_bank_that_moves_in_keeps_both(trial: Trial) -> None:
    first, other = trial.customers()[12:14]
    trial.settled(first)
    twin = replace(other, email=first.email)
    assert trial.crm.create(twin).reason == "duplicate"
    assert trial.crm.create(twin, key="moving in").value == twin.number
    assert trial.crm.create(twin, key="moving in").value == twin.number
    assert trial.crm.get(Customer, twin.number).value["email"] == first.email
    assert {one.number for one in trial.crm.find(Customer, email=first.email).value} == {first.number, twin.number}
    assert trial.crm.list(Customer, where={"number": twin.number}).value.total is None
    trial.crm.merge(first.number, twin.number).value  # noqa: B018
    assert trial.crm.get(Customer, twin.number).reason == "not-found"


def test_documents_come_back_as_they_went(trial: Trial) -> None:
    number = trial.settled(trial.customers()[0])
    paper = trial.crm.attach(Customer, number, name="证明.txt", media_type="text/plain", content=b"read me").value
    assert [one.number for one in trial.crm.attachments(Customer, number).value] == [paper]
    assert trial.crm.read_attachment(paper).value.content == b"read me"
    trial.crm.detach(paper).value  # noqa: B018
    assert trial.crm.attachments(Customer, number).value == ()


def test_who_did_what_is_told_by_the_banks_number(trial: Trial) -> None:
    number = trial.settled(trial.customers()[6])
    entries = trial.crm.acting_as(Actor.ADMIN).audit(subject=number).value
    assert [(one.action, one.who) for one in entries] == [("record.create", "integration@bank.example")]


def test_a_branch_sees_its_own_customers(trial: Trial) -> None:
    home, away = (next(one for one in trial.customers() if one.branch == branch) for branch in ("BR01", "BR02"))
    for one in (home, away):
        trial.settled(one)
    banker = trial.crm.acting_as(Actor.RM_A)
    assert banker.get(Customer, home.number).ok
    assert banker.get(Customer, away.number).reason == "not-found"


def test_strangers_and_those_who_left_are_unauthenticated(trial: Trial) -> None:
    for actor in (Actor.ANONYMOUS, Actor.LEAVER, Actor.EXPIRED):
        assert trial.crm.acting_as(actor).get(Customer, "C00000001").reason == "unauthenticated", actor


def test_a_user_changes_role_and_is_shut_out(trial: Trial) -> None:
    admin, banker = trial.crm.acting_as(Actor.ADMIN), trial.crm.acting_as(Actor.MARKETING)
    username = trial.crm.credentials[Actor.MARKETING].username
    assert admin.assign(username, "admin").ok
    assert banker.audit().ok
    assert admin.assign(username, "marketing").ok
    assert banker.disable(username).reason == "forbidden"
    assert admin.disable(username).ok
    assert banker.audit().reason == "unauthenticated"


def test_the_export_holds_the_names(trial: Trial) -> None:
    one = trial.customers()[0]
    trial.settled(one)
    assert one.name in {row["name"] for row in trial.crm.export(Customer).value}


def test_the_contract_is_shown_to_those_inside(trial: Trial) -> None:
    assert len(cast(Mapping[str, object], trial.crm.contract().value["paths"])) > 200


def test_what_cannot_be_done_here_is_told_as_such(trial: Trial) -> None:
    with pytest.raises(NotTestable, match="public https"):
        trial.crm.subscribe("https://127.0.0.1/")
    with pytest.raises(Unsupported, match="sorts no contacts"):
        trial.crm.list(Customer, sort="name")
    with pytest.raises(Unsupported, match="keeps no values"):
        trial.crm.history(Customer, "C00000001")
    assert type(trial.crm.connector).verbs() < VERBS
