"""Outgoing: defects in what the reference CRM sends by itself, and in the layer of encryption besides TLS."""

import base64
import ssl
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from poc.mutants.mutant import Mutant, always, swap
from poc.reference_crm.access import Scope
from poc.reference_crm.catalogue import CUSTOMERS

#: OpenSSL's flag that leaves dates of certificates unread (X509_V_FLAG_NO_CHECK_TIME).
NO_CHECK_TIME = 0x200000

Trust = Callable[[Path | None], ssl.SSLContext]


def _trusting(loosen: Callable[[ssl.SSLContext], None]) -> Callable[[Trust], Trust]:
    def make(trust: Trust) -> Trust:
        @cache
        def loose(ca: Path | None) -> ssl.SSLContext:
            context = trust(ca)
            loosen(context)
            return context

        return loose

    return make


def _anybody(context: ssl.SSLContext) -> None:
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE


def _any_name(context: ssl.SSLContext) -> None:
    context.check_hostname = False


def _any_date(context: ssl.SSLContext) -> None:
    context.verify_flags |= NO_CHECK_TIME


def _also_without_tls(checked: Any) -> Any:
    """Let addresses without TLS pass, and open plain lines to them."""

    def door(sound: Any) -> Any:
        return lambda parts, rules: None if parts.scheme == "http" else sound(parts, rules)

    swap("outbound:door", door)
    return urlsplit


def _signed_only(jwk: Any, data: bytes) -> bytes:
    """Return what looks like an envelope and can be read by everybody."""
    return b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in (b"{}", b"", b"", data, b""))


def _whole_records(told: Any) -> Any:
    """Put the whole record, in clear, beside its name."""

    async def talkative(desk: Any, row: dict[str, object]) -> Any:
        segment, _, number = str(row["subject"]).partition("/")
        if segment == CUSTOMERS.segment:
            async with desk.database.connection(Scope(reach="all", branch="", role="integration")) as connection:
                found = await connection.fetchrow(
                    f"SELECT {CUSTOMERS.columns_sql} FROM customers WHERE number = $1", number
                )
            clear = desk.gate.opened(CUSTOMERS, found) if found is not None else {}
            row = {**row, "subject": f"{row['subject']} {clear.get('mobile')} {clear.get('email')}"}
        return await told(desk, row)

    return talkative


MUTANTS = (
    Mutant(
        name="events_tell_all",
        defect="Events carry the customer's mobile number and e-mail in clear.",
        killed_by=("webhook_leaks_nothing",),
        place="operations.deliveries:_told",
        make=_whole_records,
        precedent="CWE-201",
    ),
    Mutant(
        name="events_to_anybody",
        defect="Events are delivered over TLS whatever certificate the receiver shows.",
        killed_by=("no_delivery_to_bad_certificate",),
        place="outbound:trust",
        make=_trusting(_anybody),
        precedent="CWE-295",
    ),
    Mutant(
        name="events_to_any_name",
        defect="A receiver's certificate may be made out to another host.",
        killed_by=("no_delivery_to_bad_certificate",),
        place="outbound:trust",
        make=_trusting(_any_name),
        precedent="CWE-297",
    ),
    Mutant(
        name="events_to_the_outdated",
        defect="A receiver's certificate may have run out.",
        killed_by=("no_delivery_to_bad_certificate",),
        place="outbound:trust",
        make=_trusting(_any_date),
        precedent="CWE-298",
    ),
    Mutant(
        name="events_in_clear",
        defect="Events go to addresses without TLS too.",
        killed_by=("no_delivery_to_bad_certificate",),
        place="outbound:checked",
        make=_also_without_tls,
        precedent="CWE-319",
    ),
    Mutant(
        name="envelope_of_glass",
        defect="The second layer encodes and does not encrypt.",
        killed_by=("payload_layer_is_offered",),
        place="payload:sealed_for",
        make=always(_signed_only),
        precedent="CWE-311",
    ),
)
