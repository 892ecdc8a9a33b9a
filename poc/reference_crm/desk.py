"""Desk: what every operation works with, and the frame of every act: authorise, one transaction, audit."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from poc.reference_crm import audit
from poc.reference_crm.access import Caller, Policy, Scope
from poc.reference_crm.audit import Entry
from poc.reference_crm.board import Board
from poc.reference_crm.checkpoints import Book
from poc.reference_crm.clock import Clock
from poc.reference_crm.crypto import Vault
from poc.reference_crm.database import NOBODY, Connection, Database
from poc.reference_crm.keeper import Keeper
from poc.reference_crm.masking import Gate
from poc.reference_crm.memory import Memory
from poc.reference_crm.problems import Problem, forbidden
from poc.reference_crm.rounds import Answer, Rounds
from poc.reference_crm.settings import Settings


class Act:
    """One business act under way: ``connection`` is inside its transaction, ``now`` is the business time."""

    def __init__(self, connection: Connection, caller: Caller, now: datetime) -> None:
        """Begin with an empty list of audit entries."""
        self.connection, self.caller, self.now = connection, caller, now
        self._entries: list[tuple[object, ...]] = []

    def note(
        self,
        action: str,
        subject: str,
        *,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
        result: str = "ok",
    ) -> None:
        """Enter something into the audit trail; it is written with the act or not at all. Give masked values only."""
        entry = Entry(action=action, subject=subject, before=before, after=after, result=result)
        self._entries.append(entry.values(self.caller, self.now))

    async def close(self) -> None:
        """Write the audit entries."""
        await audit.write(self.connection, self._entries)
        self._entries = []


class Desk:
    """The service's means: database, keys, rules, clock and settings, handed to every operation.

    ``written`` are the rules of the policy file, ``policy`` those with what administrators have set since.
    """

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        keeper: Keeper,
        policy: Policy,
        clock: Clock,
        settings: Settings,
        board: Board | None = None,
    ) -> None:
        """Put the means together; ``board`` is shared with the service's other processes, if there are any."""
        self.board = board or Board()
        self.database, self.vault, self.policy, self.written = database, vault, policy, policy
        self.clock, self.settings, self.keeper = clock, settings, keeper
        self.rounds = Rounds(database)
        self.gate = Gate(vault, policy)
        self.memory = Memory(time.monotonic)
        self.book = Book(settings.audit_checkpoints) if settings.audit_checkpoints else None

    def close_vault(self) -> None:
        """Forget the keys, and what was masked while they were there."""
        self.vault.close()
        self.gate.forget()
        self.memory = Memory(time.monotonic)

    async def authorise(self, caller: Caller, operation: str, subject: str = "") -> None:
        """Let a caller pass who may do an operation; others are refused, and that is put on record."""
        if not self.policy.lets(caller, operation):
            await self.deny(caller, operation, subject)
            raise forbidden(operation)
        if operation in self.policy.conditions:
            unmet = self.policy.unmet(caller, operation, self.clock.now())
            if unmet is not None:
                await self.deny(caller, operation, subject)
                raise Problem(reason="forbidden", detail=f"not here or not now: {unmet.name}")

    def lets(self, caller: Caller, operation: str) -> bool:
        """Tell whether a caller may do an operation here and now."""
        return self.policy.lets(caller, operation) and (
            operation not in self.policy.conditions or self.policy.unmet(caller, operation, self.clock.now()) is None
        )

    async def deny(self, caller: Caller, operation: str, subject: str = "") -> None:
        """Put a refusal on record."""
        entry = Entry(
            action="access.denied", subject=subject or operation, result="denied", after={"operation": operation}
        )
        await self.jot(caller, entry)

    async def jot(self, caller: Caller, *entries: Entry) -> None:
        """Write audit entries of what is no act of its own (sign-ins, refusals)."""
        async with self.database.connection(NOBODY) as connection:
            await audit.write(connection, [entry.values(caller, self.clock.now()) for entry in entries])

    @asynccontextmanager
    async def act(
        self, caller: Caller, operation: str, *, subject: str = "", scope: Scope | None = None
    ) -> AsyncIterator[Act]:
        """Open the frame of an act: right checked, one transaction under the caller's eyes, audit written at its end.

        ``subject`` is what a refusal is put on record for; ``scope`` replaces the caller's own where an operation must
        see more than its caller.
        """
        await self.authorise(caller, operation, subject)
        async with self.database.transaction(scope or self.policy.scope(caller, operation)) as connection:
            act = Act(connection, caller, self.clock.now())
            yield act
            await act.close()

    async def read(self, caller: Caller, operation: str, select: str, values: Sequence[object], entry: Entry) -> Answer:
        """Read and audit in one transaction and one round trip, which is shared with those who ask the same just now.

        ``select`` uses parameters $1 ... $n for ``values``; it may begin with SELECT only (a WITH goes before it).
        """
        await self.authorise(caller, operation, entry.subject)
        noted = entry.values(caller, self.clock.now())
        return await self.rounds.ask(self.policy.scope(caller, operation), select, values, noted)


def too_many(detail: str, seconds: int) -> Problem:
    """Return the refusal of one request too many; ``seconds`` until the next may come."""
    return Problem(reason="throttled", detail=detail, headers={"Retry-After": str(max(1, seconds))})
