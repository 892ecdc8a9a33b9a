"""Wire: carries requests over HTTPS, and asks a target's transport about itself; what fails here is our own bench."""

import socket
import ssl
import time
import weakref
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from poc.connectors.contract_probe import probe
from poc.connectors.handshakes import attempt
from poc.connectors.knocking import MachineDoor
from poc.connectors.receivers import Receivers
from poc.connectors.scans import Aim, scan
from poc.connectors.vouching import Voucher
from poc.lab.stores import Stores
from scenarios.crm import Handshake
from scenarios.fuzzing import FuzzReport
from scenarios.listening import Heard
from scenarios.port import BenchFault, Reply, Request
from scenarios.verdict import NotTestable

#: Servers hang up on idle connections after two seconds (gunicorn) or more; asking on a dead one looks like a fault.
KEPT_ALIVE = 1.5
#: Ports at which ``plain`` waits, and how many bytes of an answer in clear it reads.
PLAIN_SECONDS, PLAIN_BYTES = 5.0, 65536


class Silent(BenchFault):
    """No answer came in time; the connection stood."""


class HttpsWire:
    """The way to one target: HTTP/1.1 with connections kept alive, shared by all threads of a play.

    ``ca`` is a PEM file that the target's certificate must lead to (None: the system's); ``client`` a PEM file with
    certificate and key to show; ``timeout`` seconds for connect and for each read; ``receivers`` are opened where the
    target shall send events; ``permitted`` says on what ground it may be attacked, if at all.
    """

    def __init__(
        self,
        url: str,
        *,
        ca: Path | None = None,
        client: Path | None = None,
        timeout: float = 30.0,
        connections: int = 64,
        plain_ports: tuple[int, ...] = (),
        receivers: Receivers | None = None,
        permitted: str = "",
        stores: Stores | None = None,
        cases: Path | None = None,
        door: MachineDoor | None = None,
        tools: Path | None = None,
        identity: str | None = None,
        voucher: Voucher | None = None,
    ) -> None:
        """Make ready to ask; nothing is sent yet; ``cases`` is where calls drawn from contracts are kept.

        ``identity`` is the one address besides ``url`` to which a request may go.

        Raises BenchFault if a certificate file cannot be read.
        """
        self.url, self.ca, self.identity = url.rstrip("/"), ca, identity
        parts = urlsplit(self.url)
        self.host, self.port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        self.plain_ports = (self.port, *plain_ports)
        self.receivers, self.permitted = receivers, permitted
        self.stores, self.cases, self.door, self.tools = stores, cases, door, tools
        self.voucher = voucher
        self.client = httpx.Client(
            verify=_context(ca, client),
            timeout=httpx.Timeout(timeout, pool=timeout * 4),
            limits=httpx.Limits(max_connections=connections, keepalive_expiry=KEPT_ALIVE),
            trust_env=False,
            follow_redirects=False,
            # what a reply gives to one actor's browser must not be sent along with another's next request
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"accept": "application/json", "user-agent": "touchstone"},
        )
        self._end = weakref.finalize(self, self.client.close)

    def close(self) -> None:
        """Hang up; a wire that nobody holds any more hangs up by itself."""
        self._end()

    def send(self, request: Request) -> Reply:
        """Carry a request; raises BenchFault when no reply comes back that speaks of the target.

        Also when it would go where nobody allowed.
        """
        reply = self._carried(request)
        if self.voucher is not None:
            self.voucher.vouch(request, reply, self._carried)
        return reply

    def _carried(self, request: Request) -> Reply:
        body = request.body
        headers = dict(request.headers)
        if request.json is not None and not any(name.lower() == "content-type" for name in headers):
            headers["content-type"] = "application/json"
        where = self._where(request.path)
        begun = time.perf_counter()
        try:
            came = self.client.request(
                request.method,
                where,
                params=dict(request.query) or None,
                content=body or None,
                headers=headers,
            )
        except httpx.TimeoutException as late:
            raise Silent(f"no reply from {self.url}: {_why(late)}") from late
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as fault:
            if self.voucher is not None:
                self.voucher.sound()
            raise BenchFault(f"no reply from {self.url}: {_why(fault)}") from fault
        seconds = time.perf_counter() - begun
        lower = {name.lower(): value for name, value in came.headers.items()}
        return Reply(status=came.status_code, headers=lower, body=came.content, seconds=seconds)

    def _where(self, path: str) -> str:
        """Return the whole address: the target's, or, for a path that is one (RFC 9112 3.2.2), its sign-in's."""
        if not path.startswith(("https://", "http://")):
            return self.url + path
        if _origin(path) in (_origin(self.url), _origin(self.identity or self.url)):
            return path
        raise BenchFault(
            f"{self.url} sends sign-in to {_origin(path)}: if that is right, name it as identity in the settings"
        )

    def handshake(self, version: str, *, suites: str | None = None, verify: bool = False) -> Handshake:
        """Try a TLS handshake of exactly one version (TLSv1, TLSv1.1, TLSv1.2, TLSv1.3); see ``handshakes``.

        Raises NotTestable for a target that this machine serves in clear: its TLS would be a proxy's, and none is here.
        """
        if self.url.startswith("http://"):
            raise NotTestable("the target is served in clear on this machine; in production its TLS is a proxy's work")
        return attempt(self.host, self.port, version, suites=suites, ca=self.ca, verify=verify)

    def plain(self, path: str) -> Reply | None:
        """Ask for a path without TLS on the same port and the declared others; the first HTTP answer, else None."""
        answers = (_in_clear(self.host, port, path) for port in self.plain_ports)
        return next((reply for reply in answers if reply is not None), None)

    def knock(self, certificate: str, request: Request) -> Reply | None:
        """Knock at the door that asks for certificates; raises NotTestable if the settings name none."""
        if self.door is None:
            raise NotTestable("the target's settings name no door that asks for client certificates (machine_url)")
        return self.door.knock(certificate, request)

    def listen(self, make: str) -> str:
        """Open a receiver for what the target sends; raises NotTestable if the settings give none."""
        return self._receivers().open(make)

    def heard(self, url: str) -> tuple[Heard, ...]:
        """Return what came to a receiver."""
        return self._receivers().heard(url)

    def inside(self, act: str, details: Mapping[str, object]) -> object:
        """Do something inside the target; raises NotTestable if the settings give no access."""
        if self.stores is None:
            raise NotTestable("the target's settings give no access behind its interface")
        return self.stores.inside(act, details)

    def permission(self) -> str:
        """Return on what ground attacks are permitted, "" if they are not."""
        return self.permitted

    def answer(self, url: str, path: str, body: str) -> None:
        """Have a receiver answer requests for a path."""
        self._receivers().answer(url, path, body)

    def _receivers(self) -> Receivers:
        if self.receivers is None:
            raise NotTestable("the target's settings name no receivers, so nothing can be sent back to the bench")
        return self.receivers

    def scan(self, tool: str, *, seconds: float) -> Mapping[str, object]:
        """Have a scanner of others look at the target; raises NotTestable without it, or without permission."""
        if not self.permitted:
            raise NotTestable("nobody permitted attacks on this target: name a signed permission in its settings")
        if self.tools is None:
            raise NotTestable("this way to the target knows no folder of scanners")
        return scan(tool, Aim(self.url, self.ca, seconds), folder=self.tools)

    def fuzz(
        self,
        contract: Mapping[str, object],
        *,
        calls: int,
        seed: int,
        headers: Mapping[str, str],
        leave_out: tuple[str, ...] = (),
    ) -> FuzzReport:
        """Make calls generated from a contract, in a process of their own; see ``contract_probe``."""
        report = probe(
            contract, url=self.url, ca=self.ca, headers=headers, calls=calls, seed=seed, leave_out=leave_out,
            kept=self.cases,
        )  # fmt: skip
        if self.voucher is not None:
            self.voucher.sound()
        return report


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _context(ca: Path | None, client: Path | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca)
        if client is not None:
            context.load_cert_chain(client)
    except (OSError, ssl.SSLError) as error:
        raise BenchFault(f"cannot read the certificates {ca or ''} {client or ''}: {error}; mend the target") from None
    return context


