"""Approvals: a change is asked for, others decide, and the last agreement carries it out in one transaction."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from poc.reference_crm import approval_forms
from poc.reference_crm.access import Caller
from poc.reference_crm.database import Connection
from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.domain import approval
from poc.reference_crm.domain.approval import APPROVED, ApprovalRefused, Approver, Loan, Standing
from poc.reference_crm.kinds import Kind
from poc.reference_crm.models import checked_changes
from poc.reference_crm.operations.approval_flows import approvable, covering, kind_of, level_told
from poc.reference_crm.operations.records import change, locked, refuse
from poc.reference_crm.problems import FieldError, Problem, forbidden, invalid, missing

SELECT = "SELECT * FROM approvals"
STORE = (
    "UPDATE approvals SET changes = $2, revision = $3, standing = $4, events = $5, state = $6, due_at = $7,"
    " escalated_at = CASE WHEN $7::timestamptz IS NOT DISTINCT FROM due_at THEN escalated_at END WHERE number = $1"
)
LENT = (
    "SELECT l.owner, u.role, l.until FROM approval_loans AS l JOIN users AS u ON u.username = l.owner"
    " WHERE l.taker = $1 AND l.until > $2 AND NOT u.disabled ORDER BY l.since"
)
PAGE = 100


async def ask(desk: Desk, caller: Caller, wish: Mapping[str, Any]) -> dict[str, object]:
    """Ask for a change of a record; raises invalid where no flow covers it, since then it needs nobody's consent."""
    kind = kind_of(wish["kind"])
    await desk.authorise(caller, f"{kind.noun}.update", f"{kind.segment}/{wish['record']}")
    changes = _checked(desk, caller, kind, wish["changes"])
    async with desk.act(caller, "approval.ask") as act:
        row = await locked(act, kind, wish["record"])
        flow, levels = await _levels(act.connection, kind, row, changes)
        if flow is None:
            raise invalid("changes", "are covered by no approval flow: make them directly")
        number = f"A-{secrets.token_hex(8).upper()}"
        standing = Standing(maker=caller.username, levels=levels, since=act.now)
        branch = await act.connection.fetchval(f"SELECT branch FROM {kind.table} WHERE number = $1", wish["record"])
        stored = await act.connection.fetchrow(
            "INSERT INTO approvals (number, flow, kind, record, branch, maker, changes, revision, standing, events,"
            " state, due_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING *",
            number, flow, kind.segment, wish["record"], branch, caller.username, wish["changes"], row["revision"],
            approval_forms.written(standing), [_event(act, "ask", wish["note"])], standing.state, standing.due(),
            act.now,
        )  # fmt: skip
        act.note("approval.ask", f"approvals/{number}", after={"record": wish["record"], **wish["changes"]})
        return shown(stored, act.now)


def _checked(desk: Desk, caller: Caller, kind: Kind, told: Mapping[str, Any]) -> dict[str, object]:
    """Return changes as the record takes them; raises invalid for those that cannot wait or may not be made."""
    unfit = [name for name in told if name not in approvable(kind)]
    if unfit:
        raise refuse([FieldError(field=name, message="cannot wait for approval: change it directly") for name in unfit])
    values = checked_changes(kind, orjson.dumps(told))
    if isinstance(values, list):
        raise refuse(values)
    guarded = [name for name in values if kind.by_name[name].guarded]
    if guarded and caller.role not in desk.policy.guarded_by:
        raise refuse([FieldError(field=name, message="may not be set by your role") for name in guarded])
    return values


async def _levels(
    connection: Connection, kind: Kind, row: Mapping[str, object], changes: Mapping[str, object]
) -> tuple[str | None, Any]:
    flow, _, levels = await covering(connection, kind, {**row, **changes})
    return flow, levels


