"""Conftest: servers on loopback that connectors' tests speak to, with and without TLS."""

import http.server
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from poc.connectors.wire import HttpsWire
from poc.lab.authority import Identity, identity


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


@contextmanager
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
    with serving(context) as listening:
        yield listening


@pytest.fixture(scope="module")
def plain_port() -> Iterator[int]:
    with serving(None) as listening:
        yield listening


@pytest.fixture
def serve() -> Iterator[Callable[[ssl.SSLContext], int]]:
    """Start servers with a context of one's own; they end with the test."""
    with ExitStack() as stack:
        yield lambda context: stack.enter_context(serving(context))


@pytest.fixture
def wire(port: int, papers: Identity) -> Iterator[HttpsWire]:
    made = HttpsWire(f"https://127.0.0.1:{port}/", ca=papers.authority, timeout=5)
    yield made
    made.close()
