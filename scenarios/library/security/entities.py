"""Entities: a second legal entity of the installation, opened for one play with its own users and closed after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from scenarios.actors import Actor, Credential
from scenarios.crm import CRM
from scenarios.library.newcomers import quietly
from scenarios.port import Unsupported


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """The installation as people of the second entity meet it: its core system and its compliance desk."""

    name: str
    core: CRM
    clerk: CRM
    users: frozenset[str]


@contextmanager
def second_entity(crm: CRM) -> Iterator[Entity]:
    """Open it and take its people on; raises Unsupported if the product keeps one legal entity only.

    Its core system signs in by the user name that the bank's own has, so that whatever is kept by user name alone
    would be shared.
    """
    if not crm.offers("open_tenant"):
        raise Unsupported("the product keeps one legal entity in an installation")
    admin, name = crm.acting_as(Actor.ADMIN), f"t{crm.nonce}"
    boss = _person(crm, name, f"boss-{crm.nonce}")
    admin.open_tenant(name, boss).value  # noqa: B018 - reading the value raises a refusal
    try:
        chief = _entered(crm, Actor.ADMIN, boss)
        people = {
            "integration": _person(crm, name, crm.credentials[Actor.INTEGRATION].username or f"core-{crm.nonce}"),
            "compliance": _person(crm, name, f"clerk-{crm.nonce}"),
        }
        for role, person in people.items():
            chief.add_user(person, role).value  # noqa: B018 - reading the value raises a refusal
        yield Entity(
            name=name,
            core=_entered(crm, Actor.INTEGRATION, people["integration"]),
            clerk=_entered(crm, Actor.COMPLIANCE, people["compliance"]),
            users=frozenset(one.username for one in (boss, *people.values())),
        )
    finally:
        quietly(admin.close_tenant, name)


def _person(crm: CRM, tenant: str, username: str) -> Credential:
    return Credential(username=username, secret=f"Pier{crm.nonce}-Second!Lane9-{tenant[:2]}", tenant=tenant)


def _entered(crm: CRM, actor: Actor, person: Credential) -> CRM:
    return crm.acting_as(actor).holding(crm.acting_as(actor).sign_in(person).value)
