"""calibration(): the kill matrix as Markdown: which check noticed which planted defect, and what nothing noticed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from poc.trial import CheckId, Line, Matrix
from scenarios.evidence import Outcome

HEAD = """# The kill matrix

Printed by `touchstone trial --all --write docs/kill-matrix.md`. Each mutant is the reference CRM with one planted
defect. A check notices a mutant when it passes the sound reference CRM and fails the mutant. Only the scenarios that
are there for a mutant were played on it; `--full` plays all of them on each.
"""


def calibration(matrix: Matrix, *, bank: str, why_unbitten: Mapping[str, str]) -> str:
    """Return the certificate; ``bank`` says in words which bank was inside, ``why_unbitten`` by check why none dies."""
    parts = (
        [HEAD],
        _sums(matrix, bank),
        ["\n## By scenario\n", "| criterion | scenario | checks | that noticed a mutant | mutants noticed |"],
        ["| --- | --- | --- | --- | --- |", *_scenarios(matrix)],
        ["\n## By mutant\n", "| mutant | what is wrong | precedent | noticed by |", "| --- | --- | --- | --- |"],
        (_mutant(line) for line in matrix.lines),
        ["\n## Checks that noticed no mutant\n", *_unbitten(matrix, why_unbitten)],
        ["\n## Checks that should have noticed a mutant and did not\n", *_bullets(matrix.missed)],
        ["\n## False alarms\n", *_bullets(_alarms(matrix))],
        ["\n## Checks that the sound reference CRM does not pass\n", *_bullets(_shortfalls(matrix))],
    )
    return "\n".join(line for part in parts for line in part) + "\n"


def facts(matrix: Matrix, *, why_unbitten: Mapping[str, str]) -> dict[str, object]:
    """Return the kill matrix for machines: each mutant with what noticed it, and each false alarm.

    ``false_alarms`` are the checks that blamed the good CRM, with the number of plays in which they did.
    """
    return {
        "mutants": [_mutant_facts(line) for line in matrix.lines],
        "false_alarms": [
            {"check": _name(one), "plays": times, "of": matrix.plays} for one, times in sorted(matrix.alarms.items())
        ],
        "plays": matrix.plays,
        "survivors": list(matrix.survivors),
        "toothless": list(matrix.toothless),
        "complaints": [_name(one) for one in matrix.complaints],
        "missed": list(matrix.missed),
        "checks": len(matrix.good),
        "unbitten": [{"check": _name(one), "why": why_unbitten.get(one.check, "")} for one in matrix.unbitten],
        "sound": matrix.sound,
    }


def _mutant_facts(line: Line) -> dict[str, object]:
    return {
        "name": line.mutant,
        "defect": line.defect,
        "precedent": line.precedent,
        "killed": bool(line.killed_by),
        "by": sorted(map(_name, line.killed_by)),
        "fault": line.fault,
    }


def _name(one: CheckId) -> str:
    return f"{one.criterion} {one.check}"


def _sums(matrix: Matrix, bank: str) -> list[str]:
    bitten = len(matrix.good) - len(matrix.unbitten)
    return [
        f"- {bank}",
        f"- {len(matrix.lines)} mutants, {len(matrix.survivors)} of them noticed by nothing",
        f"- {len(matrix.scenarios)} scenarios, {len(matrix.toothless)} of them without a mutant that they notice",
        f"- {len(matrix.good)} checks, {bitten} of them noticed at least one mutant",
        f"- verdict: {'sound' if matrix.sound else 'not sound'}",
    ]


def _scenarios(matrix: Matrix) -> Iterator[str]:
    by_check: dict[CheckId, set[str]] = defaultdict(set)
    for line in matrix.lines:
        for one in line.killed_by:
            by_check[one].add(line.mutant)
    for criterion, scenario in sorted({(one.criterion, one.scenario) for one in matrix.good}):
        checks = [one for one in matrix.good if one.scenario == scenario]
        mutants = sorted(set().union(*(by_check[one] for one in checks)))
        biting = sum(1 for one in checks if by_check[one])
        yield f"| {criterion} | {scenario} | {len(checks)} | {biting} | {', '.join(mutants) or '**none**'} |"


def _mutant(line: Line) -> str:
    killers = ", ".join(sorted(map(_name, line.killed_by)))
    return f"| {line.mutant} | {line.defect} | {line.precedent or '–'} | {killers or line.fault or '**nothing**'} |"


def _unbitten(matrix: Matrix, why: Mapping[str, str]) -> list[str]:
    told = (f"{_name(one)}: {why.get(one.check, 'no mutant is there for it')}" for one in matrix.unbitten)
    return _bullets(told)


def _shortfalls(matrix: Matrix) -> Iterator[str]:
    for one, outcome in sorted(matrix.good.items()):
        if outcome is not Outcome.PASSED:
            yield f"{_name(one)}: {outcome.value}"


def _alarms(matrix: Matrix) -> Iterator[str]:
    for one, times in sorted(matrix.alarms.items()):
        yield f"{_name(one)}: in {times} of {matrix.plays} plays on the sound reference CRM"


def _bullets(lines: Iterable[str]) -> list[str]:
    return [f"- {line}" for line in lines] or ["None."]
