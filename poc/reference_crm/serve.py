"""serve: runs the reference CRM over HTTPS until it is asked to stop, then lets requests end and goes."""

import argparse
import asyncio
import gc
import logging
import signal
import ssl
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from socket import socket
from typing import Any, NamedTuple

import asyncpg
import uvicorn
import uvloop
from fastapi import FastAPI
from pydantic import ValidationError

from poc.reference_crm import logs
from poc.reference_crm.board import Board
from poc.reference_crm.crew import Crew, listening
from poc.reference_crm.machine_door import MachineDoor, demand, opened
from poc.reference_crm.problems import Problem
from poc.reference_crm.service import running
from poc.reference_crm.settings import Settings
from poc.reference_crm.wrapping import Unreadable, WeakKey

#: TLS 1.2 suites with authenticated encryption and forward secrecy; those of TLS 1.3 all have both.
SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20"


class Seat(NamedTuple):
    """A process's place in a crew: the common board, its socket, what to call when it serves, and the lifeline.

    The lifeline is the end of a pipe that is readable when the first process is gone.
    """

    board: Board
    socket: socket
    ready: Callable[[], None]
    lifeline: int


class Server(uvicorn.Server):
    """An HTTPS server that says when it serves, and ends with code 0 when it is asked to."""

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], beside: "Callable[[Any], Awaitable[Any]] | None" = None
    ) -> None:
        """Take the configuration, what to call when it serves, and what opens a second door, given the state."""
        super().__init__(config)
        self._ready, self._beside = ready, beside

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let requests end when asked to stop; unlike the ancestor, do not raise the signal again afterwards."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)

    async def startup(self, sockets: "list[socket] | None" = None) -> None:
        """Start, and say so when ready."""
        await super().startup(sockets)
        if self.started:
            if self._beside is not None:
                self.servers.append(await self._beside(self.server_state))
            self._ready()

    async def shutdown(self, sockets: "list[socket] | None" = None) -> None:
        """Let requests under way end; connections that only wait for a next one are cut, not waited for."""
        for connection in list(self.server_state.connections):
            cycle = getattr(connection, "cycle", None)
            if cycle is None or cycle.response_complete:
                connection.transport.abort()
        await super().shutdown(sockets)


def tls(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return the rules of the handshake: TLS 1.2 at least, authenticated suites only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(SUITES)
    context.load_cert_chain(certificate, key)
    return context


def told(port: int) -> None:
    """Print one line that says where the service is."""
    sys.stdout.write(f"ready https://127.0.0.1:{port}\n")
    sys.stdout.flush()


def common(app: FastAPI, settings: Settings) -> "FastAPI | MachineDoor":
    """Return what serves at the common door: the service, closed to those who must come to the machine door."""
    roles = settings.only_at_machine_door
    return MachineDoor(app, app.state.desk, only_here=roles) if roles else app


def machines(app: FastAPI, options: argparse.Namespace, *, shared: bool) -> "Callable[[Any], Awaitable[Any]] | None":
    """Return what opens the machine door, None if there is to be none; raises OSError if a file cannot be read."""
    if options.client_ca is None:
        return None
    context = tls(options.certificate, options.key)
    demand(context, options.client_ca)
    return partial(opened, app, app.state.desk, port=options.machine_port, context=context, shared=shared)


async def serve(settings: Settings, options: argparse.Namespace, seat: Seat | None = None) -> None:
    """Serve on loopback until SIGTERM or SIGINT; in a crew at the process's own seat."""
    async with running(settings, seat.board if seat else None) as app:
        beside = machines(app, options, shared=seat is not None)
        config = uvicorn.Config(
            common(app, settings), host="127.0.0.1", port=options.port, log_config=None, access_log=False,
            lifespan="off", http="httptools", loop="none", ssl_certfile=str(options.certificate),
            ssl_keyfile=str(options.key), server_header=False, date_header=True, proxy_headers=False,
            timeout_graceful_shutdown=3, timeout_keep_alive=75,
        )  # fmt: skip
        config.load()
        config.ssl = tls(options.certificate, options.key)
        # what start-up made lives as long as the service: the collector need not look at it again with every request
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        if seat is None:
            await Server(config, partial(told, options.port), beside).serve()
            return
        server = Server(config, seat.ready, beside)
        # when the first process is gone nobody would end this one
        asyncio.get_running_loop().add_reader(seat.lifeline, server.handle_exit, signal.SIGTERM, None)
        await server.serve(sockets=[seat.socket])


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="serve", description="Run the reference CRM over HTTPS on 127.0.0.1.")
    parser.add_argument("--database-url", help="URL of a migrated database (or TOUCHSTONE_CRM_DATABASE_URL)")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--certificate", type=Path, required=True, help="PEM file of the certificate (chain)")
    parser.add_argument("--key", type=Path, required=True, help="PEM file of its private key")
    parser.add_argument(
        "--trial-clock", action="store_true", help="let the business clock be moved forward; trials only"
    )
    parser.add_argument("--processes", type=int, default=1, help="how many processes share the work (1..64)")
    parser.add_argument("--client-ca", type=Path, help="PEM file of the authority (and its revocations) of machines")
    parser.add_argument("--machine-port", type=int, help="port at which everybody must show such a certificate")
    chosen = parser.parse_args(given)
    if (chosen.client_ca is None) != (chosen.machine_port is None):
        parser.error("give --client-ca and --machine-port together, or neither")
    if not 1 <= chosen.processes <= 64:
        parser.error(f"--processes {chosen.processes}: give 1 to 64, as many as processors are to be used")
    return chosen


def settings_from(given: argparse.Namespace) -> Settings:
    """Return the settings of environment and command line; raises ValidationError."""
    extra: dict[str, object] = {}
    if given.database_url:
        extra["database_url"] = given.database_url
    if given.trial_clock:
        extra["trial_clock"] = True
    settings = Settings(**extra)  # type: ignore[arg-type]
    if "public_url" in settings.model_fields_set:
        return settings
    return settings.model_copy(update={"public_url": f"https://localhost:{given.port}"})


def run(settings: Settings, options: argparse.Namespace, seat: Seat | None = None) -> int:
    """Run one process of the service; what hinders the start is said in one line. Return the exit code."""
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(settings, options, seat))
    except (OSError, asyncpg.PostgresError, Unreadable, WeakKey, Problem) as fault:
        return hindered(fault)
    return 0


def hindered(fault: Exception) -> int:
    """Say in one line why the service did not start; return the exit code."""
    detail = fault.detail if isinstance(fault, Problem) else str(fault).splitlines()[0]
    sys.stderr.write(f"the service did not start: {detail}\n")
    return 2


def crew(settings: Settings, options: argparse.Namespace) -> Crew:
    """Return the processes that will share the work; raises OSError if the port is taken."""
    board = Board(options.processes)

    def work(place: int, own: socket, ready: Callable[[], None], lifeline: int) -> int:
        return run(settings, options, Seat(board.taken_by(place), own, ready, lifeline))

    return Crew(listening(options.port, options.processes), work, board.pulse)


def main(given: Sequence[str] | None = None) -> int:
    """Run from the command line; what hinders the start is said in one line."""
    options = arguments(given)
    logs.configure(logging.INFO)
    try:
        settings = settings_from(options)
        if options.processes == 1:
            return run(settings, options)
        return crew(settings, options).run(partial(told, options.port))
    except ValidationError as fault:
        first = fault.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        sys.stderr.write(f"TOUCHSTONE_CRM_{name}: {first['msg']}\n")
        return 2
    except OSError as fault:
        return hindered(fault)


if __name__ == "__main__":
    sys.exit(main())
