"""Database: connections to PostgreSQL that carry whose records they may see, so that row-level security binds each.

A connection keeps its scope (reach, branch, role) between uses and is handed to the next caller with the same one; for
another caller the scope is set anew before anything else is asked. Most requests so need no round trip for it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias

import asyncpg
import orjson

from poc.reference_crm.access import Scope
from poc.reference_crm.problems import unavailable

LOG = logging.getLogger("reference_crm")

#: The role that owns nothing, may not bypass row-level security, and in which every statement of the service runs.
SERVICE_ROLE = "crm_service"

#: Prepared statements are planned once and for all: without it a connection plans its first five of each anew, which
#: costs a customer overview 7 to 9 ms instead of 1 (measured on 10,000 customers).
SETTINGS = {
    "role": SERVICE_ROLE,
    "application_name": "reference-crm",
    "timezone": "UTC",
    "plan_cache_mode": "force_generic_plan",
}

SET_SCOPE = (
    "SELECT set_config('crm.reach', $1, false), set_config('crm.branch', $2, false), set_config('crm.role', $3, false),"
    " set_config('crm.closed', $4, false), set_config('crm.insider', $5, false)"
)

#: For the service's own work: users, sessions, keys; it sees no customer.
NOBODY = Scope(reach="none", branch="", role="")

#: What PostgreSQL says when it cannot serve now, though it may in a moment: no connection, no room, a shutdown.
PASSING = (
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
)
#: Seconds that a request may wait for a free connection, and a connection for the server.
QUEUES_FOR, CONNECTS_WITHIN = 8.0, 5.0
#: The pulse: seconds between two looks, seconds to answer, and looks in vain after which the server counts as gone.
EVERY, ANSWERS_WITHIN, IN_VAIN = 1.0, 3.0, 2

#: asyncpg ships no types that fit its own pool and connections.
Connection: TypeAlias = Any


class Database:
    """A small pool of connections with affinity to scopes."""

    def __init__(self, url: str, size: int) -> None:
        """Remember where the database is; ``open`` connects."""
        self._url, self._size = url, size
        self._idle: list[Connection] = []
        self._scopes: dict[int, Scope] = {}
        self._open = 0
        self._free = asyncio.Semaphore(size)
        self._lent: set[Connection] = set()
        self._there = asyncio.Event()
        self._there.set()

    async def open(self) -> None:
        """Open all connections: a wrong URL is noticed at once, and the first callers need not wait for any."""
        self._idle.append(await self._connect())
        self._idle += await asyncio.gather(*(self._connect() for _ in range(self._size - 1)))

    async def close(self) -> None:
        """Close all idle connections."""
        while self._idle:
            with suppress(Exception):
                await self._idle.pop().close(timeout=2)

    async def keep_pulse(self, every: float = EVERY, within: float = ANSWERS_WITHIN) -> None:
        """Look every second whether the server answers, until cancelled; while it does not, nobody waits for it.

        A server that stands still breaks no connection: whoever waits for it is let go here, and told so.
        """
        own: Connection | None = None
        vain = 0
        try:
            while True:
                try:
                    async with asyncio.timeout(within):
                        own = own or await asyncpg.connect(self._url, server_settings=SETTINGS)
                        await own.fetchval("SELECT 1")
                    vain = 0
                    self._there.set()
                except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as fault:
                    vain += 1 if isinstance(fault, TimeoutError) else IN_VAIN
                    if own is not None:
                        own.terminate()
                        own = None
                    if vain >= IN_VAIN:
                        self._abandon(fault)
                await asyncio.sleep(every)
        finally:
            if own is not None:
                own.terminate()

    def _abandon(self, fault: Exception) -> None:
        """Let everybody go who waits for a server that does not answer."""
        if self._there.is_set():
            LOG.error("the database is gone", extra={"facts": {"why": type(fault).__name__}})
        self._there.clear()
        for connection in self._lent:
            connection.terminate()
        while self._idle:
            connection = self._idle.pop()
            self._forget(connection)
            connection.terminate()

    async def _connect(self) -> Connection:
        connection = await asyncpg.connect(self._url, server_settings=SETTINGS, timeout=CONNECTS_WITHIN)
        for name in ("jsonb", "json"):
            await connection.set_type_codec(
                name, encoder=lambda value: orjson.dumps(value).decode(), decoder=orjson.loads, schema="pg_catalog"
            )
        self._open += 1
        return connection

    def _take(self, scope: Scope) -> Connection | None:
        for place in range(len(self._idle) - 1, -1, -1):
            if self._scopes.get(id(self._idle[place])) == scope:
                return self._idle.pop(place)
        return self._idle.pop(0) if self._idle and self._open >= self._size else None

    async def _scoped(self, scope: Scope) -> Connection:
        connection = self._take(scope)
        if connection is not None and connection.is_closed():
            self._forget(connection)
            connection = None
        if connection is None:
            connection = await self._connect()
        self._lent.add(connection)
        if self._scopes.get(id(connection)) != scope:
            self._scopes.pop(id(connection), None)
            try:
                await connection.fetchrow(SET_SCOPE, scope.reach, scope.branch, scope.role, scope.closed, scope.insider)
            except BaseException:
                connection.terminate()
                self._give_back(connection)
                raise
            self._scopes[id(connection)] = scope
        return connection

    async def _seat(self) -> None:
        """Wait until a connection may be lent; raises ``unavailable`` if that takes too long or the server is gone."""
        if not self._there.is_set():
            raise unavailable()
        if not self._free.locked():
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(QUEUES_FOR):
                await self._free.acquire()
        except TimeoutError:
            raise unavailable() from None
        if not self._there.is_set():
            self._free.release()
            raise unavailable()

    def _forget(self, connection: Connection) -> None:
        self._scopes.pop(id(connection), None)
        self._open -= 1

    @asynccontextmanager
    async def connection(self, scope: Scope) -> AsyncIterator[Connection]:
        """Lend a connection that sees what ``scope`` sees; each statement on it is a transaction of its own.

        Raises ``unavailable`` when the server cannot serve now; whether a commit under way took place is open then.
        """
        await self._seat()
        connection: Connection = None
        try:
            connection = await self._scoped(scope)
            yield connection
        except asyncpg.InternalClientError as fault:
            # the driver lost its place in the talk, as when a server falls in the middle of a word
            connection.terminate()
            raise unavailable() from fault
        except (*PASSING, OSError, asyncpg.InterfaceError) as fault:
            # an error of another sort, on a connection that stands, is not the database's
            if not isinstance(fault, (*PASSING, ConnectionError)) and connection and not connection.is_closed():
                raise
            raise unavailable() from fault
        finally:
            if connection is not None:
                self._give_back(connection)
            self._free.release()

    @asynccontextmanager
    async def transaction(self, scope: Scope) -> AsyncIterator[Connection]:
        """Lend a connection inside one transaction, which is rolled back if the block raises."""
        async with self.connection(scope) as connection, connection.transaction():
            yield connection

    def _give_back(self, connection: Connection) -> None:
        self._lent.discard(connection)
        if connection.is_closed() or connection.is_in_transaction():
            self._forget(connection)
            connection.terminate()
        else:
            self._idle.append(connection)
