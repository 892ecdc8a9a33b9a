"""Scanners: what programs of others find in handshakes and in the web face; played only when asked for."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from scenarios.crm import CRM
from scenarios.port import BenchFault
from scenarios.scanning import Scanner
from scenarios.scenario import Scenario, scenario
from scenarios.verdict import NotTestable, Verdict, holds, none_of
from synthetic_data.bank import Bank

#: The most seconds that a scanner is given.
SECONDS = 30.0
#: Protocols that are outdated, by sslyze's name for them (RFC 6176, RFC 7568, RFC 8996).
OLD = {
    "ssl_2_0_cipher_suites": "SSL 2.0", "ssl_3_0_cipher_suites": "SSL 3.0", "tls_1_0_cipher_suites": "TLS 1.0",
    "tls_1_1_cipher_suites": "TLS 1.1",
}  # fmt: skip
NEW = ("tls_1_2_cipher_suites", "tls_1_3_cipher_suites")
#: Parts of the names of suites with authenticated encryption (RFC 5116).
AEAD = ("_GCM", "_CCM", "_POLY1305")
#: Holes by sslyze's look and field, the value that means that there is one, and what people call it.
HOLES = (
    ("heartbleed", "is_vulnerable_to_heartbleed", True, "Heartbleed (CVE-2014-0160)"),
    ("openssl_ccs_injection", "is_vulnerable_to_ccs_injection", True, "CCS injection (CVE-2014-0224)"),
    ("tls_compression", "supports_compression", True, "CRIME (CVE-2012-4929)"),
    ("session_renegotiation", "supports_secure_renegotiation", False, "insecure renegotiation (CVE-2009-3555)"),
    ("session_renegotiation", "is_vulnerable_to_client_renegotiation_dos", True, "renegotiation flood (CVE-2011-1473)"),
    ("robot", "robot_result", "VULNERABLE_WEAK_ORACLE", "ROBOT (CVE-2017-13099)"),
    ("robot", "robot_result", "VULNERABLE_STRONG_ORACLE", "ROBOT (CVE-2017-13099)"),
)
#: Bands by wapiti's level of a finding; level 0 is a remark.
BANDS = {4: "critical", 3: "high", 2: "medium", 1: "low"}
#: What wapiti calls a header of safety that is missing or loose (OWASP Secure Headers), and a cookie without its flags.
HEADERS = frozenset(
    {
        "Clickjacking Protection", "Content Security Policy Configuration", "HTTP Strict Transport Security (HSTS)",
        "MIME Type Confusion",
    }
)  # fmt: skip
COOKIES = frozenset({"HttpOnly Flag cookie", "Secure Flag cookie"})


class Shaken(NamedTuple):
    """What sslyze saw, look by look."""

    looks: Mapping[str, Any]

    def of(self, look: str) -> Mapping[str, Any]:
        """Return what a look saw; raises NotTestable if it came to no end."""
        told = self.looks.get(look) or {}
        if told.get("status") != "COMPLETED":
            raise NotTestable(f"sslyze could not finish {look}: {told.get('error_reason') or 'no reason given'}")
        seen: Mapping[str, Any] = told["result"]
        return seen


class Finding(NamedTuple):
    """One finding of wapiti: how grave, what, where, and the line that repeats it."""

    severity: str
    title: str
    detail: str
    path: str
    curl: str


def _scan(crm: CRM, tool: str) -> Mapping[str, Any]:
    if not isinstance(crm.wire, Scanner):
        raise NotTestable("this way to the target runs no scanners")
    return crm.wire.scan(tool, seconds=SECONDS)


# -- handshakes -------------------------------------------------------------------------------------------------------
@scenario("SEC-02", heavy=True)
def handshakes_are_scanned(crm: CRM, bank: Bank) -> Shaken:
    """The scanner sslyze offers every old and new protocol with all suites, and looks for holes of known names."""
    servers: list[Mapping[str, Any]] = _scan(crm, "sslyze").get("server_scan_results") or [{}]
    told = servers[0]
    if told.get("scan_status") != "COMPLETED":
        raise BenchFault(f"sslyze reached no server: {told.get('connectivity_status', 'it reported none')}")
    return Shaken(told["scan_result"])


@handshakes_are_scanned.harm
def scanner_finds_no_old_protocol(seen: Shaken) -> Verdict:
    """The scanner is refused with SSL 2.0, SSL 3.0, TLS 1.0 and TLS 1.1."""
    return none_of((name for look, name in OLD.items() if seen.of(look)["accepted_cipher_suites"]), what="old protocol")


@handshakes_are_scanned.harm
def scanner_finds_no_known_hole(seen: Shaken) -> Verdict:
    """The scanner finds none of the holes with a name: Heartbleed, CCS, CRIME, ROBOT, insecure renegotiation."""
    return none_of({name for look, field, bad, name in HOLES if seen.of(look).get(field) == bad}, what="known hole")


@handshakes_are_scanned.check
def scanner_finds_no_weak_suite(seen: Shaken) -> Verdict:
    """Every suite that the scanner agreed on with TLS 1.2 and 1.3 has authenticated encryption."""
    names = [one["cipher_suite"]["name"] for look in NEW for one in seen.of(look)["accepted_cipher_suites"]]
    if not names:
        raise NotTestable("sslyze agreed on no suite with TLS 1.2 or 1.3")
    return none_of((name for name in names if not any(part in name for part in AEAD)), what="weak suite")


@handshakes_are_scanned.check
def scanner_trusts_the_certificate(seen: Shaken) -> Verdict:
    """The scanner finds a way from every certificate of the target to the bank's authority or a public one."""
    chains = seen.of("certificate_info")["certificate_deployments"]
    trusted = [any(way["was_validation_successful"] for way in one["path_validation_results"]) for one in chains]
    return holds(bool(trusted) and all(trusted), observed={"chains": len(trusted)}, expected="all lead to an authority")


