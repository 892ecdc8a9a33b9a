"""Contract probe: a server that keeps its contract is found clean, one that breaks it is found out."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from poc.connectors.contract_probe import probe
from scenarios.fuzzing import FuzzReport
from scenarios.port import BenchFault

Told = tuple[FuzzReport, list[tuple[str, str | None]]]
ROW = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}, "additionalProperties": False}
PAGE = {"name": "limit", "in": "query", "required": True, "schema": {"type": "integer", "minimum": 1, "maximum": 9}}


def operation(*statuses: str, parameters: tuple[object, ...] = ()) -> dict[str, object]:
    content = {"application/json": {"schema": ROW}}
    return {
        "parameters": list(parameters),
        "responses": {s: {"description": "-", "content": content} for s in statuses},
    }


CONTRACT: dict[str, object] = {
    "openapi": "3.1.0",
    "info": {"title": "A small one", "version": "1"},
    "security": [{"bearer": []}],
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    "paths": {
        "/kept": {"get": operation("200", "422", parameters=(PAGE,))},
        "/broken": {"get": operation("200", parameters=(PAGE,))},
        "/logout": {"post": operation("200")},
    },
}


class Server(BaseHTTPRequestHandler):
    """Keeps its word on /kept, and answers 500 on /broken."""

    asked: list[tuple[str, str | None]]

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        self.asked.append((self.path, self.headers.get("Authorization")))
        limit = parse_qs(place.query).get("limit", [""])
        sound = len(limit) == 1 and limit[0].isascii() and limit[0].isdigit() and 1 <= int(limit[0]) <= 9
        status = 500 if place.path == "/broken" else 200 if sound else 422
        body = json.dumps({"n": 1}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    asked: list[tuple[str, str | None]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Server,), {"asked": asked}))
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def told() -> Told:
    with served() as (url, asked):
        headers = {"Authorization": "Bearer secret-of-ours"}
        report = probe(CONTRACT, url=url, ca=None, headers=headers, calls=40, seed=7, leave_out=("logout",))
    return report, asked


@pytest.mark.slow
def test_only_what_breaks_the_contract_is_found(told: Told) -> None:
    report, _ = told
    assert {one.operation for one in report.violations} == {"GET /broken"}
    assert all(one.status == 500 and one.rule for one in report.violations)


@pytest.mark.slow
def test_as_many_calls_are_made_as_were_asked_for(told: Told) -> None:
    report, asked = told
    assert report.calls == len(asked) == 40


@pytest.mark.slow
def test_what_is_to_be_left_out_is_never_called(told: Told) -> None:
    report, asked = told
    assert report.operations == 2
    assert not any(path.startswith("/logout") for path, _ in asked)


@pytest.mark.slow
def test_calls_are_made_in_the_name_of_the_actor_and_findings_keep_no_secret(told: Told) -> None:
    report, asked = told
    assert {secret for _, secret in asked} == {"Bearer secret-of-ours"}
    assert "secret-of-ours" not in repr(report)
    assert all(one.curl.startswith("curl") and "/broken" in one.curl for one in report.violations)


@pytest.mark.slow
def test_a_contract_that_is_none_is_a_fault_of_ours() -> None:
    with pytest.raises(BenchFault, match="contract probe failed"):
        probe({"no": "contract"}, url="http://127.0.0.1:9", ca=None, headers={}, calls=1, seed=1)


@pytest.mark.slow
def test_who_comes_second_is_asked_the_very_same_and_a_torn_file_is_drawn_anew(tmp_path: Path) -> None:
    with served() as (url, asked):

        def again() -> FuzzReport:
            return probe(CONTRACT, url=url, ca=None, headers={}, calls=12, seed=3, leave_out=("logout",), kept=tmp_path)

        reports = [again(), again()]
        (file,) = tmp_path.glob("*.json")
        file.write_text("[{")
        reports.append(again())
    first, second, third = asked[:12], asked[12:24], asked[24:]
    assert first == second == third
    assert {one.calls for one in reports} == {12}
    assert len({repr(one.violations) for one in reports}) == 1
