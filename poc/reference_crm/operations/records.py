"""Records: put a record of any kind on file, read it, change it, take it off; each with right, trail and history."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from poc.reference_crm import history
from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.catalogue import CUSTOMERS, KINDS
from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.kinds import Kind
from poc.reference_crm.masking import Row, place
from poc.reference_crm.operations.approval_flows import stand_in_the_way
from poc.reference_crm.operations.duplicates import likely
from poc.reference_crm.operations.included import included
from poc.reference_crm.operations.inserts import insert_rows
from poc.reference_crm.problems import FieldError, Problem, missing

#: Names in the audit trail: reads of customers are told apart from other reads.
READ = {"customers": "customer.read"}


def subject(kind: Kind, number: str) -> str:
    """Return how a record is called in the audit trail."""
    return f"{kind.segment}/{number}"


def refuse(errors: Sequence[FieldError]) -> Problem:
    """Return the refusal of a body with its field errors."""
    named = ", ".join(dict.fromkeys(error.field for error in errors[:5]))
    return Problem(reason="invalid", detail=f"not valid: {named}; see errors", errors=tuple(errors))


def plain(value: object) -> object:
    """Return a value as it stands in JSON and in the history."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


async def create(desk: Desk, caller: Caller, kind: Kind, values: dict[str, object]) -> dict[str, object]:
    """Put one checked record on file and return it as the caller may see it."""
    async with desk.act(caller, f"{kind.noun}.create") as act:
        return await put(act, desk, kind, values)


async def put(act: Act, desk: Desk, kind: Kind, values: dict[str, object]) -> dict[str, object]:
    """Put one checked record on file inside an act under way."""
    scope = desk.policy.scope(act.caller)
    if scope.reach == "branch" and values.get("branch", scope.branch) != scope.branch:
        raise Problem(reason="forbidden", detail="branch must be your own", errors=(_other_branch(values),))
    done = await insert_rows(act, desk, kind, [values])
    for error in done.rejected.values():
        if "on file already" in error.message:
            raise Problem(reason="duplicate", detail=f"{error.field} {error.message}", errors=(error,))
        raise refuse([error])
    row = done.rows[0]
    safe = desk.gate.safe(kind, {name: plain(value) for name, value in values.items()})
    act.note("record.create", subject(kind, str(row["number"])), after=safe)
    shown = desk.gate.shown(kind, {name: row.get(name) for name in kind.read_columns}, act.caller.role)
    if kind is CUSTOMERS:
        shown["likely_duplicates"] = await likely(act.connection, desk, values | {"number": row["number"]})
    return shown


def _other_branch(values: Mapping[str, object]) -> FieldError:
    return FieldError(field="branch", message="is not yours", value=str(values.get("branch")))


async def get(desk: Desk, caller: Caller, kind: Kind, number: str, include: Sequence[str] = ()) -> dict[str, object]:
    """Read one record, with related ones where asked; what is out of reach is not there."""
    entry = Entry(action=READ.get(kind.segment, "record.read"), subject=subject(kind, number))
    select = f"SELECT {kind.columns_sql} FROM {kind.table} WHERE number = $1"
    rows = await desk.read(caller, f"{kind.noun}.get", select, (number,), entry)
    if not rows:
        raise missing()
    record = desk.gate.shown(kind, rows[0], caller.role)
    record["revision"] = rows[0]["revision"]
    if include:
        record["included"] = await included(desk, caller, kind, number, include)
    return record


async def update(
    desk: Desk, caller: Caller, kind: Kind, number: str, changes: Mapping[str, object], version: int
) -> dict[str, object]:
    """Change fields of a record that still has ``version``; refused with 412 if somebody was quicker."""
    async with desk.act(caller, f"{kind.noun}.update") as act:
        row = await locked(act, kind, number)
        if row["revision"] != version:
            raise Problem(
                reason="conflict", status=412, detail=f"the record has version {row['revision']} by now: read it again"
            )
        guarded = [name for name in changes if kind.by_name[name].guarded]
        if guarded and caller.role not in desk.policy.guarded_by:
            raise refuse([FieldError(field=name, message="may not be set by your role") for name in guarded])
        changed = await change(act, desk, kind, row, changes, source="api")
        shown = desk.gate.shown(kind, changed, caller.role)
        return shown | {"revision": changed["revision"]}


async def locked(act: Act, kind: Kind, number: str) -> Row:
    """Return a record's row, locked until the act ends; raises not-found."""
    select = f"SELECT {kind.columns_sql} FROM {kind.table} WHERE number = $1 FOR UPDATE"
    row: Row | None = await act.connection.fetchrow(select, number)
    if row is None:
        raise missing()
    return row


async def change(
    act: Act, desk: Desk, kind: Kind, row: Row, changes: Mapping[str, object], *, source: str
) -> dict[str, object]:
    """Change a locked record inside an act: row, history and trail; return the new row, sealed as it rests."""
    before = desk.gate.opened(kind, row)
    real = {name: new for name, new in changes.items() if plain(before.get(name)) != plain(new)}
    if not real:
        return dict(row)
    await stand_in_the_way(act.connection, kind, before, real, source)
    await _check_references(act, kind, real)
    if "branch" in real:
        # a customer who is handed over leaves the caller's reach in this very statement
        await act.connection.execute("SELECT set_config('crm.reach', 'all', true)")
    columns = _columns(desk, kind, before, real)
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(columns, start=3))
    returned = await act.connection.fetchrow(
        f"UPDATE {kind.table} SET {sets}, revision = revision + 1, updated_at = $2 WHERE number = $1"
        f" RETURNING {kind.columns_sql}",
        row["number"], act.now, *columns.values(),
    )  # fmt: skip
    await _remember(act, desk, kind, str(row["number"]), before, real, source)
    return dict(returned)


async def _remember(
    act: Act, desk: Desk, kind: Kind, number: str, before: Row, real: Mapping[str, object], source: str
) -> None:
    pairs = {name: (plain(before.get(name)), plain(new)) for name, new in real.items()}
    branch = str(real.get("branch") or before.get("branch") or act.caller.branch)
    await history.record(
        act.connection, desk.vault, kind, number, branch, pairs, caller=act.caller, at=act.now, source=source
    )
    act.note(
        "record.update",
        subject(kind, number),
        before=desk.gate.safe(kind, {name: pair[0] for name, pair in pairs.items()}),
        after=desk.gate.safe(kind, {name: pair[1] for name, pair in pairs.items()}),
    )


def _columns(desk: Desk, kind: Kind, before: Row, real: Mapping[str, object]) -> dict[str, object]:
    columns = {name: value for name, value in real.items() if name not in kind.sealed}
    if columns.keys() != real.keys():
        restricted = {name: real.get(name, before.get(name)) for name in kind.sealed}
        columns["sealed"] = desk.vault.seal_fields(place(kind, before["number"]), restricted)
        for name in kind.indexed:
            if name in real:
                columns[f"{name}_index"] = desk.vault.blind(kind.table, name, str(real[name]))
    return columns


async def _check_references(act: Act, kind: Kind, real: Mapping[str, object]) -> None:
    for name, value in real.items():
        field = kind.by_name.get(name)
        if field is None or not field.refers or value is None:
            continue
        wanted = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
        for segment in field.refers:
            found = await act.connection.fetch(
                f"SELECT number FROM {KINDS[segment].table} WHERE number = ANY($1)", wanted
            )
            wanted = [number for number in wanted if number not in {row["number"] for row in found}]
        if wanted:
            raise refuse([FieldError(field=name, message="refers to nothing on file", value=wanted[0])])
