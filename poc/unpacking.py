"""Unpacking: a pack is believed only after every byte fits and every figure of it has been worked out anew."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isclose
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from poc.assessment import opened
from poc.business import case_at, worked
from poc.container import ContainerError, contents, differing
from poc.pack import CASE, EVENTS, INDEX, LAYOUT, RECORD, SEAL, WEIGHTING, PackError, canonical, log_of, told_events
from poc.record import Record, recorded
from scenarios.chain import unsealed
from scenarios.disk import StoreError
from scorecards.committee.replay import proved, replayed
from scorecards.criterion import catalogue
from scorecards.weighting import load_weighting

#: A pack larger than this (bytes) is not read into memory.
LARGEST = 1 << 30
#: Figures that were rebuilt on another machine may differ in the last bits.
NEAR = 1e-9
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A pack that holds: what it is of, how much was compared, who signed, and versions that differ from here."""

    assessment: str
    record: str
    files: int
    figures: int
    events: int
    signed_by: str
    differing_versions: Mapping[str, tuple[str, str]]


def verified(file: Path, trusted: Ed25519PublicKey | None = None) -> Verified:
    """Return what a pack is once it holds; with ``trusted`` it must also be signed by that key.

    Raises PackError naming the first file, line, byte or figure that is not as it was packed.
    """
    if (size := file.stat().st_size) > LARGEST:
        raise PackError(f"'{file}' has {size:,} bytes; a pack has at most {LARGEST:,}")
    try:
        return _Pack(file.read_bytes()).verified(trusted)
    except (PackError, ContainerError) as fault:
        raise PackError(f"'{file}': {fault}") from None
    except (KeyError, TypeError) as fault:
        raise PackError(f"'{file}': {INDEX} lacks or garbles {fault}; give a pack as it was written") from None


class _Pack:
    """A pack in memory; each step believes what the steps before have proven."""

    def __init__(self, data: bytes) -> None:
        self.data, self.entries = data, contents(data)
        for name in (INDEX, SEAL, RECORD, WEIGHTING):
            if name not in self.entries:
                raise PackError(f"{name} is missing; give a pack that `touchstone record pack` wrote")
        self.seal = _object(SEAL, self.entries[SEAL])

    def verified(self, trusted: Ed25519PublicKey | None) -> Verified:
        signer = self._sealed(trusted)
        index = _object(INDEX, self.entries[INDEX])
        if index.get("layout") != LAYOUT:
            raise PackError(f"{INDEX}: layout {index.get('layout')} is not {LAYOUT}; use the version that wrote it")
        self._listed(index)
        if place := differing(self.data, self.entries):
            raise PackError(f"{place}, was changed; take the pack from its copy")
        events = told_events(self.entries)
        if events != index["events"]:
            raise PackError(f"{INDEX}: events are {index['events']} where the log gives {events}")
        figures, versions = self._rebuilt(index)
        return Verified(
            assessment=str(index["assessment"]), record=hashlib.sha256(self.entries[RECORD]).hexdigest(),
            files=len(self.entries), figures=figures, events=int(str(events["entries"])) if events else 0,
            signed_by=signer, differing_versions=versions,
        )  # fmt: skip

    # -- bytes -------------------------------------------------------------------------------------------------------
    def _sealed(self, trusted: Ed25519PublicKey | None) -> str:
        """Return the key (hex) that signed the index, "" where nobody did."""
        index, key = self.entries[INDEX], str(self.seal.get("key", ""))
        if self.seal.get("sha256") != hashlib.sha256(index).hexdigest():
            raise PackError(f"{INDEX} does not fit {SEAL}: one of them was changed; take the pack from its copy")
        if trusted is not None and key != trusted.public_bytes_raw().hex():
            raise PackError(f"it is signed by {key or 'nobody'}, not by the key that was given")
        if not key:
            if self.seal != {"sha256": self.seal["sha256"], "algorithm": "", "key": "", "signature": ""}:
                raise PackError(f"{SEAL} was changed: it names no key, yet is no seal without one")
            return ""
        try:
            if self.seal.get("algorithm") != "Ed25519":
                raise ValueError("algorithm")
            signer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
            signer.verify(bytes.fromhex(str(self.seal.get("signature"))), index)
        except (InvalidSignature, ValueError):
            raise PackError(f"{SEAL}: the signature does not fit {INDEX}: one of them was changed") from None
        return key

    def _listed(self, index: Mapping[str, Any]) -> None:
        """Hold every entry against the index: none is changed, missing, added or moved."""
        names = [one["name"] for one in index["entries"]]
        if (found := [INDEX, *names, SEAL]) != list(self.entries):
            odd = sorted(set(found) ^ set(self.entries)) or ["their order"]
            raise PackError(f"{odd[0]} is not as {INDEX} lists it: an entry was renamed, added, dropped or moved")
        for one in index["entries"]:
            content = self.entries[one["name"]]
            if not _NAME.fullmatch(one["name"]):
                raise PackError(f"{one['name']!r} cannot be the name of an entry")
            if hashlib.sha256(content).hexdigest() != one["sha256"]:
                raise PackError(f"{_where(one['name'], content)} differs from what was packed; take it from its copy")

    # -- figures -----------------------------------------------------------------------------------------------------
    def _rebuilt(self, index: Mapping[str, Any]) -> tuple[int, dict[str, tuple[str, str]]]:
        """Work the record out anew and hold it against the packed one; return how many figures, and other versions."""
        kept = _object(RECORD, self.entries[RECORD])
        with TemporaryDirectory(prefix="touchstone-pack-") as place:
            try:
                fresh = orjson.loads(self._record(Path(place), index).as_json())
            except (StoreError, ValueError) as fault:
                raise PackError(str(fault).replace(f"{place}/_/", "").replace(f"{place}/", "")) from None
        before, now = kept.pop("made_with", {}), fresh.pop("made_with", {})
        versions = {name: (before.get(name, ""), now[name]) for name in now if before.get(name) != now[name]}
        if other := next(differences(kept, fresh), None):
            made = "".join(f"; made with {name} {was}, here is {here}" for name, (was, here) in versions.items())
            raise PackError(f"record: {other}{made}")
        return sum(1 for _ in _leaves(fresh)), versions

    def _record(self, place: Path, index: Mapping[str, Any]) -> Record:
        home = place / _safe(index["assessment"])
        for name, content in self.entries.items():
            path = (home if name.startswith("targets/") else place / "_") / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        inputs = place / "_"
        draws, seed = int(index["draws"]), int(index["seed"])
        seen = opened(home, load_weighting(inputs / WEIGHTING), catalogue(inputs / "inputs"), exchanges=False)
        case = inputs / CASE
        beside = worked(case_at(case), draws=draws, seed=seed) if case.exists() else None
        committee = replayed(proved(log_of(self.entries[EVENTS]))) if index.get("committee") else None
        return recorded(seen, beside, committee, draws=draws, seed=seed)


