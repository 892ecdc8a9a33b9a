"""Isolation: what a judge makes of traces that crossed, and of a neighbour's load."""

from typing import Any

import pytest

from scenarios.library.security import isolation
from scenarios.library.security.isolation import Seen, Trace
from scenarios.oversight import Tenant
from scenarios.port import Unsupported
from scenarios.verdict import NotProven

CALM = (0.010,) * 20
OURS, THEIRS = Tenant(name="", store="a", key="1"), Tenant(name="t", store="b", key="2")


def seen(**changes: Any) -> Seen:
    good = Seen((), {"entities": 20, "branches": 9, "walls": 7}, (OURS, THEIRS), (CALM, CALM), (CALM, CALM))
    return good._replace(**changes)


def test_where_nothing_crosses_every_check_passes() -> None:
    for check in isolation.entities_branches_and_walls_are_probed.checks:
        assert check.judge(seen()).passed, check.name


@pytest.mark.parametrize("kind", ["record", "count", "metadata"])
def test_each_kind_of_trace_fails_its_own_check_alone(kind: str) -> None:
    crossed = seen(traces=(Trace(kind, "somewhere"),))
    failed = [
        one.name for one in isolation.entities_branches_and_walls_are_probed.checks if not one.judge(crossed).passed
    ]
    assert failed == [f"no_{kind}_crosses"]


def test_a_neighbour_is_felt_beyond_fifty_milliseconds_only() -> None:
    slow, slower = (0.055,) * 20, (0.090,) * 20
    assert isolation.a_neighbour_is_not_felt(seen(loud=(slow, slow))).passed
    felt = isolation.a_neighbour_is_not_felt(seen(loud=(slower, slower)))
    assert not felt.passed
    assert felt.measures["neighbour_drift_share"] == pytest.approx(3.0)
    with pytest.raises(NotProven, match="drifted by"):
        isolation.a_neighbour_is_not_felt(seen(quiet=(CALM, slower)))


def test_one_key_and_one_store_for_all_are_not_apart_and_no_entity_is_no_offer() -> None:
    same = (OURS, Tenant(name="t", store="a", key="1"))
    assert not isolation.a_tenant_may_have_its_own_key_or_store(seen(tenants=same)).passed
    keyed = (OURS, Tenant(name="t", store="a", key="2"))
    assert isolation.a_tenant_may_have_its_own_key_or_store(seen(tenants=keyed)).passed
    for check in (isolation.a_tenant_may_have_its_own_key_or_store, isolation.a_neighbour_is_not_felt):
        with pytest.raises(Unsupported):
            check(seen(tenants=(), quiet=(), loud=()))
