"""Kinds: what a kind of record is to this CRM; table, model, masking, filters and rights all follow from it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Form = Literal["text", "date", "moment", "money", "units", "share", "flag", "texts"]

#: A number is the bank's own key: letters, digits and a few joints, never a path separator or a comma.
NUMBER_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,39}$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: ``form`` is its type, ``refers`` the kinds whose numbers it may hold, ``rule`` a named check."""

    name: str
    form: Form = "text"
    optional: bool = False
    default: object = None
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    longest: int = 200
    refers: tuple[str, ...] = ()
    sealed: bool = False
    indexed: bool = False
    immutable: bool = False
    guarded: bool = False
    rule: str | None = None

    @property
    def free(self) -> bool:
        """Tell whether the field takes text of any content, which may name or describe people."""
        return self.form == "text" and not self.choices and self.pattern is None


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind:
    """One kind of record; there is one object of each, so that it is known by itself and quick to look things up by.

    ``segment`` is its place in paths and names its table, ``noun`` is its name in the policy, ``parent`` the field that
    leads to the record whose branch it inherits (None: it has a branch of its own, or belongs to no branch at all).
    """

    segment: str
    noun: str
    model: str
    prefix: str
    fields: tuple[Field, ...]
    parent: str | None = None
    derived: tuple[str, ...] = ()
    dated: bool = False
    verbs: tuple[str, ...] = ("create", "get", "list", "update", "delete")

    @cached_property
    def table(self) -> str:
        """Return the name of the table."""
        return self.segment.replace("-", "_")

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """Return the fields by their names."""
        return {field.name: field for field in self.fields}

    @cached_property
    def sealed(self) -> tuple[str, ...]:
        """Return the names of the restricted fields, which rest encrypted."""
        return tuple(field.name for field in self.fields if field.sealed)

    @cached_property
    def open(self) -> tuple[Field, ...]:
        """Return the fields that rest in columns of their own."""
        return tuple(field for field in self.fields if not field.sealed)

    @cached_property
    def indexed(self) -> tuple[str, ...]:
        """Return the restricted fields that can be looked up exactly, through their blind index."""
        return tuple(field.name for field in self.fields if field.indexed)

    @cached_property
    def referring(self) -> tuple[Field, ...]:
        """Return the fields that hold numbers of other records."""
        return tuple(field for field in self.fields if field.refers)

    @cached_property
    def branched(self) -> bool:
        """Tell whether records of this kind belong to a branch, and so stand under row-level security."""
        return self.parent is not None or "branch" in self.by_name

    @cached_property
    def read_columns(self) -> tuple[str, ...]:
        """Return the columns that a read takes, sealed ones as one column of ciphertext."""
        sealed = ("sealed",) if self.sealed else ()
        dates = ("created_at", "updated_at") if self.dated else ()
        return ("number", *(field.name for field in self.open), *sealed, *self.derived, "revision", *dates)

    @cached_property
    def columns_sql(self) -> str:
        """Return the columns of a read as SQL text."""
        return ", ".join(self.read_columns)
