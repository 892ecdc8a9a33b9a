"""Stores: the bench's hand inside a target of the bank's own: its database, files, log and backup, and its key."""

import os
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from poc.settings import Inside
from scenarios.port import BenchFault
from scenarios.verdict import NotTestable

#: Bytes read at a time; the seam is read twice, so that nothing hides across it.
CHUNK, SEAM = 1 << 20, 1024
#: Files that were changed so many seconds before the search began are searched too: clocks of files are coarse.
SLACK = 2.0


class Stores:
    """Does what ``scenarios.inside`` asks, as far as a target's settings give access."""

    def __init__(self, access: Inside) -> None:
        """Take the access; nothing is opened yet."""
        self.access = access

    def inside(self, act: str, details: Mapping[str, Any]) -> object:
        """Do one thing; raises NotTestable for what the settings give no access to, BenchFault if it fails."""
        try:
            match act:
                case "begin":
                    return {"since": self._begin()}
                case "search":
                    return self._search(details["marks"], details["since"])
                case "cells":
                    return self._cells(details["numbers"])
                case "keys-in-stores":
                    return self._keys_in_stores()
                case "spoil" | "mend":
                    return self._flip(details["number"], int(details["percent"]))
                case "take-key":
                    return self._take_key()
                case "return-key":
                    return self.return_key()
        except (psycopg.Error, OSError, subprocess.SubprocessError) as fault:
            raise BenchFault(f"{act} inside the target failed: {' '.join(str(fault).split())}") from fault
        raise BenchFault(f"nobody can {act} inside a target")

    # -- the stores ----------------------------------------------------------------------------------------------------
    def _begin(self) -> str:
        """Return the position of the write-ahead log and the moment; a key that was left away is put back."""
        self.return_key()
        with self._database() as connection:
            position = connection.execute("SELECT pg_current_wal_lsn()").fetchone()
        assert position is not None
        return f"{position[0]} {time.time():.3f}"

    def _search(self, marks: Mapping[str, str], since: str) -> dict[str, object]:
        position, moment = since.split()
        needles = [(mark, form, data) for mark, value in marks.items() for form, data in _forms(value)]
        needles += [("the wrapping key", "as it is", part) for part in self._key_parts()]
        stores: dict[str, int] = {}
        finds: list[dict[str, str]] = []
        for store, where, data in self._everything(position, float(moment) - SLACK):
            size, found = _scanned(data, needles)
            stores[store] = stores.get(store, 0) + size
            finds += [{"store": store, "mark": mark, "where": f"{where}, {form}"} for mark, form in found]
        return {"stores": stores, "finds": finds}

    def _everything(self, position: str, moment: float) -> Iterator[tuple[str, str, Iterator[bytes]]]:
        """Yield store, place in it and content: what of it was written since."""
        with self._database() as connection:
            connection.execute("CHECKPOINT")
            yield "backup", "pg_dump", _dumped(self.access.pg_dump, self.access.database)
            if self.access.data is not None:
                for path in _young(self._table_files(connection), moment):
                    yield "data files", path.name, _read(path)
                for path, offset in self._log_files(connection, position):
                    yield "write-ahead log", path.name, _read(path, offset)
                for path in _young(sorted((self.access.data / "base" / "pgsql_tmp").glob("*")), moment):
                    yield "temporary files", path.name, _read(path)
        for name, folder in self.access.folders.items():
            inside = sorted(folder.rglob("*")) if folder.is_dir() else [folder]
            for path in _young(inside, moment):
                yield name, path.name, _read(path)

    def _table_files(self, connection: psycopg.Connection[Any]) -> list[Path]:
        found = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
        assert found is not None and self.access.data is not None
        return sorted((self.access.data / "base" / str(found[0])).iterdir())

    def _log_files(self, connection: psycopg.Connection[Any], position: str) -> Iterator[tuple[Path, int]]:
        """Yield the segments of the log since a position, and from which byte on each is searched."""
        names = connection.execute(
            "SELECT file_name, file_offset, pg_walfile_name(pg_current_wal_lsn()) FROM pg_walfile_name_offset(%s)",
            (position,),
        ).fetchone()
        assert names is not None and self.access.data is not None
        first, offset, last = str(names[0]), int(names[1]), str(names[2])
        for path in sorted((self.access.data / "pg_wal").iterdir()):
            if len(path.name) == len(first) and first <= path.name <= last:
                yield path, offset if path.name == first else 0

    def _key_parts(self) -> list[bytes]:
        """Return pieces of the bank's key by which a copy of it is known: lines from the middle of its PEM file."""
        if self.access.bank_key is None or not self.access.bank_key.exists():
            return []
        lines = [line for line in self.access.bank_key.read_bytes().splitlines() if not line.startswith(b"-")]
        return lines[len(lines) // 2 : len(lines) // 2 + 2]

    # -- single records ------------------------------------------------------------------------------------------------
    def _cells(self, numbers: Sequence[str]) -> dict[str, object]:
        parts = (self.access.ciphertexts, self.access.indexes)
        names = [sql.Identifier(name) for part in parts for name in part]
        query = sql.SQL("SELECT {}, {} FROM {} WHERE {} = ANY(%s)").format(
            sql.Identifier(self.access.key_column), sql.SQL(", ").join(names), self._table(),
            sql.Identifier(self.access.key_column),
        )  # fmt: skip
        with self._database() as connection:
            rows = connection.execute(query, (list(numbers),)).fetchall()
        cut = 1 + len(self.access.ciphertexts)
        return {
            str(row[0]): {"ciphertexts": [_hex(one) for one in row[1:cut]], "indexes": [_hex(one) for one in row[cut:]]}
            for row in rows
        }

    def _keys_in_stores(self) -> dict[str, list[str]]:
        if not (self.access.encrypted and self.access.mark_bytes):
            raise NotTestable("the target's settings do not say where ciphertexts rest (inside.encrypted, mark_bytes)")
        found = {}
        with self._database() as connection:
            for place in self.access.encrypted:
                table, column = place.split(".")
                query = sql.SQL("SELECT DISTINCT substring({column} FROM 1 FOR {long}) FROM {table}").format(
                    column=sql.Identifier(column), table=sql.Identifier(table), long=sql.Literal(self.access.mark_bytes)
                )
                rows = connection.execute(query).fetchall()
                found[place] = sorted(_hex(row[0]) for row in rows if row[0] is not None)
        return found

    def _flip(self, number: str, percent: int) -> dict[str, object]:
        """Change the lowest bit of one byte of a record's first ciphertext; twice is as before."""
        column = sql.Identifier(self._restricted()[0])
        query = sql.SQL(
            "UPDATE {table} SET {column} = set_byte({column}, length({column}) * {percent} / 100,"
            " get_byte({column}, length({column}) * {percent} / 100) # 1) WHERE {key} = %s"
        ).format(
            table=self._table(), column=column, percent=sql.Literal(percent),
            key=sql.Identifier(self.access.key_column),
        )  # fmt: skip
        with self._database() as connection:
            return {"changed": connection.execute(query, (number,)).rowcount}

    def _table(self) -> sql.Identifier:
        self._restricted()
        return sql.Identifier(self.access.table)

    def _restricted(self) -> tuple[str, ...]:
        if not (self.access.table and self.access.ciphertexts):
            raise NotTestable("the target's settings do not say where restricted values rest (inside.table)")
        return self.access.ciphertexts

    def _database(self) -> psycopg.Connection[Any]:
        if not self.access.database:
            raise NotTestable("the target's settings give no access to its database")
        return psycopg.connect(self.access.database, autocommit=True, connect_timeout=10)

    # -- the bank's key ------------------------------------------------------------------------------------------------
    def _take_key(self) -> dict[str, object]:
        key = self.access.bank_key
        if key is None:
            raise NotTestable("the target's settings name no key of the bank's")
        key.rename(aside(key))
        return {}

    def return_key(self) -> dict[str, object]:
        """Put the bank's key back in its place, if it was taken away."""
        key = self.access.bank_key
        if key is not None and aside(key).exists():
            with suppress(FileNotFoundError):
                aside(key).rename(key)
        return {}


def aside(key: Path) -> Path:
    """Return where a key is while it is taken away."""
    return key.with_name(key.name + ".taken")


def _forms(value: str) -> list[tuple[str, bytes]]:
    """Return how a text may rest: as it is, and as the hexadecimal digits of its bytes."""
    data = value.encode()
    return [("as it is", data), ("in hexadecimal", data.hex().encode())]


def _hex(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value).encode().hex()


def _young(paths: Iterable[Path], moment: float) -> Iterator[Path]:
    """Yield the files that were written since a moment; what is gone meanwhile is gone."""
    for path in paths:
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime >= moment:
                yield path


def _read(path: Path, offset: int = 0) -> Iterator[bytes]:
    with suppress(FileNotFoundError), path.open("rb", buffering=0) as file:
        file.seek(offset)
        while part := file.read(CHUNK):
            yield part


def _dumped(program: Path, url: str) -> Iterator[bytes]:
    command = [str(program), "--dbname", url, "--no-owner", "--no-privileges"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(os.environ)) as dump:
        assert dump.stdout is not None
        while part := dump.stdout.read(CHUNK):
            yield part
    if dump.returncode:
        raise BenchFault(f"{program} ended with code {dump.returncode}: does it fit the server's version?")


def _scanned(data: Iterator[bytes], needles: Sequence[tuple[str, str, bytes]]) -> tuple[int, set[tuple[str, str]]]:
    """Return how many bytes were searched, and which needles were in them."""
    size, seam = 0, b""
    found: set[tuple[str, str]] = set()
    for part in data:
        size += len(part)
        whole = seam + part
        found |= {(mark, form) for mark, form, needle in needles if needle in whole}
        seam = part[-SEAM:]
    return size, found
