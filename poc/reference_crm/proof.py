"""Proof: an export of the audit trail held against signed checkpoints, and what was tampered with, to the entry.

Offline: it takes the file of checkpoints and an export (``python -m poc.reference_crm.proof --checkpoints FILE --log
EXPORT --key KEY``), and neither the service nor its database. It finds entries that were altered, deleted, put in,
moved or cloned, a tail that was cut off, and checkpoints that are forged, missing or out of order.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from poc.reference_crm import digests
from poc.reference_crm.checkpoints import GENESIS, Checkpoint, parsed

#: The act that names the subjects whose values were forgotten.
FORGOTTEN = "audit.forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One trace of tampering: altered, deleted, inserted, moved, cloned, truncated, blanked or checkpoint.

    ``entry`` is the number of the entry (of a tail: the first that is lost; of a checkpoint: its own number).
    """

    kind: str
    entry: int
    detail: str = ""


@dataclass(slots=True)
class Proof:
    """What came of a verification: how many entries were proven, how many no checkpoint speaks of yet, what is wrong.

    ``key`` is the public key that signed, ``pinned`` whether whoever verifies named it beforehand.
    """

    checkpoints: int = 0
    entries: int = 0
    sealed_to: int = 0
    unsealed: int = 0
    key: str = ""
    pinned: bool = False
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong, and something was proven at all."""
        return not self.findings and self.checkpoints > 0


class Trail:
    """The sealed trail as checkpoints tell it: which content stands under which number."""

    def __init__(self, proof: Proof, key: str | None) -> None:
        """Begin with nothing; ``key`` is the only one whose signatures count, None for that of the first checkpoint."""
        self.proof, self.key = proof, key
        self.contents: dict[int, bytes] = {}
        self._last: Checkpoint | None = None
        self.first = 0

    def take(self, one: Checkpoint) -> None:
        """Check a checkpoint and learn what it says; one that is not genuine teaches nothing."""
        self.key = self.key or one.key
        self.first = self.first or one.first
        wrong = self._wrong(one)
        if wrong:
            self.proof.findings.append(Finding(kind="checkpoint", entry=one.number, detail=wrong))
        if wrong not in ("not signed by the key", "contents are not those of the root"):
            self.contents.update(zip(one.numbers, one.contents, strict=True))
        self._last = one
        self.proof.checkpoints += 1
        self.proof.sealed_to = max(self.proof.sealed_to, one.last)

    def _wrong(self, one: Checkpoint) -> str:
        """Return what is wrong with a checkpoint, nothing if it is genuine and in its place."""
        if one.key != self.key or not one.signed:
            return "not signed by the key"
        if one.entries != len(one.contents) or digests.root(one.numbers, one.contents).hex() != one.root:
            return "contents are not those of the root"
        if self._last is None:
            return "" if one.number > 1 or one.previous == GENESIS else "does not begin the chain"
        if one.number != self._last.number + 1 or one.previous != self._last.digest or one.first != self._last.last + 1:
            return f"does not follow checkpoint {self._last.number}"
        return ""


def verify(
    checkpoints: Iterable[Checkpoint],
    entries: Iterable[Mapping[str, Any]],
    *,
    key: str | None = None,
    first: int | None = None,
    last: int | None = None,
    complete: bool = True,
) -> Proof:
    """Hold entries (as exported) against checkpoints (in their order).

    ``first`` and ``last`` bound the numbers that the export is said to hold; None for all. ``complete`` says that the
    checkpoints begin with the first one; then those before it may not be missing.
    """
    proof = Proof(pinned=key is not None)
    trail = Trail(proof, key)
    for one in checkpoints:
        if complete and not proof.checkpoints and one.number != 1:
            proof.findings.append(Finding(kind="checkpoint", entry=1, detail="the first checkpoints are missing"))
        trail.take(one)
    proof.key = trail.key or ""
    begin, end = first or 0, proof.sealed_to if last is None else min(last, proof.sealed_to)
    expected = {number: content for number, content in trail.contents.items() if begin <= number <= end}
    Comparison(proof, expected, begin, end).run(entries)
    return proof


class Comparison:
    """Compares an export with what checkpoints expect, entry by entry."""

    def __init__(self, proof: Proof, expected: Mapping[int, bytes], first: int, last: int) -> None:
        """Take what is expected, by number, and the numbers that are asked about."""
        self.proof, self.expected, self.first, self.last = proof, expected, first, last
        self.strange: list[tuple[int, bytes]] = []
        self.seen: set[int] = set()
        self.order: list[int] = []
        self.blanked: list[tuple[int, str]] = []
        self.allowed: set[str] = set()

    def run(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Go through the export once, then tell what is wrong and what is missing."""
        for entry in entries:
            self._look(int(entry["id"]), entry)
        for number, right in zip(self.order, sorted(self.order), strict=True):
            if number != right:
                self._found("moved", number, f"stands where {right} belongs")
        self._tell_strange()
        self._tell_missing()
        for number, subject in self.blanked:
            if subject not in self.allowed:
                self._found("blanked", number, f"no act forgot the values of {subject}")
        self.proof.findings.sort(key=lambda one: (one.kind != "checkpoint", one.entry))

    def _look(self, number: int, entry: Mapping[str, Any]) -> None:
        if number > self.proof.sealed_to:
            self.proof.unsealed += 1
        content = digests.content_digest(entry)
        if number in self.seen:
            self._found("cloned", number, "stands there twice")
        elif number > self.proof.sealed_to:
            pass
        elif self.expected.get(number) == content:
            self.proof.entries += 1
            self._sift(number, entry)
        else:
            self.strange.append((number, content))
        if number not in self.seen:
            self.order.append(number)
        self.seen.add(number)

    def _sift(self, number: int, entry: Mapping[str, Any]) -> None:
        """Note which values are gone, and which were forgotten by an act that is on record."""
        if entry["forgotten"]:
            self.blanked.append((number, str(entry["subject"])))
        if entry["action"] == FORGOTTEN:
            self.allowed |= set(orjson.loads(entry["after"] or "{}").get("subjects", ()))

    def _tell_strange(self) -> None:
        """Say of each entry that is not as it was sealed whether it was altered, moved, cloned or put in."""
        if not self.strange:
            return
        home = {content: number for number, content in self.expected.items()}
        for number, content in self.strange:
            origin = home.get(content)
            if number in self.expected:
                self._found(*(("moved", number, f"from {origin}") if origin else ("altered", number, "")))
            elif origin:
                self._found("cloned", number, f"of {origin}")
            else:
                self._found("inserted", number, "")

    def _tell_missing(self) -> None:
        missing = sorted(number for number in self.expected if number not in self.seen)
        tail = max(self.seen & self.expected.keys(), default=self.first - 1)
        lost = [number for number in missing if number > tail]
        for number in missing[: len(missing) - len(lost)]:
            self._found("deleted", number, "")
        if lost:
            self._found("truncated", lost[0], f"{len(lost)} entries to {lost[-1]}")

    def _found(self, kind: str, entry: int, detail: str) -> None:
        self.proof.findings.append(Finding(kind=kind, entry=entry, detail=detail))


