"""Changes: what was changed of a record, how it stood at a moment, and one change taken back."""

from datetime import date, datetime
from decimal import Decimal

from poc.reference_crm import history
from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.desk import Desk
from poc.reference_crm.kinds import Kind
from poc.reference_crm.operations.records import change, locked, plain, subject
from poc.reference_crm.problems import Problem, invalid, missing

SELECT = "SELECT id, at, who, field, before, after, source, trace FROM history WHERE kind = $1 AND number = $2"


def moment(name: str, text: str) -> datetime:
    """Return a moment given as text; raises invalid for one without offset."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as bad:
        raise invalid(name, "is no ISO 8601 moment", text[:40]) from bad
    if read.tzinfo is None or not 1900 <= read.year <= 2200:
        raise invalid(name, "needs an offset such as Z, and a year between 1900 and 2200", text[:40])
    return read


async def read(desk: Desk, caller: Caller, kind: Kind, number: str) -> list[dict[str, object]]:
    """Return all changes of a record, oldest first, with restricted values masked for the caller."""
    entry = Entry(action="record.history", subject=subject(kind, number))
    seen = f" AND EXISTS (SELECT 1 FROM {kind.table} WHERE number = $2)"
    rows = await desk.read(caller, "history.read", f"{SELECT}{seen} ORDER BY id", (kind.segment, number), entry)
    if not rows:
        await _exists(desk, caller, kind, number)
    items = []
    for row in rows:
        values = {
            side: desk.gate.shown_value(
                kind,
                row["field"],
                history.opened_value(desk.vault, kind.segment, number, row["field"], row[side]),
                caller.role,
            )
            for side in ("before", "after")
        }
        items.append(
            {**{name: row[name] for name in ("at", "who", "field", "source", "trace")}, "id": str(row["id"]), **values}
        )
    return items


async def _exists(desk: Desk, caller: Caller, kind: Kind, number: str) -> None:
    async with desk.database.connection(desk.policy.scope(caller, "history.read")) as connection:
        if await connection.fetchval(f"SELECT 1 FROM {kind.table} WHERE number = $1", number) is None:
            raise missing()


async def as_of(desk: Desk, caller: Caller, kind: Kind, number: str, at: datetime) -> dict[str, object]:
    """Return a record as it stood at a moment: what is on file now, with every later change taken back."""
    await desk.authorise(caller, "history.read", subject(kind, number))
    async with desk.act(caller, f"{kind.noun}.get") as act:
        row = await act.connection.fetchrow(
            f"SELECT {kind.columns_sql}, created_at AS began FROM {kind.table} WHERE number = $1", number
        )
        if row is None or row["began"] > at:
            raise missing()
        later = await act.connection.fetch(f"{SELECT} AND at > $3 ORDER BY id DESC", kind.segment, number, at)
        act.note("record.history", subject(kind, number), after={"as_of": at.isoformat()})
    record = desk.gate.shown(kind, {name: row[name] for name in kind.read_columns}, caller.role)
    for change_row in later:
        field = change_row["field"]
        if field not in record:
            continue
        value = history.opened_value(desk.vault, kind.segment, number, field, change_row["before"])
        if record.get(field) is not None or caller.role not in desk.policy.hidden:
            record[field] = desk.gate.shown_value(kind, field, value, caller.role)
    steps = len({row["trace"] + str(row["at"]) for row in later})
    if "version" not in kind.by_name:
        record["version"] = max(1, int(str(record["version"])) - steps)
    return record


async def restore(desk: Desk, caller: Caller, kind: Kind, number: str, change_id: int) -> dict[str, object]:
    """Take one change back: the field gets the value that it had before."""
    async with desk.act(caller, "customer.restore", subject=subject(kind, number)) as act:
        row = await locked(act, kind, number)
        past = await act.connection.fetchrow(f"{SELECT} AND id = $3", kind.segment, number, change_id)
        if past is None or past["field"] not in kind.by_name:
            raise missing("change")
        if kind.by_name[past["field"]].immutable:
            raise Problem(reason="conflict", detail=f"{past['field']} follows from acts: do the one that sets it right")
        before = history.opened_value(desk.vault, kind.segment, number, past["field"], past["before"])
        value = typed(kind, past["field"], before)
        changed = await change(act, desk, kind, row, {past["field"]: value}, source="restore")
        act.note("record.restore", subject(kind, number), after={"change": str(change_id)})
        shown = desk.gate.shown(kind, changed, caller.role)
        return shown | {"revision": changed["revision"]}


def typed(kind: Kind, field: str, value: object) -> object:
    """Return a JSON value of the history as the Python value of its field."""
    if value is None:
        return None
    form = kind.by_name[field].form
    if form == "date":
        return date.fromisoformat(str(value))
    if form == "moment":
        return datetime.fromisoformat(str(value))
    if form in ("money", "units", "share"):
        return Decimal(str(value))
    return plain(value)


def change_number(text: str) -> int:
    """Return the id of a change; raises not-found for what can be none."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Problem(reason="not-found", detail="no such change")
    return int(text)
