"""Security view: what an assessment holds of a target's security, in the shape in which pages and reports draw it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from poc.assessment import Subject
from poc.curl import curl
from poc.words import sentence
from scenarios.actors import Actor
from scenarios.disk import StoreError
from scenarios.evidence import Evidence, Outcome
from scenarios.store import Store
from scorecards.criterion import Catalogue

#: From the worst down, as scanners name them (CVSS 4.0 qualitative scale).
SEVERITIES = ("critical", "high", "medium", "low")
#: Restricted fields whose leak is critical: they prove who somebody is, or pay (JR/T 0171-2020, class C3).
GRAVEST_FIELDS = frozenset({"national_id", "card_number"})
#: Checks that are told cell by cell, so that they are no findings of their own beside these.
TOLD_APART = frozenset({"nobody_may_too_much", "nobody_may_too_little", "no_secret_leaks", "no_critical_finding"})
#: The ways on which a record is read, in the order of the requirement.
PATHS = (
    "get", "list", "filter", "sort", "search", "aggregate", "expand", "export", "bulk_query", "report", "history",
    "webhook", "attachment", "error_text",
)  # fmt: skip
#: What was seen of a decision: expected and came, as the evidence tells it.
TOO_MUCH, TOO_LITTLE = "-a", "+d"


class Matrix(NamedTuple):
    """Who may do what: operations and actors in the bank's order, and of each cell what was expected and seen."""

    actors: tuple[str, ...]
    cells: Mapping[str, Mapping[str, str]]
    exchanges: Mapping[str, str]

    def count(self, *kinds: str) -> int:
        """Return how many cells are of some kinds."""
        return sum(cell in kinds for row in self.cells.values() for cell in row.values())

    @property
    def decisions(self) -> int:
        """Return how many decisions were tried."""
        return sum(len(row) for row in self.cells.values())

    def wrong(self) -> Iterator[tuple[str, str, str]]:
        """Walk over operation, actor and cell of the decisions that are not as the bank set them."""
        for operation, row in self.cells.items():
            yield from ((operation, actor, cell) for actor, cell in row.items() if cell in (TOO_MUCH, TOO_LITTLE))


class Finding(NamedTuple):
    """One thing that is wrong: how grave, what it is in two languages, and how to see it again."""

    severity: str
    criterion: str
    check: str
    title: str
    title_zh: str
    curl: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The kill matrix of the instrument: when and with which version it was on trial, and what noticed what."""

    written: date
    version: str
    mutants: tuple[Mapping[str, Any], ...]
    false_alarms: tuple[Mapping[str, Any], ...]
    plays: int


def matrix_of(subject: Subject) -> Matrix | None:
    """Return the matrix of decisions of a target, None where it was not tried or not kept."""
    piece = _piece(subject, "nobody_may_too_much")
    told: Any = piece.facts.get("matrix") if piece else None
    if not piece or not told:
        return None
    there = {actor for row in told.values() for actor in row}
    actors = tuple(actor.value for actor in Actor if actor.value in there)
    exchanges: Any = piece.facts.get("exchanges", {})
    return Matrix(actors, told, exchanges)


def conditions_of(subject: Subject) -> Sequence[Mapping[str, Any]]:
    """Return the rights under a condition with what is wrong with each, none where they were not tried."""
    piece = _piece(subject, "conditions_are_obeyed")
    told: Any = piece.facts.get("conditions", ()) if piece else ()
    return tuple(told)


def leaks_of(subject: Subject) -> Mapping[str, Mapping[str, Any]]:
    """Return the leak map of a target: by path the number of looks, and by field who saw it in which exchange."""
    piece = _piece(subject, "no_secret_leaks")
    told: Any = piece.facts.get("paths", {}) if piece else {}
    return {path: told[path] for path in sorted(told, key=lambda path: (*PATHS, path).index(path))}


def findings_of(subject: Subject, catalogue: Catalogue) -> tuple[Finding, ...]:
    """Return what is wrong with a target's security, the worst first."""
    again = Again(subject)
    found = [*_of_matrix(subject, again), *_of_leaks(subject, again), *_of_attacks(subject)]
    found += _of_checks(subject, catalogue, {one.check for one in found})
    return tuple(sorted(found, key=lambda one: (SEVERITIES.index(one.severity), one.criterion, one.title)))