# -- the web face -----------------------------------------------------------------------------------------------------
@scenario("SEC-20", heavy=True)
def the_web_face_is_scanned(crm: CRM, bank: Bank) -> tuple[Finding, ...]:
    """The scanner wapiti follows links and reads headers and cookies; it only reads, slowly, for half a minute."""
    return tuple(sorted(_findings(_scan(crm, "wapiti")), key=lambda one: list(BANDS.values()).index(one.severity)))


def _findings(report: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield each kind of finding in each place once; what broke the target (anomalies) counts too."""
    told = set[Finding]()
    if not report.get("infos", {}).get("crawled_pages_nbr"):
        raise BenchFault("wapiti reached no page of the target: check that its address answers")
    for part in ("vulnerabilities", "anomalies"):
        for title, ones in report.get(part, {}).items():
            for one in ones:
                severity = BANDS.get(one["level"], "low")
                found = Finding(severity, title, one["info"], one["path"], one["curl_command"])
                if found not in told:
                    told.add(found)
                    yield found


def _by_band(found: tuple[Finding, ...]) -> dict[str, int]:
    """Count kinds of finding: a weakness is one finding on however many pages it shows."""
    kinds = {(one.severity, one.title) for one in found}
    return {band: sum(severity == band for severity, _ in kinds) for band in BANDS.values()}


@the_web_face_is_scanned.harm
def scanner_finds_nothing_critical(seen: tuple[Finding, ...]) -> Verdict:
    """The scanner makes no critical finding; what it finds counts with the findings of the pack of attacks."""
    counts = _by_band(seen)
    told = {**counts, "findings": [one._asdict() for one in seen]}
    measures = {f"{band}_findings": float(count) for band, count in counts.items()}
    return Verdict(passed=not counts["critical"], observed=told, expected="no critical finding", measures=measures)


@the_web_face_is_scanned.check
def scanner_finds_nothing_high(seen: tuple[Finding, ...]) -> Verdict:
    """The scanner makes no finding that is high or worse."""
    grave = [f"{one.title}: {one.detail}" for one in seen if one.severity in ("critical", "high")]
    return none_of(grave, what="finding that is high or critical")


@the_web_face_is_scanned.check
def scanner_misses_no_header(seen: tuple[Finding, ...]) -> Verdict:
    """The scanner sees every header of safety: transport, content policy, frames, types of content."""
    return none_of((f"{one.title}: {one.detail}" for one in seen if one.title in HEADERS), what="missing header")


@the_web_face_is_scanned.check
def scanner_finds_no_bare_cookie(seen: tuple[Finding, ...]) -> Verdict:
    """The scanner is given no cookie that travels in clear or that scripts can read."""
    return none_of((f"{one.title}: {one.detail}" for one in seen if one.title in COOKIES), what="bare cookie")


#: The tool of each story.
SCANNED: Mapping[str, Scenario[Any]] = {"sslyze": handshakes_are_scanned, "wapiti": the_web_face_is_scanned}
