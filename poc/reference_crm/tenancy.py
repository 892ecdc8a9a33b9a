"""Tenancy: the legal entities that one installation serves, each with a store, keys, users and a trail of its own.

Nothing is shared but the processor and the rules of the bank: a tenant has a database of its own, opened with a master
key of its own, so no filter that somebody forgets can let a row, a number or a count cross. A request names its tenant
in the header ``X-Tenant``; that chooses the store in which its token is looked up, and gives no right by itself.
"""

import asyncio
import base64
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import SecretStr

from poc.reference_crm.access import Policy
from poc.reference_crm.board import Board
from poc.reference_crm.clock import Clock
from poc.reference_crm.crypto import Vault
from poc.reference_crm.database import NOBODY, Database
from poc.reference_crm.desk import Desk
from poc.reference_crm.masking import Gate
from poc.reference_crm.memory import Memory
from poc.reference_crm.rounds import Rounds
from poc.reference_crm.settings import Settings

LOG = logging.getLogger("reference_crm")
HEADER = b"x-tenant"
#: Seconds for which a process believes what it knows of a tenant, and between two looks for new ones.
LOOK = 2.0
ONE = "SELECT name, store, sealed FROM tenants WHERE name = $1"
ALL = "SELECT name FROM tenants"


class Served(NamedTuple):
    """The tenant whose request is under way, and what serves it."""

    name: str
    desk: Desk


_SERVED: ContextVar[Served | None] = ContextVar("served", default=None)


def tenant() -> str:
    """Return the name of the tenant whose request is under way; empty for the bank itself."""
    served = _SERVED.get()
    return "" if served is None else served.name


class FrontDesk(Desk):
    """The desk over which the routes are made: each request is served with the means of its own tenant."""

    def __init__(self, main: Desk) -> None:
        """Stand before the bank's own desk."""
        object.__setattr__(self, "_main", main)

    @property
    def behind(self) -> Desk:
        """Return the desk that serves the request under way."""
        served = _SERVED.get()
        main: Desk = self.__dict__["_main"]
        return main if served is None else served.desk

    def __setattr__(self, name: str, value: object) -> None:
        """Replace one of the tenant's own means."""
        setattr(self.behind, name, value)

    # what every request uses is written out: found as a property it costs a third of what __getattr__ does
    @property
    def database(self) -> Database:  # type: ignore[override]
        """Return the tenant's own database."""
        return self.behind.database

    @property
    def vault(self) -> Vault:  # type: ignore[override]
        """Return the tenant's own keys."""
        return self.behind.vault

    @property
    def gate(self) -> Gate:  # type: ignore[override]
        """Return what masks with the tenant's own keys."""
        return self.behind.gate

    @property
    def settings(self) -> Settings:  # type: ignore[override]
        """Return the settings that hold for the tenant."""
        return self.behind.settings

    @property
    def board(self) -> Board:  # type: ignore[override]
        """Return the board of the service's processes, which is one for all."""
        return self.behind.board

    @property
    def clock(self) -> Clock:  # type: ignore[override]
        """Return the business clock, which is one for all."""
        return self.behind.clock

    @property
    def policy(self) -> Policy:  # type: ignore[override]
        """Return the rules of access that hold for the tenant."""
        return self.behind.policy

    @property
    def memory(self) -> Memory:  # type: ignore[override]
        """Return the tenant's own records as last shown."""
        return self.behind.memory

    @property
    def rounds(self) -> Rounds:  # type: ignore[override]
        """Return what answers questions to the tenant's own database."""
        return self.behind.rounds

    def __getattr__(self, name: str) -> Any:
        """Return another of the means that each tenant has for itself: settings, the book of checkpoints, ..."""
        return getattr(self.behind, name)


def store_url(url: str, store: str) -> str:
    """Return the address of another database on the same server."""
    return urlunsplit(urlsplit(url)._replace(path="/" + quote(store)))


class _Known(NamedTuple):
    served: Served
    store: str
    until: float
    works: tuple[asyncio.Task[None], ...]


class Tenants:
    """The tenants that this process serves: opened when first asked for, closed when the bank has closed them."""

    def __init__(
        self,
        main: Desk,
        assemble: Callable[[Settings, Board], Awaitable[Desk]],
        works: Callable[[Desk], list[Coroutine[Any, Any, None]]],
    ) -> None:
        """Begin with none; ``works`` are what runs beside the requests of a desk for as long as it is open."""
        self.main, self._assemble, self._works = main, assemble, works
        self._known: dict[str, _Known] = {}
        self._lock = asyncio.Lock()

    async def find(self, name: str) -> Served | None:
        """Return what serves a tenant, None if there is none of that name."""
        known = self._known.get(name)
        if known is not None and time.monotonic() < known.until:
            return known.served
        async with self._lock:
            return await self._looked_up(name)

    async def _looked_up(self, name: str) -> Served | None:
        async with self.main.database.connection(NOBODY) as connection:
            row = await connection.fetchrow(ONE, name)
        known = self._known.get(name)
        if known is not None and (row is None or row["store"] != known.store):
            await self._close(self._known.pop(name))
            known = None
        if row is None:
            return None
        if known is None:
            served = Served(name, await self._assemble(self._settings(dict(row)), self.main.board))
            works = tuple(asyncio.create_task(work) for work in self._works(served.desk))
            known = _Known(served, row["store"], 0.0, works)
        self._known[name] = known._replace(until=time.monotonic() + LOOK)
        return known.served

    def _settings(self, row: Mapping[str, Any]) -> Settings:
        """Return the bank's settings with the tenant's own store, key and file of checkpoints."""
        name, main = str(row["name"]), self.main.settings
        own: dict[str, object] = {
            "database_url": store_url(main.database_url, str(row["store"])),
            "master_key": SecretStr(base64.b64encode(self.main.vault.open(place(name), row["sealed"])).decode()),
            "pool_size": main.tenant_pool_size,
            "admin_password": None,
        }
        if main.audit_checkpoints is not None:
            own["audit_checkpoints"] = main.audit_checkpoints.with_suffix(f".{row['store']}.jsonl")
        return main.model_copy(update=own)

    async def serve(self, served: Served, request: Callable[[], Awaitable[None]]) -> None:
        """Have a request served with the means of its tenant."""
        mark = _SERVED.set(served)
        try:
            await request()
        finally:
            _SERVED.reset(mark)

    async def forget(self, name: str) -> None:
        """Close what serves a tenant that the bank has closed."""
        async with self._lock:
            known = self._known.pop(name, None)
        if known is not None:
            await self._close(known)

    async def close(self) -> None:
        """Close all."""
        for name in list(self._known):
            await self.forget(name)

    async def attend(self, every: float = LOOK) -> None:
        """Open every tenant of the installation, again and again until cancelled: someone must do what falls due."""
        while True:
            await asyncio.sleep(every)
            try:
                async with self.main.database.connection(NOBODY) as connection:
                    names = {row["name"] for row in await connection.fetch(ALL)}
                for name in names | self._known.keys():
                    await self.find(name)
            except Exception:
                LOG.exception("tenants not attended", extra={"facts": {"again_in_seconds": every}})

    @staticmethod
    async def _close(known: _Known) -> None:
        for work in known.works:
            work.cancel()
        for work in known.works:
            with suppress(asyncio.CancelledError, Exception):
                await work
        await known.served.desk.database.close()


def place(name: str) -> str:
    """Return the name of the place where a tenant's master key rests, sealed."""
    return f"tenants/{name}/master-key"
