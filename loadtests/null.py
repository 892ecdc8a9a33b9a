"""Null: a server that does nothing but answer, against which a load generator shows what it costs itself.

``python -m loadtests.null [--host H] [--body BYTES] [--tls CERTIFICATE KEY]`` says its port in a line and serves until
it is ended. It answers everything alike, so what is measured is who asks.
"""

import argparse
import asyncio
import ssl
import sys
from typing import cast

from scenarios.port import Connector, Request, Steps
from synthetic_data.records import Record

#: What an answer is made of.
HEAD = "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nContent-Type: application/json\r\n\r\n"
END = b"\r\n\r\n"


class Nothing(Connector):
    """Asks the null server; each read is one request, of which nothing is made."""

    def get(self, kind: type[Record], number: str, *, include: object = ()) -> Steps[object]:  # type: ignore[override]
        return (yield Request(method="GET", path=f"/{number}"))


def answer(length: int) -> bytes:
    """Return a whole answer whose body, a JSON object, has so many bytes (2 at least)."""
    body = "{}" if length < len('{"":""}') else f'{{"":"{"x" * (length - 7)}"}}'
    return (HEAD.format(length=len(body)) + body).encode()


class Answering(asyncio.Protocol):
    """One connection: as many answers as requests came to an end."""

    def __init__(self, whole: bytes) -> None:
        """Take the answer that everybody gets."""
        self._whole = whole
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's are of no class of asyncio's

    def data_received(self, data: bytes) -> None:
        """Answer."""
        if self._transport is not None:
            self._transport.write(self._whole * max(1, data.count(END)))


async def serve(host: str, length: int, tls: ssl.SSLContext | None) -> None:
    """Say the port on standard output and answer until cancelled."""
    whole = answer(length)
    server = await asyncio.get_running_loop().create_server(lambda: Answering(whole), host, 0, ssl=tls, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def main() -> None:
    """Serve as the command line says."""
    import uvloop  # only here: who presses the server needs none of it

    words = argparse.ArgumentParser()
    words.add_argument("--host", default="127.0.0.1")
    words.add_argument("--body", type=int, default=2)
    words.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"))
    asked = words.parse_args()
    tls = None
    if asked.tls:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(*asked.tls)
    uvloop.run(serve(asked.host, asked.body, tls))


if __name__ == "__main__":
    main()
