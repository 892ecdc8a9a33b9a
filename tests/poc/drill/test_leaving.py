"""Leaving: what comes along, what does not and why, and whether both sides answer alike; through the port alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from poc.connectors.connect import connect
from poc.drill.course import left
from poc.drill.leaving import CRITERION, Drill, drill, evidence_of, told
from poc.drill.questions import QUESTIONS
from poc.lab.house import House
from poc.lab.standins.dataverse import Dataverse
from poc.lab.standins.salesforce import Salesforce
from poc.lab.standins.serving import StandIn, serving
from poc.seeding import provision, seed
from poc.settings import Login, Target, keep_secrets
from poc.words import words
from scenarios.actors import Actor, Credential
from scenarios.crm import CRM
from scenarios.evidence import Outcome
from scorecards.criterion import catalogue
from scorecards.rating import rate_all
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from tests.doubles import QuietClock

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
ME = Credential(username="client-1", secret="client-secret-1")


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=60).bank


@contextmanager
def met(connector: str, vendor: StandIn, clock: QuietClock) -> Iterator[CRM]:
    with serving(vendor) as url:
        target = Target(name=connector, connector=connector, url=url)
        yield connect(target, credentials={Actor.INTEGRATION: ME}, clock=clock)


@pytest.fixture(scope="module")
def found(bank: Bank) -> Drill:
    clock = QuietClock()
    source, copy = Dataverse({"client-1": ME.secret}, now=clock.at), Salesforce(("client-1", ME.secret), now=clock.at)
    with met("dataverse", source, clock) as one, met("salesforce", copy, clock) as two:
        seed(one, bank)
        next(iter(source.rows.of["contacts"].values()))["bank_since"] = None
        return drill(one, two, bank, name="dv", clock=partial(next, iter(range(9))))


def test_what_came_went_in_and_what_did_not_is_told_with_its_reason(found: Drill, bank: Bank) -> None:
    assert found.kinds["Customer"] == (len(bank.customers),) * 3
    assert found.kinds["Account"] == (len(bank.accounts),) * 3
    assert "keeps no Household" in found.missing["Household"]
    assert not found.refused


def test_both_sides_are_asked_the_same_and_silence_is_no_agreement(found: Drill) -> None:
    asked = {one.name: one for one in found.asked}
    assert asked["how_many_customers_are_there"].agree is True
    assert asked["what_do_customers_keep_with_us"].agree is True
    assert asked["who_has_come_in_which_year"].agree is None
    assert "Customer.since is missing in 1 of" in asked["who_has_come_in_which_year"].why
    assert asked["who_agreed_to_what"].agree is None
    assert found.agreed == sum(one.agree is True for one in found.asked) < len(QUESTIONS)


def test_coverage_counts_values_and_names_the_fields_that_are_lost(found: Drill, bank: Bank) -> None:
    assert found.lost["Customer.since"] == 1
    assert "Customer.name" not in found.lost
    assert 0.3 < found.coverage < 0.5, "interactions, households and consents are most of a bank"
    assert found.hours_per_million is not None


def test_the_evidence_rates_the_criterion_along_its_ladder(found: Drill) -> None:
    pieces = evidence_of(replace(found, met=True), "r", NOW)
    assert [one.outcome for one in pieces] == [Outcome.PASSED, Outcome.PASSED, Outcome.FAILED]
    rated = rate_all(pieces, catalogue()).of("dv", CRITERION)
    assert rated.coverage
    assert rated.observed == 2
    assert told(found)["agree"] == found.agreed


def test_what_a_connector_from_documents_has_not_written_is_no_lack_of_the_product(found: Drill) -> None:
    *_, last = evidence_of(found, "r", NOW)
    assert (last.outcome, last.measures) == (Outcome.NOT_TESTABLE, {})


def test_there_are_twenty_five_questions_each_with_words_of_its_own() -> None:
    for language, mark in (("en", "?"), ("zh", "？")):
        said = [words(language)(f"drill.question.{one.__name__}") for one in QUESTIONS]
        assert len(said) == len(set(said)) == 25
        assert all(one.endswith(mark) for one in said)


@pytest.mark.pg
@pytest.mark.slow
def test_nothing_is_lost_between_two_of_our_own(bank: Bank, lab_folder: Path, tmp_path: Path) -> None:
    with House.open(lab_folder) as house:
        lab = house.reference("leaving")
        held = tmp_path / "secrets.toml"
        source = Target(name="leaving", connector="reference", url=lab.url, ca=lab.authority)
        boot = {Actor.ADMIN: Credential(username="admin", secret=lab.admin_password)}
        made = provision(connect(source, credentials=boot), bank, expire=partial(house.expire, "leaving"))
        keep_secrets(held, made)
        logins = {actor: Login(username=one.username, branch=one.branch) for actor, one in made.items()}
        known = source.model_copy(update={"secrets_file": held, "actors": logins})
        seed(connect(known), bank)
        found = left(known, bank, lab=lab_folder)
    assert (found.lost, found.refused, found.missing) == ({}, {}, {})
    assert (found.coverage, found.agreed) == (1.0, 25)
