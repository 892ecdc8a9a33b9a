"""Day: who opens which screens when, from heads and hours; the same seed opens them at the same milliseconds."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from loadtests.contracts.published import ContractError, Part, checked, parsed

HOURS, HOUR = 24, 3_600_000
Hours = Annotated[tuple[Annotated[float, Field(ge=0)], ...], Field(min_length=HOURS, max_length=HOURS)]


class Role(Part):
    """People of one kind: how many visits each head makes, which screens a visit opens, with which account."""

    heads: str
    each: Annotated[float, Field(ge=0)]
    screens: Annotated[tuple[str, ...], Field(min_length=1)]
    pause: Annotated[float, Field(ge=0)]
    account: Literal["own", "shared"]
    hours: str


class Kind(Part):
    """A kind of day: at some hours some roles come so many times as often."""

    at: tuple[Annotated[int, Field(ge=0, lt=HOURS)], ...] = ()
    roles: Mapping[str, Annotated[float, Field(ge=0)]] = {}


class Habits(Part):
    """How a bank's channels use a CRM."""

    interfaces: Mapping[str, Annotated[float, Field(ge=0)]]
    screens: Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]]
    roles: Mapping[str, Role]
    hours: Mapping[str, Hours]
    days: Mapping[str, Kind]

    @model_validator(mode="after")
    def _holds_together(self) -> "Habits":
        for screen, calls in self.screens.items():
            if unknown := set(calls) - self.interfaces.keys():
                raise ValueError(f"screen {screen} calls unknown interfaces {', '.join(sorted(unknown))}")
        for name, role in self.roles.items():
            if unknown := set(role.screens) - self.screens.keys():
                raise ValueError(f"role {name} opens unknown screens {', '.join(sorted(unknown))}")
            if role.hours not in self.hours or not sum(self.hours[role.hours]):
                raise ValueError(f"role {name} keeps unknown or empty hours {role.hours}")
        return self


def habits(path: Path | None = None) -> Habits:
    """Return the shipped habits, or those of a file; raises ContractError."""
    return checked(Habits, parsed(path, "day.toml"), str(path or "day.toml"))


class Call(NamedTuple):
    """A call of a screen: which interface, how long it takes (ms), the screen's place in the visit, and its last."""

    interface: str
    takes: int
    screen: str
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody comes at a moment (ms from midnight), with an account, and makes calls one after the other."""

    at: int
    role: str
    account: str
    calls: tuple[Call, ...]
    pause: int  # ms between two screens


def visits(kept: Habits, heads: Mapping[str, int], kind: str, *, accounts: int = 1, seed: int = 0) -> Iterator[Visit]:
    """Yield the visits of a day, role by role; ``accounts`` are shared by those who do not sign in themselves.

    ``heads`` tells how many there are of each kind. Raises ContractError for an unknown kind of day.
    """
    if kind not in kept.days:
        raise ContractError(f"day {kind!r} is unknown: use {', '.join(sorted(kept.days))}")
    for name, role in kept.roles.items():
        crowd = heads.get(role.heads, 0)
        calls = tuple(_calls(kept, role))
        for number, at in enumerate(_moments(kept, role, name, crowd, kept.days[kind], seed)):
            who = f"{name}/{number % (crowd if role.account == 'own' else accounts)}"
            yield Visit(at, name, who, calls, round(role.pause * 1000))


def _calls(kept: Habits, role: Role) -> Iterator[Call]:
    for screen in role.screens:
        asked = kept.screens[screen]
        for place, interface in enumerate(asked):
            takes = round(kept.interfaces[interface] * 1000)
            yield Call(interface, takes, screen, place == 0, place == len(asked) - 1)


def _moments(kept: Habits, role: Role, name: str, crowd: int, kind: Kind, seed: int) -> Iterator[int]:
    hours = kept.hours[role.hours]
    for hour, weight in enumerate(hours):
        surge = kind.roles.get(name, 1.0) if hour in kind.at else 1.0
        expected = round(crowd * role.each * weight / sum(hours) * surge)
        draw = random.Random(f"{seed}/{name}/{hour}")
        yield from sorted(hour * HOUR + draw.randrange(HOUR) for _ in range(expected))
