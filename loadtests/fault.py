"""Fault: what is done to a target while it is pressed, for how long, and how it is undone; YAML with a reason."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

#: What requirement PER-06 asks to be done to a target; a run that leaves one out claims nothing.
ASKED = ("application", "database", "slow-disk", "core", "clock", "full-disk", "dependency")
#: Acts of the lab; ``command`` runs what the file says, for a laboratory of the bank's or a vendor's own.
ACTS = (
    "kill-worker", "crash-database", "kill-database", "freeze-worker", "freeze-database", "slow-line", "cut-line",
    "fill-disk", "receiver-fails", "receiver-gone", "skew-clock", "command",
)  # fmt: skip
#: Characters that a fault's file may have.
LONGEST = 20_000


class FaultError(ValueError):
    """A fault that cannot be used; the text names the field, the value and the remedy."""


class Words(BaseModel):
    """A sentence in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    en: Annotated[str, Field(min_length=1)]
    zh: Annotated[str, Field(min_length=1)]


class Fault(BaseModel):
    """One fault. Times are in seconds.

    It begins ``after`` the load and lasts ``lasts`` (0: over in a moment); nothing is claimed from one that was shorter
    than ``asked``. ``stands_for`` is what the requirement calls it, None for a fault beyond the requirement.
    While it lasts, reads must ``go_on``; where it takes the ground of reading away they must ``resume`` after it.
    ``restores`` says who ends it: the ``bench``, or nobody but the target (``itself``).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
    title: Words
    because: Words
    act: str
    stands_for: str | None = None
    after: Annotated[float, Field(ge=0, le=3600)] = 3.0
    lasts: Annotated[float, Field(ge=0, le=86_400)]
    asked: Annotated[float, Field(ge=0, le=86_400)]
    reads: Literal["go_on", "resume"]
    restores: Literal["bench", "itself"]
    strength: Annotated[float, Field(gt=0)] | None = None
    begin: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _can_be_done(self) -> "Fault":
        if self.act not in ACTS:
            raise ValueError(f"act {self.act!r} is unknown: use {', '.join(ACTS)}")
        if self.stands_for is not None and self.stands_for not in ASKED:
            raise ValueError(f"stands_for {self.stands_for!r} is unknown: use {', '.join(ASKED)}")
        if (self.act == "command") != bool(self.begin and self.undo):
            raise ValueError("begin and undo belong to act 'command', and it needs both: programs with their words")
        return self

    def at(self, *, lasts: float | None = None, full: bool = False) -> "Fault":
        """Return the fault with another length: ``full`` as long as is asked; what is over in a moment stays so."""
        if not self.lasts:
            return self
        return self.model_copy(update={"lasts": self.asked if full else lasts or self.lasts})

    @property
    def long_enough(self) -> bool:
        """Whether something may be claimed from it."""
        return self.lasts >= self.asked


@cache
def shipped() -> tuple[Fault, ...]:
    """Return the shipped faults, the gravest last, so that those before are not judged on its ruins."""
    folder = files("loadtests").joinpath("faults")
    found = [one.read_text(encoding="utf-8") for one in sorted(folder.iterdir(), key=lambda one: one.name)]
    return tuple(sorted((parse(yaml.safe_load(text)) for text in found), key=lambda one: ACTS.index(one.act)))


def fault(name: str) -> Fault:
    """Return a shipped fault by name, or one from a YAML file; raises FaultError."""
    known = {one.name: one for one in shipped()}
    if name in known:
        return known[name]
    if not name.endswith((".yaml", ".yml")):
        raise FaultError(f"unknown fault {name!r}: use {', '.join(known)}, or a YAML file")
    try:
        text = Path(name).read_text(encoding="utf-8")
        if len(text) > LONGEST:
            raise FaultError(f"{name} has {len(text):,} characters: {LONGEST:,} at most")
        return parse(yaml.safe_load(text))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as wrong:
        why = " ".join(str(wrong).split())
        raise FaultError(f"{name} is no readable YAML file: {why}. See 'touchstone load fault list'.") from None


def parse(told: Any) -> Fault:
    """Return the fault that plain values describe; raises FaultError naming what is wrong."""
    try:
        return Fault.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the fault"
        shown = f" = {first['input']!r}" if first["loc"] and first["type"] != "missing" else ""
        raise FaultError(f"{where}{shown}: {first['msg'].removeprefix('Value error, ')}") from None


def missing(played: Sequence[Fault]) -> tuple[str, ...]:
    """Return what the requirement asks for and these faults do not stand for."""
    done = {one.stands_for for one in played}
    return tuple(one for one in ASKED if one not in done)