class Again:
    """Writes the command line that repeats an exchange of a target's run."""

    def __init__(self, subject: Subject) -> None:
        """Open the run once for all that is asked of it."""
        self._store = Store.open(subject.folder)
        self._url = str(subject.manifest.settings.get("url", ""))

    def line(self, number: str) -> str:
        """Return the command line, empty for an exchange that is not on file."""
        if not number:
            return ""
        try:
            (exchange,) = self._store.exchanges([number])
        except (StoreError, ValueError):
            return ""
        return curl(exchange.request, self._url)


def _of_matrix(subject: Subject, again: Again) -> Iterator[Finding]:
    matrix = matrix_of(subject)
    for operation, actor, cell in matrix.wrong() if matrix else ():
        much = cell == TOO_MUCH
        yield Finding(
            "high" if much else "low",
            "SEC-04",
            "nobody_may_too_much" if much else "nobody_may_too_little",
            f"{actor} {'may' if much else 'may not'} {operation}",
            f"{actor} {'可执行' if much else '无法执行'} {operation}",
            again.line(matrix.exchanges.get(f"{operation} {actor}", "") if matrix else ""),
        )


def _of_leaks(subject: Subject, again: Again) -> Iterator[Finding]:
    for path, told in leaks_of(subject).items():
        for field, seen_by in told["leaks"].items():
            grave = "critical" if field in GRAVEST_FIELDS else "high"
            for actor, number in seen_by.items():
                title, title_zh = f"{actor} sees {field} on {path}", f"{actor} 在 {path} 途径看到 {field}"
                yield Finding(grave, "SEC-05", f"{path}_leaks_nothing", title, title_zh, again.line(number))


def _of_attacks(subject: Subject) -> Iterator[Finding]:
    """Walk over the findings of the pack of attacks, each as its own scenario told it."""
    piece = _piece(subject, "no_critical_finding")
    told: Any = piece.observed if piece else None
    for one in told.get("findings", ()) if isinstance(told, Mapping) else ():
        title = f"{one['title']}: {one['what']}"
        yield Finding(
            str(one["severity"]), "SEC-20", "no_critical_finding", title, f"{one['title_zh']}：{one['what']}",
            str(one["curl"]),
        )  # fmt: skip


def _of_checks(subject: Subject, catalogue: Catalogue, told: set[str]) -> Iterator[Finding]:
    """Walk over failed checks of which no single find is told: a harm is critical, one of a gate high."""
    attacked = {piece.check for piece in subject.evidence if piece.criterion == "SEC-20"}
    for piece in subject.evidence:
        if not piece.criterion.startswith("SEC-") or piece.outcome is not Outcome.FAILED:
            continue
        if piece.check in told | TOLD_APART or piece.check in attacked:
            continue
        gate = catalogue.by_id[piece.criterion].gate
        severity = "critical" if piece.harm else "high" if gate else "medium"
        title_zh = sentence(piece.check, piece.sentence, "zh")
        yield Finding(severity, piece.criterion, piece.check, piece.sentence, title_zh)


def _piece(subject: Subject, check: str) -> Evidence | None:
    return next((piece for piece in subject.evidence if piece.check == check), None)


def trial_on_file(runs: Path) -> Trial | None:
    """Return the newest trial of the instrument: ``kill-matrix.json`` among the runs, else the one shipped.

    Raises ValueError for a file that is none; None where there is no file.
    """
    own = runs / "kill-matrix.json"
    place = own if own.exists() else files("poc").joinpath("mutants", "kill-matrix.json")
    try:
        told = json.loads(place.read_text(encoding="utf-8"))
        return Trial(
            written=date.fromisoformat(told["written"]),
            version=str(told["version"]),
            mutants=tuple(told["mutants"]),
            false_alarms=tuple(told["false_alarms"]),
            plays=int(told["plays"]),
        )
    except FileNotFoundError:
        return None
    except (KeyError, TypeError, ValueError) as fault:
        raise ValueError(f"{place} is no trial ({fault}): write it by touchstone trial --json") from None