async def decide(
    desk: Desk, caller: Caller, number: str, what: str, *, to: int | None = None, changes: Any = None, note: str = ""
) -> dict[str, object]:
    """Approve, reject, return, recall or amend a request; a refusal is put on record."""
    subject = f"approvals/{number}"
    await desk.authorise(caller, "approval.decide", subject)
    try:
        told, overtaken = await _decide(desk, caller, number, what, to, changes, note)
    except Problem as no:
        if no.reason == "forbidden":
            await desk.deny(caller, "approval.decide", subject)
        raise
    if overtaken:
        raise Problem(reason="conflict", detail="the record has changed since: the request starts anew, read it again")
    return told


async def _decide(
    desk: Desk, caller: Caller, number: str, what: str, to: int | None, changes: Any, note: str
) -> tuple[dict[str, object], bool]:
    async with desk.act(caller, "approval.decide") as act:
        request = await _locked(act, number)
        kind, before = kind_of(request["kind"]), approval_forms.standing_of(request["standing"])
        after, values = await _after(act, desk, kind, request, before, what, to, changes)
        row = await locked(act, kind, request["record"]) if after.state in approval.OPEN | {APPROVED} else None
        overtaken = row is not None and what == "approve" and row["revision"] != request["revision"]
        revision = request["revision"] if row is None else row["revision"]
        if overtaken:
            after = approval.restarted(before, act.now)
            act.note("approval.restart", f"approvals/{number}", after={"round": after.round})
        elif after.state == APPROVED:
            await _carry_out(act, desk, kind, request, row)
        events = [*request["events"], _event(act, "restart" if overtaken else what, note)]
        stored = {**request, "changes": values, "events": events, "state": after.state}
        await act.connection.execute(
            STORE, number, values, revision, approval_forms.written(after), events, after.state, after.due()
        )
        if not overtaken:
            act.note(f"approval.{what}", f"approvals/{number}", before=_trace(before), after=_trace(after))
        escalated = request["escalated_at"] if before.due() == after.due() else None
        return shown({**stored, "standing": approval_forms.written(after), "escalated_at": escalated}, act.now), (
            overtaken
        )


async def _after(
    act: Act,
    desk: Desk,
    kind: Kind,
    request: Mapping[str, Any],
    before: Standing,
    what: str,
    to: int | None,
    changes: Any,
) -> tuple[Standing, Any]:
    """Return how the request stands after a decision, and the changes that it asks for from then on."""
    values, levels = request["changes"], None
    if what == "amend":
        if changes is None:
            raise invalid("changes", "must say what is asked for instead")
        if not desk.lets(act.caller, f"{kind.noun}.update"):
            raise forbidden(f"{kind.noun}.update")
        typed = _checked(desk, act.caller, kind, changes)
        _, levels = await _levels(act.connection, kind, await locked(act, kind, request["record"]), typed)
        values = changes
        if not levels:
            raise invalid("changes", "are covered by no approval flow any more: recall the request")
    try:
        after = approval.decide(before, what, await approver(act), act.now, to=to, levels=levels)
    except ApprovalRefused as no:
        errors = (FieldError(field=no.field, message=no.detail),) if no.reason == "invalid" else ()
        raise Problem(reason=no.reason, detail=no.detail, errors=errors) from None
    return after, values


async def approver(act: Act) -> Approver:
    """Return who decides, with the role and the loans of this very moment, whatever a session remembers."""
    row = await act.connection.fetchrow(
        "SELECT role FROM users WHERE username = $1 AND NOT disabled FOR SHARE", act.caller.username
    )
    if row is None:
        raise missing("user")
    rows = await act.connection.fetch(LENT, act.caller.username, act.now)
    return Approver(who=act.caller.username, role=row["role"], lent=tuple(Loan(**dict(one)) for one in rows))


