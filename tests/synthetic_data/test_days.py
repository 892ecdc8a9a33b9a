"""Calendar arithmetic on columns."""

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic_data import days
from synthetic_data.ground import years_before


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1904, 1, 1), date(2090, 12, 31)), st.integers(-40, 40))
def test_years_are_counted_as_on_the_calendar(day: date, years: int) -> None:
    later = days.years_later(np.array([days.of_date(day)]), years)
    assert later[0] == days.of_date(years_before(day, -years))


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1904, 1, 1), date(2090, 12, 31)))
def test_a_day_is_written_with_eight_digits(day: date) -> None:
    found = np.array([days.of_date(day)])
    assert days.written(found)[0] == int(f"{day:%Y%m%d}")
    assert days.years(found)[0] == day.year