def _why(fault: Exception) -> str:
    words = " ".join(str(fault).split()) or "it took too long"
    remedy = "check the CA file" if "CERTIFICATE" in words.upper() else "check the address and that it is up"
    return f"{type(fault).__name__}: {words}; {remedy}"


def _in_clear(host: str, port: int, path: str) -> Reply | None:
    asked = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode("ascii", "replace")
    begun = time.perf_counter()
    try:
        with socket.create_connection((host, port), timeout=PLAIN_SECONDS) as line:
            line.sendall(asked)
            data = _read(line)
    except OSError:
        return None
    return _parsed(data, time.perf_counter() - begun)


def _read(line: socket.socket) -> bytes:
    data = b""
    try:
        while len(data) < PLAIN_BYTES and (part := line.recv(PLAIN_BYTES)):
            data += part
    except OSError:
        return data
    return data


def _parsed(data: bytes, seconds: float) -> Reply | None:
    """Return what was said in HTTP, None if it was no HTTP (a TLS alert, silence)."""
    head, _, body = data.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    words = status.split(" ", 2)
    if not (words[0].startswith("HTTP/") and len(words) > 1 and words[1].isdigit()):
        return None
    pairs = (line.partition(":") for line in lines if ":" in line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Reply(status=int(words[1]), headers=headers, body=body, seconds=seconds)
