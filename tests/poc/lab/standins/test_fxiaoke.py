"""Fxiaoke: the stand-in says what the documents say: 200 to everything, ten tokens a minute, no offset past 10,000."""

from collections.abc import Mapping
from uuid import uuid4

import orjson
import pytest

from loadtests.contracts.published import Allowance
from poc.connectors.fxiaoke import FxiaokeConnector
from poc.lab.standins.fxiaoke import GRANT, Fxiaoke
from poc.lab.standins.serving import Asked, Said
from scenarios.port import BenchFault, Reply
from tests.doubles import QuietClock

SECRETS = {"appId": "A", "appSecret": "S", "permanentCode": "P", "grantType": "app_secret"}
QUERY = "/cgi/crm/v2/data/query"


class Tenant:
    """A tenant, and a client that speaks to it by hand."""

    def __init__(self, limits: tuple[Allowance, ...] | None = None) -> None:
        self.clock = QuietClock()
        self.vendor = Fxiaoke(("A", "S", "P"), frozenset({"1000"}), limits=limits, now=self.clock.at)
        self.token = ""

    def ask(self, path: str, told: Mapping[str, object], trace: str = "") -> Said:
        headers = {"authorization": f"Bearer {self.token}", "x-fs-ea": "standin", "x-fs-userid": "1000"}
        query = {"thirdTraceId": trace or str(uuid4())}
        return self.vendor.answer(
            Asked(method="POST", path=path, query=query, headers=headers, body=orjson.dumps(told))
        )

    def code(self, path: str, told: Mapping[str, object], trace: str = "") -> int:
        said = self.ask(path, told, trace)
        assert said.status == 200
        assert isinstance(said.told, dict)
        return int(said.told["errorCode"])

    def enter(self) -> "Tenant":
        said = self.ask(GRANT, SECRETS).told
        assert isinstance(said, dict)
        self.token = said["accessToken"]
        return self


def rows(offset: int = 0, limit: int = 5) -> dict[str, object]:
    return {"data": {"dataObjectApiName": "AccountObj", "search_query_info": {"offset": offset, "limit": limit}}}


def meaning(said: Said) -> Reply:
    return Reply(status=said.status, headers={}, body=orjson.dumps(said.told))


def test_a_load_test_that_reads_the_status_line_only_would_count_every_throttled_call_as_fine() -> None:
    tenant = Tenant((Allowance(kind="window", requests=3, seconds=20, per="interface"),)).enter()
    said = [tenant.ask(QUERY, rows()) for _ in range(10)]
    assert {one.status for one in said} == {200}
    waits = [FxiaokeConnector().throttle_of(meaning(one)) for one in said]
    assert waits == [None] * 3 + [20.0] * 7


def test_the_window_slides() -> None:
    tenant = Tenant((Allowance(kind="window", requests=1, seconds=20, per="interface"),)).enter()
    assert [tenant.code(QUERY, rows()), tenant.code(QUERY, rows())] == [0, 14001]
    tenant.clock.sleep(20)
    assert tenant.code(QUERY, rows()) == 0


def test_a_day_that_is_used_up_is_the_tenants_bill_and_not_the_products_fault() -> None:
    tenant = Tenant((Allowance(kind="day", requests=1),)).enter()
    tenant.ask(QUERY, rows())
    said = tenant.ask(QUERY, rows())
    with pytest.raises(BenchFault, match="resume the run after midnight"):
        FxiaokeConnector().throttle_of(meaning(said))


def test_a_token_ends_after_two_hours() -> None:
    tenant = Tenant().enter()
    tenant.clock.sleep(7199)
    assert tenant.code(QUERY, rows()) == 0
    tenant.clock.sleep(1)
    said = tenant.ask(QUERY, rows())
    refusal = FxiaokeConnector().error_of(meaning(said))
    assert refusal is not None
    assert (refusal.reason, refusal.status) == ("unauthenticated", 200)


def test_eleven_tokens_in_a_minute_are_one_too_many() -> None:
    tenant = Tenant()
    assert [tenant.code(GRANT, SECRETS) for _ in range(11)] == [0] * 10 + [14001]


def test_a_call_needs_a_name_that_none_had_before() -> None:
    tenant = Tenant().enter()
    once = str(uuid4())
    assert [tenant.code(QUERY, rows(), once), tenant.code(QUERY, rows(), once)] == [0, 15002]
    assert tenant.code(QUERY, rows(), "not-a-uuid") == 15002


@pytest.mark.parametrize(
    ("path", "told", "code"),
    [
        (QUERY, rows(offset=10_001), 10013),
        (QUERY, rows(limit=101), 32000),
        ("/cgi/crm/v2/data/nothing", rows(), 10006),
        ("/cgi/crm/custom/v2/data/query", rows(), 15002),
    ],
)
def test_what_is_wrong_stands_in_the_code(path: str, told: Mapping[str, object], code: int) -> None:
    assert Tenant().enter().code(path, told) == code
