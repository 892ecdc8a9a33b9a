"""Affairs: the further nouns of a bank: companies and who stands behind them, papers, lives, orders, staff and talk.

They keep to the style of ``records``: frozen, a number first, money beside a currency, moments in UTC. None of them is
poured into a CRM by itself; folders and experiments use them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, TypeAlias

from synthetic_data.records import Record, Word

#: A fraction to six decimals.
Fraction6: TypeAlias = Annotated[Decimal, 6]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorporateCustomer(Record):
    """A company, partnership or trust that banks with us; ``customer`` is the person who speaks for it."""

    customer: str
    name: str
    registration_id: str  # a code of GB 32100 in a region not assigned, or an LEI of ISO 17442 under a prefix of nobody
    form: Word  # limited | joint_stock | partnership
    segment: Word  # micro | small | medium | large
    industry: Word
    annual_turnover: Decimal
    currency: Word
    branch: Word
    manager: Word  # staff number
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Party(Record):
    """Somebody in an ownership structure who does not bank with us; ``customer`` told us of them."""

    customer: str
    kind: Word  # person | company | trust
    name: str
    registration_id: str | None  # of companies whose register is open
    country: Word  # ISO 3166-1; ZZ where it is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake(Record):
    """``source`` holds a share of ``target``; customers, corporate customers and parties by their numbers."""

    customer: str
    source: str
    target: str
    share: Fraction6
    votes: Fraction6  # as large as the share unless there are classes of shares
    since: date
    until: date | None = None  # first day no longer held


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement(Record):
    """Power over a company beside its shares: ``holder`` decides, ``through`` lends the name or the votes.

    ``nominee``: ``through`` holds the stake for ``holder``. ``votes``: ``through`` votes as ``holder`` says. ``board``:
    ``holder`` appoints the majority of the board. ``settlor``, ``trustee``, ``beneficiary``: of the trust ``company``.
    """

    customer: str
    kind: Word  # nominee | votes | board | settlor | trustee | beneficiary
    holder: str
    through: str | None
    company: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate(Record):
    """An office that a person holds in a company, or the right to sign for it."""

    customer: str
    company: str
    holder: str
    role: Word  # legal_representative | managing_director | director | supervisor | signatory
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchEntry(Record):
    """An entry of a list against which names are screened; whom it means is told by truth alone."""

    list: Word  # sanctions | wanted | pep | internal
    name: str
    latin_name: str | None
    aliases: tuple[str, ...]
    gender: Word | None
    birth_date: date | None
    birth_year: int | None  # where the list knows no more
    listed_on: date
    delisted_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestmentProduct(Record):
    """A product with a risk rating by the bank that sells it and one by the house that issued it."""

    name: str
    family: Word  # money_market | bond | mixed | equity | structured | private_fund
    rating: Word  # R1..R5, by the bank
    issuer_rating: Word  # R1..R5; the higher of the two counts
    rated_on: date
    former_rating: Word | None  # by the bank, before it was rated anew
    professionals_only: bool
    currency: Word
    minimum: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestorStatus(Record):
    """A customer recognised as a professional investor, and until when."""

    customer: str
    since: date
    until: date  # last day of it


@dataclass(frozen=True, slots=True, kw_only=True)
class SuitabilityAssessment(Record):
    """A customer asks for an assessment of what risk they may bear; whether it may be counted follows from the caps."""

    customer: str
    at: datetime
    channel: Word  # app | branch
    score: int  # points of the questionnaire, 0 to 100
    level: Word  # C1..C5
    valid_until: date  # last day on which it may be relied on


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Record):
    """A purchase of an investment product that somebody asks for or is offered."""

    customer: str
    product: Word  # number of the investment product
    route: Word  # order | advice | campaign
    channel: Word  # app | call | branch
    at: datetime
    amount: Decimal
    currency: Word
    assets: Decimal  # what the customer owns with the bank, this purchase included
    acknowledged: bool  # the warning of the product's risk was confirmed
    recorded: bool  # sound and picture of the sale are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityDocument(Record):
    """A document by which a customer proves who they are; ``expires`` is None where it is valid for life."""

    customer: str
    kind: Word  # id_card | passport | residence_permit
    serial: str | None  # passports and permits; an identity card bears the identity number
    issued: date
    expires: date | None
    seen_on: date  # the day on which the bank saw it


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerAddress(Record):
    """Where a customer lived before the address on file."""

    customer: str
    address: str
    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerEmployment(Record):
    """Where a customer worked before the employer on file."""

    customer: str
    employer: str
    occupation: Word
    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeEvent(Record):
    """A turn in a customer's life of which the bank has heard."""

    customer: str
    kind: Word  # see EVENTS in domains.lives
    happened: date
    known: date  # the day on which the bank heard of it
    told_by: Word  # customer | relative | register | staff
    other: str | None  # number of the customer who shares it: the spouse, the child


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead(Record):
    """Somebody who may become a customer, or want more; ``customer`` referred them or is meant."""

    customer: str
    name: str
    contact: str
    source: Word  # referral | event | web | branch | payroll
    interest: Word  # a product
    stage: Word  # new | contacted | qualified | converted | lost
    owner: Word  # staff number
    created: datetime
    closed: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team(Record):
    """People who work together under a leader."""

    name: str
    kind: Word  # counter | relationship | service | marketing | control
    branch: Word
    leader: Word  # staff number


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember(Record):
    """A member of staff in a team."""

    team: Word
    staff: Word
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence(Record):
    """Days on which a member of staff is away, and who stands in."""

    staff: Word
    kind: Word  # leave | illness | training | parental
    starts: date
    ends: date  # last day away
    cover: Word | None  # staff number; None where nobody of the same role was free


@dataclass(frozen=True, slots=True, kw_only=True)
class BookEntry(Record):
    """A customer's time in the book of a relationship manager; the last one is the manager on file."""

    customer: str
    staff: Word
    reason: Word  # opened | transfer | workload | request
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Record):
    """What a customer wrote or said, as it reaches the service desk; what they want is told by truth alone."""

    customer: str
    channel: Word  # app | web | call | branch | wecom | email
    language: Word  # zh | en
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Record):
    """One turn of a dialogue between a customer and the bank."""

    customer: str
    dialogue: str
    nth: int  # 1 is the first
    speaker: Word  # customer | agent
    language: Word
    at: datetime
    text: str
