"""Evidence: one check, one target, one outcome, with its proof; the only currency between run and score."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What came of a check. Only ``passed``, ``failed`` and ``unsupported`` say something about the product."""

    PASSED = "passed"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"  # the product does not offer it: counts as not passed
    NOT_TESTABLE = "not_testable"  # the target does not let us look: widens the interval
    NOT_APPLICABLE = "not_applicable"  # waived by a named person with reason and expiry: leaves the sum
    BLOCKED = "blocked"  # our own bench failed: never the vendor's loss, must be run again
    UNSCORED = "unscored"  # a judgement is pending, or the sample proves nothing yet

    @property
    def decided(self) -> bool:
        """Whether the outcome says something about the product."""
        return self in (Outcome.PASSED, Outcome.FAILED, Outcome.UNSUPPORTED)


class Grade(StrEnum):
    """How strong a piece of evidence is, weakest first; the cap on a score that follows is data of the scoring."""

    STATEMENT = "E0"  # the vendor says so
    VENDOR_PAPER = "E1v"  # a document of the vendor
    THIRD_PARTY_PAPER = "E1t"  # an independent document, scope and expiry looked at
    WITNESSED = "E2"  # shown on our script and our data before two named witnesses
    BLACK_BOX = "E3"  # run by this workbench over the product's interfaces
    WHITE_BOX = "E4"  # run with access to stores or with faults injected


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one check saw of one target in one run.

    ``observed`` and ``expected`` are JSON values as shown to people; ``measures`` holds named numbers that a rubric
    may read (units in the name: ``p99_upper_ms``, ``precision``). ``exchanges`` are ids in the run's exchange log.
    ``facts`` are JSON values for pages that draw more than a verdict says; scores do not read them.
    """

    run: str
    target: str
    criterion: str  # SEC-02
    scenario: str  # function name of the story
    check: str  # function name of the judgement, unique within a criterion
    sentence: str  # what the check says when it holds, for people
    outcome: Outcome
    grade: Grade = Grade.BLACK_BOX
    harm: bool = False  # a failure of this check makes the criterion 0 whatever else passed
    observed: object = None
    expected: object = None
    note: str = ""
    measures: Mapping[str, float] = field(default_factory=dict)
    exchanges: tuple[str, ...] = ()
    started: datetime
    seconds: float = 0.0
    facts: Mapping[str, object] = field(default_factory=dict)
    supersedes: str | None = None  # hash of the line that this one corrects or repeats
