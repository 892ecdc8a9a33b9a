"""SIEM: an audit entry in the forms that security monitoring reads: ECS, and CEF in syslog frames.

ECS is the Elastic Common Schema 8 as JSON lines; CEF is the ArcSight Common Event Format, version 0, in messages of
RFC 5424 with facility 13 (log audit). Values before and after an act are masked in the trail already.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

Entry = Mapping[str, Any]
#: What begins the name of an act, and its ECS categories; whatever else happens is done to the database.
CATEGORIES = {
    "login": "authentication",
    "logout": "authentication",
    "user": "iam",
    "role": "iam",
    "config": "configuration",
}
#: Facility 13, severity 6 (informational) and 4 (warning).
PRIORITY = {True: 110, False: 108}
HOST, APPLICATION = "reference-crm", "audit"


def ecs(entry: Entry) -> bytes:
    """Return an entry as an ECS document."""
    address, method, path = _origin(entry)
    document = {
        "@timestamp": entry["at"],
        "ecs": {"version": "8.11.0"},
        "event": {
            "id": str(entry["id"]),
            "kind": "event",
            "category": [_category(entry["action"])],
            "type": ["access" if _fine(entry) else "denied"],
            "action": entry["action"],
            "outcome": "success" if _fine(entry) else "failure",
            "dataset": "reference_crm.audit",
        },
        "user": {"name": entry["who"], "roles": [entry["role"]] if entry["role"] else []},
        "source": {"address": address},
        "http": {"request": {"method": method}},
        "url": {"path": path},
        "trace": {"id": entry["trace"]},
        "reference_crm": {name: entry[name] for name in ("subject", "before", "after", "result")},
    }
    return orjson.dumps(document)


def cef(entry: Entry) -> bytes:
    """Return an entry as a CEF event in a syslog message."""
    at: datetime = entry["at"].astimezone(UTC)
    address, method, path = _origin(entry)
    told = {
        "rt": int(at.timestamp() * 1000),
        "externalId": entry["id"],
        "act": entry["action"],
        "outcome": entry["result"],
        "suser": entry["who"],
        "spriv": entry["role"],
        "shost": address,
        "requestMethod": method,
        "request": path,
        "cs1Label": "subject",
        "cs1": entry["subject"],
        "cs2Label": "trace",
        "cs2": entry["trace"],
    }
    body = " ".join(f"{name}={_extension(str(value))}" for name, value in told.items() if value != "")
    action, severity = _header(entry["action"]), 3 if _fine(entry) else 6
    head = f"<{PRIORITY[_fine(entry)]}>1 {at.isoformat(timespec='milliseconds')} {HOST} {APPLICATION} - audit -"
    return f"{head} CEF:0|Touchstone|Reference CRM|1|{action}|{action}|{severity}|{body}".encode()


#: The forms, by name.
FORMS: Mapping[str, Callable[[Entry], bytes]] = {"ecs": ecs, "cef": cef}


def _fine(entry: Entry) -> bool:
    return bool(entry["result"] == "ok")


def _category(action: str) -> str:
    return CATEGORIES.get(action.partition(".")[0], "database")


def _origin(entry: Entry) -> tuple[str, str, str]:
    """Return address, method and path of the request behind an entry; empty where there was none."""
    address, _, rest = str(entry["origin"]).partition(" ")
    method, _, path = rest.partition(" ")
    return address, method, path


def _header(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _extension(text: str) -> str:
    return text.replace("\\", "\\\\").replace("=", "\\=").replace("\n", "\\n").replace("\r", "\\r")
