"""Cell: all domains of the bank grown for a thousand customers, and cut where the bank ends."""

from collections.abc import Callable
from typing import TypeAlias

from synthetic_data.accounts import accounts
from synthetic_data.columns import Accounts, People
from synthetic_data.domains.companies import companies
from synthetic_data.domains.contacts import contacts
from synthetic_data.domains.customers import customers
from synthetic_data.domains.documents import documents
from synthetic_data.domains.families import families
from synthetic_data.domains.holdings import holdings
from synthetic_data.domains.intents import dialogues, messages
from synthetic_data.domains.kindred import kindred
from synthetic_data.domains.leads import leads
from synthetic_data.domains.money.domain import money
from synthetic_data.domains.organisation import organisation
from synthetic_data.domains.ownership import ownership
from synthetic_data.domains.permissions import permissions
from synthetic_data.domains.sales import sales
from synthetic_data.domains.suitability import products, suitability_of
from synthetic_data.folk import Folk, folk
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown, joined

Domain: TypeAlias = Callable[[Ground, People, Accounts], Grown]

#: What is poured into a CRM: grown with the names and families of the folk at hand.
POURED: tuple[Callable[[Ground, Folk, Accounts], Grown], ...] = (
    customers,
    companies,
    families,
    holdings,
    contacts,
    sales,
    permissions,
)

#: What a bank keeps beyond that. Each draws its chance under its own names, so adding one never changes another.
DOMAINS: tuple[Domain, ...] = (
    money,
    products,
    ownership,
    suitability_of,
    documents,
    organisation,
    leads,
    messages,
    dialogues,
    kindred,
)


def grow_cell(ground: Ground, cell: int, domains: tuple[Domain, ...] = DOMAINS) -> Grown:
    """Return everything of the thousand customers of a cell: what is poured into a CRM, and the domains asked for.

    It depends on the seed, the profile and the cell alone. ``cut`` (in ``grown``) makes it end earlier.
    """
    people = folk(ground, cell)
    held = accounts(ground, people.people)
    poured = (grow(ground, people, held) for grow in POURED)
    return joined((*poured, *(grow(ground, people.people, held) for grow in domains)))
