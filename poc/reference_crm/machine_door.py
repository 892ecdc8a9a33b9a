"""Machine door: a port of its own at which machines prove who they are by a certificate of the bank's authority.

Whose certificate is missing, out of date, revoked or signed by somebody else gets no answer at all; with a good one a
token is worth something only if it stands for the user whom the certificate names (its common name). A refusal goes
on record either way.
"""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import uvicorn
from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.desk import Desk
from poc.reference_crm.doorway import Doorway
from poc.reference_crm.operations.sessions import Doorkeeper, Who
from poc.reference_crm.problems import Problem
from poc.reference_crm.routes.http import stranger, token_of
from poc.reference_crm.service import refused

#: Where the name that a proven certificate bears stands in the scope of a request.
PROVEN = "certificate"
#: What a PEM file says before a list of revoked certificates (RFC 7468, 6).
LIST_OF_REVOKED = b"-----BEGIN X509 CRL-----"


def demand(context: ssl.SSLContext, authority: Path) -> None:
    """Make a context ask everybody for a certificate of ``authority``.

    ``authority`` is a PEM file; if it also holds the authority's list of revoked certificates (RFC 5280, 5), these
    are refused. Raises OSError or ssl.SSLError if it cannot be read.
    """
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority)
    if LIST_OF_REVOKED in authority.read_bytes():
        context.verify_flags |= ssl.VerifyFlags.VERIFY_CRL_CHECK_LEAF


def watched(tell: Callable[[str], None]) -> type[ssl.SSLObject]:
    """Return a TLS line that tells why it refused somebody's certificate; nobody else would learn of it."""

    class Watched(ssl.SSLObject):
        def do_handshake(self) -> None:
            """Shake hands."""
            try:
                super().do_handshake()
            except ssl.SSLCertVerificationError as no:
                tell(no.verify_message)
                raise
            except ssl.SSLError as no:
                if no.reason == "PEER_DID_NOT_RETURN_A_CERTIFICATE":
                    tell("no certificate")
                raise

    return Watched


class Certified(HttpToolsProtocol):
    """A connection whose requests bear the name that its certificate proves."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Read the certificate once for all requests of the connection."""
        super().connection_made(transport)
        line = transport.get_extra_info("ssl_object")
        self.proven = name_of(line.getpeercert() if line is not None else None)

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)[PROVEN] = self.proven


def name_of(certificate: Any) -> str:
    """Return the only common name of a proven certificate as Python tells it, "" if it has none or several."""
    names = [value for part in (certificate or {}).get("subject", ()) for key, value in part if key == "commonName"]
    return names[0] if len(names) == 1 else ""


def is_bound(certificate: str, username: str) -> bool:
    """Whether a certificate stands for a user."""
    return certificate != "" and certificate == username


class MachineDoor:
    """Lets requests through whose token and certificate stand for the same user.

    At the machine door everybody needs a certificate; at the common door only users of the roles in ``only_here``,
    who can therefore not come in there.
    """

    def __init__(self, app: FastAPI, desk: Desk, *, only_here: frozenset[str] | None = None) -> None:
        """Stand before ``app``; ``only_here`` None at the machine door, else the roles that must use that."""
        self._app, self._desk, self._only_here = app, desk, only_here
        self._outside = Doorway(_refusal, largest_body=desk.settings.largest_body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it; who shows no token meets public addresses only, as everywhere."""
        problem = await self._refused(Request(scope)) if scope["type"] == "http" else None
        if problem is not None:
            scope["problem"] = problem
            await self._outside(scope, receive, send)
            return
        app: ASGIApp = self._app
        await app(scope, receive, send)

    async def _refused(self, request: Request) -> Problem | None:
        if "authorization" not in request.headers:
            return None
        request.scope["app"] = self._app  # as the framework would have it, which this stands before
        doorkeeper: Doorkeeper = self._app.state.doorkeeper
        try:
            who = await doorkeeper.who(token_of(request))
        except Problem as problem:
            # at the machine door nobody passes whom it does not know, of whatever tenant
            return problem if self._only_here is None else None
        proven = request.scope.get(PROVEN, "")
        if is_bound(proven, who.username) or (self._only_here is not None and who.role not in self._only_here):
            return None
        return await self._deny(request, who, proven)

    async def _deny(self, request: Request, who: Who, proven: str) -> Problem:
        asks = stranger(request)
        caller = Caller(username=who.username, role=who.role, branch=who.branch, trace=asks.trace, origin=asks.origin)
        why = f"the certificate of {proven}" if proven else "no certificate"
        told = {"operation": "enter", "reason": f"came with {why}"}
        entry = Entry(action="access.denied", subject="doors/machines", result="denied", after=told)
        await self._desk.jot(caller, entry)
        return Problem(reason="forbidden", detail="come to the machine door with a certificate that names this user")


async def _refusal(scope: Scope, receive: Receive, send: Send) -> None:
    await refused(Request(scope), scope["problem"])(scope, receive, send)


class Refusals:
    """Puts on record whom the machine door refused while shaking hands."""

    def __init__(self, desk: Desk) -> None:
        """Begin; must run within the loop of the service."""
        self._desk, self._under_way = desk, set[asyncio.Task[None]]()

    def tell(self, reason: str) -> None:
        """Note a refusal without making the other connections wait."""
        caller = Caller(username="", role="", branch="", trace="", origin="")
        entry = Entry(action="login.failed", subject="doors/machines", result="denied", after={"reason": reason})
        task = asyncio.get_running_loop().create_task(self._desk.jot(caller, entry))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


async def opened(
    app: FastAPI, desk: Desk, state: uvicorn.server.ServerState, *, port: int, context: ssl.SSLContext, shared: bool
) -> asyncio.Server:
    """Open the machine door on loopback; ``shared`` lets other processes of the service open it too.

    ``state`` is that of the server beside it, so that both end alike. Raises OSError if the port is taken.
    """
    context.sslobject_class = watched(Refusals(desk).tell)
    config = uvicorn.Config(
        MachineDoor(app, desk), http=Certified, loop="none", lifespan="off", log_config=None, access_log=False,
        server_header=False, proxy_headers=False, timeout_keep_alive=75,
    )  # fmt: skip
    config.load()

    def line() -> asyncio.Protocol:
        return Certified(config=config, server_state=state, app_state={})

    loop = asyncio.get_running_loop()
    return await loop.create_server(line, "127.0.0.1", port, ssl=context, reuse_port=shared)
