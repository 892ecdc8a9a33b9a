"""Overviews: all that the bank knows of a customer at one glance, in one round trip."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import orjson

from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.catalogue import CUSTOMERS
from poc.reference_crm.desk import Desk
from poc.reference_crm.problems import missing

#: So many rows of a domain are shown, the newest first.
MOST = 50
IDENTITY = ("name", "latin_name", "gender", "birth_date", "national_id", "language", "occupation", "employer")
CONTACT = ("mobile", "email", "address")
RISK = ("risk_level", "aml_rating", "legal_hold")

_ACCOUNTS = (
    "(SELECT * FROM accounts WHERE customer = $1 UNION ALL SELECT * FROM accounts"
    " WHERE number = ANY (ARRAY (SELECT account FROM joint_holdings WHERE customer = $1)))"
)
_POSITIONS = (
    "(SELECT coalesce(json_agg(json_build_object('number', h.number, 'product', h.product, 'risk_class', h.risk_class,"
    " 'units', h.units::text, 'value', h.value::text, 'currency', h.currency, 'as_of', h.as_of)), '[]')"
    " FROM holdings AS h WHERE h.account = a.number)"
)

#: Domain -> the operation that must be allowed to see it, and its rows.
DOMAINS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "kyc": (
            "kyc.list",
            "SELECT number, level, status, document, document_expires, verified_on, due_on FROM kyc_files"
            " WHERE customer = $1 ORDER BY verified_on DESC, number",
        ),
        "consents": (
            "consent.list",
            "SELECT * FROM ("
            "SELECT DISTINCT ON (purpose, channel) number, purpose, channel, version, granted, at, source"
            " FROM consents WHERE customer = $1 ORDER BY purpose, channel, at DESC, number DESC) AS w ORDER BY at DESC",
        ),
        "holdings": (
            "account.list",
            "SELECT number, customer AS owner, product, currency, balance::text AS balance, opened, closed,"
            f" joint_holders, {_POSITIONS} AS positions FROM {_ACCOUNTS} AS a ORDER BY opened DESC, number",
        ),
        "transactions": (
            "account.list",
            "SELECT number AS account, currency, balance::text AS balance, updated_at AS as_of"
            f" FROM {_ACCOUNTS} AS a WHERE closed IS NULL ORDER BY updated_at DESC, number",
        ),
        "household": (
            "household.list",
            "SELECT m.number, m.household, h.name, h.kind, m.role, m.since, m.until,"
            " (SELECT json_agg(o.customer ORDER BY o.since, o.number) FROM memberships AS o"
            " WHERE o.household = m.household AND o.until IS NULL) AS members"
            " FROM memberships AS m LEFT JOIN households AS h ON h.number = m.household"
            " WHERE m.customer = $1 ORDER BY m.since DESC, m.number",
        ),
        "tickets": (
            "ticket.list",
            "SELECT number, category, severity, subject, status, complaint, opened_at, due_at, breached, root_cause"
            " FROM tickets WHERE customer = $1 ORDER BY opened_at DESC, number",
        ),
        "campaigns": (
            "campaign.list",
            "SELECT m.number, m.campaign, c.name, c.channel, c.product, c.starts, c.ends, m.arm, m.responded"
            " FROM campaign_members AS m LEFT JOIN campaigns AS c ON c.number = m.campaign"
            " WHERE m.customer = $1 ORDER BY c.starts DESC, m.number",
        ),
        "interactions": (
            "interaction.list",
            "SELECT number, channel, direction, at, subject, left(text, 280) AS text, staff"
            " FROM interactions WHERE customer = $1 ORDER BY at DESC, number",
        ),
        "opportunities": (
            "opportunity.list",
            "SELECT number, product, stage, amount::text AS amount, currency, owner, opened, closes"
            " FROM opportunities WHERE customer = $1 ORDER BY opened DESC, number",
        ),
    }
)


@cache
def overview_sql(domains: tuple[str, ...]) -> str:
    """Return the statement that reads a customer with these domains, each as JSON text."""
    parts = [
        f"(SELECT coalesce(json_agg(d), '[]')::text FROM ({DOMAINS[domain][1]} LIMIT {MOST}) AS d) AS {domain}_rows"
        for domain in domains
    ]
    columns = ", ".join(f"c.{name}" for name in CUSTOMERS.read_columns)
    return f"SELECT {', '.join((columns, *parts))} FROM customers AS c WHERE c.number = $1"


async def overview(desk: Desk, caller: Caller, number: str) -> dict[str, object]:
    """Return a customer with twelve domains; one that the caller may not list on its own stays empty."""
    visible = tuple(name for name, (operation, _) in DOMAINS.items() if desk.lets(caller, operation))
    entry = Entry(action="customer.read", subject=f"customers/{number}", after={"view": "overview"})
    rows = await desk.read(caller, "customer.overview", overview_sql(visible), (number,), entry)
    if not rows:
        raise missing("customer")
    row = rows[0]
    customer = desk.gate.shown(CUSTOMERS, {name: row[name] for name in CUSTOMERS.read_columns}, caller.role)
    told = {name: orjson.Fragment(row[f"{name}_rows"]) for name in visible}
    return {
        "customer": customer,
        "identity": [_some(customer, IDENTITY)],
        "contact": [_some(customer, CONTACT)],
        "risk": [_some(customer, RISK)],
        **{name: told.get(name, []) for name in DOMAINS},
    }


def _some(customer: Mapping[str, object], names: tuple[str, ...]) -> dict[str, object]:
    return {name: customer.get(name) for name in names}
