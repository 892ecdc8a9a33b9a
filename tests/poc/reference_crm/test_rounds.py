"""Rounds: those who ask the same at one moment share a statement and a commit; each has an answer and an entry."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from poc.reference_crm.access import Caller, Scope
from poc.reference_crm.audit import TURN, Entry
from poc.reference_crm.problems import Problem, unavailable
from poc.reference_crm.rounds import MOST, PATIENCE, Rounds
from tests.poc.reference_crm.counter import Counter, customer, opened

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ANN = Caller(username="ann", role="rm", branch="BR01")
BR01, BR02 = (Scope(reach="branch", branch=branch, role="rm") for branch in ("BR01", "BR02"))
SELECT = "SELECT $1::text AS number"


def entry(subject: str) -> tuple[object, ...]:
    return Entry(action="customer.read", subject=subject).values(ANN, NOW)


class Store:
    """A database that answers each with what was asked; ``slow`` takes long, ``poison`` cannot be read."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.rounds: list[tuple[str, list[str]]] = []
        self._fault = fault

    @asynccontextmanager
    async def connection(self, scope: Scope) -> AsyncIterator[SimpleNamespace]:
        async def prepare(select: str) -> SimpleNamespace:
            return SimpleNamespace(get_parameters=lambda: [SimpleNamespace(name="text")])

        async def fetch(statement: str, told: str) -> list[dict[str, Any]]:
            rows = json.loads(told)
            wanted = [row["v1"] for row in rows]
            await asyncio.sleep(5 * PATIENCE if "slow" in wanted else 0)
            if self._fault or "poison" in wanted:
                raise self._fault or ValueError(f"{len(wanted)} asked")
            self.rounds.append((scope.branch, wanted))
            return [{TURN: row[TURN], "number": row["v1"]} for row in reversed(rows)]

        yield SimpleNamespace(prepare=prepare, fetch=fetch)


def asking(rounds: Rounds, number: str, scope: Scope = BR01) -> Awaitable[list[dict[str, Any]]]:
    return rounds.ask(scope, SELECT, (number,), entry(f"customers/{number}"))


def answered(store: Store, *numbers: str, scopes: tuple[Scope, ...] = (BR01,)) -> list[Any]:
    async def all_of() -> list[Any]:
        rounds = Rounds(store)  # type: ignore[arg-type]
        asked = [asking(rounds, number, scopes[place % len(scopes)]) for place, number in enumerate(numbers)]
        told: list[Any] = await asyncio.gather(*asked, return_exceptions=True)
        return told

    return asyncio.run(all_of())


def test_those_who_ask_at_one_moment_are_answered_by_one_statement_each_with_what_they_asked() -> None:
    store = Store()
    assert answered(store, "a", "b", "a") == [[{"number": one}] for one in ("a", "b", "a")]
    assert store.rounds == [("BR01", ["a", "b", "a"])]


def test_those_who_see_differently_never_share_a_statement() -> None:
    store = Store()
    answered(store, "a", "b", "c", "d", scopes=(BR01, BR02))
    assert sorted(store.rounds) == [("BR01", ["a", "c"]), ("BR02", ["b", "d"])]


def test_a_round_has_an_end() -> None:
    store = Store()
    answered(store, *(str(one) for one in range(MOST + 1)))
    assert [len(asked) for _, asked in store.rounds] == [MOST, 1]


def test_what_cannot_be_answered_hinders_nobody_else() -> None:
    store = Store()
    told = answered(store, "a", "poison", "b")
    assert [told[0], told[2]] == [[{"number": "a"}], [{"number": "b"}]]
    assert str(told[1]) == "1 asked"


def test_while_the_database_is_away_everybody_is_told_so_at_once() -> None:
    told = answered(Store(unavailable()), "a", "b")
    assert [one.status for one in told if isinstance(one, Problem)] == [503, 503]


def test_those_who_ask_again_and_again_stay_together() -> None:
    store = Store()

    async def lines() -> None:
        rounds = Rounds(store, gathering=60)  # type: ignore[arg-type]

        async def line(turns: int) -> None:
            for _ in range(3):
                await asking(rounds, "a")
                for _ in range(turns):
                    await asyncio.sleep(0)

        await asyncio.gather(*(line(turns) for turns in range(4)))

    asyncio.run(lines())
    assert [len(asked) for _, asked in store.rounds] == [4, 4, 4]


