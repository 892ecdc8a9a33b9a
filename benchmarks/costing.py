"""Costing: processor time of a service and of its PostgreSQL for each request that some lines put to it in turn.

A closed loop: each of some TLS lines asks again as soon as it was answered. What it finds out is what a request costs;
how long people would wait is the load agent's to say.
"""

import asyncio
import os
import ssl
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

import psutil
import uvloop

from loadtests.steps import STEPS, Person, turn
from poc.lab.house import House
from poc.lab.service import Service
from scenarios.crm import CRM
from scenarios.port import Reply, Request

LINES = 8
#: Somebody else changed the record in between, as it happens.
CHANGED = 412


class Cost(NamedTuple):
    """What requests cost: how many a second, and ms of processor for each."""

    per_second: float
    service_ms: float
    postgres_ms: float

    @property
    def cpu_ms(self) -> float:
        return self.service_ms + self.postgres_ms


def family(pid: int) -> list[psutil.Process]:
    return [first := psutil.Process(pid), *first.children(recursive=True)]


def postmasters(house: House) -> list[psutil.Process]:
    ours = str(house.folder / "postgres")
    found = psutil.process_iter(["cmdline"])
    return [
        one for one in found if any(ours in word for word in one.info["cmdline"] or ()) and one.name() == "postgres"
    ]


def spent(service: Service, house: House) -> tuple[float, float]:
    """Processor seconds of a service and of PostgreSQL so far, those of connections that have ended included."""
    masters = postmasters(house)
    theirs = [one for master in masters for one in family(master.pid)]
    ended = sum(one.cpu_times().children_user + one.cpu_times().children_system for one in masters)
    ours, others = (sum(sum(one.cpu_times()[:2]) for one in some) for some in (family(service.process.pid), theirs))
    return ours, others + ended


def pinned(house: House, service: Service, processors: Iterable[int]) -> None:
    """Let a service and PostgreSQL run on some processors only; what PostgreSQL starts later inherits it."""
    for one in (*family(service.process.pid), *(each for master in postmasters(house) for each in family(master.pid))):
        for thread in one.threads():
            os.sched_setaffinity(thread.id, processors)


class Line:
    """One TLS connection over which requests are put one after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def ask(self, one: Request, headers: Mapping[str, str]) -> Reply:
        body = one.body
        told = {"Host": "crm", **headers, **one.headers, "Content-Length": str(len(body))}
        if one.json is not None:
            told["Content-Type"] = "application/json"
        query = f"?{urlencode(one.query)}" if one.query else ""
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        self._writer.write(f"{one.method} {one.path}{query} HTTP/1.1\r\n{head}\r\n".encode() + body)
        answered = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in answered[1:] if ": " in line)
        status, content = int(answered[0].split()[1]), await self._reader.readexactly(int(fields["content-length"]))
        assert status < 400 or status == CHANGED, (one, status, content[:300])
        return Reply(status=status, headers=fields, body=content)


async def _over_lines(url: str, ca: str | None, work: Sequence[Callable[[Line], Awaitable[object]]]) -> float:
    host, _, port = url.partition("://")[2].partition(":")
    trust, left = ssl.create_default_context(cafile=ca) if ca else None, list(reversed(work))

    async def line() -> None:
        reader, writer = await asyncio.open_connection(host, int(port), ssl=trust)
        one = Line(reader, writer)
        try:
            while left:
                await left.pop()(one)
        finally:
            writer.close()
            await writer.wait_closed()

    begun = time.perf_counter()
    await asyncio.gather(*(line() for _ in range(LINES)))
    return len(work) / (time.perf_counter() - begun)


def asked(
    url: str, ca: str | None, requests: Sequence[Request], headers: Mapping[str, str], sizes: list[int] | None = None
) -> float:
    """Put requests over some lines and return how many were answered a second; ``sizes`` gets the bytes of each."""

    async def ask(line: Line, one: Request) -> None:
        reply = await line.ask(one, headers)
        if sizes is not None:
            sizes.append(len(reply.body))

    return _run(_over_lines(url, ca, [lambda line, one=one: ask(line, one) for one in requests]))


def _run(work: Coroutine[None, None, float]) -> float:
    """Run in a loop that costs whoever asks as little as may be."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


def played(crm: CRM, url: str, ca: str | None, names: Sequence[str], people: Sequence[Person], mark: str) -> float:
    """Play steps of workloads over some lines and return how many were played a second."""
    actors = {STEPS[name].actor for name in names}
    headers = {actor: crm.acting_as(actor).session().headers for actor in actors}

    def playing(number: int, name: str) -> Callable[[Line], Awaitable[object]]:
        async def play(line: Line) -> None:
            step = STEPS[name]
            steps = step.play(crm.connector, turn(number, 5, mark, people))
            request = next(steps)
            for left in range(step.requests, 0, -1):
                reply = await line.ask(request, headers[step.actor])
                if left > 1:
                    request = steps.send(reply)

        return play

    return _run(_over_lines(url, ca, [playing(number, name) for number, name in enumerate(names)]))


def cost(service: Service, house: House, count: int, ask: Callable[[], float]) -> Cost:
    """What ``count`` requests cost that ``ask`` puts, which returns how many a second it was."""
    before = spent(service, house)
    rate = ask()
    ours, theirs = (1000 * (now - then) / count for now, then in zip(spent(service, house), before, strict=True))
    return Cost(rate, ours, theirs)
