"""Memory recalls a version only, forgets what is old, and never grows beyond its bounds."""

from itertools import count

from poc.reference_crm import memory
from poc.reference_crm.domain.matching import Match
from poc.reference_crm.memory import SCANS, Memory


def test_only_the_very_version_is_recalled():
    known = Memory(lambda: 0.0)
    known.keep("customers", "agent", "C1", 7, {"name": "Ann"})
    assert known.recall("customers", "agent", "C1", 7) == {"name": "Ann"}
    assert known.recall("customers", "agent", "C1", 8) is None
    assert known.recall("customers", "teller", "C1", 7) is None
    assert known.recall("accounts", "agent", "C1", 7) is None


def test_what_was_not_asked_for_is_forgotten():
    moment = [0.0]
    known = Memory(lambda: moment[0])
    for step in range(4):
        known.keep("customers", "agent", f"C{step}", 1, {})
        moment[0] += memory.SECONDS
    assert known.recall("customers", "agent", "C3", 1) == {}
    assert known.recall("customers", "agent", "C0", 1) is None


def test_memory_is_bounded():
    known = Memory(lambda: 0.0)
    numbers = [f"C{number}" for number in range(3 * memory.MOST)]
    for number, version in zip(numbers, count()):
        known.keep("customers", "agent", number, version, {})
    kept = sum(known.recall("customers", "agent", number, version) == {} for number, version in zip(numbers, count()))
    assert memory.MOST <= kept <= 2 * memory.MOST


def test_scans_for_doubles_are_remembered_by_how_the_rows_stand_and_the_oldest_goes_first() -> None:
    memory, found = Memory(lambda: 0.0), [Match(first="C1", second="C2", score=0.9)]
    assert memory.doubles("3:17") is None
    memory.keep_doubles("3:17", found)
    assert memory.doubles("3:17") is found
    for standing in range(SCANS):
        memory.keep_doubles(f"4:{standing}", [])
    assert memory.doubles("3:17") is None
