"""Probes: how each of the bank's 48 operations is tried, so that a permitted try changes nothing of weight."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scenarios.actors import Credential
from scenarios.answers import Recipe
from scenarios.crm import CRM, Answer
from scenarios.library.security.plot import Plot
from scenarios.port import Steps
from synthetic_data.records import (
    Account,
    Campaign,
    Company,
    Consent,
    Customer,
    Household,
    Interaction,
    KycFile,
    Opportunity,
    Record,
    Relation,
    Ticket,
)

REASON = "identity is being verified at the counter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where a probe takes place: the plot, what is known of it, and whether the policy expects a yes."""

    plot: Plot
    versions: Mapping[str, str | None]  # record number -> version to present
    change: str  # id of a change of ``plot.keep``, for restore; empty if the target keeps none
    newcomer: Credential  # a user name that is free
    resident: Credential  # a user that exists
    may: bool = False


Ask = Callable[[CRM, Scene], Answer[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One operation and how to try it; ``writes`` if a yes changes what is on file."""

    ask: Ask
    writes: bool = False


def _read(ask: Ask) -> Probe:
    return Probe(ask=ask)


def _write(ask: Ask) -> Probe:
    return Probe(ask=ask, writes=True)


def _create(kind: type[Record]) -> Probe:
    """Who may creates what is there already; who may not sends a record that would be new."""
    return _write(lambda crm, at: crm.create(at.plot.record(kind, known=at.may)))


def _list(kind: type[Record]) -> Probe:
    return _read(lambda crm, at: crm.list(kind, limit=1))


def _update(kind: type[Record], changes: Mapping[str, object]) -> Probe:
    def ask(crm: CRM, at: Scene) -> Answer[Any]:
        number = at.plot.of(kind)
        return crm.update(kind, number, changes, version=at.versions.get(number))

    return _write(ask)


def _begin(crm: CRM, name: str, steps: Steps[Any]) -> Answer[Any]:
    """Play a verb up to its first reply: the door is what is tried, not the length of the list behind it."""

    def first() -> Steps[Any]:
        yield next(steps)

    return crm.ask(name, first)


def _merge(crm: CRM, at: Scene) -> Answer[Any]:
    answer = crm.merge(at.plot.keep.number, at.plot.drop.number)
    if answer.ok and crm.offers("unmerge"):
        crm.unmerge(at.plot.keep.number, at.plot.drop.number)
    return answer


def _recipe(at: Scene) -> Recipe:
    return Recipe(name=f"probe {at.plot.of(Campaign)}", trigger="never-happens", action="remind", wait_seconds=86_400)


PROBES: Mapping[str, Probe] = {
    "customer.create": _create(Customer),
    "customer.get": _read(lambda crm, at: crm.get(Customer, at.plot.keep.number)),
    "customer.list": _list(Customer),
    "customer.search": _read(lambda crm, at: crm.search(Customer, at.plot.keep.latin_name, limit=1)),
    "customer.find": _read(lambda crm, at: crm.find(Customer, mobile=at.plot.keep.mobile)),
    "customer.update": _update(Customer, {"occupation": "Shipwright"}),
    "customer.delete": _write(lambda crm, at: crm.delete(Customer, at.plot.doomed.number)),
    "customer.unmask": _read(lambda crm, at: crm.unmask(Customer, at.plot.keep.number, ("mobile",), REASON)),
    "customer.overview": _read(lambda crm, at: crm.overview(at.plot.keep.number)),
    "customer.count": _read(lambda crm, at: crm.count(Customer, "tier")),
    "customer.export": _read(lambda crm, at: _begin(crm, "export", crm.connector.export(Customer))),
    "customer.history": _read(lambda crm, at: crm.history(Customer, at.plot.keep.number)),
    "customer.restore": _write(lambda crm, at: crm.restore(Customer, at.plot.keep.number, at.change)),
    "customer.duplicates": _read(lambda crm, at: _begin(crm, "duplicates", crm.connector.duplicates())),
    "customer.merge": _write(_merge),
    "customer.subject_request": _read(lambda crm, at: crm.subject_request(at.plot.keep.number, "access")),
    "company.create": _create(Company),
    "company.get": _read(lambda crm, at: crm.get(Company, at.plot.of(Company))),
    "company.list": _list(Company),
    "company.update": _update(Company, {"industry": "shipping"}),
    "relation.create": _create(Relation),
    "relation.list": _list(Relation),
    "relation.update": _update(Relation, {"role": "introducer"}),
    "household.create": _create(Household),
    "household.list": _list(Household),
    "household.roll_up": _read(lambda crm, at: crm.roll_up(at.plot.of(Household))),
    "account.create": _create(Account),
    "account.list": _list(Account),
    "account.update": _update(Account, {"balance": "10.00"}),
    "interaction.create": _create(Interaction),
    "interaction.list": _list(Interaction),
    "ticket.create": _create(Ticket),
    "ticket.list": _list(Ticket),
    "ticket.act": _write(lambda crm, at: crm.ticket_act(at.plot.of(Ticket), "severity", {"severity": "normal"})),
    "opportunity.create": _create(Opportunity),
    "opportunity.list": _list(Opportunity),
    "opportunity.update": _update(Opportunity, {"stage": "qualified"}),
    "campaign.create": _create(Campaign),
    "campaign.list": _list(Campaign),
    "consent.create": _create(Consent),
    "consent.list": _list(Consent),
    "kyc.list": _list(KycFile),
    "bulk.load": _write(lambda crm, at: crm.bulk((at.plot.record(Consent, known=False),), dry_run=at.may)),
    "automation.set_up": _write(lambda crm, at: crm.automate(_recipe(at))),
    "audit.read": _read(lambda crm, at: _begin(crm, "audit", crm.connector.audit(subject=at.plot.keep.number))),
    "policy.read": _read(lambda crm, at: crm.policy()),
    "user.add": _write(lambda crm, at: crm.add_user(at.resident if at.may else at.newcomer, "teller")),
    "user.assign": _write(lambda crm, at: crm.assign(at.resident.username, "teller")),
}
