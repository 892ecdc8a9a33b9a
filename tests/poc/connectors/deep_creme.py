"""Deep creme: Creme CRM as it is, installed by its recipe: every promise of a connector, and what it offers beside.

Not part of the ordinary suite (``make vendors-check``): the first time the product is installed, which takes minutes.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from poc.connectors.connect import cache, connect
from poc.connectors.promises import PROMISES, Trial, kept
from poc.lab.vendors.lab import VendorLab
from scenarios.actors import Actor
from scenarios.port import VERBS, Unsupported
from scenarios.recording import Memory, Recording
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import Company, Customer, Interaction, Opportunity, Ticket

NAME = "creme"
#: It tells no versions.
LACKING = {"a_stale_update_is_refused"}


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
    secrets = tuple(one for held in crm.credentials.values() for one in (held.token, held.secret) if one)
    yield Trial(crm=crm.acting_as(Actor.INTEGRATION), memory=memory, bank=bank, secrets=secrets)
    lab.stop(NAME)


@pytest.mark.parametrize("promise", PROMISES, ids=lambda one: one.__name__)
def test_a_connector_keeps_its_promises(trial: Trial, promise: Callable[[Trial], str]) -> None:
    found = kept(promise, trial)
    assert found.seen == "" or found.kept is None
    assert (found.kept is None) == (promise.__name__ in LACKING)


def test_no_session_stands_in_the_record(trial: Trial) -> None:
    session = trial.crm.session()
    assert session is not None
    cookie = session.headers["Cookie"].rpartition("=")[2]
    assert cookie not in repr(trial.memory.exchanges)


def test_children_hang_on_their_customer_and_are_found_by_the_banks_number(trial: Trial) -> None:
    one = next(one for one in trial.bank.customers if trial.bank.belonging_to(Opportunity, one.number))
    trial.settled(one)
    deal = trial.bank.belonging_to(Opportunity, one.number)[0]
    assert trial.crm.create(deal).value == deal.number
    seen = trial.crm.get(Opportunity, deal.number).value
    assert {name: seen[name] for name in ("customer", "amount", "stage", "closes", "currency", "product", "owner")} == {
        "customer": one.number, "amount": str(deal.amount), "stage": deal.stage, "closes": deal.closes.isoformat(),
        "currency": deal.currency, "product": deal.product, "owner": deal.owner,
    }  # fmt: skip
    assert trial.crm.count(Opportunity, "stage").value[deal.stage] == 1
    assert len(trial.crm.list(Opportunity, where={"amount__gt": str(deal.amount)}).value) == 0
    found = trial.crm.get(Customer, one.number, include=(Opportunity,)).value
    assert [row.number for row in found.included["Opportunity"]] == [deal.number]
    assert trial.crm.create(replace(deal, number="OP-DEEP", customer="C99999999")).refusal.fields == ("customer",)


def test_a_company_is_an_organisation(trial: Trial) -> None:
    company = trial.bank.of(Company)[0]
    trial.crm.create(company).value  # noqa: B018
    seen = trial.crm.get(Company, company.number).value
    assert (seen["name"], seen["annual_turnover"]) == (company.name, str(company.annual_turnover))


def test_an_interaction_is_an_activity_of_its_customer(trial: Trial) -> None:
    talk = trial.bank.of(Interaction)[0]
    trial.settled(next(one for one in trial.bank.customers if one.number == talk.customer))
    number = trial.crm.create(talk).value
    seen = trial.crm.get(Interaction, number).value
    assert (seen["number"], seen["subject"], seen["text"], seen["at"]) == (
        talk.number, talk.subject, talk.text, talk.at.isoformat(),
    )  # fmt: skip
    assert talk.number in str(trial.crm.overview(talk.customer).value.domains["interactions"])
    trial.crm.delete(Interaction, number).value  # noqa: B018
    assert trial.crm.get(Interaction, number).reason == "not-found"


def test_a_ticket_is_acted_on_and_keeps_its_history(trial: Trial) -> None:
    case = replace(trial.bank.of(Ticket)[0], number="TK-DEEP", status="open")
    trial.settled(next(one for one in trial.bank.customers if one.number == case.customer))
    trial.crm.create(case).value  # noqa: B018
    assert trial.crm.ticket_clock(case.number).value.due_at is None
    assert trial.crm.ticket_act(case.number, "pause").value.status == "paused"
    assert trial.crm.ticket_act(case.number, "resolve", {"root_cause": "worn reader"}).value.status == "resolved"
    changes = trial.crm.history(Ticket, case.number).value
    told = [(one.before, one.after, one.who) for one in changes if one.field == "status"]
    assert told == [("open", "paused", "integration"), ("paused", "resolved", "integration")]
    entries = trial.crm.audit(subject=case.number).value
    assert entries[0].action == "record.create"


def test_old_and_new_values_are_told_of_own_fields_and_of_custom_ones(trial: Trial) -> None:
    one = trial.customers()[7]
    number = trial.settled(one)
    trial.crm.update(Customer, number, {"occupation": "poet", "monthly_income": "7000.00"}).value  # noqa: B018
    told = {change.field: (change.before, change.after) for change in trial.crm.history(Customer, number).value}
    assert told["occupation"] == (one.occupation, "poet")
    assert told["monthly_income"] == (str(one.monthly_income), "7000.00")


def test_what_was_put_on_file_under_a_key_is_there_once(trial: Trial) -> None:
    one = trial.customers()[12]
    assert trial.crm.create(one, key="moving in").value == one.number
    assert trial.crm.create(one, key="moving in").value == one.number
    assert trial.crm.list(Customer, where={"number": one.number}).value.rows[0]["name"] == one.name
    assert len(trial.crm.find(Customer, national_id=one.national_id).value) == 1


def test_two_contacts_become_one(trial: Trial) -> None:
    keep, drop = (trial.settled(one) for one in trial.customers()[13:15])
    assert trial.crm.merge(keep, drop).value.number == keep
    assert trial.crm.get(Customer, drop).reason == "not-found"


def test_a_part_of_a_name_is_searched_for_and_lists_are_sorted(trial: Trial) -> None:
    one = trial.customers()[0]
    trial.settled(one)
    assert one.number in {row.number for row in trial.crm.search(Customer, one.name[:2], limit=50).value}
    names = [row.text("latin_name") for row in trial.crm.list(Customer, sort="-latin_name").value]
    assert names == sorted(names, reverse=True)


def test_a_branch_sees_its_own_customers(trial: Trial) -> None:
    home, away = (next(one for one in trial.customers() if one.branch == branch) for branch in ("BR01", "BR02"))
    for one in (home, away):
        trial.settled(one)
    banker = trial.crm.acting_as(Actor.RM_A)
    assert banker.get(Customer, home.number).ok
    assert banker.get(Customer, away.number).reason == "not-found"
    assert trial.crm.acting_as(Actor.AUDITOR).update(Customer, home.number, {"tier": "mass"}).reason == "forbidden"


def test_strangers_and_those_who_left_are_unauthenticated(trial: Trial) -> None:
    for actor in (Actor.ANONYMOUS, Actor.LEAVER, Actor.EXPIRED):
        assert trial.crm.acting_as(actor).get(Customer, "C00000001").reason == "unauthenticated", actor


def test_a_user_is_made_changed_and_shut_out(trial: Trial) -> None:
    admin = trial.crm.acting_as(Actor.ADMIN)
    one = replace(trial.crm.credentials[Actor.RM_A], username="newcomer", branch=None)
    assert admin.add_user(one, "rm").ok
    assert admin.assign(one.username, "auditor").ok
    assert admin.disable(one.username).ok
    assert trial.crm.acting_as(Actor.RM_A).add_user(one, "rm").reason == "forbidden"


def test_the_export_holds_what_was_put_on_file(trial: Trial) -> None:
    one = trial.customers()[0]
    number = trial.settled(one)
    row = next(row for row in trial.crm.export(Customer).value if row.number == number)
    assert (row["name"], row["national_id"]) == (one.name, one.national_id)
    assert trial.crm.acting_as(Actor.RM_A).export(Customer).reason == "forbidden"


def test_a_session_ends(trial: Trial) -> None:
    banker = trial.crm.acting_as(Actor.RM_B).holding(None)
    assert banker.sign_out().ok
    assert banker.get(Customer, "C00000001").reason == "unauthenticated"


def test_what_the_product_lacks_is_unsupported(trial: Trial) -> None:
    with pytest.raises(Unsupported, match="no field nickname"):
        trial.crm.list(Customer, where={"nickname": "x"})
    with pytest.raises(Unsupported, match="compares no monthly_income"):
        trial.crm.list(Customer, where={"monthly_income__gt": "1"})
    assert type(trial.crm.connector).verbs() < VERBS
