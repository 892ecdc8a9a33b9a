"""Clockwork: a clock is moved forward only, and one that cannot be moved ends the story honestly."""

from datetime import datetime, timedelta
from typing import cast

import pytest

from scenarios.actors import Actor
from scenarios.crm import CRM, Answer
from scenarios.library.clockwork import advance_to, now
from scenarios.verdict import NotTestable
from tests.scenarios.library.answering import at, no, yes


class Tower:
    """A target that is a clock."""

    def __init__(self, *, fixed: bool = False) -> None:
        self.moment, self.fixed, self.moved = at(10), fixed, 0

    def acting_as(self, actor: Actor) -> "Tower":
        return self

    def now(self) -> Answer[datetime]:
        return yes(self.moment)

    def advance(self, by: timedelta) -> Answer[datetime]:
        if self.fixed:
            return no("unsupported", 403)
        self.moment, self.moved = self.moment + by, self.moved + 1
        return yes(self.moment)


def test_a_clock_is_moved_to_the_moment_and_never_back() -> None:
    tower = Tower()
    advance_to(cast(CRM, tower), at(12))
    advance_to(cast(CRM, tower), at(11))
    assert now(cast(CRM, tower)) == at(12)
    assert tower.moved == 1


def test_a_clock_that_cannot_be_moved_is_not_testable() -> None:
    with pytest.raises(NotTestable, match="trial clock"):
        advance_to(cast(CRM, Tower(fixed=True)), at(12))
