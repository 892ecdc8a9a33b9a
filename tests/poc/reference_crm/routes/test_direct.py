"""The short way of plain requests answers as the framework would, and takes nothing that the framework would refuse."""

import asyncio
from types import SimpleNamespace
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Query, Request, Response
from starlette.requests import Request as Plain

from poc.reference_crm.routes.direct import Direct, plain
from poc.reference_crm.routes.http import Number, Who

NAMES = frozenset({"request", "who", "number", "limit", "cursor"})


def request(query: bytes = b"", number: str = "C1") -> Plain:
    return Plain({"type": "http", "query_string": query, "path_params": {"number": number}, "headers": []})


def test_the_plainest_forms_go_the_short_way():
    assert plain(request(), NAMES) == {"number": "C1"}
    assert plain(request(b"limit=200"), NAMES) == {"number": "C1", "limit": 200}
    assert plain(request(), NAMES - {"number"}) == {}


@pytest.mark.parametrize(
    "query", [b"limit=0", b"limit=201", b"limit=x", b"limit=5&limit=6", b"cursor=a", b"limit=5&branch=B1", b"=", b"%00"]
)
def test_any_other_query_is_the_frameworks(query):
    assert plain(request(query), NAMES) is None


def test_a_limit_is_no_plain_form_where_none_is_taken():
    assert plain(request(b"limit=5"), NAMES - {"limit"}) is None


@pytest.mark.parametrize("number", ["", "x" * 41, "a b", "ü", "a\n", "../x"])
def test_an_odd_number_is_the_frameworks(number):
    assert plain(request(number=number), NAMES) is None


class Doorkeeper:
    async def who(self, token: str) -> SimpleNamespace:
        return SimpleNamespace(username="u", role=token[:4], branch="B1", name="n")


def app(route_class):
    routes = APIRouter(route_class=route_class)

    @routes.get("/things/{number}")
    async def thing(
        request: Request, number: Number, who: Who, limit: Annotated[int, Query(ge=1, le=200)] = 50
    ) -> Response:
        return Response(f"{number} {who.role} {limit}")

    made = FastAPI()
    made.state.doorkeeper = Doorkeeper()
    made.include_router(routes)

    async def doorway(scope, receive, send):
        await made({**scope, "state": {}}, receive, send)

    return doorway


@pytest.mark.parametrize(
    "path", ["/things/C1", "/things/C1?limit=7", "/things/C1?limit=201", "/things/C1?limit=x", "/things/a%20b"]
)
def test_both_ways_answer_alike(path):
    async def ask(route_class):
        transport = httpx.ASGITransport(app=app(route_class))
        headers = {"Authorization": "Bearer auditor-0123456789abcdef"}
        async with httpx.AsyncClient(transport=transport, base_url="http://crm") as client:
            reply = await client.get(path, headers=headers)
            return reply.status_code, reply.content

    assert asyncio.run(ask(Direct)) == asyncio.run(ask(APIRouter().route_class))
