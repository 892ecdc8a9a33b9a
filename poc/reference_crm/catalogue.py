"""Catalogue: the fourteen kinds of record that this CRM keeps, parents before children."""

from collections.abc import Mapping
from types import MappingProxyType

from poc.reference_crm.kinds import NUMBER_PATTERN, Field, Form, Kind

NATIONAL_ID = r"^([0-9]{17}[0-9X]|[0-9]{15})$"
CARD = r"^[0-9]{13,19}$"
#: An address, or nothing: not everybody has one.
EMAIL = r"^([A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24})?$"
USCC = r"^[0-9A-HJ-NPQRTUWXY]{18}$"
CURRENCY = r"^[A-Z]{3}$"
CHANNELS = ("app", "web", "call", "branch", "wecom", "email")
RISKS = ("C1", "C2", "C3", "C4", "C5")


def _text(name: str, longest: int = 200, **more: object) -> Field:
    return Field(name=name, longest=longest, **more)  # type: ignore[arg-type]


def _one_of(name: str, *choices: str) -> Field:
    return Field(name=name, choices=choices)


def _date(name: str, *, optional: bool = False) -> Field:
    return Field(name=name, form="date", optional=optional)


def _amount(name: str, form: Form = "money") -> Field:
    return Field(name=name, form=form)


def _sealed(name: str, form: Form = "text", longest: int = 200, **more: object) -> Field:
    return Field(name=name, form=form, longest=longest, sealed=True, **more)  # type: ignore[arg-type]


def _key(name: str, *kinds: str, optional: bool = False, immutable: bool = True) -> Field:
    return Field(name=name, refers=kinds, optional=optional, immutable=immutable, pattern=NUMBER_PATTERN, longest=40)


def _staff(name: str) -> Field:
    return Field(name=name, pattern=NUMBER_PATTERN, longest=40)


BRANCH = Field(name="branch", pattern=NUMBER_PATTERN, longest=40, guarded=True)
CURRENCY_FIELD = Field(name="currency", pattern=CURRENCY, longest=3)
CUSTOMER = _key("customer", "customers")
PARTY = ("customers", "companies")

