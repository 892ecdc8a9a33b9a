"""Statements: what people say of a product as evidence: a vendor's answers, what somebody looked at and answers for."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from scenarios.evidence import Evidence, Grade, Outcome
from scorecards.committee.reading import rules
from scorecards.rubric import STATED

#: The scenario under which what people say stands among the evidence.
SAID = "committee"


def answers_said(
    answers: Mapping[str, Mapping[str, str]], *, run: str, target: str, at: datetime
) -> Iterator[Evidence]:
    """Walk over a vendor's answers by criterion, each a statement (class E0) of the points that its kind states."""
    for criterion, one in answers.items():
        promised = f" ({one['date']})" if one.get("date") else ""
        yield _stated(
            criterion, "stated_by_vendor", Grade.STATEMENT, rules()["answers"][one["answer"]]["points"],
            sentence="The vendor says how it meets the requirement.", observed=one["answer"] + promised,
            note=one.get("proof", ""), run=run, target=target, at=at,
        )  # fmt: skip


def looked_at(
    criterion: str, grade: Grade, points: float, names: Sequence[str], reason: str, *,
    mark: str, run: str, target: str, at: datetime,
) -> Evidence:  # fmt: skip
    """Return what people looked at and answer for by name; ``mark`` tells one such act from another."""
    return _stated(
        criterion, f"attested_in_{mark}", grade, points,
        sentence="Somebody looked at it and answers for what they saw.",
        observed=", ".join(filter(None, names)), note=reason, run=run, target=target, at=at,
    )  # fmt: skip


def _stated(
    criterion: str, check: str, grade: Grade, points: float, *, sentence: str, observed: str, note: str,
    run: str, target: str, at: datetime,
) -> Evidence:  # fmt: skip
    return Evidence(
        run=run, target=target, criterion=criterion, scenario=SAID, check=check, sentence=sentence,
        outcome=Outcome.PASSED if points > 0 else Outcome.UNSUPPORTED, grade=grade, observed=observed, note=note,
        measures={STATED: float(points)}, started=at,
    )  # fmt: skip
