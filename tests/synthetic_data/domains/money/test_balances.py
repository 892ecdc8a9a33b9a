"""Money that is moved on so that balances come out."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic_data.chance import Chance
from synthetic_data.domains.money.balances import Rules, in_order, moved_on
from synthetic_data.domains.money.postings import post, together

MOVES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 10**6), st.integers(-(10**6), 10**6).filter(bool)),
    min_size=1,
    max_size=40,
)


def rules(final: list[int], step: int) -> Rules:
    count = len(final)
    return Rules(
        final=np.array(final),
        floor=np.array([f // 2 for f in final]),
        step=np.full(count, step),
        more=np.zeros(count, np.int64),
        until=np.zeros(count, np.int64),
        ends=np.full(count, 2 * 10**6),
    )


@given(MOVES, st.lists(st.integers(0, 10**6), min_size=4, max_size=4), st.integers(1, 10**5))
@settings(max_examples=80, deadline=None)
def test_whatever_moves_no_balance_falls_below_its_floor(
    moves: list[tuple[int, int, int]], final: list[int], step: int
) -> None:
    account, at, cents = (np.array(column) for column in zip(*moves, strict=True))
    flows = post(account, at, cents, "purchase", "app")
    flows = flows.where(in_order(flows, 0))
    told = rules(final, step)
    gone = moved_on(flows, told, Chance(1, 0, "gone"))
    assert (gone.cents < 0).all()
    assert (gone.cents % step == 0).all()
    whole = together([flows, gone])
    whole = whole.where(in_order(whole, 0))
    for mine in range(4):
        back = np.array(final[mine]) - np.append(0, np.cumsum(whole.cents[whole.account == mine][::-1]))
        assert back.min() >= final[mine] // 2


def test_what_came_goes_on_within_a_day_and_a_half_and_before_anything_else_moves() -> None:
    flows = post(np.array([0, 0]), np.array([1000, 900_000]), np.array([5_000, -100]), "salary", "system")
    gone = moved_on(flows, rules([0], 1_000), Chance(1, 0, "gone"))
    assert gone.cents.tolist() == [-5_000]
    assert 1000 <= gone.at[0] <= 1000 + 36 * 3600


def test_nothing_moves_on_where_nothing_moves() -> None:
    none = post(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), "salary", "system")
    assert moved_on(none, rules([5], 1), Chance(1, 0, "gone")).rows == 0