CUSTOMERS = Kind(
    segment="customers",
    noun="customer",
    model="Customer",
    prefix="C",
    dated=True,
    fields=(
        _text("name", 80, rule="name"),
        _text("latin_name", 120, rule="name"),
        _one_of("language", "zh", "en"),
        _one_of("gender", "F", "M"),
        _sealed("birth_date", "date", rule="past"),
        _sealed("national_id", longest=18, indexed=True, pattern=NATIONAL_ID, rule="national_id"),
        _sealed("mobile", longest=11, indexed=True, pattern=r"^1[0-9]{10}$"),
        _sealed("email", longest=120, indexed=True, pattern=EMAIL, rule="email"),
        _sealed("address", longest=300, rule="address"),
        _sealed("card_number", longest=19, indexed=True, pattern=CARD, rule="card_number"),
        _sealed("monthly_income", "money", rule="not_negative"),
        CURRENCY_FIELD,
        _text("occupation", 120),
        _text("employer", 200),
        _one_of("tier", "mass", "affluent", "private"),
        Field(name="risk_level", choices=RISKS),
        Field(name="aml_rating", choices=("low", "medium", "high"), sealed=True, guarded=True),
        _one_of("state", "active", "dormant", "closed", "deceased"),
        BRANCH,
        _staff("manager"),
        _date("since"),
        _date("closed_on", optional=True),
        Field(name="legal_hold", form="flag", optional=True, default=False, guarded=True),
        _key("guardian", "customers", optional=True, immutable=False),
    ),
)
COMPANIES = Kind(
    segment="companies",
    noun="company",
    model="Company",
    prefix="K",
    fields=(
        _text("name", 200, rule="name"),
        _text("registration_id", 18, pattern=USCC, rule="registration_id"),
        _text("industry", 120),
        _one_of("size", "micro", "small", "medium", "large"),
        _amount("annual_turnover"),
        CURRENCY_FIELD,
        _text("address", 300),
        _text("phone", 40),
        BRANCH,
        _staff("manager"),
        _date("since"),
    ),
)
RELATIONS = Kind(
    segment="relations",
    noun="relation",
    model="Relation",
    prefix="R",
    parent="source",
    fields=(
        _key("source", *PARTY),
        _key("target", *PARTY),
        _one_of("role", "spouse", "parent", "owner", "director", "guarantor", "employer", "introducer"),
        _date("since"),
        _date("until", optional=True),
        Field(name="share", form="share", optional=True),
    ),
)
HOUSEHOLDS = Kind(
    segment="households",
    noun="household",
    model="Household",
    prefix="H",
    fields=(_text("name", 120), _one_of("kind", "family", "trust"), BRANCH),
)
MEMBERSHIPS = Kind(
    segment="memberships",
    noun="membership",
    model="Membership",
    prefix="M",
    parent="customer",
    fields=(
        _key("household", "households"),
        CUSTOMER,
        _one_of("role", "head", "spouse", "child", "parent", "trustee", "beneficiary"),
        _date("since"),
        _date("until", optional=True),
    ),
)
ACCOUNTS = Kind(
    segment="accounts",
    noun="account",
    model="Account",
    prefix="A",
    parent="customer",
    fields=(
        CUSTOMER,
        _one_of("product", "current", "savings", "deposit", "loan", "fund", "wealth"),
        CURRENCY_FIELD,
        _amount("balance"),
        _date("opened"),
        _date("closed", optional=True),
        Field(name="joint_holders", form="texts", optional=True, default=(), refers=("customers",)),
    ),
)
HOLDINGS = Kind(
    segment="holdings",
    noun="holding",
    model="Holding",
    prefix="P",
    parent="account",
    fields=(
        _key("account", "accounts"),
        _text("product", 120),
        _one_of("risk_class", "R1", "R2", "R3", "R4", "R5"),
        _amount("units", "units"),
        _amount("value"),
        CURRENCY_FIELD,
        _date("as_of"),
    ),
)
INTERACTIONS = Kind(
    segment="interactions",
    noun="interaction",
    model="Interaction",
    prefix="I",
    parent="customer",
    verbs=("create", "get", "list", "delete"),
    fields=(
        CUSTOMER,
        _one_of("channel", *CHANNELS),
        _one_of("direction", "in", "out"),
        Field(name="at", form="moment"),
        _text("subject", 300),
        _text("text", 8000),
        _staff("staff"),
    ),
)
TICKETS = Kind(
    segment="tickets",
    noun="ticket",
    model="Ticket",
    prefix="T",
    parent="customer",
    derived=("due_at", "breached", "escalated_at", "paused_seconds", "root_cause"),
    fields=(
        CUSTOMER,
        _text("category", 80),
        Field(name="severity", choices=("low", "normal", "high", "critical"), immutable=True),
        _text("subject", 300),
        _text("text", 8000),
        Field(name="opened_at", form="moment", immutable=True),
        Field(name="status", choices=("open", "paused", "resolved", "closed"), immutable=True),
        Field(name="complaint", form="flag", optional=True, default=False, immutable=True),
    ),
)
OPPORTUNITIES = Kind(
    segment="opportunities",
    noun="opportunity",
    model="Opportunity",
    prefix="O",
    parent="customer",
    fields=(
        CUSTOMER,
        _text("product", 120),
        _one_of("stage", "qualified", "proposed", "negotiated", "won", "lost"),
        _amount("amount"),
        CURRENCY_FIELD,
        _staff("owner"),
        _date("opened"),
        _date("closes"),
    ),
)
CAMPAIGNS = Kind(
    segment="campaigns",
    noun="campaign",
    model="Campaign",
    prefix="G",
    fields=(_text("name", 120), _one_of("channel", *CHANNELS), _text("product", 120), _date("starts"), _date("ends")),
)
CAMPAIGN_MEMBERS = Kind(
    segment="campaign-members",
    noun="campaign_member",
    model="CampaignMember",
    prefix="N",
    parent="customer",
    fields=(
        _key("campaign", "campaigns"),
        CUSTOMER,
        _one_of("arm", "target", "control"),
        Field(name="responded", form="flag", optional=True, default=False),
    ),
)
CONSENTS = Kind(
    segment="consents",
    noun="consent",
    model="Consent",
    prefix="S",
    parent="customer",
    verbs=("create", "get", "list", "delete"),
    fields=(
        CUSTOMER,
        _one_of("purpose", "service", "marketing", "profiling", "sharing"),
        _text("channel", 40),
        _text("version", 40),
        Field(name="granted", form="flag"),
        Field(name="at", form="moment"),
        _text("source", 120),
    ),
)
KYC_FILES = Kind(
    segment="kyc-files",
    noun="kyc",
    model="KycFile",
    prefix="Y",
    parent="customer",
    fields=(
        CUSTOMER,
        _one_of("level", "simplified", "normal", "enhanced"),
        _one_of("status", "verified", "due", "overdue"),
        _text("document", 80),
        _date("document_expires"),
        _date("verified_on"),
        _date("due_on"),
    ),
)

#: Every kind by its path segment, parents before children.
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.segment: kind
        for kind in (
            CUSTOMERS,
            COMPANIES,
            RELATIONS,
            HOUSEHOLDS,
            MEMBERSHIPS,
            ACCOUNTS,
            HOLDINGS,
            INTERACTIONS,
            TICKETS,
            OPPORTUNITIES,
            CAMPAIGNS,
            CAMPAIGN_MEMBERS,
            CONSENTS,
            KYC_FILES,
        )
    }
)
