"""Scenario: a story that plays once on a CRM, and the judgements of what was seen.

The function's name is the id, the first line of its docstring the sentence that the committee reads. Checks are
declared before anything runs, so each yields exactly one piece of evidence whatever happens, and can be judged again
from stored exchanges.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar, overload

from scenarios.crm import CRM
from scenarios.evidence import Grade
from scenarios.verdict import Verdict
from synthetic_data.bank import Bank

S = TypeVar("S")


def _sentence(function: Callable[..., object]) -> str:
    text = (function.__doc__ or "").strip().splitlines()
    if not text:
        raise TypeError(f"{function.__name__} has no docstring: its first line is what the committee reads")
    return text[0].strip()


@dataclass(frozen=True, slots=True)
class Check(Generic[S]):
    """One judgement of what was seen; a failed ``harm`` makes the whole criterion 0."""

    name: str
    sentence: str
    judge: Callable[[S], Verdict]
    harm: bool = False
    grade: Grade = Grade.BLACK_BOX


@dataclass(frozen=True, slots=True, kw_only=True)
class FullSize(Generic[S]):
    """A story in the whole size or time that its requirement names: how it is played, what is more, and its seconds.

    After ``seconds`` it is cut off, where that is later than any other story would be.
    """

    play: Callable[[CRM, Bank], S]
    told: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Scenario(Generic[S]):
    """A story for one criterion with its checks; ``heavy`` ones are told to be long, so that they run last.

    ``full`` is how it is played where time is no object; ``patience`` the seconds it needs at most, 0 for the usual.
    """

    criterion: str
    name: str
    sentence: str
    play: Callable[[CRM, Bank], S]
    heavy: bool = False
    checks: list[Check[S]] = field(default_factory=list)
    full: FullSize[S] | None = None
    patience: float = 0.0

    def in_full(self) -> "Scenario[S]":
        """Return the story in its whole size or time: itself where it has no other."""
        if self.full is None:
            return self
        return replace(self, play=self.full.play, heavy=True, patience=self.full.seconds)

    def check(self, judge: Callable[[S], Verdict]) -> Callable[[S], Verdict]:
        """Declare a judgement (decorator); the function stays callable, so that tests can judge without a CRM."""
        self.checks.append(Check(judge.__name__, _sentence(judge), judge))
        return judge

    def deep(self, judge: Callable[[S], Verdict]) -> Callable[[S], Verdict]:
        """Declare a judgement of what was seen behind the interface (grade E4)."""
        self.checks.append(Check(judge.__name__, _sentence(judge), judge, grade=Grade.WHITE_BOX))
        return judge

    def deep_harm(self, judge: Callable[[S], Verdict]) -> Callable[[S], Verdict]:
        """Declare a judgement of what was seen behind the interface whose failure nothing makes up for."""
        self.checks.append(Check(judge.__name__, _sentence(judge), judge, harm=True, grade=Grade.WHITE_BOX))
        return judge

    def harm(self, judge: Callable[[S], Verdict]) -> Callable[[S], Verdict]:
        """Declare a judgement whose failure no count of passes makes up for (leak, loss, corruption, unlawful act)."""
        self.checks.append(Check(judge.__name__, _sentence(judge), judge, harm=True))
        return judge


@overload
def scenario(criterion: str, *, heavy: bool = False) -> Callable[[Callable[[CRM, Bank], S]], Scenario[S]]: ...
@overload
def scenario(
    criterion: str, *, heavy: bool = False, full: FullSize[S]
) -> Callable[[Callable[[CRM, Bank], S]], Scenario[S]]: ...
def scenario(
    criterion: str, *, heavy: bool = False, full: FullSize[S] | None = None
) -> Callable[[Callable[[CRM, Bank], S]], Scenario[S]]:
    """Make a scenario of a function ``(crm, bank) -> seen`` that answers to one criterion."""

    def declare(play: Callable[[CRM, Bank], S]) -> Scenario[S]:
        return Scenario(criterion, play.__name__, _sentence(play), play, heavy, full=full)

    return declare
