"""Matrix: every check against every target, side by side; what sets targets apart stands first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from poc.assessment import Assessment
from scenarios.evidence import Evidence, Outcome
from scorecards.criterion import Criterion

#: Outcomes that say the same of a product as long as nobody could see more.
UNSEEN = frozenset({Outcome.NOT_TESTABLE, Outcome.BLOCKED, Outcome.UNSCORED, Outcome.NOT_APPLICABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One check of a criterion, with what came of it at each target; None where it was not made."""

    criterion: Criterion
    check: str
    cells: Mapping[str, Evidence | None]

    @property
    def first(self) -> Evidence:
        """Return what any target has of it, for what is the same at all."""
        return next(piece for piece in self.cells.values() if piece is not None)

    @property
    def outcomes(self) -> frozenset[Outcome]:
        """Return how it ended, anywhere."""
        return frozenset(piece.outcome for piece in self.cells.values() if piece is not None)

    @property
    def differs(self) -> bool:
        """Whether what was seen of the targets is not the same; what nobody could see sets nobody apart."""
        return len(self.outcomes - UNSEEN) > 1

    @property
    def harms(self) -> bool:
        """Whether a failure of it is harm, and some target failed."""
        return self.first.harm and Outcome.FAILED in self.outcomes


def lines(assessment: Assessment, targets: Sequence[str]) -> tuple[Line, ...]:
    """Return the checks that were made of some targets: those that set them apart first, harm before all else."""
    found = [line for criterion in assessment.catalogue.of_targets for line in _of(assessment, criterion, targets)]
    return tuple(sorted(found, key=lambda line: (not line.differs, not line.harms)))


def chosen(
    found: Sequence[Line],
    *,
    apart: bool = False,
    dimension: str | None = None,
    text: str = "",
    outcome: Outcome | None = None,
    sentences: Mapping[str, str],
) -> tuple[Line, ...]:
    """Return the lines that filters let through; ``sentences`` says each check in the reader's language."""
    wanted = text.casefold()
    return tuple(
        line
        for line in found
        if (line.differs or not apart)
        and dimension in (None, line.criterion.dimension)
        and (outcome is None or outcome in line.outcomes)
        and wanted in f"{line.criterion.id} {line.check} {sentences.get(line.check, '')}".casefold()
    )


def _of(assessment: Assessment, criterion: Criterion, targets: Sequence[str]) -> Iterator[Line]:
    pieces = {
        name: {piece.check: piece for piece in assessment.ratings.of(name, criterion.id).pieces} for name in targets
    }
    for check in dict.fromkeys(check for own in pieces.values() for check in own):
        yield Line(criterion=criterion, check=check, cells={name: own.get(check) for name, own in pieces.items()})
