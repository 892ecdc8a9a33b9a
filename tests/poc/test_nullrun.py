"""The generator is held against a server that does nothing, once for all runs that one trial stands for."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from loadtests.crew import crew
from loadtests.result import load as stored
from loadtests.workload import workload
from poc.nullrun import Floors, Kind, asked, ceiling, floor_for, floor_of, machine, nullrun
from tests.loadtests.pressed import HEALTHY, pressed
from tests.loadtests.test_floor import floor

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def ran(rate: float = 300.0, ms: float = 1.0, **change: object):
    return pressed(asked(Kind("raw", True), rate), lambda at: (round(rate), ms, 0), **change)


@pytest.mark.slow
def test_a_server_that_does_nothing_is_pressed_over_tls_and_shows_the_generators_own_latency() -> None:
    seen = nullrun(Kind("raw", True), 100.0)
    assert seen.carried
    assert seen.rate == 100.0
    assert seen.p50_ms is not None
    assert seen.p99_ms is not None
    assert 0 < seen.p50_ms <= seen.p99_ms


def test_what_was_not_answered_not_released_or_made_late_was_not_carried() -> None:
    def refused(**change: object) -> str:
        return floor_of(ran(**change), Kind("raw", True), 300.0).refused

    assert refused() == ""
    assert refused(dropped=400) == "1,200 of 1,600 were answered"
    assert refused(finished=900) == "900 of 1,200 were answered"
    assert refused(generator={**HEALTHY, "cpu_p95_percent": 97.0}) == "97 % of a processor"
    assert refused(generator={**HEALTHY, "dispatch_lag_p99_ms": 2400.0}) == "arrivals were 2,400 ms late"


def test_a_busy_machine_carries_a_rate_and_tells_no_floor() -> None:
    seen = floor_of(ran(generator={**HEALTHY, "loop_lag_p99_ms": 30.0}), Kind("raw", True), 300.0)
    assert seen.carried
    assert seen.disturbed == "loop_lag_p99_ms 30.0 > 20"
    assert seen.at(0.99) is None


def test_the_nearest_floor_above_a_rate_is_found_again_until_it_is_old(tmp_path: Path) -> None:
    known = Floors(tmp_path / "cache" / "floors.json")
    assert known.find("m", Kind("raw", True), 100, NOW) is None
    for rate in (1000.0, 500.0, 2000.0):
        known.keep(floor(rate=rate))
    known.keep(floor(rate=4000.0, refused="97 % of a processor"))  # is known, and stands for nothing
    known.keep(floor(rate=500.0, p50_ms=0.4))
    found = known.find("m", Kind("raw", True), 300, NOW)
    assert found is not None
    assert (found.rate, found.p50_ms) == (500.0, 0.4)
    assert known.find("m", Kind("raw", True), 3000, NOW) is None
    assert [one.rate for one in known.of("m", Kind("raw", True), NOW)] == [500, 1000, 2000, 4000]
    for other in (Kind("fast", True), Kind("raw", False), Kind("raw", True, 2)):
        assert known.find("m", other, 300, NOW) is None
    assert known.find("another machine", Kind("raw", True), 300, NOW) is None
    assert known.find("m", Kind("raw", True), 300, NOW + timedelta(days=31)) is None


def test_the_most_that_is_carried_is_known_once_something_was_too_much(tmp_path: Path) -> None:
    known, said = Floors(tmp_path / "floors.json"), list[str]()
    now = datetime.now(UTC).isoformat()
    for rate, refused in ((2000.0, ""), (4000.0, "97 % of a processor")):
        known.keep(floor(machine=machine(), rate=rate, refused=refused, measured=now))
    found = ceiling(Kind("raw", True), known, 3000, said.append)
    assert found is not None
    assert (found.rate, said) == (2000.0, [])


def test_a_spoilt_file_of_floors_is_as_good_as_none(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    path.write_text("[{", "utf-8")
    assert Floors(path).find("m", Kind("raw", True), 1, NOW) is None
    Floors(path).keep(floor())
    assert len(json.loads(path.read_text("utf-8"))) == 1


def test_a_closed_crowd_and_workers_elsewhere_have_no_floor_here(tmp_path: Path) -> None:
    known = Floors(tmp_path / "floors.json")
    closed = workload("bank-peak").model_copy(update={"arrivals": "closed"})
    assert floor_for(closed, "https://127.0.0.1:1", known) is None
    assert floor_for(workload("bank-peak"), "https://127.0.0.1:1", known, gathered=crew(1, 1)) is None


def test_a_result_keeps_the_floor_that_it_was_judged_with(tmp_path: Path) -> None:
    ran(floor=floor()).write(tmp_path)
    assert stored(tmp_path).floor == floor()
