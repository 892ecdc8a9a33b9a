"""Cases: calls drawn from a machine contract (schemathesis), and kept, so that the same contract is drawn from once.

What is drawn depends on the contract, the seed and the number of calls alone, never on a reply: targets of one contract
are asked the very same, and drawing costs more than calling and judging together.
"""

import fcntl
import gc
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

#: How often the operations are gone through at most, until as many cases are drawn as were asked for.
TURNS = 8
#: How far those who get a case that is left over move from turn to turn.
_STRIDE = 17
#: Form of a file of cases; a file of another form is drawn anew. So many files are kept, the oldest go.
FORM, FILES = 1, 24

Told = dict[str, Any]


def cases(schema: Any, job: Mapping[str, Any]) -> tuple[int, list[Told]]:
    """Return how many operations take part, and the cases as plain data: those on file, else drawn and put on file."""
    operations = tuple(_chosen(schema, job["leave_out"]))
    if job["kept"] is None:
        return len(operations), list(_drawn(operations, job))
    folder = Path(job["kept"])
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"{_name(job)}.json"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever else asks for the same waits, and reads
        if (found := _on_file(place)) is None:
            found = list(_drawn(operations, job))
            _write(place, found)
    return len(operations), found


def rebuilt(schema: Any, told: Told) -> Any:
    """Return the case that plain data tell of, as it was drawn."""
    from schemathesis.generation.meta import CaseMetadata
    from schemathesis.reporting.crashes.encoding import decode_case_body, from_json_safe

    parts = {name: from_json_safe(told[name]) for name in _PARTS}
    operation = schema.find_operation_by_label(told["operation"])
    case = operation.Case(body=decode_case_body(told["body"]), media_type=told["media_type"], **parts)
    case._meta = CaseMetadata.from_dict(from_json_safe(told["meta"]))
    case.freeze_metadata()
    return case


_PARTS = ("path_parameters", "headers", "cookies", "query", "multipart_content_types")


def _told(case: Any) -> Told:
    from schemathesis.reporting.crashes.encoding import encode_case_body, to_json_safe

    parts = {name: to_json_safe(dict(getattr(case, name) or {})) for name in _PARTS}
    told = {
        "operation": case.operation.label,
        "media_type": case.media_type,
        "body": encode_case_body(case.body),
        "meta": to_json_safe(case.meta.to_dict()),
        **parts,
    }
    read: Told = json.loads(json.dumps(told))  # what is drawn and what is read from a file are one thing
    return read


def _name(job: Mapping[str, Any]) -> str:
    asked = {name: job[name] for name in ("contract", "seed", "calls", "leave_out")}
    text = json.dumps([FORM, version("schemathesis"), version("hypothesis"), asked], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _on_file(place: Path) -> list[Told] | None:
    try:
        found = json.loads(place.read_bytes())
        os.utime(place)
    except (OSError, ValueError):
        return None
    return found if isinstance(found, list) else None


def _write(place: Path, found: Sequence[Told]) -> None:
    part = place.with_suffix(".part")
    part.write_text(json.dumps(found))
    part.replace(place)
    for old in sorted(place.parent.glob("*.json"), key=lambda one: -one.stat().st_mtime)[FILES:]:
        old.unlink(missing_ok=True)
        old.with_suffix(".lock").unlink(missing_ok=True)


def _chosen(schema: Any, leave_out: Sequence[str]) -> Iterator[Any]:
    for result in schema.get_all_operations():
        operation = result.ok()
        if not any(word in operation.path for word in leave_out):
            yield operation


def _drawn(operations: Sequence[Any], job: Mapping[str, Any]) -> Iterator[Told]:
    from schemathesis import GenerationMode

    # what is drawn is a forest of small things, most of it kept: the collector would go through all of it for nothing
    gc.set_threshold(200_000, 50, 1_000)
    begun, made = time.perf_counter(), 0
    # sound calls for every other operation and unsound ones for the rest; the seed tells with which to begin
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)[:: 1 if job["seed"] % 2 else -1]
    for turn in range(TURNS):  # an operation of which few cases can be made leaves calls to the next turn
        for place, (share, operation) in enumerate(_shares(operations, job["calls"] - made, turn)):
            if share and time.perf_counter() - begun < job["budget"]:
                found = _of_one(operation, modes[(place + turn) % 2], share, job["seed"] + turn)
                made += len(found)
                yield from found


def _shares(operations: Sequence[Any], calls: int, turn: int) -> Iterator[tuple[int, Any]]:
    """Yield how many calls each operation gets; what is left over goes to others in every turn, one each."""
    each, rest = divmod(max(0, calls), max(1, len(operations)))
    for i, operation in enumerate(operations):
        yield each + ((i - turn * _STRIDE) % len(operations) < rest), operation


def _of_one(operation: Any, mode: Any, wanted: int, start: int) -> list[Told]:
    """Draw cases of one mode; an operation of which no such case can be made yields fewer."""
    from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
    from hypothesis.errors import Unsatisfiable
    from schemathesis.core.errors import SerializationNotPossible

    made: list[Told] = []

    @seed(start)
    @settings(
        max_examples=wanted,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def draw(case: Any) -> None:
        if len(made) < wanted:
            made.append(_told(case))

    try:
        draw()
    except (Unsatisfiable, SerializationNotPossible):  # no such case exists, or its body has a form we cannot write
        return made
    return made
