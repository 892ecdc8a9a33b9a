"""Forms: how our records look to BottleCRM: what it keeps in fields of its own, and what in custom ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from poc.connectors.dialect import Dialect, kept
from poc.connectors.shape import Shape
from scenarios.answers import OnFile
from scenarios.port import Unsupported
from synthetic_data.records import Company, Customer, Interaction, Opportunity, Record, Ticket

#: Custom fields are filtered by under this prefix (``?cf_tier=private``); here it also tells them from others.
CUSTOM = "cf_"
#: Takes the second of two equal e-mail addresses: the product keeps one contact for each address.
SHARED_EMAIL = "shared_email"
#: Between a subject and the bank's number: an interaction has no other field for it, and no two cases one name.
BETWEEN = " · "
#: The longest name of a case.
LONGEST = 64
DIALECT = Dialect()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One kind of record at the product.

    ``rows`` and ``total`` lead to the rows of a list and their count, ``detail`` is the record in a detail;
    ``filters`` are our fields by which a list may be asked -> the parameter (a part of the text counts there),
    ``target`` is what the product calls the kind in its feed, ``titled`` its field that must differ from record to
    record and so has the bank's number behind it.
    """

    shape: Shape
    rows: tuple[str, ...]
    total: tuple[str, ...]
    detail: str
    paper: str
    target: str
    titled: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sorts: Mapping[str, str] = field(default_factory=dict)
    slim: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Return where the list is asked."""
        return f"/api/{self.shape.path}/"

    def told(self, flat: Mapping[str, object], number: str) -> dict[str, object]:
        """Return values of a record under the product's names: custom fields in an object of their own."""
        own = {name: value for name, value in flat.items() if not name.startswith(CUSTOM)}
        custom = {name.removeprefix(CUSTOM): value for name, value in flat.items() if name.startswith(CUSTOM)}
        if self.titled in own:
            room = LONGEST - len(BETWEEN) - len(number)
            own[self.titled] = f"{str(own[self.titled])[:room]}{BETWEEN}{number}"
        return {**own, "custom_fields": custom} if custom else own

    def seen(self, row: Mapping[str, Any]) -> OnFile:
        """Return a row of the product as the bank knows it: the fields that we named, and no more."""
        custom = {f"{CUSTOM}{name}": value for name, value in (row.get("custom_fields") or {}).items()}
        own = {name: row[name] for name in self.shape.names.values() if name in row}
        if not own.get("email") and f"{CUSTOM}{SHARED_EMAIL}" in custom:
            own["email"] = custom.pop(f"{CUSTOM}{SHARED_EMAIL}")
        if BETWEEN in str(own.get(self.titled, "")):
            own[self.titled], _, number = str(own[self.titled]).rpartition(BETWEEN)
            custom.setdefault(self.shape.key, number)
        return DIALECT.on_file(self.shape, {**own, **custom})

    def asked(self, where: Mapping[str, str]) -> dict[str, str]:
        """Return a filter as the list takes it; raises Unsupported for what the product cannot be asked by."""
        found: dict[str, str] = {}
        for name, value in where.items():
            parameter = self._parameter(name)
            written = DIALECT.changes(self.shape, {name.partition("__")[0]: value})
            found[parameter] = str(next(iter(written.values())))
        return found

    def _parameter(self, name: str) -> str:
        theirs = self.shape.names.get(name, "")
        if name in self.filters:
            return self.filters[name]
        if theirs.startswith(CUSTOM) and kept(self.shape.kind).get(name, _TEXT).type is not bool:
            return theirs
        raise Unsupported(f"the product filters no {self.shape.path} by {name}")

    def order(self, sort: str) -> str:
        """Return an order as the list takes it; raises Unsupported where there is none."""
        way, name = ("-" if sort.startswith("-") else ""), sort.removeprefix("-")
        if name not in self.sorts:
            raise Unsupported(f"the product sorts no {self.shape.path} by {name}")
        return way + self.sorts[name]


_TEXT = kept(Record)["number"]


def _shape(kind: type[Record], path: str, words: Mapping[str, Mapping[str, str]] | None = None, **own: str) -> Shape:
    """Return a shape in which every field that the product has no field for is a custom one of our name."""
    named = {name: own.pop(name, f"{CUSTOM}{name}") for name in kept(kind)} | own
    return Shape(kind=kind, path=path, names=named, words=words or {}, key=named["number"], version="")


