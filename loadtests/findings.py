"""Findings: judgements of what was pressed, before a run signs them as evidence; what is too short proves no pass."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from scenarios.evidence import Evidence, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A judgement of one check: its sentence, outcome, what was seen and asked for, a note, and measures."""

    check: str
    sentence: str
    outcome: Outcome
    observed: object = None
    expected: str = ""
    note: str = ""
    measures: dict[str, float] = field(default_factory=dict)
    harm: bool = False

    def void(self, why: str) -> "Finding":
        """Return it as nobody's, good or bad: what was planned was not made."""
        return replace(self, outcome=Outcome.BLOCKED, note=why, measures={})

    def claimed(self, short: str) -> "Finding":
        """Return itself, or if it passed in a run that is too short to claim it (``short`` says why): left open.

        A failure stands however short the run was.
        """
        if not short or self.outcome is not Outcome.PASSED:
            return self
        return replace(self, outcome=Outcome.UNSCORED, note=short, measures={})


def signed(
    findings: Iterable[Finding],
    *,
    run: str,
    target: str,
    criterion: str,
    scenario: str,
    began: float,
    seconds: float,
    proof: str = "",
) -> tuple[Evidence, ...]:
    """Return findings as evidence of a run; ``began`` in seconds since the epoch.

    ``proof`` is the SHA-256 of the stored histograms, so that they belong to the run's chain.
    """
    return tuple(
        Evidence(
            run=run,
            target=target,
            criterion=criterion,
            scenario=scenario,
            check=found.check,
            sentence=found.sentence,
            outcome=found.outcome,
            harm=found.harm,
            observed={"seen": found.observed, "histograms_sha256": proof} if proof else found.observed,
            expected=found.expected,
            note=found.note,
            measures=found.measures,
            started=datetime.fromtimestamp(began, UTC),
            seconds=seconds,
        )
        for found in findings
    )
