"""Merging: one customer of two, with everything that hangs on them, and exactly back again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from poc.reference_crm import history
from poc.reference_crm.access import Caller
from poc.reference_crm.catalogue import CUSTOMERS, KYC_FILES
from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.domain import survivorship
from poc.reference_crm.kinds import Kind
from poc.reference_crm.operations import pointers
from poc.reference_crm.operations.records import change, locked, plain
from poc.reference_crm.problems import Problem, invalid, missing
from poc.reference_crm.vaulted import fresh_row

#: Processing restricted for one of two files is restricted for both.
RESTRICT = "UPDATE customers SET restricted = restricted OR $2 WHERE number = $1"
KYC_COLUMNS = KYC_FILES.columns_sql


async def merge(desk: Desk, caller: Caller, keep: str, drop: str) -> dict[str, object]:
    """Make ``keep`` of both; what hangs on ``drop`` moves along. Returns the survivor as the caller sees it."""
    if keep == drop:
        raise invalid("drop", "must name another customer", drop)
    async with desk.act(caller, "customer.merge") as act:
        kept, dropped = await _both(act, keep, drop)
        changes = survivorship.merged(desk.gate.opened(CUSTOMERS, kept), desk.gate.opened(CUSTOMERS, dropped))
        before = {name: plain(value) for name, value in desk.gate.opened(CUSTOMERS, kept).items() if name in changes}
        files = await _stricter_files(act, desk, keep, drop)
        was_restricted = await act.connection.fetchval("SELECT restricted FROM customers WHERE number = $1", keep)
        moved = await pointers.move(act.connection, drop, keep, str(kept["branch"]))
        row = fresh_row(desk.vault, await pointers.take_off(act.connection, drop))
        await act.connection.execute(RESTRICT, keep, row["restricted"])
        survivor = await change(act, desk, CUSTOMERS, await locked(act, CUSTOMERS, keep), changes, source="merge")
        await _enter_children(act, desk, moved, str(kept["branch"]), back=False)
        body = {"row": row, "kept": before, "files": files, "moved": moved, "restricted": was_restricted}
        await _remember(act, desk, keep, drop, str(kept["branch"]), body)
        return desk.gate.shown(CUSTOMERS, survivor, caller.role)


async def _both(act: Act, keep: str, drop: str) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Return both customers' rows; locked in the order of their numbers, so that no two merges block each other."""
    rows = {number: await locked(act, CUSTOMERS, number) for number in sorted((keep, drop))}
    return rows[keep], rows[drop]


async def _stricter_files(act: Act, desk: Desk, keep: str, drop: str) -> dict[str, dict[str, object]]:
    """Let the stricter of both customers' know-your-customer findings hold; return what stood in the files before."""
    rows = await act.connection.fetch(
        f"SELECT customer AS owner, {KYC_COLUMNS} FROM kyc_files WHERE customer = ANY($1) FOR UPDATE", [keep, drop]
    )
    if {row["owner"] for row in rows} != {keep, drop}:
        return {}
    findings = survivorship.strictest([dict(row) for row in rows])
    before: dict[str, dict[str, object]] = {}
    for row in rows:
        bare = {name: row[name] for name in KYC_FILES.read_columns}
        was = {name: plain(bare[name]) for name in findings if bare[name] != findings[name]}
        if was:
            before[row["number"]] = was
            await change(act, desk, KYC_FILES, bare, findings, source="merge")
    return before


def _place(keep: str, drop: str) -> str:
    return f"merges/{keep}/{drop}"


async def _remember(act: Act, desk: Desk, keep: str, drop: str, branch: str, body: Mapping[str, object]) -> None:
    """Keep what an unmerge needs, sealed, and enter the merge into history and trail."""
    await act.connection.execute(
        "INSERT INTO merges (keep, dropped, branch, at, who, body) VALUES ($1, $2, $3, $4, $5, $6)",
        keep,
        drop,
        branch,
        act.now,
        act.caller.username,
        desk.vault.seal(_place(keep, drop), orjson.dumps(body, default=str)),
    )
    await _enter(act, desk, keep, drop, branch, merged=True)


async def _enter(act: Act, desk: Desk, keep: str, drop: str, branch: str, *, merged: bool) -> None:
    """Write into history and trail whose file now is part of whose."""
    for number, field, other in ((keep, "merged_from", drop), (drop, "merged_into", keep)):
        pair = (None, other) if merged else (other, None)
        await history.record(
            act.connection, desk.vault, CUSTOMERS, number, branch, {field: pair}, caller=act.caller, at=act.now,
            source="merge" if merged else "unmerge",
        )  # fmt: skip
    word = "customer.merge" if merged else "customer.unmerge"
    act.note(word, f"customers/{keep}", after={"dropped": drop})
    act.note(word, f"customers/{drop}", after={"kept": keep})


async def _enter_children(act: Act, desk: Desk, moved: Mapping[str, Any], branch: str, *, back: bool) -> None:
    """Write into the history of every record that was moved from whom to whom."""
    pair = (moved["new"], moved["old"]) if back else (moved["old"], moved["new"])
    source = "unmerge" if back else "merge"
    rows = [
        history.row_of(desk.vault, segment, number, branch, column, pair, caller=act.caller, at=act.now, source=source)
        for segment, column, numbers in moved["columns"]
        for number in numbers
    ]
    await act.connection.executemany(history.INSERT, rows)


async def unmerge(desk: Desk, caller: Caller, keep: str, drop: str) -> None:
    """Undo a merge: the dropped customer is on file again as before, and everything hangs where it hung."""
    async with desk.act(caller, "customer.merge") as act:
        found = await act.connection.fetchrow(
            "SELECT id, body FROM merges WHERE keep = $1 AND dropped = $2 AND undone_at IS NULL"
            " ORDER BY id DESC LIMIT 1 FOR UPDATE",
            keep,
            drop,
        )
        if found is None:
            raise missing("merge of these two")
        kept = await locked(act, CUSTOMERS, keep)
        body = orjson.loads(desk.vault.open(_place(keep, drop), found["body"]))
        if not await pointers.put_back(act.connection, body["row"]):
            raise Problem(reason="conflict", detail=f"{drop} or its identity number was filed anew: remove that first")
        await pointers.move_back(act.connection, body["moved"])
        await _enter_children(act, desk, body["moved"], body["moved"]["branch"], back=True)
        await _restore(act, desk, CUSTOMERS, kept, body["kept"])
        for number, was in body["files"].items():
            await _restore(act, desk, KYC_FILES, await _file(act, number), was)
        if body["restricted"] is False:
            await act.connection.execute("UPDATE customers SET restricted = false WHERE number = $1", keep)
        await act.connection.execute("UPDATE merges SET undone_at = $2 WHERE id = $1", found["id"], act.now)
        await _enter(act, desk, keep, drop, str(kept["branch"]), merged=False)


async def _file(act: Act, number: str) -> Mapping[str, object] | None:
    row: Mapping[str, object] | None = await act.connection.fetchrow(
        f"SELECT {KYC_COLUMNS} FROM kyc_files WHERE number = $1 FOR UPDATE", number
    )
    return row


async def _restore(
    act: Act, desk: Desk, kind: Kind, row: Mapping[str, object] | None, was: Mapping[str, object]
) -> None:
    """Give a record the values back that the merge replaced."""
    if row is not None and was:
        typed = {name: _typed(kind, name, value) for name, value in was.items()}
        await change(act, desk, kind, row, typed, source="unmerge")


def _typed(kind: Kind, name: str, value: object) -> object:
    form = kind.by_name[name].form
    return date.fromisoformat(value) if form == "date" and isinstance(value, str) else value
