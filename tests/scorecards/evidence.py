"""Evidence for tests: pieces with only what a test is about."""

from datetime import UTC, datetime, timedelta

from scenarios.evidence import Evidence, Grade, Outcome

BEGUN = datetime(2026, 6, 30, 8, tzinfo=UTC)


def piece(
    check: str,
    outcome: Outcome = Outcome.PASSED,
    *,
    criterion: str = "SEC-02",
    target: str = "alder",
    harm: bool = False,
    grade: Grade = Grade.BLACK_BOX,
    minutes: int = 0,
    **measures: float,
) -> Evidence:
    return Evidence(
        run="r1",
        target=target,
        criterion=criterion,
        scenario="story",
        check=check,
        sentence="It holds.",
        outcome=outcome,
        grade=grade,
        harm=harm,
        measures=measures,
        started=BEGUN + timedelta(minutes=minutes),
    )
