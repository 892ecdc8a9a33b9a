"""Receivers: servers that the bench opens for one play, with certificates good and bad, and what came to them."""

import ssl
import weakref
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from scenarios.listening import BAD, SOUND, Heard
from scenarios.port import BenchFault

#: Bytes of one delivery that are kept, and seconds that a sender may take for it.
MOST_BYTES, SECONDS = 65_536, 5.0
#: The status of a receiver that hangs up without an answer.
HANGS_UP = 0


class _Server(ThreadingHTTPServer):
    """Keeps what is posted; a handshake that fails is the sender's business and not told."""

    daemon_threads = True

    def __init__(self, host: str, context: ssl.SSLContext | None) -> None:
        super().__init__((host, 0), _Door)
        self.came: list[Heard] = []
        self.answers: dict[str, bytes] = {}
        self.failing: int | None = None
        self.lock = Lock()
        if context is not None:
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: Any, client_address: Any) -> None:
        return


class _Door(BaseHTTPRequestHandler):
    timeout = SECONDS

    def do_GET(self) -> None:
        """Keep what was asked and answer it."""
        self.do_POST()

    def do_POST(self) -> None:
        """Keep a delivery and thank for it, or answer as was said."""
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(min(length, MOST_BYTES)).decode("utf-8", "replace")
        headers = {name.lower(): value for name, value in self.headers.items()}
        server = self.server
        assert isinstance(server, _Server)
        with server.lock:
            failing = server.failing
            if failing is None:
                server.came.append(Heard(path=self.path, headers=headers, body=body))
            answer = server.answers.get(self.path.partition("?")[0])
        if failing == HANGS_UP:
            self.close_connection = True
            return
        if failing is not None:
            answer = None
        self.send_response(failing or (204 if answer is None else 200))
        if answer is not None:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer or b"")

    def log_message(self, format: str, *arguments: object) -> None:
        return


@dataclass(slots=True, weakref_slot=True)
class Receivers:
    """Opens receivers at ``host`` with the certificates in ``papers``; one that nobody holds any more is closed."""

    papers: Path
    host: str
    _open: dict[str, _Server] = field(default_factory=dict)

    def open(self, make: str) -> str:
        """Open a receiver and return its address; raises BenchFault if the address or certificate cannot be had."""
        try:
            server = _Server(self.host, self._context(make))
        except (OSError, ssl.SSLError) as fault:
            raise BenchFault(f"cannot receive at {self.host} with {self.papers}: {fault}; mend the target") from None
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        weakref.finalize(self, _close, server)
        scheme = "http" if make == "clear" else "https"
        url = f"{scheme}://{self.host}:{server.server_address[1]}/events"
        self._open[url] = server
        return url

    def answer(self, url: str, path: str, body: str) -> None:
        """Have a receiver answer requests for a path with a JSON text from now on."""
        server = self._open[url]
        with server.lock:
            server.answers[path] = body.encode()

    def fail(self, url: str, status: int | None) -> None:
        """Have a receiver answer everything with a status from now on, or hang up on everybody; None: as before.

        What it fails to take is not kept.
        """
        server = self._open[url]
        with server.lock:
            server.failing = status

    def heard(self, url: str) -> tuple[Heard, ...]:
        """Return what came to a receiver so far."""
        server = self._open[url]
        with server.lock:
            return tuple(server.came)

    def _context(self, make: str) -> ssl.SSLContext | None:
        if make not in (SOUND, *BAD):
            raise BenchFault(f"{make!r} is no make of receiver: one of {', '.join((SOUND, *BAD))}")
        if make == "clear":
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.papers / f"{make}.pem")
        return context


def _close(server: _Server) -> None:
    server.shutdown()
    server.server_close()
