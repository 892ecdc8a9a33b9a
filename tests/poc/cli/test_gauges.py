"""A load run is followed second by second, and standard output stays clean."""

from io import StringIO

import pytest
from rich.console import Console

from poc.cli.gauges import bars, drawn, gauge


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


def test_who_watches_sees_each_figure_that_is_told_and_no_other() -> None:
    screen = Console(file=StringIO(), width=100, force_terminal=True, color_system=None)
    with drawn("load on good", 20, screen) as second:
        second({"clock": 1.0})
        second(
            {
                "second": 3, "requests": 41, "errors": 0, "p99_ms": 12.4, "released": 90, "finished": 88,
                "vitals": {"server.cpu_percent": 63.0},
            }
        )  # fmt: skip
    told = screen.file.getvalue()
    assert "41/s" in told
    assert "12 ms" in told
    assert "server CPU" in told
    assert "63 %" in told
    assert "database CPU" not in told
