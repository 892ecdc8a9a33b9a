"""Removal: takes a record off file; a customer only while no law or contract keeps them."""

from datetime import date

from poc.reference_crm.access import Caller
from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.domain import retention
from poc.reference_crm.kinds import Kind
from poc.reference_crm.masking import Row
from poc.reference_crm.operations import forgetting
from poc.reference_crm.operations.included import PATHS
from poc.reference_crm.operations.records import locked, subject
from poc.reference_crm.problems import Problem


async def delete(desk: Desk, caller: Caller, kind: Kind, number: str) -> None:
    """Take a record and what hangs on it off file; raises locked where it must be kept."""
    async with desk.act(caller, f"{kind.noun}.delete", subject=subject(kind, number)) as act:
        row = await locked(act, kind, number)
        if kind.segment == "customers":
            await _refuse_if_kept(act, row)
        await wipe(act, kind, number)
        act.note("record.delete", subject(kind, number))


async def _refuse_if_kept(act: Act, row: Row) -> None:
    number = str(row["number"])
    contracts = await act.connection.fetchval(
        "SELECT count(*) FROM accounts WHERE customer = $1 OR $1 = ANY(joint_holders)", number
    )
    why = kept_because(row, contracts, act.now.date())
    if why is not None:
        raise Problem(reason="locked", detail=f"{why}; ask for erasure to have it restricted")


def kept_because(row: Row, contracts: int, today: date) -> str | None:
    """Return why a customer's record must be kept, None if nothing keeps it."""
    if row["legal_hold"]:
        return "a legal hold keeps this record"
    closed = row["closed_on"]
    if isinstance(closed, date) and retention.is_retained(closed, today):
        return f"{retention.AML_BASIS}: until {retention.kept_until(closed)}"
    if contracts and closed is None:
        return "contracts of this customer are on file"
    return None


async def wipe(act: Act, kind: Kind, number: str) -> None:
    """Delete a record's row with its children's."""
    if kind.segment == "customers":
        await forgetting.take_off(act, number)
        return
    for segment, condition in sorted(PATHS.get(kind.segment, {}).items(), key=lambda item: item[0] != "holdings"):
        if segment in ("households", "customers"):
            continue
        owned = "customer = $1" if segment == "accounts" else condition
        await act.connection.execute(f"DELETE FROM {KINDS[segment].table} WHERE {owned}", number)
    await act.connection.execute(f"DELETE FROM {kind.table} WHERE number = $1", number)