def lines_of(file: BinaryIO) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of an export (one JSON object a line); raises ValueError naming the line that is none."""
    for place, line in enumerate(file, start=1):
        try:
            entry: Mapping[str, Any] = orjson.loads(line)
            if not {"id", "before", "after", "forgotten", *digests.PARTS} <= entry.keys():
                raise ValueError
        except (ValueError, AttributeError):
            raise ValueError(f"line {place} of the export is no entry: export again with /v1/audit/export") from None
        yield entry


def verify_files(checkpoints: Path, log: Path, key: str | None = None) -> Proof:
    """Verify an export against a file of checkpoints; raises OSError and ValueError naming what cannot be read."""
    with checkpoints.open("rb") as book, log.open("rb") as export:
        return verify(map(parsed, book), lines_of(export), key=key)


def as_facts(proof: Proof) -> dict[str, object]:
    """Return a proof for machines."""
    return {"sound": proof.sound, **asdict(proof)}


def main(given: Sequence[str] | None = None) -> int:
    """Verify from the command line: 0 if the trail is whole, 99 if it was tampered with, 2 for files that are none."""
    parser = argparse.ArgumentParser(prog="verify-audit", description="Prove an exported audit trail.")
    parser.add_argument("--checkpoints", type=Path, required=True)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--key", help="the public key that was kept, in hex")
    options = parser.parse_args(given)
    try:
        proof = verify_files(options.checkpoints, options.log, options.key)
    except (OSError, ValueError) as fault:
        sys.stderr.write(f"the trail could not be verified: {fault}\n")
        return 2
    sys.stdout.write(orjson.dumps(as_facts(proof), option=orjson.OPT_INDENT_2).decode() + "\n")
    return 0 if proof.sound else 99


if __name__ == "__main__":
    sys.exit(main())
