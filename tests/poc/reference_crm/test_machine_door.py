"""Machine door: the service with a second port, where a certificate must stand for the user whose token is shown."""

import base64
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from poc.connectors.knocking import MachineDoor
from poc.lab.authority import Identity, identity
from poc.lab.machines import AUTHORITY, machines
from poc.lab.service import Service, free_port
from poc.reference_crm.machine_door import is_bound
from poc.reference_crm.serve import main
from scenarios.knocking import NONE
from scenarios.port import BenchFault, Request
from scenarios.verdict import NotTestable

pytestmark = [pytest.mark.pg, pytest.mark.slow]

WORDS = {"admin": "A-start-word-of-1", "integration": "A-machines-word-2", "auditor": "A-keepers-word-of-3"}


class Lab(NamedTuple):
    papers: Identity
    certificates: Path
    service: Service
    door: MachineDoor


@pytest.fixture(scope="module")
def lab(crm_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder, port = tmp_path_factory.mktemp("lab"), free_port()
    papers, certificates = identity(folder), machines(folder)
    arguments = ["--database-url", crm_database, "--port", str(free_port())]
    arguments += ["--certificate", str(papers.certificate), "--key", str(papers.key)]
    arguments += ["--client-ca", str(certificates / AUTHORITY), "--machine-port", str(port)]
    environment = {
        "TOUCHSTONE_CRM_MASTER_KEY": base64.b64encode(b"k" * 32).decode(),
        "TOUCHSTONE_CRM_ADMIN_PASSWORD": WORDS["admin"],
        "TOUCHSTONE_CRM_MACHINE_ROLES": "integration",
    }
    log = folder / "crm.log"
    with Service.start("crm", "poc.reference_crm.serve", arguments, log=log, environment=environment) as started:
        door = MachineDoor(f"https://127.0.0.1:{port}", papers.authority, certificates)
        opened = Lab(papers, certificates, started, door)
        for role in ("integration", "auditor"):
            user = {"username": role, "password": WORDS[role], "role": role}
            made = common(opened, "POST", "/v1/users", "admin", json=user)
            assert made.status_code == 201, made.text
        yield opened
        assert started.stop() == 0


def common(lab: Lab, method: str, path: str, username: str, json: object = None) -> httpx.Response:
    """Ask at the common door."""
    trust = ssl.create_default_context(cafile=str(lab.papers.authority))
    with httpx.Client(verify=trust, base_url=lab.service.url) as http:
        signed_in = http.post("/v1/auth/token", json={"username": username, "password": WORDS[username]}).json()
        headers = {"Authorization": f"Bearer {signed_in['access_token']}"}
        return http.request(method, path, json=json, headers=headers)


def token(lab: Lab, username: str) -> str:
    told = {"username": username, "password": WORDS[username]}
    reply = lab.door.knock("own", Request(method="POST", path="/v1/auth/token", json=told))
    assert reply is not None
    return str(reply.json["access_token"])  # type: ignore[index]


def me(lab: Lab, certificate: str, username: str) -> int:
    """Return the status of the question who I am at the machine door, 0 if nobody was let speak."""
    asked = Request(method="GET", path="/v1/me", headers={"Authorization": f"Bearer {token(lab, username)}"})
    reply = lab.door.knock(certificate, asked)
    return 0 if reply is None else reply.status


def test_a_machine_comes_in_with_its_own_certificate_and_with_no_other(lab: Lab) -> None:
    shown = {name: me(lab, name, "integration") for name in ("own", NONE, "expired", "revoked", "other-authority")}
    assert shown == {"own": 200, NONE: 0, "expired": 0, "revoked": 0, "other-authority": 0}


def test_a_certificate_opens_for_the_user_whom_it_names_only(lab: Lab) -> None:
    assert me(lab, "own", "admin") == 403


def test_a_token_that_nobody_has_is_not_known_there_either(lab: Lab) -> None:
    reply = lab.door.knock("own", Request(method="GET", path="/v1/me", headers={"Authorization": "Bearer none"}))
    assert reply is not None
    assert (reply.status, "strict-transport-security" in reply.headers) == (401, True)


def test_users_who_need_a_certificate_are_refused_at_the_common_door_and_others_are_not(lab: Lab) -> None:
    assert common(lab, "GET", "/v1/me", "integration").status_code == 403
    assert common(lab, "GET", "/v1/me", "admin").status_code == 200


def test_whom_the_door_refused_is_on_record_with_the_reason(lab: Lab) -> None:
    me(lab, "expired", "integration")
    me(lab, "own", "admin")
    wanted = {"certificate has expired", "came with the certificate of integration"}
    for _ in range(50):
        entries = common(lab, "GET", "/v1/audit?limit=200", "auditor").json()["items"]
        reasons = {(one["after"] or {}).get("reason") for one in entries if one["subject"] == "doors/machines"}
        if wanted <= reasons:
            return
        time.sleep(0.1)
    raise AssertionError(f"on record are {reasons}")


def test_a_bench_without_the_certificate_or_the_door_says_so(lab: Lab) -> None:
    asked = Request(method="GET", path="/v1/me")
    with pytest.raises(NotTestable, match=r"lost\.pem"):
        lab.door.knock("lost", asked)
    with pytest.raises(BenchFault, match="check machine_url"):
        MachineDoor("https://127.0.0.1:1", lab.papers.authority, lab.certificates).knock("own", asked)


def test_an_authority_without_a_port_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--port", "1", "--certificate", "a", "--key", "b", "--client-ca", "c"])
    assert "give --client-ca and --machine-port together" in capsys.readouterr().err


def test_no_certificate_stands_for_nobody() -> None:
    assert not is_bound("", "")
    assert is_bound("integration", "integration")
