"""Serving: a stand-in over real HTTP on a free port of loopback, until it is left."""

import http.server
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

import orjson


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it came: header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer: ``told`` is written as JSON, None as nothing."""

    status: int = 200
    told: object = None
    headers: Mapping[str, str] = field(default_factory=dict)


class StandIn(Protocol):
    """Speaks a vendor's interface; called by several threads at once."""

    def answer(self, asked: Asked) -> Said:
        """Answer a request."""
        ...


@contextmanager
def serving(one: StandIn, port: int = 0) -> Iterator[str]:
    """Serve a stand-in on loopback and give its address."""

    class Counter(_Counter):
        vendor = one

    server = _Server(("127.0.0.1", port), Counter)
    thread = threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Counter(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version, sys_version = "stand-in", ""
    vendor: StandIn

    def _answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        parts = urlsplit(self.path)
        said = self.vendor.answer(
            Asked(
                method=self.command,
                path=parts.path,
                query=dict(parse_qsl(parts.query, keep_blank_values=True)),
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(length),
            )
        )
        body = b"" if said.told is None else orjson.dumps(said.told)
        self.send_response(said.status)
        for name, value in {"content-type": "application/json;charset=UTF-8", **said.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""
