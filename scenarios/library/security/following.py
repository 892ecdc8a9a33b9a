"""Following: whether security monitoring can follow the audit as it grows, in a form that it knows."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import orjson

from scenarios.actors import Actor
from scenarios.answers import AuditEntry
from scenarios.crm import CRM
from scenarios.library.newcomers import newcomers, on_file
from scenarios.library.security.attempts import Attempt, attempt, need
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: How often a customer is read before and while the audit is followed, for how many seconds that is done, and when
#: within them the second round begins.
READS, FOLLOWED_S, PAUSE_S = 8, 3.0, 0.8
#: Where the id, the act and the user of an event stand, by what tells the form of a JSON document.
DOCUMENTS: Mapping[str, tuple[str, str, str]] = {
    "@timestamp": ("event.id", "event.action", "user.name"),  # Elastic Common Schema 8
    "class_uid": ("metadata.uid", "activity_name", "actor.user.name"),  # Open Cybersecurity Schema Framework 1
}
#: ArcSight Common Event Format 0, alone or in a syslog message: seven parts of a header, then the extension.
CEF = re.compile(r"CEF:\d\|(?:(?:[^|\\]|\\.)*\|){6}(.*)")
PAIR = re.compile(r"(\w+)=((?:[^=\\]|\\.)*?)(?= \w+=|$)")


class Seen(NamedTuple):
    """What came over the stream, and what the audit says happened to the customer meanwhile."""

    stream: Attempt[tuple[bytes, ...]]
    entries: tuple[AuditEntry, ...]


@scenario("SEC-07")
def the_audit_is_followed(crm: CRM, bank: Bank) -> Seen:
    """The auditor follows the audit for three seconds while a customer is read again and again."""
    need(crm, Actor.INTEGRATION, Actor.AUDITOR)
    auditor = crm.acting_as(Actor.AUDITOR)
    (customer,) = newcomers(crm, bank, 1)
    with on_file(crm, customer), ThreadPoolExecutor(1) as pool:
        _read(crm, customer)
        begun = auditor.audit(subject=customer.number).value
        if not begun:
            raise NotTestable("the audit tells nothing of what was just done: there is nothing to follow")
        follow = partial(CRM.audit_stream, after=begun[0].id, seconds=FOLLOWED_S)
        stream = pool.submit(attempt, auditor, "stream", follow)
        crm.clock.sleep(PAUSE_S)
        _read(crm, customer)
        told = stream.result()
        return Seen(told, auditor.audit(subject=customer.number).value[1:])


def _read(crm: CRM, customer: Customer) -> None:
    for _ in range(READS):
        crm.get(Customer, customer.number).value  # noqa: B018 - raises a refusal


@the_audit_is_followed.check
def the_audit_streams_out(seen: Seen) -> Verdict:
    """The audit streams out as it grows, in a form that security monitoring knows, and leaves nothing out."""
    events = [event_of(line) for line in seen.stream.value]
    strange = [f"line {place} is in no known form" for place, event in enumerate(events) if event is None]
    told = {event["id"]: event for event in events if event is not None}
    lost = [f"{one.action} {one.id} is missing" for one in seen.entries if one.id not in told]
    wrong = [
        f"{one.id} is told otherwise"
        for one in seen.entries
        if one.id in told and (told[one.id]["action"], told[one.id]["who"]) != (one.action, one.who)
    ]
    return none_of([*strange[:3], *lost, *wrong], what="fault of the stream", note=f"{len(events)} events")


def event_of(line: bytes) -> dict[str, str] | None:
    """Return id, action and user of an event in one of the forms that a SIEM reads; None for any other line."""
    text = line.decode("utf-8", "replace")
    if found := CEF.search(text):
        pairs = {name: re.sub(r"\\(.)", r"\1", value) for name, value in PAIR.findall(found.group(1))}
        parts = (pairs.get("externalId"), pairs.get("act"), pairs.get("suser"))
    else:
        parts = _parts(line)
    if any(part in (None, "") for part in parts):
        return None
    return dict(zip(("id", "action", "who"), map(str, parts), strict=True))


def _parts(line: bytes) -> tuple[Any, ...]:
    try:
        document = orjson.loads(line)
    except ValueError:
        return (None,)
    form = next((form for form in DOCUMENTS if isinstance(document, dict) and form in document), None)
    return tuple(_at(document, path) for path in DOCUMENTS[form]) if form else (None,)


def _at(document: Any, path: str) -> Any:
    """Return what stands at a path of names, None where there is nothing."""
    for name in path.split("."):
        document = document.get(name) if isinstance(document, dict) else None
    return document
