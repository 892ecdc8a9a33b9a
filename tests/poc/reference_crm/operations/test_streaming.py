"""Tests of the stream: it begins after an entry, follows what comes, and is for auditors."""

import asyncio

import orjson
import pytest

from poc.reference_crm.operations import streaming
from tests.poc.reference_crm.counter import Counter, opened

pytestmark = pytest.mark.pg


def test_what_happens_meanwhile_comes_in_the_order_of_numbers(crm: Counter) -> None:
    opened(crm, 501)
    crm.token("rm-a"), crm.token("auditor")
    begin = int(crm.ask("auditor", "GET", "/v1/audit?subject=C000501").json()["items"][0]["id"])

    async def follow() -> list[bytes]:
        async def read() -> None:
            await asyncio.sleep(0.4)
            await crm.sending("rm-a", "GET", "/v1/customers/C000501")()

        reading = asyncio.create_task(read())
        told = [part async for part in streaming.followed(crm.desk, after=begin, seconds=1.2, form="ecs")]
        await reading
        return told

    events = [orjson.loads(line) for part in crm.wait(follow()) for line in part.splitlines()]
    numbers = [int(one["event"]["id"]) for one in events]
    assert numbers == sorted(numbers) and min(numbers) > begin
    assert "customers/C000501" in {one["reference_crm"]["subject"] for one in events}


def test_the_stream_is_for_auditors_and_speaks_cef_too(crm: Counter) -> None:
    assert crm.ask("rm-a", "GET", "/v1/audit/stream").status_code == 403
    reply = crm.ask("auditor", "GET", "/v1/audit/stream?seconds=0.6&form=cef")
    assert reply.status_code == 200 and reply.text.startswith("<110>1 ") and "CEF:0|" in reply.text
    assert crm.ask("auditor", "GET", "/v1/audit/stream?form=prose").status_code == 422
