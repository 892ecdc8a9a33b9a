"""Misuse: six rules, each fires on what it is for and on nothing less."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from poc.reference_crm.domain.misuse import Deed, Rule, Watch, amended, written

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)  # noon in Shanghai
READ = Deed(at=NOON, who="rm", action="customer.read", subject="customers/C1", home="B1", branch="B1", tier="mass")


def fired(name: str, deeds: list[Deed], **settings: object) -> list[int]:
    watch = Watch([amended(written()[name], settings)], ZONE)
    return [alarm.count for deed in deeds for alarm in watch.see(deed)]


def deeds(count: int, **told: object) -> list[Deed]:
    fields = {name: getattr(READ, name) for name in READ.__dataclass_fields__} | told
    return [
        Deed(**{**fields, "at": fields["at"] + timedelta(seconds=place), "subject": f"customers/C{place}"})
        for place in range(count)
    ]


def test_exports_add_up_within_a_day_and_no_longer() -> None:
    export = {"action": "customer.exported", "records": 60}
    assert fired("bulk-export", deeds(2, **export), most=100) == [120]
    late = [*deeds(1, **export), *deeds(1, **export, at=NOON + timedelta(days=1))]
    assert fired("bulk-export", late, most=100) == []


@pytest.mark.parametrize(("hour", "tier", "fires"), [(20, "private", True), (20, "mass", False), (4, "private", False)])
def test_prominent_customers_are_guarded_at_night_by_the_banks_clock(hour: int, tier: str, fires: bool) -> None:
    night = deeds(6, at=NOON.replace(hour=hour), tier=tier)
    assert bool(fired("night-browsing", night)) is fires
    assert fired("night-browsing", night[:5]) == []


def test_customers_of_other_branches_count_once_each_and_never_for_the_whole_bank() -> None:
    assert fired("foreign-customers", deeds(21, branch="B2")) == [21]
    assert fired("foreign-customers", deeds(1, branch="B2") * 30) == []
    assert fired("foreign-customers", deeds(30, branch="B2", home="")) == []


def test_a_leaver_is_known_by_the_last_day() -> None:
    export = {"action": "customer.exported", "records": 1}
    assert fired("leavers-export", deeds(1, **export, leaves_on=date(2026, 4, 1))) == [1]
    assert fired("leavers-export", deeds(1, **export, leaves_on=date(2026, 4, 8))) == []
    assert fired("leavers-export", deeds(1, **export)) == []


def test_deciding_on_ones_own_request_and_entering_again_and_again_are_told_once_a_window() -> None:
    assert fired("conflicting-duties", deeds(3, action="access.denied", own=True)) == [1]
    assert fired("shared-account", deeds(4, action="login.ok")) == [4]
    assert fired("shared-account", deeds(3, action="login.ok")) == []


def test_a_rule_that_is_set_anew_counts_anew() -> None:
    rule = Rule(name="shared-account", says="", most=1, minutes=5)
    watch = Watch([rule], ZONE)
    assert [bool(watch.see(deed)) for deed in deeds(3, action="login.ok")] == [False, True, False]
    watch.rule_anew([rule])
    assert watch.see(deeds(1, action="login.ok")[0]) == []
    watch.rule_anew([amended(rule, {"most": 0})])
    assert [alarm.count for alarm in watch.see(deeds(1, action="login.ok")[0])] == [1]
