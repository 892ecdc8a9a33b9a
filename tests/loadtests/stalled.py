"""Stalled: a target whose latency is known: 5 ms, and in each period nothing answers for a while at its beginning.

It remembers when it wrote each answer, by its path, and tells that at ``/written``: what it really did is known even
where the machine was busy.
"""

import asyncio
import json
import sys
import time

from scenarios.port import Connector, Request, Steps
from synthetic_data.records import Record

PERIOD, STALL, SERVICE = 4.0, 0.4, 0.005


def truth(moment: float, period: float = PERIOD, stall: float = STALL) -> float:
    """Return the seconds that a request due at an epoch moment must wait for its answer."""
    return max(0.0, stall - moment % period) + SERVICE


class Stalled(Connector):
    """Asks the stalled server; every verb that the mix uses is one plain read."""

    def get(self, kind: type[Record], number: str, *, include: object = ()) -> Steps[object]:  # type: ignore[override]
        return (yield Request(method="GET", path=f"/{number}"))

    def session_of(self, token: str):  # type: ignore[no-untyped-def]
        return super().session_of(token)


def answering(period: float, stall: float):  # type: ignore[no-untyped-def]
    written: dict[str, float] = {}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            while (await reader.readline()).strip():
                pass
            path, body = line.split()[1].decode(), b"{}"
            if path == "/written":
                body = json.dumps(written).encode()
            else:
                await asyncio.sleep(truth(time.time(), period, stall))
                written[path] = time.time()
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nContent-Type: application/json\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        writer.close()

    return answer


async def serve(period: float, stall: float) -> None:
    server = await asyncio.start_server(answering(period, stall), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(*(float(word) for word in sys.argv[1:] or (PERIOD, STALL))))
