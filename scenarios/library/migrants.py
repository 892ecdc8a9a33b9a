"""Migrants: a small bank of strangers with all their papers, under numbers that no target has on file yet."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import NamedTuple, TypeVar, cast

from scenarios.crm import CRM
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import KINDS, Record

R = TypeVar("R", bound=Record)


class Migrants(NamedTuple):
    """Strangers by kind of record, and which of them are on file twice or merely look alike."""

    records: Mapping[type[Record], tuple[Record, ...]]
    doubles: frozenset[frozenset[str]]
    alike: frozenset[str]

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """Return the records of a kind."""
        return cast("tuple[R, ...]", self.records[kind])


def migrants(crm: CRM, bank: Bank, customers: int) -> Migrants:
    """Grow another bank from the play's nonce, and give its records numbers of the play and branches of ours."""
    grown, truth = generate(seed=int(crm.nonce, 36) % 2**31, customers=customers, profile=bank.profile)
    names = {record.number: f"X{crm.nonce}{record.number}" for kind in KINDS for record in grown.of(kind)}
    names |= _ours(grown, bank)
    return Migrants(
        {kind: tuple(_renamed(record, names) for record in grown.of(kind)) for kind in KINDS},
        frozenset(frozenset((names[pair.kept], names[pair.duplicate])) for pair in truth.duplicates),
        frozenset(names[number] for trap in truth.traps for number in (trap.first, trap.second)),
    )


def _ours(grown: Bank, bank: Bank) -> dict[str, str]:
    """Return which of our branches and members of staff stand in for theirs, place by place."""
    pairs = [(grown.branches, bank.branches), (grown.staff, bank.staff)]
    return {there.number: ours[i % len(ours)].number for theirs, ours in pairs for i, there in enumerate(theirs)}


def _renamed(record: R, names: Mapping[str, str]) -> R:
    changes: dict[str, object] = {}
    for name in (field.name for field in fields(record)):
        value = getattr(record, name)
        if isinstance(value, tuple):
            changes[name] = tuple(names.get(part, part) for part in value)
        elif isinstance(value, str) and value in names:
            changes[name] = names[value]
    return replace(record, **changes)  # type: ignore[arg-type]