def test_who_asks_alone_is_never_kept_waiting_for_others() -> None:
    async def alone() -> list[Any]:
        rounds = Rounds(Store(), gathering=60)  # type: ignore[arg-type]
        return [await asking(rounds, one) for one in ("a", "b", "c")]

    assert asyncio.run(alone()) == [[{"number": one}] for one in ("a", "b", "c")]


def test_those_who_stay_away_are_not_waited_for_long() -> None:
    async def fewer() -> list[Any]:
        rounds = Rounds(Store(), gathering=0.001)  # type: ignore[arg-type]
        await asyncio.gather(asking(rounds, "a"), asking(rounds, "b"))
        return await asking(rounds, "c")

    assert asyncio.run(fewer()) == [{"number": "c"}]


def test_nobody_waits_long_for_a_question_that_takes_long() -> None:
    store = Store()

    async def late() -> None:
        rounds = Rounds(store)  # type: ignore[arg-type]
        slow = asyncio.ensure_future(asking(rounds, "slow"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert await asking(rounds, "a") == [{"number": "a"}]  # waited for the round, and began one in the end
        assert await asking(rounds, "b") == [{"number": "b"}]  # came later, and did not wait at all
        assert not slow.done()
        await slow

    asyncio.run(late())
    assert [asked for _, asked in store.rounds] == [["a"], ["b"], ["slow"]]


def test_who_has_gone_keeps_nobody_from_an_answer() -> None:
    store = Store()

    async def one_goes() -> None:
        rounds = Rounds(store)  # type: ignore[arg-type]
        gone, stays = (asyncio.ensure_future(asking(rounds, one)) for one in ("a", "b"))
        await asyncio.sleep(0)
        gone.cancel()
        assert await stays == [{"number": "b"}]

    asyncio.run(one_goes())


@pytest.mark.pg
def test_reads_at_one_moment_are_each_in_the_trail_with_their_own_trace(crm: Counter) -> None:
    for serial in (1, 2, 3):
        opened(crm, serial)
    numbers = ["C000001", "C000002", "C000404", "C000003", "C000001"]
    calls = [
        crm.sending("rm-a", "GET", f"/v1/customers/{one}", headers={"X-Trace-Id": f"t{place}"})
        for place, one in enumerate(numbers)
    ]
    replies = crm.together(calls, "rm-a")
    assert [one.status_code for one in replies] == [200, 200, 404, 200, 200]
    assert [one.json()["number"] for one in replies if one.status_code == 200] == [numbers[at] for at in (0, 1, 3, 4)]
    entries = crm.ask("auditor", "GET", "/v1/audit?who=rm-a&action=customer.read").json()["items"]
    assert {(one["trace"], one["subject"]) for one in entries} == {
        (f"t{place}", f"customers/{one}") for place, one in enumerate(numbers)
    }


@pytest.mark.pg
def test_colleagues_of_two_branches_at_one_moment_see_their_own(crm: Counter) -> None:
    opened(crm, 11)
    opened(crm, 12, branch="BR02")
    crm.token("rm-b")
    calls = [
        crm.sending(who, "GET", f"/v1/customers/{one}") for one in ("C000011", "C000012") for who in ("rm-a", "rm-b")
    ]
    assert [one.status_code for one in crm.together(calls, "rm-a")] == [200, 404, 404, 200]


@pytest.mark.pg
def test_values_of_every_type_arrive_as_they_are(crm: Counter) -> None:
    values = ('it\'s \\ "中"', 7, Decimal("0.10"), NOW, NOW.date(), True, b"\x00\xff", ["a", "b,c"], None)
    types = ("text", "int", "numeric", "timestamptz", "date", "boolean", "bytea", "text[]", "text")
    select = "SELECT " + ", ".join(f"${place}::{form} AS c{place}" for place, form in enumerate(types, start=1))
    rows = crm.wait(crm.desk.rounds.ask(BR01, select, values, entry("values")))
    assert [tuple(row.values()) for row in rows] == [values]


@pytest.mark.pg
def test_pages_asked_at_one_moment_keep_their_order(crm: Counter) -> None:
    for serial in range(20, 26):
        opened(crm, serial, tier="private", name=customer(serial)["name"])
    ways = ("number", "-number", "number")
    calls = [crm.sending("agent", "GET", f"/v1/customers?tier=private&sort={way}&limit=50") for way in ways]
    there = [[one["number"] for one in reply.json()["items"]] for reply in crm.together(calls, "agent")]
    assert there[0] == sorted(there[0]) == there[1][::-1] == there[2]
