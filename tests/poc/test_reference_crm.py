"""Reference CRM: readiness, contract, refusals and the frame around every request."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from poc.reference_crm.clock import Clock
from poc.reference_crm.logs import JsonLines
from poc.reference_crm.problems import STATUS, TITLES, FieldError, Problem
from poc.reference_crm.service import assemble
from poc.reference_crm.settings import Settings
from poc.reference_crm.switchboard import key_of
from poc.reference_crm.wrapping import Unreadable
from tests.poc.reference_crm.counter import Counter, counter


@pytest.fixture(scope="module")
def crm(crm_database: str) -> Iterator[Counter]:
    with counter(crm_database, largest_body=2048) as opened:
        yield opened


@pytest.mark.pg
def test_it_is_ready_when_database_and_row_level_security_are(crm: Counter) -> None:
    ready = crm.ask(None, "GET", "/health/ready").json()
    assert (ready["status"], ready["database"]) == ("ready", "ok")


@pytest.mark.pg
def test_the_contract_documents_every_refusal_and_asks_for_sign_in(crm: Counter) -> None:
    contract = crm.ask(None, "GET", "/openapi.json").json()
    assert contract["openapi"].startswith("3.1")
    operations = [(path, one) for path, methods in contract["paths"].items() for one in methods.values()]
    assert len(operations) > 100
    for path, operation in operations:
        assert {"401", "403", "422"} <= set(operation["responses"]), path
        assert operation["security"] or path.startswith(("/health", "/v1/auth"))


@pytest.mark.pg
@pytest.mark.parametrize(
    ("method", "path", "status", "word"),
    [
        ("GET", "/v1/nothing", 404, "not-found"),
        ("GET", "/", 404, "not-found"),
        ("PUT", "/v1/customers", 405, "unsupported"),
        ("GET", "/v1/customers/a%2Fb", 404, "not-found"),
        ("GET", "/v1/customers/%00", 422, "invalid"),
        ("GET", "/v1/customers?limit=0", 422, "invalid"),
        ("GET", "/v1/customers?limit=99999999999999999999", 422, "invalid"),
        ("GET", "/v1/customers?surprise=1", 422, "invalid"),
        ("GET", "/v1/customers?name=%00", 422, "invalid"),
        ("GET", "/v1/customers?since=9999999999", 422, "invalid"),
        ("GET", "/v1/customers/search?q=", 422, "invalid"),
        ("GET", "/v1/accounts?balance=NaN", 422, "invalid"),
        ("GET", "/v1/accounts?balance=1e400", 422, "invalid"),
    ],
)
def test_odd_requests_are_refused_with_a_reason_word(
    crm: Counter, method: str, path: str, status: int, word: str
) -> None:
    reply = crm.ask("rm-a", method, path)
    assert (reply.status_code, reply.json()["type"].rpartition(":")[2]) == (status, word)
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.pg
def test_an_address_tells_all_methods_that_it_takes(crm: Counter) -> None:
    assert crm.ask("rm-a", "PUT", "/v1/customers/1").headers["allow"] == "DELETE, GET, PATCH"


@pytest.mark.pg
@pytest.mark.parametrize("body", [b"\xff\xfe{", b"{", b"", b"[]", b'{"name": "a\\u0000"}', b'{"name": 1e9999}'])
def test_a_broken_body_is_refused(crm: Counter, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    assert crm.ask("rm-a", "POST", "/v1/customers", content=body, headers=headers).status_code == 422


@pytest.mark.pg
def test_another_media_type_and_a_body_too_large_are_refused(crm: Counter) -> None:
    assert crm.ask("rm-a", "POST", "/v1/customers", content=b"a=1").status_code == 415
    headers = {"Content-Type": "application/json"}
    assert crm.ask("rm-a", "POST", "/v1/customers", content=b" " * 5000, headers=headers).status_code == 413


@pytest.mark.pg
def test_an_idle_session_ends(crm_database: str) -> None:
    with counter(crm_database, idle_seconds=1, session_cache_seconds=0) as crm:
        token = crm.sign_in("rm-a")["access_token"]
        crm.wait(asyncio.sleep(1.1))
        reply = crm.ask(None, "GET", "/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert reply.status_code == 401


@pytest.mark.pg
def test_another_master_key_does_not_open_the_house(crm: Counter, crm_database: str) -> None:
    other = Settings(database_url=crm_database, master_key="eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=")  # type: ignore[arg-type]
    with pytest.raises(Unreadable, match="master key"):
        asyncio.run(assemble(other))


@pytest.mark.parametrize("key", ["", "short", "not base64 !!"])
def test_a_master_key_of_another_length_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="32 random bytes"):
        Settings(database_url="postgresql:///x", master_key=key)  # type: ignore[arg-type]


def test_only_a_trial_clock_moves() -> None:
    clock = Clock(trial=True)
    clock.move(timedelta(days=3))
    assert clock.now() - datetime.now(UTC) > timedelta(days=2)
    with pytest.raises(ValueError, match="trial"):
        Clock().move(timedelta(1))


def test_a_problem_names_reason_and_fields() -> None:
    problem = Problem(reason="invalid", detail="d", errors=[FieldError(field="f", message="m")])
    told = problem.json("t")
    assert (told["status"], told["trace"], told["errors"]) == (422, "t", [{"field": "f", "message": "m"}])
    assert STATUS.keys() == TITLES.keys()


def test_a_line_of_the_log_tells_no_text_of_a_fault() -> None:
    import logging

    try:
        raise ValueError("张伟 11010519491231002X")
    except ValueError as fault:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "fault", None, (type(fault), fault, None))
    line = JsonLines().format(record)
    assert "张伟" not in line
    assert orjson.loads(line)["fault"] == "ValueError"


def test_routes_are_found_by_their_noun() -> None:
    assert key_of("/v1/customers/7/history") == "/v1/customers"
    assert key_of("/openapi.json") == "/openapi.json"