CONTACTS = Form(
    shape=_shape(
        Customer, "contacts",
        name="last_name", latin_name="first_name", email="email", mobile="phone", address="address_line",
        occupation="title", employer="organization",
    ),
    rows=("results",), total=("count",), detail="contact_obj", paper="contact_attachment", target="Contact",
    filters={"name": "name", "latin_name": "name", "email": "email", "mobile": "phone"},
)  # fmt: skip
COMPANIES = Form(
    shape=_shape(
        Company, "accounts",
        name="name", phone="phone", address="address_line", annual_turnover="annual_revenue", currency="currency",
    ),
    rows=("active_accounts", "open_accounts"), total=("active_accounts", "open_accounts_count"),
    detail="account_obj", paper="account_attachment", target="Account", filters={"name": "name"},
)  # fmt: skip
DEALS = Form(
    shape=_shape(
        Opportunity, "opportunities",
        {"stage": {
            "qualified": "QUALIFICATION", "proposed": "PROPOSAL", "negotiated": "NEGOTIATION",
            "won": "CLOSED_WON", "lost": "CLOSED_LOST",
        }},
        number="name", stage="stage", amount="amount", currency="currency", closes="closed_on",
    ),
    rows=("opportunities",), total=("opportunities_count",), detail="opportunity_obj",
    paper="opportunity_attachment", target="Opportunity",
    filters={
        "number": "name", "stage": "stage", "amount__gt": "amount__gte", "amount__lt": "amount__lte",
        "closes__gt": "closed_on__gte", "closes__lt": "closed_on__lte",
    },
)  # fmt: skip
CASES = Form(
    shape=_shape(
        Ticket, "cases",
        {
            "status": {"open": "New", "paused": "Pending", "resolved": "Closed", "closed": "Closed"},
            "severity": {"low": "Low", "normal": "Normal", "high": "High", "critical": "Urgent"},
        },
        subject="name", text="description", status="status", severity="priority",
        root_cause=f"{CUSTOM}root_cause",
    ),
    rows=("cases",), total=("cases_count",), detail="cases_obj", paper="case_attachment", target="Case", titled="name",
    filters={"subject": "name", "status": "status", "severity": "priority"},
    sorts={"severity": "priority", "subject": "name"}, slim={"slim": "true"},
)  # fmt: skip
FORMS: Mapping[type[Record], Form] = {
    Customer: CONTACTS, Company: COMPANIES, Opportunity: DEALS, Ticket: CASES,
}  # fmt: skip

#: The product's six kinds of an interaction against our six channels; web and app are both kept as messages.
CHANNELS: Mapping[str, str] = {
    "app": "sms", "web": "sms", "call": "call", "branch": "meeting", "wecom": "whatsapp", "email": "email",
}  # fmt: skip
_CHANNEL_OF = {"sms": "app", "call": "call", "meeting": "branch", "whatsapp": "wecom", "email": "email"}
_DIRECTIONS = {"in": "inbound", "out": "outbound"}


def form_of(kind: type[Record]) -> Form:
    """Return the form of a kind; raises Unsupported if the product keeps none."""
    try:
        return FORMS[kind]
    except KeyError:
        raise Unsupported(f"the product keeps no {kind.__name__} records") from None


def interaction(one: Interaction, contact: str) -> dict[str, object]:
    """Return an interaction as the product logs it on a contact; who held it is lost: it is always the caller."""
    return {
        "kind": CHANNELS[one.channel],
        "direction": _DIRECTIONS[one.direction],
        "occurred_at": one.at.isoformat(),
        "subject": f"{one.subject}{BETWEEN}{one.number}",
        "body": one.text,
        "contact": contact,
    }


def logged(row: Mapping[str, Any], customer: str) -> OnFile:
    """Return a logged interaction as the bank knows it; its number is the product's, of the contact and its own."""
    subject, _, number = str(row["subject"]).rpartition(BETWEEN)
    return OnFile(
        kind=Interaction.__name__,
        number=f"{row['contact']}.{row['id']}",
        fields={
            "number": number,
            "customer": customer,
            "channel": _CHANNEL_OF.get(str(row["kind"]), row["kind"]),
            "direction": {theirs: ours for ours, theirs in _DIRECTIONS.items()}[row["direction"]],
            "at": row["occurred_at"],
            "subject": subject or number,
            "text": row["body"],
        },
    )
