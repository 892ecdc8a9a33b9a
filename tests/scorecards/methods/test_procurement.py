"""Procurement: the legal formula, and the paradox that it carries."""

import pytest

from scorecards.methods.procurement import Bid, lowest_price_first, paradoxes, price_points, quality_to_money
from scorecards.methods.tables import TableError

A, B, C = (
    Bid(name="A", price=100, quality=60),
    Bid(name="B", price=130, quality=66),
    Bid(name="C", price=60, quality=40),
)


def half(bid):
    """The textbook case counts quality out of 60 of 100 points, and price out of 30."""
    return Bid(name=bid.name, price=bid.price, quality=bid.quality / 0.7)


def test_a_cheap_bid_that_cannot_win_decides_who_does():
    """Quality 60 and 66, prices 100 and 130: A leads by 90.0 to 89.1; with C beside them B leads by 79.8 to 78.0."""
    without = lowest_price_first([half(A), half(B)], price_share=0.30)
    beside = lowest_price_first([half(A), half(B), half(C)], price_share=0.30)
    assert (without["A"], without["B"]) == pytest.approx((90.0, 89.08), abs=0.01)
    assert (beside["A"], beside["B"]) == pytest.approx((78.0, 79.85), abs=0.01)
    seen = paradoxes([half(A), half(B), half(C)], price_share=0.30)
    assert [(one.present, one.ahead_without, one.ahead_with) for one in seen] == [("C", "A", "B")]


def test_one_bid_is_no_paradox_and_equal_bids_are_equal():
    assert paradoxes([A], price_share=0.3) == ()
    assert lowest_price_first([A], price_share=0.3) == {"A": pytest.approx(72)}


@pytest.mark.parametrize(
    ("bids", "share", "told"),
    [
        ([A, B], 0.2, "outside 0.3..1 for goods"),
        ([Bid(name="A", price=0, quality=1)], 0.3, "price 0 is not positive"),
        ([Bid(name="A", price=1, quality=101)], 0.3, "quality 101"),
        ([A, A], 0.3, "name of its own"),
        ([], 0.3, "at least one"),
    ],
)
def test_odd_bids_are_refused(bids, share, told):
    with pytest.raises(TableError, match=told):
        lowest_price_first(bids, price_share=share)


def test_prices_between_fixed_anchors_know_nothing_of_other_bids():
    assert [price_points(price, target=50, most=100) for price in (40, 50, 75, 100, 200)] == [5, 5, 2.5, 0, 0]
    with pytest.raises(TableError, match="target"):
        price_points(1, target=5, most=5)


def test_quality_is_paid_for_by_the_point():
    assert quality_to_money(100, {"SEC": 4}, {"SEC": 5}) == 80
    with pytest.raises(TableError, match="'UX' has none"):
        quality_to_money(100, {"UX": 4}, {"SEC": 5})
