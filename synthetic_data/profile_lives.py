"""Profile of lives and companies: what is planted of owners, lists, intents, staff, orders, papers and lives."""

from typing import Annotated, Literal

from pydantic import Field

from synthetic_data.figures import Amount, Count, Curve, Part, Share, Sourced, Table
from synthetic_data.registrations import Scheme


class Threshold(Share):
    """A share that is reached, and whether the very share is enough."""

    inclusive: bool


class Choice(Sourced):
    """A yes or a no."""

    value: bool


class Schemed(Sourced):
    """The scheme by which companies are registered."""

    value: Scheme


class Steps(Sourced):
    """Whole values that hold from an age on: (age, value), rising by age."""

    points: Annotated[tuple[tuple[int, int], ...], Field(min_length=1)]


class Level(Sourced):
    """A rating R1..R5 from which something holds."""

    value: Literal["R1", "R2", "R3", "R4", "R5"]


class OwnershipFigures(Part):
    """Companies and the structures of who owns them."""

    groups_per_hundred: Amount
    makes: Table
    depth: Table
    near_threshold: Share
    undisclosed: Share
    changed: Share
    banks_here: Share
    outsiders: Share
    threshold: Threshold
    majority: Share
    through_controllers: Choice
    scheme: Schemed
    segments: Table
    forms: Table
    countries: Table
    turnover_micro: Curve
    turnover_small: Curve
    turnover_medium: Curve
    turnover_large: Curve


class WatchlistFigures(Part):
    """Names on lists, those that mean a customer and those that only look so."""

    entries_per_thousand: Count
    makes: Table
    lists: Table
    birth_known: Share
    year_only: Share
    delisted: Share


class IntentFigures(Part):
    """What customers ask for in their own words."""

    message_a_year: Amount
    dialogue_a_year: Amount
    difficulty: Table
    switch: Share


class OrganisationFigures(Part):
    """Teams, absences and the books of the relationship managers."""

    absence_a_year: Amount
    absence_kinds: Table
    absence_days: Curve
    transfer_a_year: Amount
    transfer_reasons: Table


class SuitabilityFigures(Part):
    """Assessments, products and orders, and the rules that they must keep."""

    products: Count
    ratings: Table
    issuer_differs: Share
    rerated: Share
    valid_months: Count
    a_day: Count
    twelve_months: Count
    elder_age: Count
    elder_from: Level
    warned_from: Level
    concentration: Share
    concentration_from: Level
    professional_private: Share
    professional_affluent: Share
    assessed: Share
    order_a_year: Amount
    unassessed: Share
    careful: Share
    routes: Table
    channels: Table
    edges_per_cell: Count
    amounts: Curve


class DocumentFigures(Part):
    """Identity documents and how long they are valid."""

    validity: Steps
    foreign_kinds: Table
    overdue: Share


class LifeFigures(Part):
    """Turns of life, addresses and employers before the present ones."""

    moving_a_year: Amount
    job_change_a_year: Amount
    marriage: Share
    child: Share
    bankruptcy_a_year: Amount
    retirement_men: Count
    retirement_women: Count
    unseen: Share
    days_until_known: Curve


class LeadFigures(Part):
    """Leads and what becomes of them."""

    per_hundred: Amount
    sources: Table
    convert: Table


class Lives(Part):
    """All figures on lives and companies."""

    ownership: OwnershipFigures
    watchlist: WatchlistFigures
    intents: IntentFigures
    organisation: OrganisationFigures
    suitability: SuitabilityFigures
    documents: DocumentFigures
    turns: LifeFigures
    leads: LeadFigures
