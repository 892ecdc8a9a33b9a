"""Attachments: documents of customers and of their tickets; encrypted, typed by content, in reach with their record.

Who may read or change the record may read or change what hangs on it, and nobody else. A document of class C3 (an
identity document, a statement: JR/T 0197-2020) shows restricted values whole, so that it is opened as such values are
unmasked: by whoever may, for a reason, with a fresh second factor where one is asked, and so often an hour.
"""

import secrets
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple

from poc.reference_crm.access import Caller, Scope
from poc.reference_crm.catalogue import CUSTOMERS, TICKETS
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.domain.documents import FORMS, Form, form_of, safe_name
from poc.reference_crm.kinds import Kind
from poc.reference_crm.operations import factors
from poc.reference_crm.operations.customers import ration
from poc.reference_crm.operations.records import subject
from poc.reference_crm.problems import Problem, invalid, missing

#: Documents of one record that are listed at most.
MOST = 200
HEAD = "number, customer, ticket, data_class, media_type, size, name, added_by, added_at"
#: The record that documents are asked for, by the kind: what is out of reach is not there.
OWNER = {
    "customers": "SELECT number AS customer, NULL::text AS ticket, legal_hold FROM customers WHERE number = $1",
    "tickets": "SELECT t.customer, t.number AS ticket, c.legal_hold FROM tickets AS t"
    " JOIN customers AS c ON c.number = t.customer WHERE t.number = $1",
}
OF = {"customers": "customer = $1", "tickets": "ticket = $1"}


class Document(NamedTuple):
    """A document as it is handed out."""

    name: str
    media_type: str
    content: bytes


def name_place(number: str) -> str:
    """Return the name of the place where a document's name rests."""
    return f"attachments/{number}/name"


def body_place(number: str) -> str:
    """Return the name of the place where a document's content rests."""
    return f"attachments/{number}/body"


async def add(
    desk: Desk, caller: Caller, kind: Kind, number: str, *, name: str, content: bytes, data_class: str
) -> dict[str, object]:
    """Hang a document on a record; raises invalid for a form that is not taken, and 413 for too many bytes."""
    async with _open(desk, caller, kind, "update", number) as act:
        owner = await _owner(act, kind, number)
        form, key = _checked(desk, content), f"D{secrets.token_hex(10)}"
        row = await act.connection.fetchrow(
            f"INSERT INTO attachments ({HEAD}, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING {HEAD}",
            key, owner["customer"], owner["ticket"], data_class, form.media_type, len(content),
            desk.vault.seal(name_place(key), safe_name(name, form).encode()), caller.author, act.now,
            desk.vault.seal(body_place(key), content),
        )  # fmt: skip
        act.note("attachment.add", subject(kind, number), after=_told(row))
        return shown(desk, row)


def _checked(desk: Desk, content: bytes) -> Form:
    most = desk.settings.largest_attachment
    if len(content) > most:
        raise Problem(reason="invalid", status=413, detail=f"content is too large: at most {most:,} bytes are taken")
    form = form_of(content)
    if form is None:
        taken = ", ".join(one.media_type for one in FORMS)
        raise invalid("content", f"is in no form that is taken: send one of {taken}, whole and without anything after")
    return form


async def every(desk: Desk, caller: Caller, kind: Kind, number: str) -> list[dict[str, object]]:
    """Return what hangs on a record, newest first: names and sizes, never the content."""
    async with _open(desk, caller, kind, "get", number) as act:
        await _owner(act, kind, number)
        rows = await act.connection.fetch(
            f"SELECT {HEAD} FROM attachments WHERE {OF[kind.segment]} ORDER BY added_at DESC, number LIMIT {MOST}",
            number,
        )
        act.note("attachment.list", subject(kind, number), after={"documents": len(rows)})
        return [shown(desk, row) for row in rows]


async def of_customer(act: Act, desk: Desk, number: str) -> list[dict[str, object]]:
    """Return all documents of a customer and of their tickets inside an act under way, oldest first."""
    rows = await act.connection.fetch(
        f"SELECT {HEAD} FROM attachments WHERE customer = $1 ORDER BY added_at, number", number
    )
    return [shown(desk, row) for row in rows]


