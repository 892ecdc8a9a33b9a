"""The short way answers as the framework would, and takes nothing that the framework would refuse."""

import asyncio
from types import SimpleNamespace
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Query, Request, Response

from poc.reference_crm.operations import sessions
from poc.reference_crm.routes.direct import Shortcuts
from poc.reference_crm.routes.http import Body, Number, Who
from poc.reference_crm.routes.records import Key


class Doorkeeper:
    async def who(self, token: str) -> sessions.Who:
        return sessions.Who(username="u", role=token[:7], branch="B1", name="n")


def made() -> FastAPI:
    routes = APIRouter()

    @routes.get("/v1/things/search")
    async def search(
        request: Request, who: Who, q: Annotated[str, Query(min_length=2)], limit: Annotated[int, Query(ge=1)] = 20
    ) -> Response:
        return Response(f"search {q} {limit}")

    @routes.get("/v1/things/framework-only")
    async def elsewhere(request: Request) -> dict[str, str]:
        return {"way": "framework"}

    @routes.get("/v1/things/{number}")
    async def thing(
        request: Request, number: Number, who: Who, limit: Annotated[int, Query(ge=1, le=200)] = 50
    ) -> Response:
        return Response(f"{number} {who.role} {limit}")

    @routes.post("/v1/things")
    async def create(request: Request, who: Who, body: Body, key: Key = None) -> Response:
        return Response(f"{body!r} {key}")

    app = FastAPI()
    app.state.doorkeeper = Doorkeeper()
    app.state.desk = SimpleNamespace(settings=SimpleNamespace(proxies=()))
    app.router.routes.extend(routes.routes)
    return app


def found(path: str, query: bytes = b"", method: str = "GET", headers: tuple = ()) -> dict[str, object] | None:
    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": list(headers)}
    way = Shortcuts(made().router.routes).find(scope)
    return None if way is None else way[1]


def test_a_plain_request_goes_the_short_way():
    assert found("/v1/things/C1") == {"number": "C1"}
    assert found("/v1/things/C1", b"limit=200") == {"number": "C1", "limit": 200}
    assert found("/v1/things/search", b"q=%E5%BD%AD%E5%81%A5&limit=5") == {"q": "彭健", "limit": 5}
    assert found("/v1/things", method="POST") == {}
    assert found("/v1/things", method="POST", headers=[(b"idempotency-key", b"a1")]) == {"key": "a1"}


@pytest.mark.parametrize("query", [b"limit=0", b"limit=201", b"limit=x", b"limit=5&limit=6", b"limit="])
def test_a_value_that_does_not_pass_is_the_frameworks(query):
    assert found("/v1/things/C1", query) is None


def test_a_missing_value_is_the_frameworks():
    assert found("/v1/things/search") is None
    assert found("/v1/things/search", b"q=a") is None


@pytest.mark.parametrize("number", ["", "x" * 41, "a b", "ü", "a\n", "..", "C1/more", "C1/"])
def test_an_odd_number_is_the_frameworks(number):
    assert found(f"/v1/things/{number}") is None


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/v1/things/C1"), ("GET", "/v1/others/C1"), ("GET", "/"), ("GET", "")]
)
def test_what_nobody_knows_is_the_frameworks(method, path):
    assert found(path, method=method) is None


def test_a_header_that_does_not_pass_or_comes_twice_is_the_frameworks():
    key = (b"idempotency-key", b"a1")
    assert found("/v1/things", method="POST", headers=[(b"idempotency-key", b"a 1")]) is None
    assert found("/v1/things", method="POST", headers=[key, key]) is None


def test_a_fixed_path_is_not_taken_for_a_number():
    assert found("/v1/things/framework-only") is None


@pytest.mark.parametrize(
    "path", ["/v1/things/C1", "/v1/things/C1?limit=7", "/v1/things/search?q=ab", "/v1/things/search?q=%E5%BD%AD%20x"]
)
def test_both_ways_answer_alike(path):
    app = made()
    shortcuts = Shortcuts(app.router.routes)

    async def directly(scope, receive, send):
        short, given = shortcuts.find(scope)
        response = await short.ask(Request({**scope, "app": app, "state": {}}, receive, send), given)
        await response(scope, receive, send)

    async def by_the_framework(scope, receive, send):
        await app({**scope, "state": {}}, receive, send)

    def ask(way):
        async def asked():
            transport = httpx.ASGITransport(app=way)
            headers = {"Authorization": "Bearer auditor-0123456789abcdef"}
            async with httpx.AsyncClient(transport=transport, base_url="http://crm") as client:
                reply = await client.get(path, headers=headers)
                return reply.status_code, reply.content

        return asyncio.run(asked())

    assert ask(directly) == ask(by_the_framework)
