"""Null: the quickest HTTP server that Python makes: it answers everything alike, so what is measured is who asks."""

import asyncio
import sys

import uvloop

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"
END = b"\r\n\r\n"


class Null(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(ANSWER * max(1, data.count(END)))  # type: ignore[attr-defined]


async def serve(host: str) -> None:
    server = await asyncio.get_running_loop().create_server(Null, host, 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(*sys.argv[1:2] or ["127.0.0.1"]))