async def read(desk: Desk, caller: Caller, number: str, reason: str | None) -> Document:
    """Return a document; one of class C3 for a ``reason`` only, unless the caller sees such values in clear anyway."""
    kind, head = await _find(desk, caller, number, "get")
    about = subject(kind, head["ticket"] or head["customer"])
    whole = head["data_class"] == "C3" and not _sees_all(desk, caller)
    if whole:
        await _demand(desk, caller, about, reason)
    async with _open(desk, caller, kind, "get", str(head["ticket"] or head["customer"])) as act:
        row = await act.connection.fetchrow(f"SELECT {HEAD}, body FROM attachments WHERE number = $1", number)
        if row is None:
            raise missing("attachment")
        refused = await ration(act, desk.settings.unmask_per_hour) if whole else None
        if refused is None:
            told = _told(row) | ({"reason": reason} if reason else {})
            act.note("attachment.read", about, after=told)
    if refused is not None:
        await desk.deny(caller, "customer.unmask", about)
        raise refused
    content = desk.vault.open(body_place(number), row["body"])
    return Document(name=_name(desk, row), media_type=row["media_type"], content=content)


async def remove(desk: Desk, caller: Caller, number: str) -> None:
    """Take a document off file; raises locked while a legal hold keeps its customer's record."""
    kind, head = await _find(desk, caller, number, "delete")
    about = head["ticket"] or head["customer"]
    async with _open(desk, caller, kind, "delete", about) as act:
        owner = await _owner(act, kind, about)
        if owner["legal_hold"]:
            raise Problem(reason="locked", detail="a legal hold keeps this record and what hangs on it")
        gone = await act.connection.fetchval("DELETE FROM attachments WHERE number = $1 RETURNING number", number)
        if gone is None:
            raise missing("attachment")
        act.note("attachment.remove", subject(kind, about), before=_told(head))


async def _find(desk: Desk, caller: Caller, number: str, what: str) -> tuple[Kind, Any]:
    """Return what a document in reach hangs on, and the document without its content; the refusal is on record."""
    async with desk.database.connection(_scope(desk, caller, what)) as connection:
        head = await connection.fetchrow(f"SELECT {HEAD} FROM attachments WHERE number = $1", number)
    if head is None:
        await desk.deny(caller, f"attachment.{what}", f"attachments/{number}")
        raise missing("attachment")
    return (CUSTOMERS if head["ticket"] is None else TICKETS), head


def _open(desk: Desk, caller: Caller, kind: Kind, what: str, number: str) -> AbstractAsyncContextManager[Act]:
    """Open an act on what hangs on a record, by the right to do the same to the record."""
    return desk.act(caller, f"{kind.noun}.{what}", subject=subject(kind, number), scope=_scope(desk, caller, what))


def _scope(desk: Desk, caller: Caller, what: str) -> Scope:
    """Return whose documents a caller reaches: those of customers whom they reach, and who see more than a name."""
    if caller.role in desk.policy.hidden:
        return NOBODY
    return desk.policy.scope(caller, f"customer.{what}")


async def _owner(act: Act, kind: Kind, number: str) -> Any:
    owner = await act.connection.fetchrow(OWNER[kind.segment], number)
    if owner is None:
        raise missing()
    return owner


def _sees_all(desk: Desk, caller: Caller) -> bool:
    return all(desk.policy.sees_clear(caller.role, field) for field in CUSTOMERS.sealed)


async def _demand(desk: Desk, caller: Caller, about: str, reason: str | None) -> None:
    """Let pass who may unmask, has a reason, and has shown the second factor where one is asked."""
    await desk.authorise(caller, "customer.unmask", about)
    if reason is None:
        await desk.deny(caller, "customer.unmask", about)
        raise invalid("reason", "must say why this document of class C3 is opened")
    await factors.demand_fresh(desk, caller, "customer.unmask", about)


def _told(row: Any) -> dict[str, object]:
    """Return what the trail says of a document; its name may name people, and stays out."""
    return {"attachment": row["number"], "data_class": row["data_class"], "size": row["size"]}


def _name(desk: Desk, row: Any) -> str:
    return desk.vault.open(name_place(row["number"]), row["name"]).decode()


def shown(desk: Desk, row: Any) -> dict[str, object]:
    """Return a document as it is listed."""
    told = {name: row[name] for name in ("number", "data_class", "media_type", "size", "added_by", "added_at")}
    return told | {"name": _name(desk, row)}
