"""Findings: what is true of the affairs of a bank; these rows are sealed apart and reach no vendor."""

from dataclasses import dataclass
from datetime import date

from synthetic_data.affairs import Fraction6
from synthetic_data.records import Record, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class BeneficialOwner(Record):
    """A person who owns or controls a company on a day, on which grounds and by which paths."""

    company: str
    at: date
    owner: str
    bases: tuple[str, ...]  # shares | votes | control | controller | senior_manager
    share: Fraction6  # effective, through all chains
    votes: Fraction6  # commanded in the company itself
    paths: tuple[str, ...]
    on_file: bool  # False where the bank's own files do not show it (an undisclosed nominee)


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureFinding(Record):
    """What kind of structure a company stands in on a day, and how much of it ends with nobody known."""

    company: str
    at: date
    make: Word
    depth: int  # companies on the longest chain, the company itself included
    unknown: Fraction6
    review: bool  # whether the unknown part could hide an owner
    changed: bool  # whether the owners differ from those a year before


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchVerdict(Record):
    """Whether an entry of a list means a customer, and what makes it hard to tell."""

    entry: str
    customer: str
    hit: bool
    make: Word  # exact | pinyin | order | traditional | alias | typo | other_birth | namesake | sound_alike
    difficulty: Word  # easy | medium | hard


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentVerdict(Record):
    """Whether an assessment may be counted; ``number`` is the assessment's."""

    allowed: bool
    reason: Word  # none | third_of_the_day | ninth_in_twelve_months


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderVerdict(Record):
    """Whether an order may be taken; ``number`` is the order's, ``reason`` the first rule that forbids it."""

    allowed: bool
    reason: Word
    case: Word  # C1R1 ... C5R5, or the name of the edge that was planted
    level: Word  # C1..C5 that counts on that day, C0 without a valid assessment
    rating: Word  # R1..R5 that counts on that day


@dataclass(frozen=True, slots=True, kw_only=True)
class UnseenEvent(Record):
    """A turn in a customer's life of which the bank has not heard."""

    customer: str
    kind: Word
    happened: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOutcome(Record):
    """How likely a lead was to become business, and whether it did within ninety days; ``number`` is the lead's."""

    probability: Fraction6
    converts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Record):
    """Who answers for a customer on the day the bank is seen, when the manager on file is away."""

    customer: str
    manager: Word
    answers: Word | None  # None where nobody does: an orphan


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageIntent(Record):
    """What a message asks for; ``number`` is the message's."""

    intent: Word
    rival: Word | None  # the intent it is easily taken for
    difficulty: Word  # easy | medium | hard


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnIntent(Record):
    """What a customer wants with a turn of a dialogue; ``number`` is the turn's."""

    dialogue: str
    intent: Word
    switched: bool  # whether the turn wants something else than the one before
