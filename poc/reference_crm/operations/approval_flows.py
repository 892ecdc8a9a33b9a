"""Approval flows: the bank sets up without code which changes must be agreed to; what a flow covers waits for it."""

import secrets
from collections.abc import Mapping
from typing import Any

from poc.reference_crm import approval_forms
from poc.reference_crm.access import Caller
from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.database import Connection
from poc.reference_crm.desk import Desk
from poc.reference_crm.domain.approval import Flow, Level
from poc.reference_crm.kinds import Kind
from poc.reference_crm.problems import FieldError, Problem, missing

AT_WORK = "SELECT number, name, kind, rule, version FROM approval_flows WHERE retired_at IS NULL"
#: Ways of changing a record by hand, which a flow stands in the way of.
BY_HAND = frozenset({"api", "restore"})


def approvable(kind: Kind) -> frozenset[str]:
    """Return the fields whose change can wait for approval: of fixed form, so that no request keeps personal data."""
    return frozenset(field.name for field in kind.fields if not (field.sealed or field.free or field.immutable))


def kind_of(segment: str) -> Kind:
    """Return the kind of records that a flow or a request is about; raises invalid."""
    kind = KINDS.get(segment)
    if kind is None or not kind.branched or "update" not in kind.verbs:
        raise _wrong("kind", "names no kind of records that is changed under approval", segment)
    return kind


def _wrong(field: str, message: str, value: str) -> Problem:
    error = FieldError(field=field, message=message, value=value[:80])
    return Problem(reason="invalid", detail=f"{field} {message}", errors=(error,))


def _check(desk: Desk, form: Mapping[str, Any]) -> None:
    """Refuse a flow about fields or roles that do not exist."""
    kind, known = kind_of(form["kind"]), frozenset().union(*desk.policy.operations.values())
    for level in form["levels"]:
        for role in (*level["roles"], *level["escalate_to"]):
            if role not in known:
                raise _wrong("roles", "is no role of this bank", role)
        if len(set(level["roles"])) < len(level["roles"]):
            raise _wrong("roles", "names a role twice", ", ".join(level["roles"]))
        if level["escalate_to"] and level["hours"] is None:
            raise _wrong("hours", "must say after how long the level passes to others", "None")
    for condition in (one for part in (form, *form["levels"]) for one in part["when"]):
        field = kind.by_name.get(condition["field"])
        if condition["field"] != "number" and (field is None or field.sealed):
            raise _wrong("field", f"is none that {kind.segment} can be told apart by", condition["field"])


async def set_up(desk: Desk, caller: Caller, form: dict[str, Any], number: str | None = None) -> dict[str, object]:
    """Put a flow to work, or change one; requests under way keep the levels they began with."""
    await desk.authorise(caller, "approval.set_up", f"approval-flows/{number or 'new'}")
    _check(desk, form)
    async with desk.act(caller, "approval.set_up") as act:
        rule = {"when": form["when"], "levels": form["levels"]}
        before = None if number is None else await _locked(act.connection, number)
        if number is None:
            number = f"F-{secrets.token_hex(8).upper()}"
            await act.connection.execute(
                "INSERT INTO approval_flows (number, name, kind, rule, username, created_at)"
                " VALUES ($1, $2, $3, $4, $5, $6)",
                number, form["name"], form["kind"], rule, caller.username, act.now,
            )  # fmt: skip
        else:
            await act.connection.execute(
                "UPDATE approval_flows SET name = $2, kind = $3, rule = $4, version = version + 1 WHERE number = $1",
                number, form["name"], form["kind"], rule,
            )  # fmt: skip
        act.note("config.change", f"approval-flows/{number}", before=before, after=form)
        return {"number": number}


async def retire(desk: Desk, caller: Caller, number: str) -> None:
    """Take a flow out of work; it covers nothing from now on."""
    async with desk.act(caller, "approval.set_up", subject=f"approval-flows/{number}") as act:
        before = await _locked(act.connection, number)
        await act.connection.execute("UPDATE approval_flows SET retired_at = $2 WHERE number = $1", number, act.now)
        act.note("config.change", f"approval-flows/{number}", before=before, after={"retired": True})


async def _locked(connection: Connection, number: str) -> dict[str, object]:
    row = await connection.fetchrow(f"{AT_WORK} AND number = $1 FOR UPDATE", number)
    if row is None:
        raise missing("approval flow")
    return {"name": row["name"], "kind": row["kind"], **row["rule"]}


async def everything(desk: Desk, caller: Caller) -> dict[str, object]:
    """Return all flows at work, oldest first."""
    async with desk.act(caller, "approval.read") as act:
        rows = await act.connection.fetch(f"{AT_WORK} ORDER BY created_at, number")
        act.note("approval.read", "approval-flows")
        return {"items": [{name: row[name] for name in row.keys() if name != "rule"} | row["rule"] for row in rows]}  # noqa: SIM118 - a record's keys


async def covering(connection: Connection, kind: Kind, values: Mapping[str, object]) -> tuple[str | None, Flow, Any]:
    """Return the oldest flow that covers a record with these values: number, rules and the levels; None for none."""
    rows = await connection.fetch(f"{AT_WORK} AND kind = $1 ORDER BY created_at, number", kind.segment)
    for row in rows:
        flow = approval_forms.flow_of(row["rule"])
        levels = flow.path(values)
        if levels:
            return row["number"], flow, levels
    return None, Flow(), ()


async def simulate(desk: Desk, caller: Caller, segment: str, values: Mapping[str, object]) -> dict[str, object]:
    """Return who would have to agree if a record had these values; nothing is asked for."""
    async with desk.act(caller, "approval.read") as act:
        number, _, levels = await covering(act.connection, kind_of(segment), values)
        act.note("approval.simulate", "approval-flows", after={"kind": segment, "flow": number})
        return {"flow": number, "levels": [level_told(level) for level in levels]}


def level_told(level: Level) -> dict[str, Any]:
    """Return a level as answers tell it."""
    return approval_forms.written(level)


async def stand_in_the_way(
    connection: Connection, kind: Kind, before: Mapping[str, object], changes: Mapping[str, object], source: str
) -> None:
    """Refuse a change by hand that a flow covers: it must be asked for."""
    if source not in BY_HAND or not changes.keys() & approvable(kind):
        return
    number, _, _ = await covering(connection, kind, {**before, **changes})
    if number is not None:
        detail = f"this change needs approval by flow {number}: ask for it with POST /v1/approvals"
        raise Problem(reason="conflict", detail=detail)
