"""Handshakes: tries one TLS version and suite list at a time, and tells a server's no from our own library's."""

import socket
import ssl
import warnings
from pathlib import Path

from poc.connectors.hello import NATIONAL, offered
from scenarios.crm import Handshake
from scenarios.port import BenchFault

SECONDS = 10.0

_VERSIONS = {
    "TLSv1": (ssl.TLSVersion.TLSv1, ssl.HAS_TLSv1),
    "TLSv1.1": (ssl.TLSVersion.TLSv1_1, ssl.HAS_TLSv1_1),
    "TLSv1.2": (ssl.TLSVersion.TLSv1_2, ssl.HAS_TLSv1_2),
    "TLSv1.3": (ssl.TLSVersion.TLSv1_3, ssl.HAS_TLSv1_3),
}
#: What OpenSSL says when it could not even send a hello of the kind asked for.
_OURS = ("NO_PROTOCOLS_AVAILABLE", "NO_CIPHERS_AVAILABLE", "NO_CIPHER_MATCH", "NO_SUITABLE", "INTERNAL_ERROR")


def attempt(
    host: str, port: int, version: str, *, suites: str | None = None, ca: Path | None = None, verify: bool = False
) -> Handshake:
    """Return what came of one handshake; raises BenchFault when nobody listens or we cannot offer what was asked.

    Suites of the national family (``hello.NATIONAL``, separated by colons) are offered with TLS 1.3 and not carried to
    the end: the server's choice is known from its first answer.
    """
    names = tuple((suites or "").split(":"))
    if version == "TLSv1.3" and not verify and set(names) <= set(NATIONAL):
        return offered(host, port, names)
    context = _offer(version, suites)
    if verify:
        context.load_verify_locations(ca) if ca else context.load_default_certs()
        context.check_hostname, context.verify_mode = True, ssl.CERT_REQUIRED
    try:
        line = socket.create_connection((host, port), timeout=SECONDS)
    except OSError as fault:
        raise BenchFault(f"no connection to {host}:{port}: {fault}; check the address and that it is up") from fault
    with line:
        return _shake(context, line, host, version)


def _shake(context: ssl.SSLContext, line: socket.socket, host: str, version: str) -> Handshake:
    try:
        with context.wrap_socket(line, server_hostname=host) as secured:
            suite = secured.cipher()
            return Handshake(accepted=True, version=secured.version() or "", suite=suite[0] if suite else "")
    except ssl.SSLError as no:
        if no.reason and no.reason.startswith(_OURS):
            raise BenchFault(f"our TLS library cannot offer {version}: {no.reason}") from no
        return Handshake(accepted=False, note=_said(no))
    except (TimeoutError, ConnectionError, EOFError) as no:
        return Handshake(accepted=False, note=f"hung up ({type(no).__name__})")


def _said(no: ssl.SSLError) -> str:
    verdict = getattr(no, "verify_message", "")
    return verdict or no.reason or " ".join(str(no).split())


def _offer(version: str, suites: str | None) -> ssl.SSLContext:
    try:
        exactly, built_in = _VERSIONS[version]
    except KeyError:
        raise BenchFault(f"{version!r} is no TLS version: one of {', '.join(_VERSIONS)}") from None
    if not built_in:
        raise BenchFault(f"our TLS library was built without {version}")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        # an old version can be offered only below OpenSSL's usual security level, which a client may lower for itself
        context.set_ciphers(f"{suites or 'ALL'}:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # offering what is outdated is the point
            context.minimum_version = context.maximum_version = exactly
    except (ssl.SSLError, ValueError) as fault:
        raise BenchFault(f"our TLS library cannot offer {version} with {suites or 'all suites'}: {fault}") from None
    return context
