"""Subjects: what a customer may ask of the bank about their own data, done or refused with its reason."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

import orjson

from poc.reference_crm import history
from poc.reference_crm.access import Caller
from poc.reference_crm.catalogue import CONSENTS, CUSTOMERS
from poc.reference_crm.desk import Act, Desk
from poc.reference_crm.domain import retention
from poc.reference_crm.domain.calendar import bank_calendar
from poc.reference_crm.masking import Row
from poc.reference_crm.models import checked_changes
from poc.reference_crm.operations import forgetting
from poc.reference_crm.operations.dossier import dossier
from poc.reference_crm.operations.inserts import insert_rows
from poc.reference_crm.operations.records import change, locked, refuse
from poc.reference_crm.problems import FieldError, invalid

Answer = dict[str, object]
SOURCE = "data-subject request"


async def ask(desk: Desk, caller: Caller, number: str, request: str, details: Mapping[str, object]) -> Answer:
    """Do what a customer asks: access, portability, rectify, restrict, object or erase.

    The answer's ``status`` is done, refused or restricted; what is not done names its ``basis`` and ``until`` when.
    """
    async with desk.act(caller, "customer.subject_request") as act:
        row = await locked(act, CUSTOMERS, number)
        answer: Answer = {"status": "done", "basis": "", "until": "", "data": {}}
        answer |= await REQUESTS[request](act, desk, row, details)
        act.note(
            "customer.subject_request",
            f"customers/{number}",
            after={"request": request, "status": answer["status"], "basis": answer["basis"]},
        )
        return answer


async def access(act: Act, desk: Desk, row: Row, details: Mapping[str, object]) -> Answer:
    """Hand out everything that is on file about the customer (GDPR art. 15 and 20, PIPL art. 45)."""
    return {"data": await dossier(act, desk, row)}


async def rectify(act: Act, desk: Desk, row: Row, details: Mapping[str, object]) -> Answer:
    """Correct what is wrong (GDPR art. 16, PIPL art. 46); ``details`` are the right values."""
    changes = checked_changes(CUSTOMERS, orjson.dumps(details))
    if isinstance(changes, list):
        raise refuse(changes)
    if not changes:
        raise invalid("details", "names no field to correct")
    guarded = [name for name in changes if CUSTOMERS.by_name[name].guarded]
    if guarded:
        raise refuse([FieldError(field=name, message="is the bank's own judgement") for name in guarded])
    changed = await change(act, desk, CUSTOMERS, row, changes, source=SOURCE)
    return {"data": desk.gate.shown(CUSTOMERS, changed, act.caller.role)}


async def restrict(act: Act, desk: Desk, row: Row, details: Mapping[str, object]) -> Answer:
    """Limit processing to storage (GDPR art. 18, PIPL art. 44), or with ``lift`` end that."""
    await set_restricted(act, desk, row, restricted=details.get("lift") is not True)
    return {"basis": retention.PROCESSING_BASIS}


async def set_restricted(act: Act, desk: Desk, row: Row, *, restricted: bool) -> None:
    """Mark whether a customer's data may only be stored."""
    number = str(row["number"])
    was = await act.connection.fetchval("SELECT restricted FROM customers WHERE number = $1", number)
    if was == restricted:
        return
    await act.connection.execute(
        "UPDATE customers SET restricted = $2, revision = revision + 1, updated_at = $3 WHERE number = $1",
        number,
        restricted,
        act.now,
    )
    await history.record(
        act.connection,
        desk.vault,
        CUSTOMERS,
        number,
        str(row["branch"]),
        {"restricted": (was, restricted)},
        caller=act.caller,
        at=act.now,
        source=SOURCE,
    )


async def object_(act: Act, desk: Desk, row: Row, details: Mapping[str, object]) -> Answer:
    """Withdraw every consent to marketing (GDPR art. 21, PIPL art. 15): the last word on each channel is a no."""
    words = await act.connection.fetch(
        "SELECT DISTINCT ON (channel) channel, version, granted FROM consents"
        " WHERE customer = $1 AND purpose = 'marketing' ORDER BY channel, at DESC, number DESC",
        row["number"],
    )
    withdrawn = [
        {
            "customer": row["number"],
            "purpose": "marketing",
            "channel": word["channel"],
            "version": word["version"],
            "granted": False,
            "at": act.now,
            "source": SOURCE,
        }
        for word in words
        if word["granted"]
    ]
    done = await insert_rows(act, desk, CONSENTS, withdrawn) if withdrawn else None
    for one in done.rows if done else ():
        act.note("record.create", f"consents/{one['number']}", after={"purpose": "marketing", "granted": False})
    return {"data": {"withdrawn": [word["channel"] for word in withdrawn]}}


async def erase(act: Act, desk: Desk, row: Row, details: Mapping[str, object]) -> Answer:
    """Forget the customer where that is lawful; otherwise restrict the record to storage and say why and how long."""
    number = str(row["number"])
    decision = retention.erasure(await _relationship(act, row), bank_calendar().day_of(act.now))
    if decision.erase:
        await forgetting.forget(act, desk, number)
        return {"basis": "GDPR art. 17(1), PIPL art. 47: nothing keeps these data any longer"}
    await set_restricted(act, desk, row, restricted=True)
    until = decision.until.isoformat() if decision.until else ""
    return {"status": "restricted", "basis": f"{decision.basis}; {retention.PROCESSING_BASIS}", "until": until}


async def _relationship(act: Act, row: Row) -> retention.Relationship:
    contracts = await act.connection.fetchval(
        "SELECT (SELECT count(*) FROM accounts WHERE customer = $1 AND closed IS NULL)"
        " + (SELECT count(*) FROM accounts AS a JOIN joint_holdings AS j ON j.account = a.number"
        " WHERE j.customer = $1 AND a.closed IS NULL)",
        row["number"],
    )
    return retention.Relationship(
        closed_on=row["closed_on"],  # type: ignore[arg-type]
        legal_hold=bool(row["legal_hold"]),
        open_contracts=contracts,
    )


REQUESTS: Mapping[str, Callable[[Act, Desk, Row, Mapping[str, object]], Awaitable[Answer]]] = MappingProxyType(
    {
        "access": access,
        "portability": access,
        "rectify": rectify,
        "restrict": restrict,
        "object": object_,
        "erase": erase,
    }
)
