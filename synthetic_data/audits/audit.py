"""Audit: every figure of a bank beside the published one it should resemble, and whether it does."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from synthetic_data.audits import contacts, payments, people, wealth
from synthetic_data.audits.tally import Clock, Figure, Subject, Tables, Tally

SUBJECTS: tuple[Subject, ...] = (
    people.PEOPLE,
    people.HOUSEHOLDS,
    people.COMPANIES,
    wealth.WEALTH,
    wealth.CARDS,
    wealth.LOANS,
    wealth.DEPOSITS,
    contacts.CONTACTS,
    contacts.TICKETS,
    contacts.CONSENTS,
    contacts.KYC,
    contacts.CAMPAIGNS,
    payments.PAYMENTS,
)
#: The columns that an audit reads of each table; a table that a bank lacks is passed over.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    table: tuple(dict.fromkeys(name for subject in SUBJECTS for name in subject.needs.get(table, ())))
    for subject in SUBJECTS
    for table in subject.needs
}
FIGURES: Mapping[str, Figure] = {figure.key: figure for subject in SUBJECTS for figure in subject.figures}

NEAR, FAR, UNPUBLISHED, UNMEASURED = "near", "far", "unpublished", "unmeasured"
Relation = Literal["near", "at_least", "at_most"]


class AuditError(ValueError):
    """A bank that cannot be audited; the message names what is wrong and the remedy."""


class Published(BaseModel):
    """A published figure: its value and how near is near, or ``source = "none found"`` without a value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float | None = None
    within: Annotated[float, Field(ge=0)] = 0.0  # absolute, in the unit of the figure
    relation: Relation = "near"
    source: Annotated[str, Field(min_length=3)]
    why: str = ""  # what to bear in mind when the two are compared
    why_zh: str = ""

    @model_validator(mode="after")
    def _has_both_or_neither(self) -> "Published":
        if (self.value is None) != self.source.startswith("none found"):
            raise ValueError("a value needs a source, and a source other than 'none found' needs a value")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A figure of a bank beside the published one."""

    key: str
    topic: str
    unit: str
    found: float | None
    published: Published

    @property
    def verdict(self) -> str:
        """Whether the figure is near, far, not published, or not measured in this bank."""
        if self.found is None:
            return UNMEASURED
        if self.published.value is None:
            return UNPUBLISHED
        off = self.found - self.published.value
        if self.published.relation == "at_least":
            off = min(off, 0.0)
        elif self.published.relation == "at_most":
            off = max(off, 0.0)
        return NEAR if abs(off) <= self.published.within + 1e-12 else FAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What was measured of a bank, and how it compares."""

    profile: str
    as_of: date
    customers: int
    tally: Tally
    findings: tuple[Finding, ...]

    def counted(self, verdict: str) -> int:
        """Return how many figures came out so."""
        return sum(finding.verdict == verdict for finding in self.findings)


def audit(
    parts: Iterable[Tables],
    clock: Clock,
    profile: str,
    *,
    progress: Callable[[int], None] | None = None,
) -> Audit:
    """Audit a bank part by part (each with whole customers); ``progress`` is told the customers done.

    Needs memory for one part only. Raises ``AuditError`` when there is no customer.
    """
    tally, seen = Tally(), 0
    for tables in parts:
        tally += count(tables, clock)
        seen += tables["customers"].num_rows
        if progress:
            progress(seen)
    if not seen:
        raise AuditError("bank: has no customers; generate one first")
    return Audit(
        profile=profile,
        as_of=clock.as_of,
        customers=seen,
        tally=tally,
        findings=compared(tally, published(profile)),
    )


def count(tables: Tables, clock: Clock) -> Tally:
    """Count all that the tables at hand allow; ``AuditError`` if two subjects count under one name."""
    tally = Tally()
    for subject in SUBJECTS:
        if all(name in tables for name in subject.needs):
            counted = subject.count(tables, clock)
            if twice := tally.names & counted.names:
                raise AuditError(f"audit: {min(twice)!r} is counted by two subjects; rename one")
            tally += counted
    return tally


def compared(tally: Tally, book: Mapping[str, Published]) -> tuple[Finding, ...]:
    """Return every figure beside its published value; one that the book leaves out has none."""
    nothing = Published(source="none found: no figures were collected for this profile")
    return tuple(
        Finding(
            key=figure.key,
            topic=figure.topic,
            unit=figure.unit,
            found=figure.of(tally),
            published=book.get(figure.key, nothing),
        )
        for figure in FIGURES.values()
    )


def published(profile: str) -> Mapping[str, Published]:
    """Return the published figures for a profile that comes with the workbench; none for one of one's own."""
    file = resources.files("synthetic_data.audits").joinpath("published", f"{profile.replace('-', '_')}.toml")
    if not file.is_file():
        return {}
    return book_of(file.read_text(encoding="utf-8"), file.name)


def book_of(text: str, name: str) -> Mapping[str, Published]:
    """Return published figures from TOML; raises ``AuditError`` in one line."""
    try:
        book = TypeAdapter(dict[str, Published]).validate_python(tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise AuditError(f"figures {name}: not TOML ({fault}); mend that line") from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        raise AuditError(
            f"figures {name}: {'.'.join(map(str, first['loc']))}: {first['msg']}; mend that figure"
        ) from fault
    if unknown := sorted(book.keys() - FIGURES.keys()):
        raise AuditError(f"figures {name}: {unknown[0]!r} is not measured; choose among those of SUBJECTS")
    return book
