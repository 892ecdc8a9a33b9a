"""A load run is followed second by second, and standard output stays clean."""

import pytest

from poc.cli.gauges import bars, gauge


def test_small_bars_show_proportions_and_leave_gaps() -> None:
    assert bars([0, 5, None, 10]) == "▁▅ █"
    assert bars([0, 0]) == "▁▁"
    assert bars([]) == ""


def test_a_log_gets_a_line_every_ten_seconds_with_the_worst(capsys: pytest.CaptureFixture[str]) -> None:
    with gauge("load on good", 20) as second:
        for number in range(20):
            second({"second": number, "requests": 7, "errors": int(number == 3), "p99_ms": None if number else 12.4})
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        "load on good: 10 of 20 s, 70 requests, 1 errors, worst p99 of a second 12 ms",
        "load on good: 20 of 20 s, 70 requests, 0 errors, worst p99 of a second –",
    ]


def test_machines_are_told_nothing_meanwhile(capsys: pytest.CaptureFixture[str]) -> None:
    with gauge("load", 20, quiet=True) as second:
        second({"second": 9, "requests": 7, "errors": 0, "p99_ms": 1.0})
    assert capsys.readouterr().err == ""
