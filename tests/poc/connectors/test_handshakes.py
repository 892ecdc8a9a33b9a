"""Handshakes: a server's no is told from our own library's, version by version and suite by suite."""

import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from poc.connectors.handshakes import attempt
from poc.connectors.wire import HttpsWire
from poc.lab.authority import Identity, identity
from scenarios.port import BenchFault


@pytest.mark.parametrize(
    ("version", "accepted"), [("TLSv1", False), ("TLSv1.1", False), ("TLSv1.2", True), ("TLSv1.3", True)]
)
def test_each_version_is_tried_by_itself(wire: HttpsWire, version: str, accepted: bool) -> None:
    came = wire.handshake(version)
    assert (came.accepted, came.version) == (accepted, version if accepted else "")
    assert bool(came.note) is not accepted


def test_an_old_version_that_a_server_takes_is_seen(papers: Identity, serve: Callable[[ssl.SSLContext], int]) -> None:
    """Without this the refusals above could be our own library's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with pytest.warns(DeprecationWarning):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(papers.certificate, papers.key)
    port = serve(context)
    assert attempt("127.0.0.1", port, "TLSv1").version == "TLSv1"
    assert not attempt("127.0.0.1", port, "TLSv1.3").accepted


def test_a_suite_is_offered_alone(wire: HttpsWire) -> None:
    assert wire.handshake("TLSv1.2", suites="ECDHE+AESGCM").suite.startswith("ECDHE-")
    assert not wire.handshake("TLSv1.2", suites="ECDHE-ECDSA-AES128-SHA").accepted


def test_what_our_own_library_lacks_is_our_fault_and_no_refusal(wire: HttpsWire) -> None:
    with pytest.raises(BenchFault, match="our TLS library cannot offer"):
        wire.handshake("TLSv1.2", suites="NO-SUCH-SUITE")
    with pytest.raises(BenchFault, match="is no TLS version"):
        wire.handshake("SSLv2")


def test_a_certificate_is_looked_at_when_asked(wire: HttpsWire, port: int, tmp_path: Path) -> None:
    assert wire.handshake("TLSv1.3", verify=True).accepted
    other = HttpsWire(f"https://127.0.0.1:{port}", ca=identity(tmp_path).authority)
    came = other.handshake("TLSv1.3", verify=True)
    assert (came.accepted, "certificate" in came.note) == (False, True)
    other.close()


def test_a_port_where_nobody_listens_is_our_fault_with_a_remedy() -> None:
    with pytest.raises(BenchFault, match=r"no connection to 127\.0\.0\.1:1: .*check the address"):
        attempt("127.0.0.1", 1, "TLSv1.3")


def test_a_port_that_speaks_no_tls_accepts_no_handshake(plain_port: int) -> None:
    assert not attempt("127.0.0.1", plain_port, "TLSv1.3").accepted
