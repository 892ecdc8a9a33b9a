"""On paper: a product that nobody can ask stands beside tested ones by what its vendor answers and people saw."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from poc.committee.questionnaire import read, written
from poc.committee.statements import answers_said, looked_at
from poc.connectors.verification import worn
from poc.settings import PAPER, TARGETS, SettingsError, Target, keep_target, targets
from poc.settings import target as target_of
from scenarios.evidence import Evidence, Grade
from scenarios.folders import AssessmentFolder
from scenarios.manifest import describe
from scenarios.store import Store
from scorecards.committee.reading import witnessed
from scorecards.criterion import catalogue

#: An attestation that says less than so many characters is one that nobody can follow.
LEAST = 10


def listed(name: str, title: str, path: Path = TARGETS) -> Target:
    """List a product that is judged on paper; raises SettingsError if the name is a system's that can be asked."""
    known = targets(path).get(name) if path.exists() else None
    if known is not None and known.connector != PAPER:
        raise SettingsError(f"target {name} is listed with connector {known.connector!r}: choose another name")
    made = Target(name=name, connector=PAPER, title=title or (known.title if known else "") or name)
    keep_target(made, path)
    return made


def on_paper(name: str, path: Path = TARGETS) -> Target:
    """Return a listed product that is judged on paper; raises SettingsError."""
    known = target_of(name, path)
    if known.connector != PAPER:
        raise SettingsError(f"target {name} can be asked ({known.connector}): it is measured, not answered for")
    return known


def workbook(one: Target) -> bytes:
    """Return the questions to its vendor, one for each criterion of a product (.xlsx)."""
    return written(one.title, catalogue().of_targets)


def placed(one: Target, runs: AssessmentFolder, at: datetime) -> Store:
    """Open a product's place in an assessment, made if it has none; raises SettingsError if there is no assessment."""
    folder = runs.of(one.name)
    if (folder / "manifest.json").exists():
        return Store.resume(folder)
    if not (runs.path / "targets").is_dir():
        raise SettingsError(f"there is no assessment in {runs.path}: `touchstone run` or `touchstone demo` makes one")
    asked = sha256("\n".join(row.id for row in catalogue().of_targets).encode()).hexdigest()
    manifest = describe(
        run=runs.name, target=one.name, title=one.title, started=at, bank={}, catalogue=asked,
        settings=one.without_secrets(), labels=worn(one),
    )  # fmt: skip
    return Store.create(folder, manifest)


def answered(one: Target, runs: AssessmentFolder, whole: bytes, name: str, at: datetime) -> tuple[Evidence, ...]:
    """File a workbook as it came back (``name`` as its file is called); a later one takes its place.

    Raises QuestionnaireError naming the place in it, before anything is written.
    """
    said = read(whole, name, [row.id for row in catalogue().of_targets])
    pieces = tuple(answers_said(said, run=runs.name, target=one.name, at=at))
    _file(one, runs, pieces, at)
    return pieces


def attested(
    one: Target,
    runs: AssessmentFolder,
    criterion: str,
    *,
    grade: str,
    points: float,
    names: Sequence[str],
    reason: str,
    until: date,
    at: datetime,
) -> Evidence:
    """File what people looked at: a document (E1v, E1t), or the product shown on our script to two of them (E2).

    Raises SettingsError or TableError naming the field. What is past its last day is to be looked at anew: a day that
    is over is refused.
    """
    if criterion not in {row.id for row in catalogue().of_targets}:
        raise SettingsError(f"criterion = {criterion!r}: it is no criterion of a product; docs/criteria.md lists them")
    if until <= at.date():
        raise SettingsError(f"until = {until.isoformat()}: that day is over; look at it again and name a later one")
    if len(reason.strip()) < LEAST:
        raise SettingsError(f"reason = {reason!r}: write what was looked at, in {LEAST} characters at least")
    witnessed(grade, points, tuple(names))
    told = f"{reason.strip()} (until {until.isoformat()})"
    mark = sha256("\n".join((criterion, grade, *names)).encode()).hexdigest()[:8]
    piece = looked_at(criterion, Grade(grade), points, names, told, mark=mark, run=runs.name, target=one.name, at=at)
    _file(one, runs, (piece,), at)
    return piece


def _file(one: Target, runs: AssessmentFolder, pieces: Iterable[Evidence], at: datetime) -> None:
    with placed(one, runs, at) as store:
        before = {(piece.criterion, piece.check): own for own, piece in store.standing()}
        store.add(replace(piece, supersedes=before.get((piece.criterion, piece.check))) for piece in pieces)
        store.set_state("done")
