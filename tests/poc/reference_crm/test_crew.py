"""Crew: two processes behind one port answer as one: what one of them ends, counts or moves holds in the other."""

import base64
import os
import signal
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import psutil
import pytest

from poc.lab.authority import Identity, identity
from poc.lab.service import Service, free_port
from tests.poc.reference_crm.counter import PASSWORD, customer

pytestmark = [pytest.mark.pg, pytest.mark.slow]
#: So many connections that both processes surely have some: all in one of two happens once in 2**31.
CONNECTIONS = 32


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def service(crm_database: str, lab: Identity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    arguments = ["--database-url", crm_database, "--port", str(free_port()), "--processes", "2", "--trial-clock"]
    arguments += ["--certificate", str(lab.certificate), "--key", str(lab.key)]
    environment = {
        "TOUCHSTONE_CRM_MASTER_KEY": base64.b64encode(b"k" * 32).decode(),
        "TOUCHSTONE_CRM_ADMIN_PASSWORD": PASSWORD,
        "TOUCHSTONE_CRM_UNMASK_PER_HOUR": "5",
    }
    log = tmp_path_factory.mktemp("log") / "crm.log"
    started = Service.start("crm", "poc.reference_crm.serve", arguments, log=log, environment=environment)
    yield started
    assert started.stop() == 0
    assert not psutil.pid_exists(started.process.pid)


class Desks:
    """Many connections to the service, so that requests reach each of its processes."""

    def __init__(self, service: Service, lab: Identity) -> None:
        trust = ssl.create_default_context(cafile=str(lab.authority))
        one = httpx.Limits(max_connections=1, keepalive_expiry=None)
        self.open = [
            httpx.Client(verify=trust, base_url=service.url, limits=one, timeout=30)  # a newcomer has yet to start up
            for _ in range(CONNECTIONS)
        ]

    def close(self) -> None:
        for http in self.open:
            http.close()

    def sign_in(self, who: str) -> dict[str, str]:
        told = self.open[0].post("/v1/auth/token", json={"username": who, "password": PASSWORD})
        assert told.status_code == 200, told.text
        return {"Authorization": f"Bearer {told.json()['access_token']}"}

    def each(self, method: str, path: str, **more: object) -> list[httpx.Response]:
        return [http.request(method, path, **more) for http in self.open]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def desks(service: Service, lab: Identity) -> Iterator[Desks]:
    desks = Desks(service, lab)
    admin = desks.sign_in("admin")
    for name, role in (
        ("integration", "integration"),
        ("agent", "agent"),
        ("leaver", "agent"),
        ("officer", "compliance"),
    ):
        person = {"username": name, "password": PASSWORD, "role": role, "branch": "", "name": name}
        assert desks.open[0].post("/v1/users", json=person, headers=admin).status_code == 201
    told = desks.open[0].post("/v1/customers", json=customer(1), headers=desks.sign_in("integration"))
    assert told.status_code == 201, told.text
    yield desks
    desks.close()


def codes(replies: list[httpx.Response]) -> set[int]:
    return {reply.status_code for reply in replies}


def test_both_processes_serve(service: Service, desks: Desks) -> None:
    desks.each("GET", "/health/live")
    port = int(service.url.rpartition(":")[2])
    serving = [
        child
        for child in psutil.Process(service.process.pid).children()
        if any(one.laddr.port == port and one.raddr for one in child.net_connections())
    ]
    assert len(serving) == 2


def test_a_session_that_ends_in_one_process_has_ended_in_the_other(desks: Desks) -> None:
    for ending in desks.open[:6]:
        token = desks.sign_in("agent")
        assert codes(desks.each("GET", "/v1/me", headers=token)) == {200}
        assert ending.post("/v1/auth/logout", headers=token).status_code == 204
        assert codes(desks.each("GET", "/v1/me", headers=token)) == {401}


def test_who_is_shut_out_by_one_process_is_shut_out_by_all(desks: Desks) -> None:
    admin, leaver = desks.sign_in("admin"), desks.sign_in("leaver")
    assert codes(desks.each("GET", "/v1/customers", headers=leaver)) == {200}
    assert desks.open[1].patch("/v1/users/leaver", json={"disabled": True}, headers=admin).status_code == 200
    assert codes(desks.each("GET", "/v1/customers", headers=leaver)) == {401}


def test_a_change_by_one_process_is_listed_by_the_other(desks: Desks) -> None:
    token = desks.sign_in("integration")
    for turn, http in enumerate(desks.open[:6], start=1):
        lists = desks.each("GET", "/v1/customers?limit=50", headers=token)
        match = {"If-Match": f'"{turn}"'}
        told = http.patch("/v1/customers/C000001", json={"occupation": f"job {turn}"}, headers=token | match)
        assert told.status_code == 200, told.text
        lists = desks.each("GET", "/v1/customers?limit=50", headers=token)
        assert {one.json()["items"][0]["occupation"] for one in lists} == {f"job {turn}"}


def test_unmaskings_are_counted_over_all_processes(desks: Desks) -> None:
    token = desks.sign_in("officer")
    asked = {"json": {"fields": ["mobile"], "reason": "call back"}, "headers": token}
    told = [http.post("/v1/customers/C000001/unmask", **asked).status_code for http in desks.open]
    assert told == [200] * 5 + [429] * (CONNECTIONS - 5)


def test_an_idempotency_key_holds_in_all_processes(desks: Desks) -> None:
    token = desks.sign_in("agent") | {"Idempotency-Key": "once"}
    body = {"number": "I1", "customer": "C000001", "channel": "call", "direction": "in", "subject": "s", "text": "t",
            "at": "2026-01-01T00:00:00Z", "staff": "x"}  # fmt: skip
    told = desks.each("POST", "/v1/interactions", json=body, headers=token)
    assert codes(told) == {201}
    assert sum("idempotent-replay" in one.headers for one in told) == CONNECTIONS - 1


def test_the_trial_clock_moves_for_all_processes(desks: Desks) -> None:
    admin = desks.sign_in("admin")
    before = max(one.json()["now"] for one in desks.each("GET", "/v1/clock", headers=admin))
    for http in desks.open[:6]:
        assert http.post("/v1/clock", json={"advance_seconds": 3600}, headers=admin).status_code == 200
        after = [one.json()["now"] for one in desks.each("GET", "/v1/clock", headers=admin)]
        assert min(after) > before
        before = max(after)


def test_a_process_that_falls_is_replaced(service: Service, lab: Identity) -> None:
    crew = psutil.Process(service.process.pid)
    fallen = crew.children()[0]
    fallen.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while fallen.is_running() or len(crew.children()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    with closing(Desks(service, lab)) as desks:
        assert codes(desks.each("GET", "/health/live")) == {200}


def test_a_process_that_stands_still_is_replaced(service: Service, lab: Identity) -> None:
    crew = psutil.Process(service.process.pid)
    still = crew.children()[-1]
    still.suspend()
    deadline = time.monotonic() + 40
    while still.is_running() or len(crew.children()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    with closing(Desks(service, lab)) as desks:
        assert codes(desks.each("GET", "/health/live")) == {200}


def test_nobody_stays_when_the_first_process_is_killed(crm_database: str, lab: Identity, tmp_path: Path) -> None:
    arguments = ["--database-url", crm_database, "--port", str(free_port()), "--processes", "2"]
    arguments += ["--certificate", str(lab.certificate), "--key", str(lab.key)]
    environment = {"TOUCHSTONE_CRM_MASTER_KEY": base64.b64encode(b"k" * 32).decode()}
    started = Service.start("crm", "poc.reference_crm.serve", arguments, log=tmp_path / "log", environment=environment)
    children = psutil.Process(started.process.pid).children()
    assert len(children) == 2
    os.kill(started.process.pid, signal.SIGKILL)
    started.process.wait()
    assert not psutil.wait_procs(children, timeout=10)[1]


def test_a_taken_port_is_said_in_one_line(service: Service, crm_database: str, lab: Identity) -> None:
    command = ["--database-url", crm_database, "--port", service.url.rpartition(":")[2], "--processes", "2"]
    command += ["--certificate", str(lab.certificate), "--key", str(lab.key)]
    key = base64.b64encode(b"k" * 32).decode()
    done = subprocess.run(
        [*service.process.args[:3], *command], capture_output=True, text=True, timeout=30, check=False,
        env={**os.environ, "TOUCHSTONE_CRM_MASTER_KEY": key},
    )  # fmt: skip
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
