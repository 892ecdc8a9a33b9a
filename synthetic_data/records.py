"""Records: the nouns that a bank keeps on file about its customers.

Every record is frozen and carries ``number``, the bank's own key. Money is ``Decimal`` beside a currency,
moments are UTC-aware, shares are fractions. A record has no behaviour; what is true of it is in ``truth``.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


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
    role: str
    branch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer(Record):
    """A person who banks with us. The fields in ``RESTRICTED`` are shown in clear only to those entitled."""

    name: str
    latin_name: str
    language: str  # zh | en
    gender: str  # F | M
    birth_date: date
    national_id: str  # 18 characters, GB 11643 check digit, region not assigned; 15 digits in some second files
    mobile: str
    email: str
    address: str
    card_number: str  # main debit card, Luhn-valid in a test range
    monthly_income: Decimal
    currency: str
    occupation: str
    employer: str
    tier: str  # mass | affluent | private
    risk_level: str  # C1..C5, what the customer may bear
    aml_rating: str  # low | medium | high
    state: str  # active | dormant | closed | deceased
    branch: str
    manager: str  # staff number of the relationship manager
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
    industry: str
    size: str  # micro | small | medium | large
    annual_turnover: Decimal
    currency: str
    address: str
    phone: str
    branch: str
    manager: str
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation(Record):
    """``source`` stands to ``target`` as ``role``; both are customer or company numbers."""

    source: str
    target: str
    role: str  # spouse | parent | owner | director | guarantor | employer | introducer
    since: date
    until: date | None = None
    share: Decimal | None = None  # fraction, for owners


@dataclass(frozen=True, slots=True, kw_only=True)
class Household(Record):
    """People who share their money; who belonged when is told by its memberships."""

    name: str
    kind: str  # family | trust
    branch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Record):
    """A customer's time in a household; ``until`` is the first day no longer in it."""

    household: str
    customer: str
    role: str  # head | spouse | child | parent | trustee | beneficiary
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Record):
    """An account or contract: ``customer`` owns it, ``joint_holders`` own it with them."""

    customer: str
    product: str  # current | savings | deposit | loan | fund | wealth
    currency: str
    balance: Decimal  # negative for loans
    opened: date
    closed: date | None = None
    joint_holders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding(Record):
    """A position inside a fund or wealth account."""

    account: str
    product: str
    risk_class: str  # R1..R5
    units: Decimal
    value: Decimal
    currency: str
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction(Record):
    """One contact with a customer."""

    customer: str
    channel: str  # app | web | call | branch | wecom | email
    direction: str  # in | out
    at: datetime
    subject: str
    text: str
    staff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket(Record):
    """A service request or complaint; its due time is the CRM's to work out."""

    customer: str
    category: str
    severity: str  # low | normal | high | critical
    subject: str
    text: str
    opened_at: datetime
    status: str  # open | paused | resolved | closed
    complaint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity(Record):
    """A sale that may come about."""

    customer: str
    product: str
    stage: str  # qualified | proposed | negotiated | won | lost
    amount: Decimal
    currency: str
    owner: str
    opened: date
    closes: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign(Record):
    """An outreach with a start, an end and a channel."""

    name: str
    channel: str
    product: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignMember(Record):
    """A customer in a campaign, either targeted or held out as control."""

    campaign: str
    customer: str
    arm: str  # target | control
    responded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Record):
    """A yes or no to one purpose on one channel, under one version of the text; never edited, only followed."""

    customer: str
    purpose: str  # service | marketing | profiling | sharing
    channel: str
    version: str
    granted: bool
    at: datetime
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KycFile(Record):
    """What the bank knows of who the customer is, and until when that knowledge is fresh."""

    customer: str
    level: str  # simplified | normal | enhanced
    status: str  # verified | due | overdue
    document: str  # kind of identity document
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
