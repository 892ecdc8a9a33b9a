"""Conditions: hours on the bank's clock, networks of the true address, branches, tiers up to and including one."""

from datetime import UTC, datetime, time
from ipaddress import ip_network
from zoneinfo import ZoneInfo

import pytest

from poc.reference_crm.domain.conditions import Condition, Window, closed_tiers, within

SHANGHAI = ZoneInfo("Asia/Shanghai")
TIERS = ("mass", "affluent", "private")


def condition(**parts: object) -> Condition:
    told = {"number": "R1", "name": "x", "operations": frozenset({"customer.get"}), "roles": frozenset({"agent"})}
    return Condition(**(told | parts))  # type: ignore[arg-type]


def holds(one: Condition, *, utc: str = "01:00", address: str = "10.0.0.1", branch: str = "BR01") -> bool:
    at = datetime.combine(datetime(2026, 3, 2, tzinfo=UTC), time.fromisoformat(utc), tzinfo=UTC)
    return one.holds(branch=branch, address=address, at=at, zone=SHANGHAI)


@pytest.mark.parametrize(("utc", "met"), [("01:00", True), ("00:59", False), ("08:59", True), ("09:00", False)])
def test_hours_are_those_of_the_banks_clock_the_last_one_excluded(utc: str, met: bool) -> None:
    assert holds(condition(hours=Window(opens=time(9), closes=time(17))), utc=utc) is met


@pytest.mark.parametrize(("utc", "met"), [("15:00", True), ("20:00", True), ("01:00", False)])
def test_hours_may_reach_over_midnight(utc: str, met: bool) -> None:
    assert holds(condition(hours=Window(opens=time(22), closes=time(6))), utc=utc) is met


@pytest.mark.parametrize(
    ("address", "inside"),
    [("10.9.8.7", True), ("::ffff:10.9.8.7", True), ("11.0.0.1", False), ("-", False), ("10.9.8.7, 1.2.3.4", False)],
)
def test_an_address_lies_in_a_network_or_not_and_nonsense_never(address: str, inside: bool) -> None:
    assert within(address, (ip_network("10.0.0.0/8"), ip_network("fc00::/7"))) is inside


def test_all_parts_of_a_condition_must_hold() -> None:
    both = condition(hours=Window(opens=time(9), closes=time(17)), branches=frozenset({"BR02"}))
    assert not holds(both)
    assert holds(both, branch="BR02")


def test_tiers_are_open_up_to_and_including_the_highest_and_the_narrowest_rule_counts() -> None:
    wide, narrow = condition(tier_up_to="affluent"), condition(tier_up_to="mass")
    assert closed_tiers((wide,), "agent", TIERS) == ("private",)
    assert closed_tiers((wide, narrow), "agent", TIERS) == ("affluent", "private")
    assert closed_tiers((narrow,), "manager", TIERS) == ()
