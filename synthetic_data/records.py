"""Records: the nouns that a bank keeps on file about its customers.

Every record is frozen and carries ``number``, the bank's own key. Money is ``Decimal`` beside a currency,
moments are UTC-aware, shares are fractions. A record has no behaviour; what is true of it is in ``truth``.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, TypeAlias

#: Marks a text of which a bank uses only a few; a column keeps each of them once.
WORD = "one of few"
Word: TypeAlias = Annotated[str, WORD]
#: Units of a fund, to four decimals.
Units: TypeAlias = Annotated[Decimal, 4]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Something a bank keeps on file under a number of its own."""

    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Record):
    """A branch; every customer belongs to one, and most staff see only theirs."""

    name: str
    city: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff(Record):
    """A member of staff; ``role`` is one of teller, rm, manager, agent, marketing, compliance, auditor, admin."""

    name: str
    role: Word
    branch: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer(Record):
    """A person who banks with us. The fields in ``RESTRICTED`` are shown in clear only to those entitled."""

    name: str
    latin_name: str
    language: Word  # zh | en
    gender: Word  # F | M
    birth_date: date
    national_id: str  # 18 characters, GB 11643 check digit, region not assigned; 15 digits in some second files
    mobile: str
    email: str
    address: str
    card_number: str  # main debit card, Luhn-valid in a test range
    monthly_income: Decimal
    currency: Word
    occupation: Word
    employer: str
    tier: Word  # mass | affluent | private
    risk_level: Word  # C1..C5, what the customer may bear
    aml_rating: Word  # low | medium | high
    state: Word  # active | dormant | closed | deceased
    branch: Word
    manager: Word  # staff number of the relationship manager
    since: date
    closed_on: date | None = None
    legal_hold: bool = False
    guardian: str | None = None  # customer number of a minor's guardian


#: The eight fields of a customer that only entitled roles may see in clear (JR/T 0171 C2 and alike).
RESTRICTED = (
    "national_id",
    "mobile",
    "email",
    "address",
    "birth_date",
    "card_number",
    "monthly_income",
    "aml_rating",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company(Record):
    """A legal person that banks with us."""

    name: str
    registration_id: str  # 18 characters, GB 32100 check character, region not assigned
    industry: Word
    size: Word  # micro | small | medium | large
    annual_turnover: Decimal
    currency: Word
    address: str
    phone: str
    branch: Word
    manager: Word
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Record):
    """``source`` stands to ``target`` as ``role``; both are customer or company numbers."""

    source: str
    target: str
    role: Word  # spouse | parent | owner | director | guarantor | employer | introducer
    since: date
    until: date | None = None
    share: Decimal | None = None  # fraction, for owners


@dataclass(frozen=True, slots=True, kw_only=True)
class Household(Record):
    """People who share their money; who belonged when is told by its memberships."""

    name: str
    kind: Word  # family | trust
    branch: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Record):
    """A customer's time in a household; ``until`` is the first day no longer in it."""

    household: str
    customer: str
    role: Word  # head | spouse | child | parent | trustee | beneficiary
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Record):
    """An account or contract: ``customer`` owns it, ``joint_holders`` own it with them."""

    customer: str
    product: Word  # current | savings | deposit | loan | fund | wealth
    currency: Word
    balance: Decimal  # negative for loans
    opened: date
    closed: date | None = None
    joint_holders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding(Record):
    """A position inside a fund or wealth account."""

    account: str
    product: Word
    risk_class: Word  # R1..R5
    units: Units
    value: Decimal
    currency: Word
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction(Record):
    """One contact with a customer."""

    customer: str
    channel: Word  # app | web | call | branch | wecom | email
    direction: Word  # in | out
    at: datetime
    subject: Word
    text: str
    staff: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket(Record):
    """A service request or complaint; its due time is the CRM's to work out."""

    customer: str
    category: Word
    severity: Word  # low | normal | high | critical
    subject: Word
    text: str
    opened_at: datetime
    status: Word  # open | paused | resolved | closed
    complaint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity(Record):
    """A sale that may come about."""

    customer: str
    product: Word
    stage: Word  # qualified | proposed | negotiated | won | lost
    amount: Decimal
    currency: Word
    owner: Word
    opened: date
    closes: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign(Record):
    """An outreach with a start, an end and a channel."""

    name: str
    channel: Word
    product: Word
    starts: date
    ends: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignMember(Record):
    """A customer in a campaign, either targeted or held out as control."""

    campaign: Word
    customer: str
    arm: Word  # target | control
    responded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Record):
    """A yes or no to one purpose on one channel, under one version of the text; never edited, only followed."""

    customer: str
    purpose: Word  # service | marketing | profiling | sharing
    channel: Word
    version: Word
    granted: bool
    at: datetime
    source: Word


@dataclass(frozen=True, slots=True, kw_only=True)
class KycFile(Record):
    """What the bank knows of who the customer is, and until when that knowledge is fresh."""

    customer: str
    level: Word  # simplified | normal | enhanced
    status: Word  # verified | due | overdue
    document: Word  # kind of identity document
    document_expires: date
    verified_on: date
    due_on: date


#: Every kind that is poured into a CRM, parents before children.
KINDS: tuple[type[Record], ...] = (
    Customer,
    Company,
    Relation,
    Household,
    Membership,
    Account,
    Holding,
    Interaction,
    Ticket,
    Opportunity,
    Campaign,
    CampaignMember,
    Consent,
    KycFile,
)