def differences(kept: object, fresh: object, path: str = "") -> Iterator[str]:
    """Walk over where two JSON values differ, each told by its path and both values; floats may be NEAR."""
    match kept, fresh:
        case dict(), dict():
            for name in sorted(kept.keys() | fresh.keys()):
                yield from differences(kept.get(name, "nothing"), fresh.get(name, "nothing"), f"{path}.{name}")
        case list(), list() if len(kept) == len(fresh):
            for place, (one, other) in enumerate(zip(kept, fresh, strict=True)):
                yield from differences(one, other, f"{path}[{place}]")
        case float(), float() if isclose(kept, fresh, rel_tol=NEAR, abs_tol=NEAR):
            return
        case _ if kept != fresh or type(kept) is not type(fresh):
            yield f"{path.lstrip('.')} is {_short(kept)} where what is packed gives {_short(fresh)}"


def _short(value: object) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= 80 else f"{text[:80]}…"


def _leaves(value: object) -> Iterator[object]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if inner is None:
        yield value
        return
    for one in inner:
        yield from _leaves(one)


def _object(name: str, content: bytes) -> dict[str, Any]:
    try:
        told = orjson.loads(content)
    except ValueError:
        told = None
    if not isinstance(told, dict) or (name in (INDEX, SEAL) and canonical(told) != content):
        raise PackError(f"{name} is not as it was written; take the pack from its copy")
    return told


def _where(name: str, content: bytes) -> str:
    """Return the name of an entry, with the first line of a chain that does not fit its own hash."""
    if name.endswith("evidence.jsonl"):
        for number, raw in enumerate(content.split(b"\n"), start=1):
            try:
                unsealed(raw) if raw else None
            except ValueError:
                return f"{name} line {number}"
    return name


def _safe(name: object) -> str:
    if not isinstance(name, str) or "/" in name or "\0" in name or name in ("", ".", "..", "_"):
        raise PackError(f"{INDEX}: assessment = {name!r} cannot name an assessment")
    return name
