"""Forms: how our records look to Creme: what it keeps in fields of its own, and what in custom ones of our names."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from poc.connectors.creme_pages import Line, day
from poc.connectors.dialect import Dialect, kept
from poc.connectors.shape import Shape
from scenarios.answers import OnFile
from scenarios.port import Unsupported
from synthetic_data.records import Company, Customer, Interaction, Opportunity, Record, Ticket

#: Who owns a record: a user or a team, as which a branch is kept.
OWNER = "user"


def _yes(value: bool) -> str:
    return "true" if value else "false"


def _sum(shown: object) -> str:
    return str(shown).replace(",", "")


DIALECT = Dialect(flag=_yes, read_flag=lambda shown: shown == "true", read_day=day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One kind of record at the product.

    ``shape`` leads from our fields to the columns of lists, which are called as the fields of forms are, by name or
    label. ``entry`` is where one is added, seen and edited, ``view`` the columns of its list, ``own`` the fields that
    are the product's (each with how a filter names it), ``sums`` the custom ones that are numbers, ``words_in`` the
    fields of a free search, ``only`` what tells the bank's records from the product's.
    """

    shape: Shape
    entry: str
    view: str
    own: Mapping[str, str]
    words_in: tuple[str, ...]
    sums: frozenset[str] = frozenset()
    only: tuple[tuple[str, object], ...] = ()
    tie: str = ""

    @property
    def path(self) -> str:
        """Return where the list is asked."""
        return f"/{self.shape.path}"

    def told(self, flat: Mapping[str, object]) -> dict[str, str]:
        """Return values as a form takes them."""
        return {name: "" if value is None else str(value) for name, value in flat.items()}

    def seen(self, line: Line) -> OnFile:
        """Return a row of a list as the bank knows it: the fields that we named, and no more."""
        row: dict[str, Any] = {name: line.cells[name] for name in self.shape.names.values() if name in line.cells}
        for name in self.sums & row.keys():
            row[name] = _sum(row[name])
        return DIALECT.on_file(self.shape, row)

    def asked(self, where: Mapping[str, str]) -> list[tuple[str, object]]:
        """Return a filter as the list takes it; raises Unsupported for what the product cannot be asked by.

        Of custom fields one can be asked for at a time, since both conditions would be meant for the same value; what
        is asked besides is for the caller to compare.
        """
        found: list[tuple[str, object]] = list(self.only)
        taken = False
        for name, value in where.items():
            stem, _, tail = name.partition("__")
            if stem not in self.shape.names:
                raise Unsupported(f"the product has no field {stem} of {self.shape.path} to be filtered by")
            theirs = self.shape.names[stem]
            (written,) = self.told(DIALECT.changes(self.shape, {stem: value})).values()
            if theirs in self.own:
                found.append((self.own[theirs] + (f"__{tail}" if tail else ""), written))
            elif tail and theirs not in self.sums:
                raise Unsupported(f"the product compares no {stem} of {self.shape.path}: it is kept as text")
            elif not taken:
                taken = True
                table = "customfieldfloat" if theirs in self.sums else "customfieldstring"
                found += [
                    (f"{table}__custom_field__name", theirs),
                    (f"{table}__value" + (f"__{tail}" if tail else ""), written),
                ]
        return found

    def order(self, sort: str) -> dict[str, str]:
        """Return an order as the list takes it; raises Unsupported where there is none."""
        theirs = self.shape.names.get(sort.removeprefix("-"), "")
        if theirs not in self.own:
            raise Unsupported(f"the product sorts no {self.shape.path} by {sort.removeprefix('-')}")
        return {"sort_key": f"regular_field-{theirs}", "sort_order": "DESC" if sort.startswith("-") else "ASC"}


def condition(op: str, parts: list[tuple[str, object]]) -> dict[str, object]:
    """Return a condition of the product's lists (its parameter ``q_filter``)."""
    return {"op": op, "val": [list(one) for one in parts]}


def _form(
    kind: type[Record], path: str, entry: str, view: str, names: Mapping[str, str], *,
    words: Mapping[str, Mapping[str, str]] | None = None, related: tuple[str, ...] = (), **more: Any,
) -> Form:  # fmt: skip
    """Return a form; what is not in ``names`` is a custom field of our name, ``related`` are choices with a name."""
    named = {name: names.get(name, name) for name in kept(kind)}
    own = {theirs: f"{theirs}__name" if theirs in related else theirs for theirs in names.values()}
    shape = Shape(kind=kind, path=path, names=named, words=words or {}, key=named["number"], version="")
    return Form(shape=shape, entry=entry, view=view, own=own, **more)


