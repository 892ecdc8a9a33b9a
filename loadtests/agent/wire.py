"""Wire: an HTTP/1.1 connection that costs little: one system call to send, one to receive, and a parser in C.

Its socket is watched as long as it stands, so that no request pays for beginning and ending a watch; a request's time
limit is looked at by a timer that is set anew only when it rings. Knows keep-alive, chunked bodies, interim answers
and TLS; no cookies, redirects, compression or pipelining.
"""

import socket
import ssl
import time
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

import gevent.socket
from gevent.hub import Waiter, get_hub
from gevent.monkey import get_original
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from scenarios.port import BenchFault

#: Bytes that are read at a time.
CHUNK = 1 << 16
#: Methods that may be asked again without harm when the other side hung up before it answered (RFC 9110, 9.2.1).
SAFE = frozenset({"GET", "OPTIONS"})

Socket: Any = get_original("socket", "socket")


class HungUp(BenchFault):
    """The connection ended before a byte of the answer came."""


class Answer(NamedTuple):
    """What came back: status, headers in lower case, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Asking(Protocol):
    """Whoever carries one request at a time over a connection of its own."""

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Send a request and wait for its answer; raises BenchFault if none comes."""
        ...


class Wire:
    """One connection to a target, opened when it is needed and kept."""

    def __init__(self, url: str, tls: ssl.SSLContext, *, connect_within: float, answer_within: float) -> None:
        """Prepare; both limits are in seconds."""
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        self._address = parts.hostname or "", parts.port or (443 if self._secure else 80)
        self._host = f"Host: {parts.netloc}\r\n"
        self._context, self._connect_within, self._answer_within = tls, connect_within, answer_within
        self._loop = get_hub().loop
        self._waiter: Any = Waiter()
        self._timer = self._loop.timer(answer_within)
        self._socket: Any = None
        self._watch: Any = None
        self._awaited = self._waits = self._begun = self._framed = False
        self._answer: Answer | BenchFault | None = None
        self._sent = 0.0

    def ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Send a request and wait for its answer; raises BenchFault if none comes."""
        data = self._written(method, path, body, headers)
        if fresh := self._socket is None:
            self._connect()
        try:
            return self._asked(data)
        except HungUp:
            if fresh or method not in SAFE:
                raise
        self._connect()
        return self._asked(data)

    def _written(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
        if method == "HEAD":
            raise BenchFault("the raw client cannot ask HEAD: choose client: fast in the workload")
        told = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        if told.count("\n") != len(headers) or "\n" in path or " " in path:
            raise BenchFault(f"{method} {path!r}: a header or path holds a blank or line break")
        length = f"Content-Length: {len(body or b'')}\r\n" if body or method not in SAFE else ""
        return f"{method} {path} HTTP/1.1\r\n{self._host}{told}{length}\r\n".encode("latin-1") + (body or b"")

    def _asked(self, data: bytes) -> Answer:
        self._expect()
        try:
            self._send(data)
            if self._answer is None:
                self._waits = True
                self._waiter.get()
        except OSError as fault:
            self._close()
            if self._answer is None:
                raise HungUp(f"{type(fault).__name__}: {fault}") from fault
        finally:
            # who is ended while it waits leaves an answer on the way that nobody may take for another's
            if self._awaited:
                self._close()
            self._awaited = self._waits = False
            self._waiter.clear()
        if isinstance(self._answer, BenchFault):
            raise self._answer
        assert self._answer is not None
        return self._answer

    def _expect(self) -> None:
        self._answer, self._awaited, self._begun = None, True, False
        self._sent = time.monotonic()
        if not self._timer.active:
            self._timer.start(self._ring)

    # -- the connection ----------------------------------------------------------------------------------------------
    def _connect(self) -> None:
        began: Any = None
        try:
            began = gevent.socket.create_connection(self._address, timeout=self._connect_within)
            began.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._secure:
                self._shake_hands(began)
        except OSError as fault:  # TimeoutError and ssl.SSLError are of this family
            if began is not None:
                began.close()
            raise BenchFault(f"{type(fault).__name__}: {fault}") from fault
        self._socket = Socket(fileno=began.detach())
        self._socket.setblocking(False)
        self._parser = HttpResponseParser(self)
        self._watch = self._loop.io(self._socket.fileno(), 1)
        self._watch.start(self._readable)

    def _shake_hands(self, began: Any) -> None:
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = self._context.wrap_bio(self._incoming, self._outgoing, server_hostname=self._address[0])
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                began.sendall(self._outgoing.read())
                self._incoming.write(began.recv(CHUNK))
            else:
                return began.sendall(self._outgoing.read())  # type: ignore[no-any-return]

    def _send(self, data: bytes) -> None:
        if self._secure:
            self._tls.write(data)
            data = self._outgoing.read()
        while data and self._socket is not None:
            try:
                data = data[self._socket.send(data) :]
            except BlockingIOError:
                gevent.socket.wait_write(self._socket.fileno(), timeout=self._answer_within)

    def _readable(self) -> None:
        try:
            if data := self._socket.recv(CHUNK):
                self._parser.feed_data(self._opened(data) if self._secure else data)
            else:
                self._ended()
        except BlockingIOError:
            pass
        except ssl.SSLZeroReturnError:
            self._ended()
        except (OSError, HttpParserError, HttpParserUpgrade) as fault:
            self._fail(BenchFault(f"{type(fault).__name__}: {fault}"))
        self._wake()

    def _opened(self, data: bytes) -> bytes:
        self._incoming.write(data)
        parts = []
        try:
            while True:
                parts.append(self._tls.read(CHUNK))
                if not self._incoming.pending and not self._tls.pending():
                    break
        except ssl.SSLWantReadError:  # half a record, or one that holds no data
            pass
        return b"".join(parts)

    def _ring(self) -> None:
        self._timer.stop()
        if not self._awaited:
            return
        left = self._sent + self._answer_within - time.monotonic()
        if left <= 0:
            self._timer = self._loop.timer(self._answer_within)
            self._fail(BenchFault(f"TimeoutError: no answer within {self._answer_within:g} s"))
            self._wake()
        else:
            self._timer = self._loop.timer(left)
            self._timer.start(self._ring)

    def _ended(self) -> None:
        """Take it that the other side hung up: that may be the end of a body without a length."""
        if self._begun and not self._framed:
            self.on_message_complete()
            self._close()
        else:
            kind = BenchFault if self._begun else HungUp
            self._fail(kind("the other side hung up before the answer was whole"))

    def _fail(self, fault: BenchFault) -> None:
        self._close()
        self._take(fault)

    def _close(self) -> None:
        if self._socket is not None:
            self._watch.stop()
            self._watch.close()
            self._socket.close()
            self._socket = None

    def _take(self, answer: Answer | BenchFault) -> None:
        if self._awaited:
            self._answer, self._awaited = answer, False

    def _wake(self) -> None:
        if self._waits and not self._awaited:
            self._waits = False
            self._waiter.switch(None)

    # -- called by the parser ----------------------------------------------------------------------------------------
    def on_message_begin(self) -> None:
        """Begin an answer."""
        self._begun, self._framed = True, False
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; of several with one name the last."""
        told = name.decode("latin-1").lower()
        self._framed |= told in ("content-length", "transfer-encoding")
        self._headers[told] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Take the answer; an interim one (1xx) is not it, and one that nobody asked for ends the connection."""
        status = self._parser.get_status_code()
        if 100 <= status < 200:
            return
        if not (self._awaited and self._parser.should_keep_alive()):
            self._close()
        body = self._body
        self._take(Answer(status, self._headers, body[0] if len(body) == 1 else b"".join(body)))
