"""Store: a run on disk: manifest, evidence and exchanges, only ever appended to, so that a changed byte is found."""

import fcntl
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import IO, Any, Self

import orjson

from scenarios.chain import Chain, Head
from scenarios.crm import Exchange
from scenarios.disk import StoreError, line_starts, told, write_whole
from scenarios.evidence import Evidence
from scenarios.lines import evidence_line, evidence_of, exchange_line, exchange_of
from scenarios.manifest import Manifest, manifest_of
from scenarios.recording import named

__all__ = ["Store", "StoreError"]

#: A reply that is longer than this (bytes) is kept by its head only and cannot be judged again.
LONGEST_KEPT = 64 * 1024 * 1024


class Store:
    """One run against one target.

    ``create`` starts one, ``resume`` goes on with one, ``open`` reads one, also while it is being written. All raise
    StoreError with the file, the line and the remedy. Use it in a ``with`` block or close it.
    """

    def __init__(self, folder: Path, manifest: Manifest, genesis: str) -> None:
        """Join a folder and its manifest; use ``create``, ``resume`` or ``open``."""
        self.folder, self.manifest, self._genesis = folder, manifest, genesis
        self._evidence = Chain(folder / "evidence.jsonl", genesis)
        self._exchanges = Chain(folder / "exchanges.jsonl", genesis)
        self._lock = Lock()
        self._held: IO[str] | None = None
        self._offsets: list[int] = []
        self.torn = False

    # -- opening -----------------------------------------------------------------------------------------------------
    @classmethod
    def create(cls, folder: Path, manifest: Manifest) -> Self:
        """Start a run in a folder that holds none yet."""
        if (folder / "manifest.json").exists():
            raise StoreError(f"{folder} holds a run already: resume it, or choose another run id")
        data = orjson.dumps(manifest.as_object(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n"
        with told(folder):
            folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / "manifest.json", data)
        store = cls(folder, manifest, sha256(data).hexdigest())
        store._begin()
        store.set_state("running")
        return store

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Read a run."""
        path = folder / "manifest.json"
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise StoreError(f"no run in {folder}: {path} is missing; `touchstone run` makes one") from None
        except OSError as error:
            raise StoreError(f"cannot read {path}: {error.strerror}") from None
        try:
            manifest = manifest_of(orjson.loads(data))
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{path} is not the manifest of a run ({error}): restore it from its copy") from None
        return cls(folder, manifest, sha256(data).hexdigest())

    @classmethod
    def resume(cls, folder: Path) -> Self:
        """Go on with a run: a line that a crash tore is moved into ``*.torn``, and ``torn`` says so."""
        store = cls.open(folder)
        store._begin()
        store._check_heads()
        store.set_state("running")
        return store

    def _begin(self) -> None:
        with told(self.folder):
            held = (self.folder / "lock").open("w")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held.close()
            raise StoreError(f"{self.folder} is being written by another process: wait for it, or stop it") from None
        self._held = held
        self.stop_file.unlink(missing_ok=True)
        self.torn = self._evidence.open()
        self.torn = self._exchanges.open() or self.torn

    def close(self) -> None:
        """Give the files back."""
        self._evidence.close()
        self._exchanges.close()
        if self._held is not None:
            self._held.close()
            self._held = None

    def __enter__(self) -> Self:
        """Hold the run."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self.close()

    # -- writing -----------------------------------------------------------------------------------------------------
    def take(self, exchange: Exchange, scenario: str) -> str:
        """Append one redacted exchange and return its id (the number of its line); thread-safe."""
        with self._lock:
            number = f"x{self._exchanges.head.lines + 1:06d}"
            line = exchange_line(named(exchange, number), scenario)
            if exchange.reply is not None and "sha256" in line["reply"]["body"]:
                self._keep_long(line["reply"]["body"]["sha256"], exchange.reply.body)
            self._exchanges.append([line])
        return number

    def _keep_long(self, name: str, body: bytes) -> None:
        """Keep a reply that a line has no room for, once however often it came, so that it can be judged again."""
        path = self._long(name)
        if len(body) <= LONGEST_KEPT and not path.exists():
            with told(self.folder):
                path.parent.mkdir(exist_ok=True)
            write_whole(path, zlib.compress(body, level=1), mode=0o600)  # what a target answered, as in exchanges.jsonl

    def _long(self, name: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", name):  # a run folder may come from anybody
            raise StoreError(f"{self.folder / 'exchanges.jsonl'} names a reply {name[:80]!r}: restore it from its copy")
        return self.folder / "bodies" / f"{name}.zz"

    @property
    def taken(self) -> int:
        """Return how many exchanges are on file."""
        return self._exchanges.head.lines

    def add(self, pieces: Iterable[Evidence]) -> None:
        """Append evidence, all or none, and make sure that it and its exchanges survive a power cut."""
        with self._lock:
            self._exchanges.sync()
            self._evidence.append([evidence_line(piece) for piece in pieces])
            self._evidence.sync()
        self.set_state(self.state)

    def set_state(self, state: str) -> None:
        """Write down how far the run is (running, stopped, done) and where its chains end."""
        heads = {
            "state": state,
            "manifest": self._genesis,
            "evidence": asdict(self._evidence.head),
            "exchanges": asdict(self._exchanges.head),
        }
        seal = sha256(orjson.dumps(heads, option=orjson.OPT_SORT_KEYS)).hexdigest()
        data = orjson.dumps({**heads, "seal": seal}, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        write_whole(self.folder / "head.json", data + b"\n")

    # -- reading -----------------------------------------------------------------------------------------------------
    @property
    def state(self) -> str:
        """Return how far the run is: running (or broken off), stopped, done."""
        return str(self._heads()["state"]) if (self.folder / "head.json").exists() else "running"

    def pieces(self) -> Iterator[tuple[str, Evidence]]:
        """Walk over all evidence ever written, with the hash of its line."""
        for number, (line, own) in enumerate(self._evidence.lines(), start=1):
            try:
                piece = evidence_of(line)
            except (KeyError, ValueError, TypeError):
                raise self._evidence.differs(number) from None
            yield own, piece

    def evidence(self) -> tuple[Evidence, ...]:
        """Return the evidence that counts: what no later line supersedes."""
        return tuple(piece for _, piece in self.standing())

    def standing(self) -> tuple[tuple[str, Evidence], ...]:
        """Return the evidence that counts, with the hash of its line."""
        pieces = tuple(self.pieces())
        gone = {piece.supersedes for _, piece in pieces}
        return tuple((own, piece) for own, piece in pieces if own not in gone)

    def exchanges(self, ids: Iterable[str]) -> tuple[Exchange, ...]:
        """Return exchanges by id, in the order asked for; raises StoreError for an id that is not on file."""
        return tuple(exchange_of(line) for line in self.exchange_lines(ids))

    def exchange_lines(self, ids: Iterable[str]) -> Iterator[dict[str, Any]]:
        """Walk over the lines of exchanges by id."""
        path = self.folder / "exchanges.jsonl"
        wanted = [(name, int(name.lstrip("x"))) for name in ids]
        if any(number > len(self._offsets) for _, number in wanted):
            self._offsets = line_starts(path)
        for name, number in wanted:
            if not 1 <= number <= len(self._offsets):
                raise StoreError(f"{path} has no exchange {name}: restore the run folder from its copy")
            with path.open("rb") as file:
                file.seek(self._offsets[number - 1])
                try:
                    yield orjson.loads(file.readline())
                except ValueError:
                    raise self._exchanges.differs(number) from None

    def all_exchange_lines(self) -> Iterator[dict[str, Any]]:
        """Walk over the lines of all exchanges, in order."""
        return (line for line, _ in self._exchanges.lines())

    def long_body(self, name: str) -> bytes | None:
        """Return a long reply by its sha256, None if it was too long to be kept; raises StoreError if it differs."""
        path = self._long(name)
        try:
            body = zlib.decompressobj().decompress(path.read_bytes(), LONGEST_KEPT)  # no more, whatever it swells to
        except FileNotFoundError:
            return None
        except zlib.error:
            body = b""
        if sha256(body).hexdigest() != name:
            raise StoreError(f"{path} differs from what was written: restore the run folder from its copy")
        return body

    def verify(self, *, exchanges: bool = True) -> None:
        """Read everything; raises StoreError naming the first file and line that differ from what was written.

        A copy that was made to hold no exchanges is verified without them.
        """
        self._check_heads(exchanges=exchanges)
        for _ in self.pieces():
            continue
        for line in self.all_exchange_lines() if exchanges else ():
            self._check_long(line)

    def _check_long(self, line: Mapping[str, Any]) -> None:
        kept = (line["reply"] or {}).get("body", {})
        if kept.get("truncated") and kept["length"] <= LONGEST_KEPT and self.long_body(kept["sha256"]) is None:
            raise StoreError(f"{self._long(kept['sha256'])} is missing: restore the run folder from its copy")

    def _check_heads(self, *, exchanges: bool = True) -> None:
        heads = self._heads()
        if heads["manifest"] != self._genesis:
            raise StoreError(f"{self.folder / 'manifest.json'} differs from what was written: restore it from its copy")
        held = ((self._evidence, "evidence"), (self._exchanges, "exchanges"))
        for chain, name in held if exchanges else held[:1]:
            chain.check(Head(**heads[name]))

    def _heads(self) -> dict[str, Any]:
        path = self.folder / "head.json"
        try:
            heads: dict[str, Any] = json.loads(path.read_bytes())
            seal = heads.pop("seal")
            if seal != sha256(orjson.dumps(heads, option=orjson.OPT_SORT_KEYS)).hexdigest():
                raise ValueError("seal")
            return heads
        except FileNotFoundError:
            raise StoreError(f"{path} is missing: restore the run folder from its copy, or run again") from None
        except (ValueError, KeyError, AttributeError):
            raise StoreError(f"{path} differs from what was written: restore it from its copy, or run again") from None

    # -- being asked to stop -----------------------------------------------------------------------------------------
    @property
    def stop_file(self) -> Path:
        """Return the file whose presence asks the runner to stop after the scenario at hand."""
        return self.folder / "stop"

    def request_stop(self) -> None:
        """Ask the process that writes this run to stop after the scenario at hand."""
        self.stop_file.touch()

    def stop_requested(self) -> bool:
        """Whether someone asked for a stop."""
        return self.stop_file.exists()
