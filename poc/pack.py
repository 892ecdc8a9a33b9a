"""Pack: all that a decision rests on in one file, sealed, from which anybody rebuilds its figures without a network."""

import hashlib
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from poc.container import zipped
from poc.record import COUNTED, Record
from scorecards.committee.events import Event, LogError, read, verify
from scorecards.committee.replay import proved
from scorecards.weighting import weightings

#: What a pack says of its own shape; a reader refuses a layout it does not know.
LAYOUT = 2
#: Where things lie in a pack.
INDEX, SEAL, RECORD = "pack.json", "seal.json", "record/decision.json"
WEIGHTING, CASE, EVENTS, KEYS = "inputs/weighting.toml", "inputs/case.toml", "events/log.jsonl", "events/keys.json"
#: What of a run is in a pack: its exchanges are bound by the head's hash and stay in the run's folder.
KEPT = ("manifest.json", "evidence.jsonl", "head.json")


class PackError(ValueError):
    """A pack that cannot be made or does not hold; the text names the first thing that is wrong, and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a record was worked out from besides its runs; of a committee's record ``events`` is its own log.

    ``weighting`` is a shipped name or a file, ``case`` a bank's business case; ``events`` is a committee's log as JSON
    Lines and ``keys`` says by name which Ed25519 public key (hex) a member signs with.
    """

    weighting: str | Path
    case: Path | None = None
    events: Path | None = None
    keys: Path | None = None

    def files(self) -> dict[str, bytes]:
        """Return the files under their names in a pack; raises PackError for a log that does not hold together."""
        found = dict(sorted(_policy()))
        shipped = str(self.weighting) in weightings()
        own = resources.files("scorecards").joinpath("weightings", f"{self.weighting}.toml")
        found[WEIGHTING] = own.read_bytes() if shipped else Path(self.weighting).read_bytes()
        for name, path in ((CASE, self.case), (EVENTS, self.events), (KEYS, self.keys)):
            if path is not None:
                found[name] = path.read_bytes()
        told_events(found)
        return found


def _policy() -> Iterator[tuple[str, bytes]]:
    house = resources.files("scorecards")
    yield "inputs/policy.toml", house.joinpath("policy.toml").read_bytes()
    for file in house.joinpath("criteria").iterdir():
        if file.name.endswith(".toml"):
            yield f"inputs/criteria/{file.name}", file.read_bytes()


def policy_digest() -> str:
    """Return the SHA-256 over the scoring policy and every rubric, file by file: what a committee agrees on."""
    files = {name: hashlib.sha256(content).hexdigest() for name, content in _policy()}
    return hashlib.sha256(canonical(files)).hexdigest()


def packed(record: Record, inputs: Inputs, key: Ed25519PrivateKey | None = None) -> bytes:
    """Return the pack of a record: the same bytes whenever it is made of the same things with the same key."""
    entries = {RECORD: record.as_json(), **inputs.files()}
    for place, one in enumerate(record.assessment.subjects, start=1):
        run = f"targets/{place:02d}-{one.folder.name}"
        entries |= {f"{run}/{name}": (one.folder / name).read_bytes() for name in KEPT}
    index = canonical(_index(record, entries))
    return zipped({INDEX: index, **entries, SEAL: sealed(index, key)})


def _index(record: Record, entries: Mapping[str, bytes]) -> dict[str, object]:
    if record.committee is not None and (told := told_events(entries) or {}).get("head") != record.committee.head:
        raise PackError(f"{EVENTS} ends at {told.get('head')}, not where the committee that decided does; give its log")
    heads = {name: orjson.loads(content) for name, content in entries.items() if name.endswith("/head.json")}
    return {
        "layout": LAYOUT,
        "assessment": record.assessment.name,
        "draws": record.decision.draws,
        "seed": record.decision.seed,
        "bank": {one.name: one.manifest.bank.get("digest") for one in record.assessment.subjects},
        "chains": heads,
        "events": told_events(entries),
        "committee": record.committee is not None,
        "versions": {"python": platform.python_version(), **{name: metadata.version(name) for name in COUNTED}},
        "entries": [
            {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in entries.items()
        ],
    }


def sealed(index: bytes, key: Ed25519PrivateKey | None) -> bytes:
    """Return the seal of an index: its hash and, with a key, who signed it (Ed25519, RFC 8032, over the index)."""
    return canonical({
        "sha256": hashlib.sha256(index).hexdigest(),
        "algorithm": "Ed25519" if key else "",
        "key": key.public_key().public_bytes_raw().hex() if key else "",
        "signature": key.sign(index).hex() if key else "",
    })  # fmt: skip


def canonical(value: object) -> bytes:
    """Return the one way in which a pack writes JSON: keys sorted, two blanks deep, a line end at the end."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def told_events(entries: Mapping[str, bytes]) -> dict[str, object] | None:
    """Return how long a pack's committee log is, where it ends and whose entries are signed; None without a log.

    Members' keys are those that they brought when they joined, and those of ``KEYS``. Raises PackError naming the first
    entry that was changed, dropped, moved, or is not signed by whom it should be.
    """
    if EVENTS not in entries:
        return None
    try:
        events = log_of(entries[EVENTS])
        log, keys = proved(events), _keys(entries.get(KEYS, b"{}"))
        verify(events, keys)
    except LogError as fault:
        raise PackError(f"{EVENTS}: {fault}") from None
    brought = {one.actor for one in events if "key" in one.payload}
    return {"entries": len(log.events), "head": log.head, "signed_by": sorted(brought | keys.keys())}


def log_of(content: bytes) -> tuple[Event, ...]:
    """Return the entries of a log as exported; raises LogError or PackError for what is none."""
    return tuple(read(line) for line in _lines(content))


def _lines(content: bytes) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            told = orjson.loads(line)
        except ValueError:
            raise PackError(f"{EVENTS} line {number} is not JSON; give the log as it was exported") from None
        if not isinstance(told, dict):
            raise PackError(f"{EVENTS} line {number} is not an object; give the log as it was exported")
        yield told


def _keys(content: bytes) -> dict[str, Ed25519PublicKey]:
    try:
        return {
            str(name): Ed25519PublicKey.from_public_bytes(bytes.fromhex(told))
            for name, told in orjson.loads(content).items()
        }
    except (ValueError, TypeError, AttributeError):
        raise PackError(f"{KEYS}: give an object of member names and Ed25519 public keys as 64 hex digits") from None


def private_key(file: Path) -> Ed25519PrivateKey:
    """Return the Ed25519 key of a PEM file (openssl genpkey -algorithm ed25519); raises PackError for another."""
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise PackError(f"'{file}' holds no Ed25519 private key; `openssl genpkey -algorithm ed25519` makes one")
    return key


def public_key(file: Path) -> Ed25519PublicKey:
    """Return the Ed25519 public key of a PEM file; raises PackError for another."""
    try:
        key = load_pem_public_key(file.read_bytes())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise PackError(f"'{file}' holds no Ed25519 public key; `openssl pkey -in KEY -pubout` writes it")
    return key
