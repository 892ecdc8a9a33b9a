"""The pulse of a target's processes is felt from outside, and what cannot be seen is not told as 0."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing

from loadtests.vitals import Vital
from poc.pulse import Pulse, roots_of
from poc.settings import Target


def ticking(step: float = 1.0) -> Iterator[float]:
    moment = 100.0
    while True:
        yield moment
        moment += step


def pulse(database=None) -> Pulse:
    ticks = ticking()
    return Pulse(dict, database, clock=lambda: next(ticks))


def burn() -> None:
    sum(place * place for place in range(200_000))


def test_a_process_tells_its_processor_from_the_second_look_on() -> None:
    felt, own = pulse(), {"server": (os.getpid(),)}
    felt.look(own)
    assert "server.cpu_percent" not in felt.latest
    assert felt.latest["server.memory_mb"] > 10
    burn()
    felt.look(own)
    assert 0 < felt.latest["server.cpu_percent"] < 100
    at = {(one.part, one.metric): one.second for one in felt.vitals(began=90.0)}
    assert at["server", "cpu_percent"] == 11.0


def test_a_process_that_is_not_there_is_not_told() -> None:
    felt = pulse()
    for _ in range(2):
        felt.look({"server": (2**22 + 1,), "database": ()})
    assert set(felt.latest) == {"machine.cpu_percent"}


def test_counts_of_a_database_become_rates_and_states_stay_as_they_are() -> None:
    looks = iter(
        [
            {"commits": 10, "rolled_back": 0, "hit": 100, "read": 0, "active": 1, "waiting": 0},
            {"commits": 60, "rolled_back": 1, "hit": 190, "read": 10, "active": 3, "waiting": 2},
            {},
        ]
    )
    felt = pulse(lambda: next(looks))
    felt.look({})
    assert felt.latest == {"database.active": 1, "database.waiting": 0}
    felt.look({})
    told = {name: value for name, value in felt.latest.items() if name.startswith("database")}
    assert told == {
        "database.commits": 50, "database.rolled_back": 1, "database.hit_share": 0.9, "database.active": 3,
        "database.waiting": 2,
    }  # fmt: skip
    felt.look({})
    assert set(felt.latest) == {"machine.cpu_percent"}


def test_what_somebody_else_knows_is_taken_down_beside_it() -> None:
    felt = pulse()
    felt.note("generator", "loop_ms", 3.5)
    assert felt.vitals(began=99.0) == (Vital(1.0, "generator", "loop_ms", 3.5),)


def test_it_looks_in_a_thread_until_it_is_ended() -> None:
    with Pulse(dict) as felt:
        felt.begin(os.getpid())
    assert any(one.part == "generator" for one in felt.vitals(began=0.0))


def target(url: str) -> Target:
    return Target(name="t", connector="reference", url=url)


def test_who_listens_at_the_door_of_a_target_is_found() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as door:
        port = door.getsockname()[1]
        assert roots_of(target(f"https://127.0.0.1:{port}")) == {"server": (os.getpid(),)}


def test_of_a_target_on_another_machine_nothing_is_looked_for() -> None:
    assert roots_of(target("https://crm.example")) == {}
