"""Rounds: those who ask the same at one moment are answered by one statement, which enters each into the trail.

Who looked at whom rests in the trail before the answer leaves, so every read is a write; alone, its commit costs
PostgreSQL twice what the reading costs. Whoever asks while nobody does is served at once. Those who ask the same
question while a round is under way, each with values of their own and all under one rule of sight, are the next round:
one trip, one transaction, one commit, and an entry and an answer for each. So a round is as large as the press is
great: after a round of several the next one waits a moment until as many have come again, so that those who ask again
and again are not split into rounds of half the size that cost as much. One that takes long keeps nobody waiting: then
the next one begins beside it.
"""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

import orjson

from poc.reference_crm import audit
from poc.reference_crm.access import Scope
from poc.reference_crm.database import Connection, Database
from poc.reference_crm.problems import Problem

#: So many are answered in one round at most.
MOST = 50
#: Seconds after which those who wait for a round begin one of their own.
PATIENCE = 0.02
#: Seconds that a round waits at most for as many as asked just before: eight lines take 1 to 2 ms to ask again.
GATHERING = 0.002
#: Of so many questions the types of their values are remembered at most.
QUESTIONS = 1_000

Answer: TypeAlias = "list[dict[str, Any]]"


class Question(NamedTuple):
    """A statement, and whose eyes it is asked with."""

    scope: Scope
    select: str


class Asked(NamedTuple):
    """What somebody asks: their values, their entry in the trail (``Entry.values``), and where the answer goes."""

    values: Sequence[object]
    entry: Sequence[object]
    answer: "asyncio.Future[Answer]"


class Queue:
    """Those who wait for the next round of a question."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.asked: list[Asked] = []
        self._enough = 0
        self._gathered: asyncio.Future[None] | None = None

    def join(self, one: Asked) -> None:
        """Wait with the others, who wait no longer for more if that is enough."""
        self.asked.append(one)
        if len(self.asked) >= self._enough:
            self._begin()

    def leave(self) -> list[Asked]:
        """Return those who are the next round, and wait no more."""
        together = self.asked[:MOST]
        del self.asked[:MOST]
        return together

    async def gather(self, enough: int, within: float) -> None:
        """Return when so many wait, after so many seconds at the latest."""
        if len(self.asked) >= enough:
            return
        loop = asyncio.get_running_loop()
        self._enough, self._gathered = enough, loop.create_future()
        late = loop.call_later(within, self._begin)
        try:
            await self._gathered
        finally:
            late.cancel()
            self._gathered = None

    def _begin(self) -> None:
        if self._gathered is not None and not self._gathered.done():
            self._gathered.set_result(None)


class Rounds:
    """Answers questions to one database."""

    def __init__(self, database: Database, gathering: float = GATHERING) -> None:
        """Begin with nobody waiting; ``gathering`` is how many seconds a round waits at most for those before it."""
        self._database, self._gathering = database, gathering
        self._waiting: dict[Question, Queue] = {}
        self._types: dict[str, tuple[str, ...]] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    async def ask(self, scope: Scope, select: str, values: Sequence[object], entry: Sequence[object]) -> Answer:
        """Return the rows of a statement, in its order, when the entry is on disk; raises what kept either from it.

        ``select`` has parameters $1 ... $n for ``values``, none of them in LIMIT, and no OFFSET.
        """
        question, loop = Question(scope, select), asyncio.get_running_loop()
        asked = Asked(values, entry, loop.create_future())
        waiting = self._waiting.get(question)
        if waiting is None:
            waiting = self._waiting[question] = Queue()
            self._begin(question, waiting)
        waiting.join(asked)
        return await asked.answer

    def _begin(self, question: Question, waiting: Queue) -> None:
        task = asyncio.get_running_loop().create_task(self._serve(question, waiting))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _serve(self, question: Question, waiting: Queue) -> None:
        """Answer in rounds until nobody waits any more."""
        loop = asyncio.get_running_loop()
        while waiting.asked:
            together = waiting.leave()
            overdue = loop.call_later(PATIENCE, self._part, question, waiting)
            try:
                await self._settle(question, together)
            finally:
                overdue.cancel()
            press = len(together) + len(waiting.asked)
            if press > 1 and self._waiting.get(question) is waiting:
                await waiting.gather(min(press, MOST), self._gathering)
        if self._waiting.get(question) is waiting:
            del self._waiting[question]

    def _part(self, question: Question, waiting: Queue) -> None:
        """Let those who wait for a long round, and whoever comes, begin one of their own."""
        if self._waiting.get(question) is waiting:
            del self._waiting[question]
        if waiting.asked:
            self._begin(question, waiting)

    async def _settle(self, question: Question, together: Sequence[Asked]) -> None:
        """Answer some; where that fails each is answered alone, so that nobody suffers for what another asked."""
        try:
            answers = await self._answers(question, together)
        except Exception as fault:
            if len(together) > 1 and not isinstance(fault, Problem):
                for one in together:
                    await self._settle(question, [one])
                return
            for one in together:
                if not one.answer.done():
                    one.answer.set_exception(fault)
            return
        for one, answer in zip(together, answers, strict=True):
            if not one.answer.done():  # else whoever asked has gone
                one.answer.set_result(answer)

    async def _answers(self, question: Question, together: Sequence[Asked]) -> list[Answer]:
        answers: list[Answer] = [[] for _ in together]
        async with self._database.connection(question.scope) as connection:
            types = self._types.get(question.select)
            if types is None:
                types = await self._learn(connection, question.select)
            rows = await connection.fetch(audit.with_entries(question.select, types), _told(together))
        for row in rows:
            record = dict(row)
            answers[record.pop(audit.TURN)].append(record)
        return answers

    async def _learn(self, connection: Connection, select: str) -> tuple[str, ...]:
        """Return the types that PostgreSQL takes the parameters of a statement for."""
        prepared = await connection.prepare(select)
        if len(self._types) >= QUESTIONS:
            self._types.clear()
        types = self._types[select] = tuple(one.name for one in prepared.get_parameters())
        return types


def _told(together: Sequence[Asked]) -> str:
    """Return entries and values as the JSON that ``with_entries`` reads."""
    names = (*audit.NAMES, *(f"v{place}" for place, _ in enumerate(together[0].values, start=1)), audit.TURN)
    rows = [dict(zip(names, (*one.entry, *one.values, turn), strict=True)) for turn, one in enumerate(together)]
    return orjson.dumps(rows, default=_text).decode()


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no value of a question")
