"""A day against quotas is drawn by screen and half hour, in both languages."""

import pytest

from loadtests.contracts.published import contract
from poc.pressure.stalling import stalling
from poc.quotas import quota_day
from poc.words import LANGUAGES, words

HEADS = {"teller": 20, "rm": 20, "manager": 2, "agent": 10, "customer": 3000}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_screen_that_stalls_is_a_row_whose_cells_are_shares(language: str) -> None:
    day = quota_day(contract("fxiaoke"), HEADS, "salary-day", packs=0)
    assert day.stalling, "nothing stalls, so nothing is tried here"
    (heat,) = stalling(day, words(language)).data
    assert len(heat.y) == len(day.stalling)
    seen = [share for row in heat.z for share in row if share is not None]
    assert max(seen) > 0
    assert all(0 <= share <= 1 for share in seen)
