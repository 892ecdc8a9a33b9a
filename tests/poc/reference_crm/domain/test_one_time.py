"""One time: the codes are those of RFC 6238, and pass near their moment only."""

from datetime import UTC, datetime, timedelta

import pytest

from poc.reference_crm.domain.one_time import code, matching, step_of

SECRET = b"12345678901234567890"
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(seconds: int, expected: str) -> None:
    assert code(SECRET, step_of(datetime.fromtimestamp(seconds, UTC))) == expected


@pytest.mark.parametrize(("ahead", "passes"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_passes_one_period_early_or_late(ahead: int, passes: bool) -> None:
    given = code(SECRET, step_of(NOW + timedelta(seconds=ahead)))
    assert (matching(SECRET, given, NOW) is not None) == passes
