"""serve: runs the reference CRM over HTTPS until it is asked to stop, then lets requests end and goes."""

import argparse
import asyncio
import gc
import logging
import signal
import ssl
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from socket import socket

import asyncpg
import uvicorn
import uvloop
from pydantic import ValidationError

from poc.reference_crm import logs
from poc.reference_crm.crypto import Unreadable
from poc.reference_crm.problems import Problem
from poc.reference_crm.service import running
from poc.reference_crm.settings import Settings

#: TLS 1.2 suites with authenticated encryption and forward secrecy; those of TLS 1.3 all have both.
SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20"


class Server(uvicorn.Server):
    """An HTTPS server that says when it serves, and ends with code 0 when it is asked to."""

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
        """Start, and print one line when ready."""
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(f"ready https://127.0.0.1:{self.config.port}\n")
            sys.stdout.flush()

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


async def serve(settings: Settings, port: int, certificate: Path, key: Path) -> None:
    """Serve on loopback until SIGTERM or SIGINT."""
    async with running(settings) as app:
        config = uvicorn.Config(
            app, host="127.0.0.1", port=port, log_config=None, access_log=False, lifespan="off", http="httptools",
            loop="none", ssl_certfile=str(certificate), ssl_keyfile=str(key), server_header=False, date_header=True,
            proxy_headers=False, timeout_graceful_shutdown=3, timeout_keep_alive=75,
        )  # fmt: skip
        config.load()
        config.ssl = tls(certificate, key)
        # what start-up made lives as long as the service: the collector need not look at it again with every request
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        await Server(config).serve()


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
    return parser.parse_args(given)


def settings_from(given: argparse.Namespace) -> Settings:
    """Return the settings of environment and command line; raises ValidationError."""
    extra: dict[str, object] = {}
    if given.database_url:
        extra["database_url"] = given.database_url
    if given.trial_clock:
        extra["trial_clock"] = True
    return Settings(**extra)  # type: ignore[arg-type]


def main(given: Sequence[str] | None = None) -> int:
    """Run from the command line; what hinders the start is said in one line."""
    options = arguments(given)
    logs.configure(logging.INFO)
    try:
        settings = settings_from(options)
        runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        with runner:
            runner.run(serve(settings, options.port, options.certificate, options.key))
    except ValidationError as fault:
        first = fault.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        sys.stderr.write(f"TOUCHSTONE_CRM_{name}: {first['msg']}\n")
        return 2
    except (OSError, asyncpg.PostgresError, Unreadable, Problem) as fault:
        detail = fault.detail if isinstance(fault, Problem) else str(fault).splitlines()[0]
        sys.stderr.write(f"the service did not start: {detail}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
