"""Wire: real TLS on loopback: what is carried, what is refused, and what is a fault of our own bench."""

import http.server
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from poc.connectors.wire import HttpsWire
from poc.lab.authority import Identity, identity
from scenarios.port import BenchFault, Request


class Echo(http.server.BaseHTTPRequestHandler):
    """Tells what it was asked."""

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        told = f"{self.command} {self.path} {self.headers.get('content-type')} ".encode() + self.rfile.read(length)
        self.send_response(404 if "missing" in self.path else 302 if "moved" in self.path else 200)
        self.send_header("Content-Length", str(len(told)))
        self.send_header("Location", "/elsewhere")
        self.send_header("X-Peer", str(self.client_address[1]))
        self.end_headers()
        self.wfile.write(told)

    do_GET = do_POST = do_PATCH = do_DELETE = _answer

    def log_message(self, format: str, *arguments: object) -> None:
        return


class Quiet(http.server.ThreadingHTTPServer):
    """A server that says nothing of failed handshakes."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        return


def serving(context: ssl.SSLContext | None) -> Iterator[int]:
    server = Quiet(("127.0.0.1", 0), Echo)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def port(papers: Identity) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM")
    context.load_cert_chain(papers.certificate, papers.key)
    yield from serving(context)


@pytest.fixture(scope="module")
def plain_port() -> Iterator[int]:
    yield from serving(None)


@pytest.fixture
def wire(port: int, papers: Identity) -> Iterator[HttpsWire]:
    made = HttpsWire(f"https://127.0.0.1:{port}/", ca=papers.authority, timeout=5)
    yield made
    made.close()


def test_a_request_is_carried_with_its_query_and_body(wire: HttpsWire) -> None:
    reply = wire.send(Request(method="PATCH", path="/v1/x", query={"a": "1 2"}, json={"n": 1}))
    assert reply.body == b'PATCH /v1/x?a=1+2 application/json {"n":1}'
    assert (reply.status, reply.seconds > 0, "x-peer" in reply.headers) == (200, True, True)


def test_bytes_are_sent_as_they_are_and_without_a_type_of_ours(wire: HttpsWire) -> None:
    assert wire.send(Request(method="POST", path="/", content=b"\x00raw")).body == b"POST / None \x00raw"


def test_a_refusal_and_a_redirect_are_replies_like_any_other(wire: HttpsWire) -> None:
    assert wire.send(Request(method="GET", path="/missing")).status == 404
    assert wire.send(Request(method="GET", path="/moved")).status == 302


def test_connections_are_kept_and_shared_by_threads(wire: HttpsWire) -> None:
    peers = {wire.send(Request(method="GET", path="/")).headers["x-peer"] for _ in range(5)}
    assert len(peers) == 1


def test_an_address_where_nobody_listens_is_a_fault_of_ours_with_a_remedy(papers: Identity) -> None:
    wire = HttpsWire("https://127.0.0.1:1", ca=papers.authority, timeout=2)
    with pytest.raises(BenchFault, match=r"no reply from https://127\.0\.0\.1:1: ConnectError: .*check the address"):
        wire.send(Request(method="GET", path="/"))
    wire.close()


def test_a_certificate_of_another_authority_is_not_trusted(port: int, tmp_path: Path) -> None:
    wire = HttpsWire(f"https://127.0.0.1:{port}", ca=identity(tmp_path).authority, timeout=5)
    with pytest.raises(BenchFault, match="check the CA file"):
        wire.send(Request(method="GET", path="/"))
    wire.close()


def test_a_ca_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(BenchFault, match=r"cannot read the certificates .*ca\.pem"):
        HttpsWire("https://127.0.0.1:1", ca=tmp_path / "ca.pem")


@pytest.mark.parametrize(
    ("version", "accepted"), [("TLSv1", False), ("TLSv1.1", False), ("TLSv1.2", True), ("TLSv1.3", True)]
)
def test_each_version_is_tried_by_itself(wire: HttpsWire, version: str, accepted: bool) -> None:
    came = wire.handshake(version)
    assert (came.accepted, came.version) == (accepted, version if accepted else "")
    assert bool(came.note) is not accepted


def test_an_old_version_that_a_server_takes_is_seen(papers: Identity) -> None:
    """Without this the refusals above could be our own library's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with pytest.warns(DeprecationWarning):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.load_cert_chain(papers.certificate, papers.key)
    listening = serving(context)
    old = HttpsWire(f"https://127.0.0.1:{next(listening)}", ca=papers.authority)
    assert old.handshake("TLSv1").version == "TLSv1"
    assert not old.handshake("TLSv1.3").accepted
    old.close()
    listening.close()  # type: ignore[attr-defined]


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


def test_a_tls_port_says_nothing_in_clear_and_a_plain_one_does(
    wire: HttpsWire, plain_port: int, papers: Identity
) -> None:
    assert wire.plain("/v1/customers") is None
    clear = HttpsWire("https://127.0.0.1:1", ca=papers.authority, plain_ports=(plain_port,))
    reply = clear.plain("/v1/customers")
    assert reply is not None
    assert (reply.status, reply.body) == (200, b"GET /v1/customers None ")
    clear.close()
