"""Deliveries: a receiver that was away for a night misses nothing, and one that is back is told within two minutes."""

from poc.reference_crm.operations.deliveries import MOST_ATTEMPTS, pause


def test_a_receiver_may_be_away_for_a_day_before_an_event_is_given_up() -> None:
    assert sum(pause(attempt) for attempt in range(1, MOST_ATTEMPTS)) > 86_000


def test_pauses_grow_from_ten_seconds_to_two_minutes_and_stay_there() -> None:
    assert [pause(attempt) for attempt in (1, 2, 3, 4, 5, 700)] == [10, 20, 40, 80, 120, 120]