async def _carry_out(act: Act, desk: Desk, kind: Kind, request: Mapping[str, Any], row: Any) -> None:
    """Make the change in the name of who asked for it, who must still be allowed to."""
    maker = await act.connection.fetchrow(
        "SELECT role, branch FROM users WHERE username = $1 AND NOT disabled FOR SHARE", request["maker"]
    )
    if maker is None:
        raise Problem(reason="conflict", detail="who asked is not here any more: reject the request")
    # whoever decides may hold a key that is confined to deciding; the change is not made by that key
    caller = replace(act.caller, username=request["maker"], role=maker["role"], branch=maker["branch"], scopes=None)
    if not desk.policy.lets(caller, f"{kind.noun}.update"):
        raise Problem(reason="conflict", detail="who asked may not make this change any more: reject the request")
    values = _checked(desk, caller, kind, request["changes"])
    effect = Act(act.connection, caller, act.now)
    await change(effect, desk, kind, row, values, source="approval")
    await effect.close()
    act.note("approval.carried_out", f"approvals/{request['number']}", after={"record": request["record"]})


async def _locked(act: Act, number: str) -> dict[str, Any]:
    row = await act.connection.fetchrow(f"{SELECT} WHERE number = $1 FOR UPDATE", number)
    if row is None:
        raise missing("request")
    return dict(row)


async def get(desk: Desk, caller: Caller, number: str) -> dict[str, object]:
    """Return how a request stands now."""
    async with desk.act(caller, "approval.read") as act:
        row = await act.connection.fetchrow(f"{SELECT} WHERE number = $1", number)
        if row is None:
            raise missing("request")
        act.note("approval.read", f"approvals/{number}")
        return shown(row, act.now)


async def under_way(desk: Desk, caller: Caller) -> dict[str, object]:
    """Return the newest requests under way in the caller's reach."""
    async with desk.act(caller, "approval.read") as act:
        rows = await act.connection.fetch(
            f"{SELECT} WHERE state IN ('pending', 'returned') ORDER BY created_at DESC LIMIT $1", PAGE
        )
        act.note("approval.read", "approvals")
        return {"items": [shown(row, act.now) for row in rows]}


async def lend(desk: Desk, caller: Caller, to: str, until: datetime) -> dict[str, object]:
    """Lend one's right to approve to a colleague until a moment, at most a year from now."""
    async with desk.act(caller, "approval.lend") as act:
        if to == caller.username:
            raise invalid("to", "must be somebody else", to)
        if not 0 < (until - act.now).total_seconds() <= approval_forms.LONGEST_HOURS * 3600:
            raise invalid("until", "must lie ahead, and within a year", until.isoformat())
        if await act.connection.fetchval("SELECT 1 FROM users WHERE username = $1 AND NOT disabled", to) is None:
            raise missing("user")
        number = f"L-{secrets.token_hex(8).upper()}"
        await act.connection.execute(
            "INSERT INTO approval_loans (number, owner, taker, since, until) VALUES ($1, $2, $3, $4, $5)",
            number, caller.username, to, act.now, until,
        )  # fmt: skip
        act.note("approval.lend", f"users/{to}", after={"until": until.isoformat()})
        return {"number": number}


def _event(act: Act, what: str, note: str) -> dict[str, str]:
    return {"at": act.now.isoformat(), "act": what, "who": act.caller.username, "note": note}


def _trace(standing: Standing) -> dict[str, object]:
    return {"state": standing.state, "level": standing.place + 1, "round": standing.round}


def shown(row: Mapping[str, Any], now: datetime) -> dict[str, object]:
    """Return a request as answers tell it."""
    standing = approval_forms.standing_of(row["standing"])
    kept = {name: row[name] for name in ("number", "flow", "kind", "record", "changes", "maker", "state", "events")}
    return kept | {
        "level": standing.place + 1 if standing.state == approval.PENDING else 0,
        "round": standing.round,
        "levels": [level_told(level) for level in standing.levels],
        "waits_for": list(standing.seats(now)),
        "agreed": [
            {"level": one.level + 1, "who": one.who, "role": one.role, "on_behalf": one.on_behalf}
            for one in standing.voices
        ],
        "escalated_at": row["escalated_at"] or (standing.due() if standing.escalated(now) else None),
    }
