"""Service: the application: routes, refusals as problem documents, and the means that every operation is handed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import asyncpg
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from poc.reference_crm import keys
from poc.reference_crm.access import load_policy
from poc.reference_crm.board import Board
from poc.reference_crm.catalogue import CUSTOMERS
from poc.reference_crm.clock import Clock
from poc.reference_crm.crypto import Closed, Vault
from poc.reference_crm.database import NOBODY, Database
from poc.reference_crm.desk import Desk
from poc.reference_crm.doorway import Doorway
from poc.reference_crm.keeper import Keeper
from poc.reference_crm.openapi import document
from poc.reference_crm.operations import clockwork, deliveries, rotation, rules, sealing, users
from poc.reference_crm.operations.alerts import keep_watch
from poc.reference_crm.operations.sessions import Doorkeeper, unauthenticated
from poc.reference_crm.problems import FieldError, Problem
from poc.reference_crm.routes import (
    alerts,
    api_keys,
    attachments,
    bulk,
    changes,
    customers,
    factors,
    health,
    passkeys,
    people,
    policy,
    proofs,
    records,
    scim,
    service_desk,
    sessions,
    single_sign_on,
    trail,
)
from poc.reference_crm.routes import approvals as approval_routes
from poc.reference_crm.routes import ciphers as cipher_routes
from poc.reference_crm.routes import envelopes as envelope_routes
from poc.reference_crm.routes import tenants as tenant_routes
from poc.reference_crm.routes import users as user_routes
from poc.reference_crm.routes import walls as wall_routes
from poc.reference_crm.routes import webhooks as webhook_routes
from poc.reference_crm.routes.direct import Shortcuts
from poc.reference_crm.routes.http import encode, trace_of
from poc.reference_crm.settings import Settings
from poc.reference_crm.switchboard import Switchboard
from poc.reference_crm.tenancy import HEADER, FrontDesk, Tenants
from poc.reference_crm.wrapping import Unreadable

#: The routes of the service, most specific first.
ROUTERS: tuple[Callable[[Desk], APIRouter], ...] = (
    health.router,
    sessions.router,
    user_routes.router,
    factors.router,
    single_sign_on.router,
    passkeys.router,
    api_keys.router,
    scim.router,
    trail.router,
    policy.router,
    proofs.router,
    customers.router,
    changes.router,
    people.router,
    service_desk.router,
    approval_routes.router,
    bulk.router,
    alerts.router,
    tenant_routes.router,
    wall_routes.router,
    webhook_routes.router,
    envelope_routes.router,
    attachments.router,
    cipher_routes.router,
    records.router,
)

#: What PostgreSQL refuses because of what was sent, as problems.
REFUSED_BY_DATABASE: tuple[tuple[type[Exception], str, str], ...] = (
    (asyncpg.UniqueViolationError, "duplicate", "this is on file already"),
    (asyncpg.DeadlockDetectedError, "conflict", "others are changing the same records: try again"),
    (asyncpg.SerializationError, "conflict", "others are changing the same records: try again"),
    (asyncpg.InsufficientPrivilegeError, "forbidden", "this is not in your reach"),
    (asyncpg.DataError, "invalid", "a value cannot be stored as it was sent"),
    (UnicodeEncodeError, "invalid", "a text holds characters that are none"),
)


async def assemble(settings: Settings, board: Board | None = None) -> Desk:
    """Open the database, unwrap the keys, read the policy and the clock; raises what names the remedy."""
    database = Database(settings.database_url, settings.pool_size)
    try:
        await database.open()
        async with database.transaction(NOBODY) as connection:
            keeper = Keeper(settings.master_key_bytes, settings.bank_key)
            ring = await keys.load(connection, keeper.wrapper, settings.cipher, keeper.former, settings.index_digest)
            ahead = await connection.fetchval("SELECT value FROM state WHERE name = 'clock_ahead_seconds'")
    except BaseException:
        await database.close()
        raise
    board = board or Board()
    clock = Clock(trial=settings.trial_clock, ahead=timedelta(seconds=float(ahead or 0)), board=board)
    policy = load_policy(frozenset(CUSTOMERS.sealed))
    vault = Vault(ring.keys, ring.index_key, ring.indexing)
    vault.adopt({}, ring.sealing)
    return Desk(
        database=database, vault=vault, keeper=keeper, policy=policy, clock=clock, settings=settings, board=board
    )


class Application(FastAPI):
    """The routes of the service; requests that need nothing of the framework go straight to their endpoints."""

    def open_shortcuts(self, desk: Desk) -> None:
        """Learn the ways straight to the endpoints, behind a doorway like that before all others."""
        self._shortcuts = Shortcuts(self.router.routes)
        self._doorway = _doorway(self._directly, desk)
        self._outside = _doorway(_unknown_tenant, desk)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request in the name of its tenant, if it names one."""
        if scope["type"] == "http":
            for name, value in scope["headers"]:
                if name == HEADER:
                    await self._of_tenant(value.decode("latin-1"), scope, receive, send)
                    return
        await self._answer(scope, receive, send)

    async def _of_tenant(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the means of a tenant; who names one that is not there is told no more than a stranger."""
        tenants: Tenants = self.state.tenants
        served = await tenants.find(name)
        if served is None:
            await self._outside(scope, receive, send)
        else:
            await tenants.serve(served, lambda: self._answer(scope, receive, send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request by the shortest way that answers it right."""
        found = self._shortcuts.find(scope) if scope["type"] == "http" else None
        if found is None:
            await super().__call__(scope, receive, send)
        else:
            scope.update(app=self, route=found[0].route, shortcut=found)
            await self._doorway(scope, receive, send)

    async def _directly(self, scope: Scope, receive: Receive, send: Send) -> None:
        short, given = scope["shortcut"]
        request = Request(scope, receive, send)
        try:
            response = await short.ask(request, given)
        except Exception as fault:
            problem = _problem_of(fault)
            if problem is None:
                raise
            response = refused(request, problem)
        await response(scope, receive, send)


async def _unknown_tenant(scope: Scope, receive: Receive, send: Send) -> None:
    await refused(Request(scope), unauthenticated())(scope, receive, send)


def create_app(main: Desk, tenants: Tenants | None = None) -> FastAPI:
    """Return the application over its means; whoever assembled the desk closes it."""
    desk = FrontDesk(main)
    app = Application(
        title="Touchstone reference CRM", version="1", openapi_url="/openapi.json", docs_url=None, redoc_url=None,
        redirect_slashes=False,
    )  # fmt: skip
    app.state.desk = main
    app.state.tenants = tenants or Tenants(main, assemble, lambda desk: [])
    app.state.doorkeeper = Doorkeeper(desk)
    for router in ROUTERS:
        app.router.routes.extend(router(desk).routes)
    app.router.middleware_stack = Switchboard(app.router)
    app.openapi = partial(document, app)  # type: ignore[method-assign]
    _refusals(app)
    app.add_middleware(partial(_doorway, desk=desk))
    app.open_shortcuts(desk)
    return app


def _doorway(app: ASGIApp, desk: Desk) -> Doorway:
    return Doorway(app, largest_body=desk.settings.largest_body, log_requests=desk.settings.log_requests)


def refused(request: Request, problem: Problem) -> Response:
    """Return a refusal as a problem document."""
    return Response(
        encode(problem.json(trace_of(request.scope))),
        problem.status,
        problem.headers,
        media_type="application/problem+json",
    )


def _refusals(app: FastAPI) -> None:
    async def on_fault(request: Request, fault: Exception) -> Response:
        problem = _problem_of(fault)
        if problem is None:
            raise fault
        return refused(request, problem)

    for kind in (
        Problem,
        RequestValidationError,
        HTTPException,
        Closed,
        Unreadable,
        *(kind for kind, _, _ in REFUSED_BY_DATABASE),
    ):
        app.add_exception_handler(kind, on_fault)


def _problem_of(fault: Exception) -> Problem | None:
    """Return the problem document that a fault stands for; None for one that is ours."""
    if isinstance(fault, Problem):
        return fault
    if isinstance(fault, RequestValidationError):
        errors = [_field_error(error) for error in fault.errors()[:50]]
        return Problem(reason="invalid", detail="the request is not valid; see errors", errors=errors)
    if isinstance(fault, HTTPException):
        return _of_status(fault)
    if isinstance(fault, Closed):
        return Problem(reason="locked", status=423, detail="the bank holds its key back: ask again when it is returned")
    if isinstance(fault, Unreadable):
        return Problem(reason="server-error", detail="a stored value is not as it was sealed, and stays closed")
    return next(
        (Problem(reason=reason, detail=told) for kind, reason, told in REFUSED_BY_DATABASE if isinstance(fault, kind)),
        None,
    )


def _field_error(error: dict[str, object]) -> FieldError:
    place = [str(part) for part in error.get("loc", ()) if part not in ("body", "query", "path", "header")]  # type: ignore[attr-defined]
    return FieldError(field=".".join(place) or "body", message=str(error.get("msg", "is not valid"))[:200])


def _of_status(fault: HTTPException) -> Problem:
    reasons = {404: "not-found", 405: "unsupported", 401: "unauthenticated", 403: "forbidden"}
    details = {404: "there is nothing at this address", 405: "this address does not take that method"}
    reason = reasons.get(fault.status_code, "invalid")
    detail = details.get(fault.status_code, str(fault.detail)[:200])
    return Problem(reason=reason, status=fault.status_code, detail=detail, headers=dict(fault.headers or {}))


def works(desk: Desk) -> list[Coroutine[Any, Any, None]]:
    """Return what runs beside the requests of a desk: each process learns, the first does what falls due."""
    begun = [rotation.follow(desk), rules.follow(desk), desk.database.keep_pulse()]
    if desk.board.place == 0:
        begun += [clockwork.beat(desk), deliveries.run(desk), keep_watch(desk)]
        if desk.settings.audit_checkpoints is not None:
            begun.append(sealing.keep_sealing(desk))
    return begun


async def live(board: Board, every: float = 1.0) -> None:
    """Show again and again, until cancelled, that this process gets round to its work."""
    while True:
        board.beat()
        await asyncio.sleep(every)


@asynccontextmanager
async def running(settings: Settings, board: Board | None = None) -> AsyncIterator[FastAPI]:
    """Assemble the service, let it run, and close what was opened.

    Of several processes that share a board the first makes the administrator and does what falls due.
    """
    desk = await assemble(settings, board)
    first = desk.board.place == 0
    try:
        if first and settings.admin_password is not None:
            await users.bootstrap(desk, settings.admin_password.get_secret_value())
        await rules.learn(desk)
        tenants = Tenants(desk, assemble, works)
        tasks = [asyncio.create_task(work) for work in (*works(desk), live(desk.board))]
        if first:
            tasks.append(asyncio.create_task(tenants.attend()))
        yield create_app(desk, tenants)
        for task in tasks:
            task.cancel()
        await tenants.close()
    finally:
        await desk.database.close()
