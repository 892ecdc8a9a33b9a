"""Line: the way from a service to its database, which can be made slow or cut; a process of its own.

``python -m poc.lab.line LISTEN TO`` joins two Unix sockets and takes orders on standard input, one JSON object a line:
``{"late_ms": 40}``, ``{"cut": true}``. It ends when its standard input does.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

#: Bytes that are carried at a time.
CHUNK = 65_536
#: Name of a PostgreSQL socket in its folder.
SOCKET = ".s.PGSQL.5432"


class Relay:
    """Carries bytes both ways; what the database answers may be made late."""

    def __init__(self, to: str) -> None:
        """Carry to a socket; nothing is late or cut at first."""
        self._to = to
        self.late, self.cut = 0.0, False
        self._writers: set[asyncio.StreamWriter] = set()

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join one connection with one of its own to the database, until either ends."""
        ends = [writer]
        try:
            if self.cut:
                return
            there, back = await asyncio.open_unix_connection(self._to)
            ends.append(back)
            self._writers.update(ends)
            ways = {asyncio.create_task(one) for one in (_carry(reader, back), self._answer(there, writer))}
            _, left = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in left:
                way.cancel()
        except OSError:
            return  # the database is down: whoever called is hung up on
        finally:
            for one in ends:
                self._writers.discard(one)
                one.transport.abort()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while part := await reader.read(CHUNK):
                if self.late:
                    await asyncio.sleep(self.late)
                writer.write(part)
                await writer.drain()

    def obey(self, order: dict[str, float | bool]) -> None:
        """Do what an order says."""
        self.late = float(order.get("late_ms", 0.0)) / 1000
        self.cut = bool(order.get("cut"))
        if self.cut:
            for one in list(self._writers):
                one.transport.abort()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while part := await reader.read(CHUNK):
            writer.write(part)
            await writer.drain()


async def relay(listen: str, to: str) -> None:
    """Serve until standard input ends."""
    line = Relay(to)
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    server = await asyncio.start_unix_server(line.join, listen, backlog=1024)
    _say("ready")
    while order := await orders.readline():
        line.obey(json.loads(order))
        _say("done")
    server.close()
    line.obey({"cut": True})
    while len(asyncio.all_tasks()) > 1:  # who is still joined sees the end of it
        await asyncio.sleep(0.01)


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


@dataclass(frozen=True, slots=True)
class Line:
    """The hand on such a process."""

    process: subprocess.Popen[str]
    folder: Path

    @classmethod
    def start(cls, folder: Path, to: Path) -> "Line":
        """Start a line that listens in ``folder`` and leads to the database's socket in ``to``."""
        folder.mkdir(parents=True, exist_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "poc.lab.line", str(folder / SOCKET), str(to / SOCKET)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        line = cls(process, folder)
        line._heard()
        return line

    def order(self, *, late_ms: float = 0.0, cut: bool = False) -> None:
        """Make the line late, cut it, or (without arguments) let it be as it was; return when it is so."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"late_ms": late_ms, "cut": cut}) + "\n")
        self.process.stdin.flush()
        self._heard()

    def _heard(self) -> None:
        assert self.process.stdout is not None
        self.process.stdout.readline()

    def end(self) -> None:
        """End the process."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.process.wait()


if __name__ == "__main__":
    asyncio.run(relay(*sys.argv[1:3]))