CONTACTS = _form(
    Customer, "persons/contacts", "/persons/contact", "persons-hf_contact",
    {
        "name": "last_name", "latin_name": "first_name", "mobile": "mobile", "email": "email",
        "occupation": "full_position", "birth_date": "birthday",
    },
    words_in=("last_name", "first_name", "email", "mobile"), only=(("is_user__isnull", True),),
)  # fmt: skip
COMPANIES = _form(
    Company, "persons/organisations", "/persons/organisation", "persons-hf_organisation",
    {"number": "code", "name": "name", "phone": "phone", "annual_turnover": "annual_revenue"},
    words_in=("name", "code", "phone"), only=(("is_managed", False),),
)  # fmt: skip
DEALS = _form(
    Opportunity, "opportunities/opportunities", "/opportunities/opportunity", "opportunities-hf",
    {
        "number": "reference", "product": "name", "stage": "sales_phase", "currency": "currency",
        "opened": "first_action_date", "closes": "expected_closing_date",
    },
    words={
        "stage": {
            "qualified": "Forthcoming", "proposed": "In progress", "negotiated": "Under negotiation", "won": "Won",
            "lost": "Lost",
        },
        "currency": {
            "CNY": "Chinese yuan", "USD": "United States dollar", "EUR": "Euro", "GBP": "Pound sterling",
            "JPY": "Japanese yen",
        },
    },
    related=("sales_phase", "currency"), words_in=("name", "reference"), sums=frozenset({"amount"}),
    tie="cform_extra-opportunities_target",
)  # fmt: skip
TICKETS = _form(
    Ticket, "tickets/tickets", "/tickets/ticket", "tickets-hf_ticket",
    {"subject": "title", "text": "description", "status": "status", "severity": "priority"},
    words={
        "status": {"open": "Open", "paused": "Paused", "resolved": "Resolved", "closed": "Closed"},
        "severity": {"low": "Low", "normal": "Normal", "high": "High", "critical": "Urgent"},
    },
    related=("status", "priority"), words_in=("title", "description"), tie="relation_types",
)  # fmt: skip
CALLS = _form(
    Interaction, "activities/activities", "/activities/activity", "activities-hf_activity",
    {"subject": "title", "text": "description"},
    words_in=("title", "description"), tie="cform_extra-activities_subjects",
)  # fmt: skip
FORMS: Mapping[type[Record], Form] = {
    Customer: CONTACTS, Company: COMPANIES, Opportunity: DEALS, Ticket: TICKETS, Interaction: CALLS,
}  # fmt: skip

#: The product's kind of an activity, of our channel and direction; both are kept in custom fields as well.
_KINDS: Mapping[tuple[str, str], str] = {("call", "in"): "Incoming", ("call", "out"): "Outgoing"}
_MEETING, _OTHER = "Meeting", "Other"
_LINKED = "tickets-object_linked_2_ticket"


def form_of(kind: type[Record]) -> Form:
    """Return the form of a kind; raises Unsupported if the product keeps none."""
    try:
        return FORMS[kind]
    except KeyError:
        raise Unsupported(f"the product keeps no {kind.__name__} records") from None


def tied(form: Form, kind: str, entity: str) -> dict[str, str]:
    """Return what ties a new record to its customer, of whose content type ``kind`` is the number."""
    if form is TICKETS:
        return {form.tie: json.dumps([{"rtype": _LINKED, "ctype": kind, "entity": entity}])}
    one = {"ctype": {"id": int(kind)}, "entity": int(entity)}
    return {form.tie: json.dumps([one] if form is CALLS else one)}


def talked(one: Interaction) -> dict[str, str]:
    """Return what an activity must tell besides: its kind, and from when to when (to the minute)."""
    at: datetime = one.at.astimezone(UTC)
    told = {"cform_extra-activities_subtype": _KINDS.get((one.channel, one.direction), _other(one.channel))}
    for end in ("start", "end"):
        told |= {f"cform_extra-activities_{end}_0": f"{at:%Y-%m-%d}", f"cform_extra-activities_{end}_1": f"{at:%H:%M}"}
    return told


def _other(channel: str) -> str:
    return _MEETING if channel == "branch" else _OTHER
