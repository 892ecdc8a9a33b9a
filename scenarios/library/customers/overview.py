"""Overview: whether a banker sees all that the bank knows about a customer, in few calls and quickly."""

from collections.abc import Iterable, Iterator, Mapping
from math import ceil
from typing import NamedTuple, TypeVar

from scenarios.actors import Actor
from scenarios.answers import Overview
from scenarios.crm import CRM, Answer
from scenarios.library.likeness import hints_at
from scenarios.library.newcomers import first_branch, newcomers, on_file
from scenarios.scenario import scenario
from scenarios.verdict import Verdict, at_least, at_most
from synthetic_data.bank import Bank
from synthetic_data.records import (
    Account,
    CampaignMember,
    Consent,
    Customer,
    Household,
    Interaction,
    KycFile,
    Membership,
    Opportunity,
    Record,
    Ticket,
)

R = TypeVar("R", bound=Record)

#: How many customers are looked at: one in a hundred, at least 20, at most the 500 of the row.
AT_LEAST, AT_MOST, ONE_IN = 20, 500, 100
#: A glance may leave out what lies further back.
GLANCE = 50
#: Seconds within which a change should show, and between two looks.
REFLECTED_WITHIN, LOOK_EVERY = 60.0, 0.1
#: How many changes are waited for: no more than a story has time for when none of them shows.
CHANGES = 2


class Fact(NamedTuple):
    """Something that the bank knows: the values that one row of a domain must show (masked forms count)."""

    domain: str
    values: tuple[object, ...]


class Glance(NamedTuple):
    """What was shown of one customer."""

    customer: str
    facts: tuple[Fact, ...]
    answer: Answer[Overview]


class Glances(NamedTuple):
    """All customers that were looked at."""

    glances: tuple[Glance, ...]


