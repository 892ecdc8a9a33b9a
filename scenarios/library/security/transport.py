"""Transport: what the target accepts between the bank's network and its own door."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from scenarios.crm import CRM, Handshake
from scenarios.port import BenchFault, Reply, Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, at_least, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

OLD, NEW = ("TLSv1", "TLSv1.1"), ("TLSv1.2", "TLSv1.3")
#: Suites without authenticated encryption, as OpenSSL names them; each family is offered alone with TLS 1.2.
WEAK_SUITES = {
    "CBC with RSA": "AES128-SHA:AES256-SHA:AES128-SHA256:AES256-SHA256",
    "CBC with ECDHE": "ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA384:"
    "ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384",
}
#: Suites of RFC 8998, TLS 1.3 with SM4 and SM3, by their names with IANA.
NATIONAL_SUITES = "TLS_SM4_GCM_SM3:TLS_SM4_CCM_SM3"
#: Half a year: the shortest time for which browsers should insist on TLS (requirement SEC-02).
HSTS_SECONDS = 15_552_000
#: Paths asked for without TLS; none of them may give data.
PLAIN_PATHS = ("/", "/v1/customers", "/openapi.json")


class Seen(NamedTuple):
    """Handshakes by version and by weak suite family, answers without TLS, and headers of answers with it."""

    versions: Mapping[str, Handshake | None]  # None: our own TLS library cannot offer it
    weak: Mapping[str, Handshake | None]
    national: Handshake | None
    verified: Handshake
    plain: tuple[Reply | None, ...]
    headers: tuple[Mapping[str, str], ...]


@scenario("SEC-02")
def transport_is_probed_from_outside(crm: CRM, bank: Bank) -> Seen:
    """TLS versions and suites are offered one by one, data is asked for without TLS, headers are read with it."""
    answers = (crm.get(Customer, bank.customers[0].number), crm.list(Customer, limit=1))
    return Seen(
        versions={version: _offer(crm, version) for version in (*OLD, *NEW)},
        weak={family: _offer(crm, "TLSv1.2", suites) for family, suites in WEAK_SUITES.items()},
        national=_offer(crm, "TLSv1.3", NATIONAL_SUITES),
        verified=_verified(crm),
        plain=tuple(crm.wire.plain(path) for path in PLAIN_PATHS),
        headers=tuple(reply.headers for answer in answers for reply in answer.replies),
    )


def _offer(crm: CRM, version: str, suites: str | None = None) -> Handshake | None:
    try:
        return crm.wire.handshake(version, suites=suites)
    except BenchFault:
        return None


def _verified(crm: CRM) -> Handshake:
    """Verify with the newest version that the target accepts."""
    newest = crm.wire.handshake("TLSv1.3", verify=True)
    return newest if newest.accepted else crm.wire.handshake("TLSv1.2", verify=True)


def _tried(handshakes: Mapping[str, Handshake | None], names: tuple[str, ...]) -> dict[str, Handshake]:
    tried = {name: shaken for name in names if (shaken := handshakes.get(name)) is not None}
    if len(tried) < len(names):
        missing = ", ".join(name for name in names if name not in tried)
        raise NotTestable(f"this machine's TLS library cannot offer {missing}")
    return tried


@transport_is_probed_from_outside.harm
def old_tls_is_refused(seen: Seen) -> Verdict:
    """TLS 1.0 and TLS 1.1, which can be broken, are refused."""
    tried = _tried(seen.versions, OLD)
    return none_of((name for name, shaken in tried.items() if shaken.accepted), what="old version accepted")


@transport_is_probed_from_outside.harm
def nothing_is_served_in_clear(seen: Seen) -> Verdict:
    """Who asks without TLS gets no data: no answer, a refusal, or a redirect to TLS that carries none."""
    served = [
        f"{path} -> {reply.status}, {len(reply.body)} bytes"
        for path, reply in zip(PLAIN_PATHS, seen.plain, strict=True)
        if reply is not None and _gives_data(reply)
    ]
    return none_of(served, what="path served without TLS")


def _gives_data(reply: Reply) -> bool:
    moved = 300 <= reply.status < 400 and reply.headers.get("location", "").startswith("https://")
    return reply.status < 400 and not moved


@transport_is_probed_from_outside.check
def certificate_is_valid(seen: Seen) -> Verdict:
    """The certificate comes from the authority that the bank trusts, names the host and has not run out."""
    return holds(seen.verified.accepted, observed=seen.verified.note or "trusted", expected="trusted")


@transport_is_probed_from_outside.check
def only_aead_suites_are_accepted(seen: Seen) -> Verdict:
    """TLS 1.3 works, and with TLS 1.2 no suite without authenticated encryption is accepted."""
    new = seen.versions.get("TLSv1.3")
    if new is None:
        raise NotTestable("this machine's TLS library cannot offer TLSv1.3")
    weak = _tried(seen.weak, tuple(WEAK_SUITES))
    wrong = [f"{family}: {shaken.suite}" for family, shaken in weak.items() if shaken.accepted]
    return none_of(wrong if new.accepted else [*wrong, "TLS 1.3 is refused"], what="weakness of suites")


@transport_is_probed_from_outside.check
def hsts_is_long_enough(seen: Seen) -> Verdict:
    """Every answer tells browsers to insist on TLS for at least half a year."""
    if not seen.headers:
        raise Unsupported("the target answered no read over TLS")
    shortest = min(_max_age(headers.get("strict-transport-security", "")) for headers in seen.headers)
    return at_least(shortest, HSTS_SECONDS, hsts_max_age_s=shortest)


@transport_is_probed_from_outside.check
def national_suites_are_offered(seen: Seen) -> Verdict:
    """A bank that must use the SM family between machines can: the door takes a suite of RFC 8998."""
    if seen.national is None:
        raise NotTestable("this machine cannot offer the suites of RFC 8998")
    if not seen.national.accepted:
        raise Unsupported(f"the target takes no suite of RFC 8998 ({seen.national.note or 'refused'})")
    return holds(seen.national.accepted, observed=seen.national.suite, expected="a suite of RFC 8998")


def _max_age(header: str) -> int:
    found = re.search(r"max-age\s*=\s*\"?(\d+)", header, re.IGNORECASE)
    return int(found.group(1)) if found else 0
