"""Serve: the service as a process of its own, over TLS, from start to end."""

import base64
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from poc.lab.authority import Identity, identity
from poc.lab.service import Service, free_port
from poc.reference_crm.serve import main

pytestmark = [pytest.mark.pg, pytest.mark.slow]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def service(crm_database: str, lab: Identity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    arguments = ["--database-url", crm_database, "--port", str(free_port())]
    arguments += ["--certificate", str(lab.certificate), "--key", str(lab.key)]
    environment = {
        "TOUCHSTONE_CRM_MASTER_KEY": base64.b64encode(b"k" * 32).decode(),
        "TOUCHSTONE_CRM_ADMIN_PASSWORD": "A-start-word-of-1",
    }
    log = tmp_path_factory.mktemp("log") / "crm.log"
    started = Service.start("crm", "poc.reference_crm.serve", arguments, log=log, environment=environment)
    yield started
    assert started.stop() == 0


def port_of(service: Service) -> int:
    return int(service.url.rpartition(":")[2])


def test_it_is_ready_and_lets_the_administrator_in(service: Service, lab: Identity) -> None:
    with httpx.Client(verify=ssl.create_default_context(cafile=str(lab.authority)), base_url=service.url) as http:
        assert http.get("/health/ready").json()["status"] == "ready"
        told = {"username": "admin", "password": "A-start-word-of-1"}
        assert http.post("/v1/auth/token", json=told).status_code == 200
        assert http.get("/v1/customers").status_code == 401


def test_nothing_is_served_in_clear(service: Service) -> None:
    with socket.create_connection(("127.0.0.1", port_of(service)), timeout=5) as plain:
        plain.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b"live" not in plain.recv(1000)


@pytest.mark.parametrize(
    ("version", "suites", "good"),
    [
        (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA256", False),
        (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES256-GCM-SHA384", True),
        (ssl.TLSVersion.TLSv1_3, "ALL", True),
    ],
)
def test_only_authenticated_suites_are_agreed_to(
    service: Service, lab: Identity, version: ssl.TLSVersion, suites: str, good: bool
) -> None:
    context = ssl.create_default_context(cafile=str(lab.authority))
    context.minimum_version = context.maximum_version = version
    context.set_ciphers(suites)
    try:
        with socket.create_connection(("127.0.0.1", port_of(service)), timeout=5) as raw:
            context.wrap_socket(raw, server_hostname="127.0.0.1").close()
        agreed = True
    except (ssl.SSLError, ConnectionError):
        agreed = False
    assert agreed is good


@pytest.mark.parametrize(("key", "said"), [("too short", "MASTER_KEY"), ("", "MASTER_KEY")])
def test_a_bad_setting_is_said_in_one_line(
    key: str, said: str, lab: Identity, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOUCHSTONE_CRM_MASTER_KEY", key)
    files = ["--certificate", str(lab.certificate), "--key", str(lab.key)]
    assert main(["--database-url", "postgresql://nowhere", "--port", "1", *files]) == 2
    told = capsys.readouterr().err.strip()
    assert said in told
    assert len(told.splitlines()) == 1


def test_a_missing_certificate_is_said(lab: Identity, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOUCHSTONE_CRM_MASTER_KEY", base64.b64encode(b"k" * 32).decode())
    files = ["--certificate", str(tmp_path / "none.pem"), "--key", str(lab.key)]
    assert main(["--database-url", "postgresql:///none?host=/nowhere", "--port", "1", *files]) == 2
