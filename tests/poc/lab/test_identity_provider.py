"""Identity provider: the whole code flow against a real one, where one is installed: Canaille, unmodified."""

import os
import re
import secrets
import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import pytest

from poc.lab.authority import identity
from poc.lab.identity_provider import Canaille
from poc.lab.receivers import RECEIVER_HOST, receivers
from poc.lab.service import ServiceError, free_port
from tests.poc.reference_crm.counter import Counter, counter

PROGRAM = os.environ.get("TOUCHSTONE_CANAILLE") or shutil.which("canaille")
needed = pytest.mark.skipif(PROGRAM is None, reason="no Canaille here: install it and set TOUCHSTONE_CANAILLE to it")
SECRET, PASSWORD = "client-secret-of-the-lab", "correct horse 7 battery"


def test_a_provider_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    nobody = Canaille(Path("/bin/false"), tmp_path, RECEIVER_HOST, 1, tmp_path, tmp_path)
    with pytest.raises(ServiceError, match="failed"):
        nobody.set_up("secret")


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    identity(tmp_path)
    receivers(tmp_path)
    return tmp_path


@pytest.fixture
def crm(crm_database: str, papers: Path) -> Iterator[Counter]:
    with counter(crm_database, webhook_ca=papers / "ca.pem", webhook_networks=f"{RECEIVER_HOST}/32") as opened:
        yield opened


def arrived(url: str, authority: Path, name: str) -> dict[str, str]:
    """Go through the provider's pages as a browser with a person before it; return what it is sent back with."""
    context = ssl.create_default_context(cafile=authority)
    with httpx.Client(verify=context, trust_env=False, timeout=60) as browser:
        reply = browser.get(url)
        for _ in range(10):
            if reply.is_redirect:
                url = urljoin(str(reply.url), reply.headers["location"])
                if url.startswith("https://localhost/"):
                    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
                reply = browser.get(url)
                continue
            form = next(one for one in re.findall(r"<form.*?</form>", reply.text, re.DOTALL) if "csrf_token" in one)
            told = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
            told |= {"login": name} if 'name="login"' in form else {"password": PASSWORD}
            told |= {"answer": "accept"} if "password" not in form and 'name="login"' not in form else {}
            reply = browser.post(str(reply.url), data=told, headers={"Referer": str(reply.url)})
    raise AssertionError(f"the provider never sent the browser back: {reply.status_code} {reply.url}")


@needed
@pytest.mark.slow
@pytest.mark.pg
def test_a_real_provider_lets_its_people_in_and_its_groups_give_their_roles(
    crm: Counter, papers: Path, tmp_path: Path
) -> None:
    assert PROGRAM is not None
    home = tmp_path / "provider"
    home.mkdir()
    place = (RECEIVER_HOST, free_port(), papers / "receivers" / "sound.pem", papers / "ca.pem")
    with Canaille(Path(PROGRAM), home, *place) as provider:
        told = {"name": "real", "protocol": "oidc", "issuer": provider.issuer, "client_id": "crm"}
        more = {"client_secret": SECRET, "groups": {"staff": "agent"}, "newcomers": True}
        reply = crm.ask("admin", "POST", "/v1/identity-providers", json=told | more)
        assert reply.status_code == 201, reply.text
        number = reply.json()["id"]
        provider.set_up(secrets.token_urlsafe(32))
        provider.add("user", user_name="ada", password=PASSWORD, family_name="Lab", emails="rm-a@bank.example")
        provider.add("group", display_name="staff", members="ada")
        provider.add(
            "client", client_id="crm", client_secret=SECRET, client_name="CRM", grant_types="authorization_code",
            redirect_uris=f"https://localhost/v1/auth/sso/{number}/callback", response_types="code",
            scope=("openid", "profile", "groups"), token_endpoint_auth_method="client_secret_basic",
            id_token_signed_response_alg="RS256",
        )  # fmt: skip
        provider.change("client", "crm", audience="crm")  # one that is registered on its pages is its own audience
        provider.serve()
        way = crm.ask(None, "GET", f"/v1/auth/sso/{number}", params={"return_to": "/desk"})
        assert way.status_code == 303, way.text
        brought = arrived(way.headers["location"], papers / "ca.pem", "ada")
        reply = crm.ask(None, "GET", f"/v1/auth/sso/{number}/callback", params=brought)
        trail = crm.ask("auditor", "GET", "/v1/audit", params={"action": "login.failed"})
        assert reply.status_code == 200, trail.text
        headers = {"Authorization": f"Bearer {reply.json()['access_token']}"}
        person = crm.ask(None, "GET", "/v1/me", headers=headers).json()
        assert person["role"] == "agent"
        assert person["username"].startswith("sso-")
        again = crm.ask(None, "GET", f"/v1/auth/sso/{number}/callback", params=brought)
        assert again.status_code == 401