@scenario("CUS-02")
def customers_are_looked_at(crm: CRM, bank: Bank) -> Glances:
    """A banker opens the customers of the branch, one after the other."""
    banker, home = crm.acting_as(Actor.RM_A), first_branch(crm, bank)
    wanted = min(AT_MOST, max(AT_LEAST, len(bank.customers) // ONE_IN))
    chosen = [one for one in bank.customers if one.branch == home and one.state == "active"][:wanted]
    households = {household.number: household for household in bank.of(Household)}
    return Glances(
        tuple(Glance(one.number, tuple(known(bank, one, households)), banker.overview(one.number)) for one in chosen)
    )


def known(bank: Bank, one: Customer, households: Mapping[str, Household]) -> Iterator[Fact]:
    """Yield what the bank knows of a customer in twelve domains; long lists as far as a glance should reach."""
    number = one.number
    yield from (Fact("identity", (v,)) for v in (one.name, one.latin_name, one.birth_date, one.national_id))
    yield from (Fact("contact", (value,)) for value in (one.mobile, one.email, one.address))
    yield from (Fact("risk", (value,)) for value in (one.risk_level, one.aml_rating))
    yield from (Fact("kyc", (file.level, file.status, file.due_on)) for file in bank.belonging_to(KycFile, number))
    yield from (Fact("consents", (c.purpose, c.channel, c.granted)) for c in _standing(bank, number))
    for account in bank.belonging_to(Account, number):
        if account.closed is None:
            yield Fact("holdings", (account.number, account.balance))
            yield Fact("transactions", (account.number,))
    for part in bank.belonging_to(Membership, number):
        if part.until is None and part.household in households:
            yield Fact("household", (part.household,))
    yield from (Fact("tickets", (t.number,)) for t in _newest(bank.belonging_to(Ticket, number), "opened_at"))
    yield from (Fact("interactions", (i.number,)) for i in _newest(bank.belonging_to(Interaction, number), "at"))
    yield from (Fact("campaigns", (m.campaign,)) for m in bank.belonging_to(CampaignMember, number)[:GLANCE])
    yield from (Fact("opportunities", (o.number,)) for o in _newest(bank.belonging_to(Opportunity, number), "opened"))


def _standing(bank: Bank, number: str) -> Iterable[Consent]:
    """Return the word that holds for each purpose and channel: the last one given."""
    words = sorted(bank.belonging_to(Consent, number), key=lambda consent: consent.at)
    return {(word.purpose, word.channel): word for word in words}.values()


def _newest(rows: Iterable[R], by: str) -> list[R]:
    return sorted(rows, key=lambda row: str(getattr(row, by)), reverse=True)[:GLANCE]


def is_shown(fact: Fact, overview: Overview) -> bool:
    """Whether one row of the fact's domain shows all its values."""
    rows = overview.domains.get(fact.domain, ())
    return any(all(_among(value, tuple(_leaves(row))) for value in fact.values) for row in rows)


def _among(value: object, shown: Iterable[object]) -> bool:
    return any(hints_at(value, leaf) for leaf in shown)


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value


@customers_are_looked_at.check
def planted_facts_are_found(seen: Glances) -> Verdict:
    """At least 98 % of what the bank knows about its customers is shown in the overview."""
    facts = [(fact, is_shown(fact, glance.answer.value)) for glance in seen.glances for fact in glance.facts]
    share = sum(found for _, found in facts) / len(facts)
    missed: dict[str, int] = {}
    for fact, found in facts:
        if not found:
            missed[fact.domain] = missed.get(fact.domain, 0) + 1
    note = f"{len(facts)} facts of {len(seen.glances)} customers; missed by domain: {missed or 'none'}"
    return at_least(round(share, 5), 0.98, note=note, facts_share=share)


@customers_are_looked_at.check
def few_calls_suffice(seen: Glances) -> Verdict:
    """The overview of a customer takes at most three calls."""
    calls = max(max(glance.answer.value.calls, len(glance.answer.replies)) for glance in seen.glances)
    return at_most(calls, 3, calls=calls)


@customers_are_looked_at.check
def the_overview_is_quick(seen: Glances) -> Verdict:
    """99 of 100 overviews are there within half a second, all their calls added up."""
    seconds = sorted(glance.answer.seconds for glance in seen.glances if glance.answer.value)
    p99 = 1000 * seconds[ceil(0.99 * len(seconds)) - 1]
    note = f"{len(seconds)} overviews, one at a time: the 99th percentile of the sample, no bound"
    return at_most(round(p99, 1), 500, note=note, overview_p99_ms=p99)


class Reflection(NamedTuple):
    """Seconds until an overview showed a change of the core system; None if it never did."""

    seconds: tuple[float | None, ...]


@scenario("CUS-02")
def the_core_changes(crm: CRM, bank: Bank) -> Reflection:
    """The core system learns of a new occupation; the banker's overview is asked until it shows."""
    people = newcomers(crm, bank, CHANGES)
    with on_file(crm, *people):
        return Reflection(tuple(_reflected(crm, bank, one) for one in people))


def _reflected(crm: CRM, bank: Bank, one: Customer) -> float | None:
    word = f"Bell founder {one.number}"
    _ = crm.update(Customer, one.number, {"occupation": word}).value
    banker, began = crm.acting_as(Actor.RM_A), crm.clock.now()
    while True:
        shown = banker.overview(one.number).value
        passed = (crm.clock.now() - began).total_seconds()
        if shown.customer.text("occupation") == word or is_shown(Fact("identity", (word,)), shown):
            return passed
        if passed > REFLECTED_WITHIN:
            return None
        crm.clock.sleep(LOOK_EVERY)


@the_core_changes.check
def changes_reach_the_overview(seen: Reflection) -> Verdict:
    """A change in the core system shows in the overview within a minute."""
    lag = max(2 * REFLECTED_WITHIN if one is None else one for one in seen.seconds)
    return at_most(round(lag, 3), REFLECTED_WITHIN, reflection_lag_s=lag)


SCENARIOS = (customers_are_looked_at, the_core_changes)
