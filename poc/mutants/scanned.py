"""Scanned: defects that scanners of others are to find in handshakes and in the web face; tried when they are asked."""

import ipaddress
import ssl
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from starlette.responses import HTMLResponse, Response

from poc.mutants.access import old_tls
from poc.mutants.attacks import GATE
from poc.mutants.gateways import Headers, Scope, answering, asked, heading
from poc.mutants.mutant import Mutant

Tls = Callable[..., ssl.SSLContext]
#: What OpenSSL calls SSL_OP_ALLOW_CLIENT_RENEGOTIATION; Python has no name for it.
CLIENTS_RENEGOTIATE = 1 << 8
CHAINED = "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES"


def _chained(tls: Tls) -> Tls:
    def context(*given: Any) -> ssl.SSLContext:
        rules = tls(*given)
        rules.set_ciphers(CHAINED)
        return rules

    return context


def _renegotiating(tls: Tls) -> Tls:
    def context(*given: Any) -> ssl.SSLContext:
        rules = tls(*given)
        rules.options = (rules.options & ~ssl.OP_NO_RENEGOTIATION) | CLIENTS_RENEGOTIATE
        return rules

    return context


def _two_certificates(tls: Tls) -> Tls:
    def context(*given: Any) -> ssl.SSLContext:
        rules = tls(*given)
        with tempfile.TemporaryDirectory(prefix="touchstone-") as own:
            rules.load_cert_chain(_unsigned(Path(own) / "old.pem", datetime.now(UTC)))
        return rules

    return context


def _unsigned(path: Path, now: datetime) -> Path:
    """Write a certificate that nobody but itself signed, with its key (RSA), which has ended."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "crm.old.example")])
    places = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=800))
        .not_valid_after(now - timedelta(days=400))
        .add_extension(places, critical=False)
        .sign(key, hashes.SHA256())
    )
    path.touch(mode=0o600)
    own = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + own)
    return path


async def _page_of_files(scope: Scope, receive: Any) -> Response | None:
    """Serve a page of help that is whatever file the address names."""
    if scope["path"] != "/":
        return None
    text = _file(asked(scope, "page"))
    return HTMLResponse(f'<html><body><a href="/?page=start">help</a><pre>{text}</pre></body></html>')


def _file(name: str) -> str:
    try:
        return Path("/", name).read_text("utf-8") if name else ""
    except (OSError, ValueError):
        return "no such page"


async def _stumbling_page(scope: Scope, receive: Any) -> Response | None:
    """Serve a page that does not bear a word with odd characters in it."""
    if scope["path"] != "/":
        return None
    word = asked(scope, "word")
    if word and not word.isalnum():
        return Response("Internal Server Error", 500)
    return HTMLResponse('<html><body><a href="/?word=start">dictionary</a></body></html>')


def _without_safety(scope: Scope, headers: Headers) -> Headers:
    """Lose what tells browsers to stay with TLS and to run nothing foreign, as gateways do that set headers anew."""
    lost = (b"strict-transport-security", b"content-security-policy", b"x-frame-options")
    return [(name, value) for name, value in headers if name.lower() not in lost]


def _with_a_cookie(scope: Scope, headers: Headers) -> Headers:
    """Hand everybody a cookie of the balancer's, for any line and any script."""
    return [*headers, (b"set-cookie", b"route=node-1; Path=/")]


MUTANTS = (
    Mutant(
        name="protocols_of_the_past",
        defect="TLS 1.0 and 1.1 are still answered to whoever asks for them.",
        killed_by=("scanner_finds_no_old_protocol",),
        precedent="CWE-327 (CVE-2011-3389)",
        place="serve:tls",
        make=old_tls,
    ),
    Mutant(
        name="chained_suites",
        defect="With TLS 1.2 suites in CBC mode are taken too, which encrypt first and prove afterwards.",
        killed_by=("scanner_finds_no_weak_suite",),
        precedent="CWE-327 (CVE-2013-0169)",
        place="serve:tls",
        make=_chained,
    ),
    Mutant(
        name="handshakes_over_again",
        defect="Clients may ask for another handshake on the same line, again and again.",
        killed_by=("scanner_finds_no_known_hole",),
        precedent="CWE-400 (CVE-2011-1473)",
        place="serve:tls",
        make=_renegotiating,
    ),
    Mutant(
        name="old_certificate_beside",
        defect="Who asks for RSA gets a certificate that nobody signed and that ended long ago.",
        killed_by=("scanner_trusts_the_certificate",),
        precedent="CWE-298",
        place="serve:tls",
        make=_two_certificates,
    ),
    Mutant(
        name="help_from_any_file",
        defect="A page of help shows whatever file of the server the address names.",
        killed_by=("scanner_finds_nothing_critical", "scanner_finds_nothing_high"),
        precedent="CWE-22 (CVE-2021-41773)",
        place=GATE,
        make=answering(_page_of_files),
    ),
    Mutant(
        name="page_that_stumbles",
        defect="A page breaks down over a quotation mark in its address.",
        killed_by=("scanner_finds_nothing_high",),
        precedent="CWE-755",
        place=GATE,
        make=answering(_stumbling_page),
    ),
    Mutant(
        name="headers_lost_on_the_way",
        defect="The gateway sets the headers anew: no HSTS, no content policy, no word on frames.",
        killed_by=("scanner_misses_no_header",),
        precedent="CWE-693 (litmuschaos/website-litmuschaos#122)",
        place=GATE,
        make=heading(_without_safety),
    ),
    Mutant(
        name="cookie_of_the_balancer",
        defect="The balancer gives everybody a cookie that travels in clear and that scripts can read.",
        killed_by=("scanner_finds_no_bare_cookie",),
        precedent="CWE-614",
        place=GATE,
        make=heading(_with_a_cookie),
    ),
)
