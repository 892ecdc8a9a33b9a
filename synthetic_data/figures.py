"""Figures: the forms in which a profile states what it claims; each stands beside the source it was taken from."""

from datetime import date
from itertools import pairwise
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Sourced(BaseModel):
    """Something that a profile claims, and where it is taken from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Annotated[str, Field(min_length=3)]


class Amount(Sourced):
    """A number, zero or more; the table it stands in says of what."""

    value: Annotated[float, Field(ge=0)]


class Share(Sourced):
    """A fraction between 0 and 1."""

    value: Annotated[float, Field(ge=0, le=1)]


class Count(Sourced):
    """A whole number, one or more."""

    value: Annotated[int, Field(ge=1)]


class Letters(Sourced):
    """A number of letters or characters, one or two."""

    value: Annotated[int, Field(ge=1, le=2)]


class Day(Sourced):
    """A day."""

    value: date


class Table(Sourced):
    """Weights of the values that something may take."""

    shares: Annotated[dict[str, Annotated[float, Field(gt=0)]], Field(min_length=1)]


class Curve(Sourced):
    """Quantiles of an amount: (share, value) points from share 0 to share 1, linear in between."""

    points: Annotated[tuple[tuple[float, float], ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _spans_everyone(self) -> "Curve":
        shares = [share for share, _ in self.points]
        if shares[0] != 0 or shares[-1] != 1 or any(a >= b for a, b in pairwise(shares)):
            raise ValueError("points must rise from share 0 to share 1")
        return self


class Part(BaseModel):
    """A table of a profile: it knows its fields and refuses all others."""

    model_config = ConfigDict(frozen=True, extra="forbid")
