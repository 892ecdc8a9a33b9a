"""SAML provider: sign-on through a real one, where its packages are laid out: SimpleSAMLphp, unmodified."""

import base64
import html
import os
import re
import secrets
import ssl
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import httpx
import pytest
from lxml import etree

from poc.lab.authority import identity
from poc.lab.receivers import RECEIVER_HOST, receivers
from poc.lab.saml_provider import PHP, Party, Person, SimpleSaml
from poc.lab.service import ServiceError, free_port
from tests.poc.reference_crm.counter import Counter, counter

PACKAGES = os.environ.get("TOUCHSTONE_SIMPLESAML", "")
needed = pytest.mark.skipif(
    not (Path(PACKAGES) / PHP).is_file(), reason="no SimpleSAMLphp here: lay it out and set TOUCHSTONE_SIMPLESAML to it"
)
PASSWORD = "correct horse 7 battery"
ADA = Person(name="ada", password=PASSWORD, groups=["staff"])
BOB = Person(name="bob", password=PASSWORD, groups=["visitors"])
ASSERTION = "{urn:oasis:names:tc:SAML:2.0:assertion}"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
Brought = dict[str, str]


def test_packages_that_are_not_there_are_told_in_one_line(tmp_path: Path) -> None:
    nobody = SimpleSaml(tmp_path / "nowhere", tmp_path, RECEIVER_HOST, free_port(), tmp_path, tmp_path)
    nobody.set_up("secret", [ADA], datetime.now(UTC))
    with pytest.raises(ServiceError, match="does not start"):
        nobody.serve()


@pytest.fixture
def crm(crm_database: str) -> Iterator[Counter]:
    with counter(crm_database) as opened:
        yield opened


@pytest.fixture
def provider(tmp_path: Path) -> Iterator[SimpleSaml]:
    identity(tmp_path)
    receivers(tmp_path)
    home = tmp_path / "provider"
    home.mkdir()
    papers = (tmp_path / "receivers" / "sound.pem", tmp_path / "ca.pem")
    with SimpleSaml(Path(PACKAGES), home, RECEIVER_HOST, free_port(), *papers) as opened:
        yield opened


class Bank:
    """The CRM with the provider trusted by it, and a browser that goes from one to the other."""

    def __init__(self, crm: Counter, provider: SimpleSaml) -> None:
        self.crm, self.provider, self.name = crm, provider, crm.desk.settings.public_url
        certificate = provider.set_up(secrets.token_urlsafe(32), [ADA, BOB], datetime.now(UTC))
        told = {"name": "real", "protocol": "saml", "issuer": provider.issuer, "groups": {"staff": "agent"}}
        more = {"sign_on_url": provider.sign_on_url, "certificate": certificate, "newcomers": True}
        reply = crm.ask("admin", "POST", "/v1/identity-providers", json=told | more)
        assert reply.status_code == 201, reply.text
        self.place = f"/v1/auth/sso/{reply.json()['id']}"
        provider.trust(self.party())
        provider.serve()

    def party(self, **other: object) -> Party:
        told: dict[str, object] = {"name": self.name, "returns": f"{self.name}{self.place}/acs"}
        return Party(**told | other)  # type: ignore[arg-type]

    def brought(self, person: Person = ADA, bent: Callable[[str], str] = str) -> Brought:
        """Begin a login, ``bent`` on its way, go through the provider's pages, and return what is to be brought."""
        way = self.crm.ask(None, "GET", self.place)
        assert way.status_code == 303, way.text
        context = ssl.create_default_context(cafile=self.provider.authority)
        with httpx.Client(verify=context, trust_env=False, timeout=60, follow_redirects=True) as browser:
            page = browser.get(bent(way.headers["location"]))
            told = inputs(page.text) | {"username": person.name, "password": person.password}
            page = browser.post(urljoin(str(page.url), "?"), data=told)
        return {name: value for name, value in inputs(page.text).items() if name in ("SAMLResponse", "RelayState")}

    def arrives(self, brought: Brought) -> httpx.Response:
        return self.crm.ask(None, "POST", f"{self.place}/acs", data=brought)

    def why(self) -> str:
        """Tell why the last login was refused; the one who tried is not told."""
        items = self.crm.ask("auditor", "GET", "/v1/audit", params={"action": "login.failed"}).json()["items"]
        return str(max(items, key=lambda one: one["at"])["after"]["why"])


def inputs(page: str) -> dict[str, str]:
    found = re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def rewritten(brought: Brought, change: Callable[[etree._Element], None]) -> Brought:
    root = etree.fromstring(base64.b64decode(brought["SAMLResponse"]))
    change(root)
    return brought | {"SAMLResponse": base64.b64encode(etree.tostring(root)).decode()}


def named(assertion: etree._Element) -> etree._Element:
    found = assertion.find(f".//{ASSERTION}NameID")
    assert found is not None
    return found


def forged_beside(root: etree._Element) -> None:
    """Put an assertion about somebody else, unsigned, before the signed one."""
    signed = root.find(f"{ASSERTION}Assertion")
    root.insert(list(root).index(signed), _forged(signed))


def forged_around(root: etree._Element) -> None:
    """Put the signed assertion into an unsigned one about somebody else."""
    signed = root.find(f"{ASSERTION}Assertion")
    forged = _forged(signed)
    root.replace(signed, forged)
    etree.SubElement(forged, f"{ASSERTION}Advice").append(signed)


def forged_with_its_signature(root: etree._Element) -> None:
    """Give an assertion about somebody else the signature, which holds the signed one as an object."""
    signed = root.find(f"{ASSERTION}Assertion")
    forged, signature = _forged(signed), signed.find(SIGNATURE)
    root.replace(signed, forged)
    forged.insert(1, signature)
    etree.SubElement(signature, SIGNATURE.replace("Signature", "Object")).append(signed)


def another_name(root: etree._Element) -> None:
    named(root).text = "victim"


def unsigned(root: etree._Element) -> None:
    for one in list(root.iter(SIGNATURE)):
        one.getparent().remove(one)


def a_comment_within_the_name(root: etree._Element) -> None:
    name = named(root)
    name.text = "a"
    name.append(etree.Comment(" "))
    name[0].tail = "da"


def _forged(signed: etree._Element) -> etree._Element:
    copy = etree.fromstring(etree.tostring(signed))
    unsigned(copy)
    copy.set("ID", "_forged")
    named(copy).text = "victim"
    return copy


def as_another(url: str) -> str:
    """Let the request say that another service asks."""
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    text = zlib.decompress(base64.b64decode(query["SAMLRequest"]), wbits=-15).decode()
    text = re.sub(r">https://[^<]*</saml:Issuer>", ">https://other.example</saml:Issuer>", text)
    query["SAMLRequest"] = base64.b64encode(zlib.compress(text.encode(), wbits=-15)).decode()
    return parts._replace(query=urlencode(query)).geturl()


@needed
@pytest.mark.slow
@pytest.mark.pg
def test_a_real_provider_lets_its_people_in_once_and_its_word_cannot_be_bent(
    crm: Counter, provider: SimpleSaml
) -> None:
    bank = Bank(crm, provider)
    brought = bank.brought()
    reply = bank.arrives(brought)
    assert reply.status_code == 200, bank.why()
    person = crm.ask(None, "GET", "/v1/me", headers={"Authorization": f"Bearer {reply.json()['access_token']}"}).json()
    assert (person["role"], person["username"][:4]) == ("agent", "sso-")
    assert bank.arrives(brought).status_code == 401, "the same response opened again"
    newer = bank.brought()
    assert bank.arrives(newer | {"SAMLResponse": brought["SAMLResponse"]}).status_code == 401
    assert bank.why() == "it answers another request"
    assert bank.arrives(bank.brought(BOB)).status_code == 401
    assert bank.why() == "none of the person's groups has a role here"
    assert bank.brought(Person(name="ada", password="wrong", groups=[])) == {}
    provider.trust(bank.party(whole=False))
    for bend in (forged_beside, forged_around, forged_with_its_signature, another_name, unsigned):
        assert bank.arrives(rewritten(bank.brought(), bend)).status_code == 401, bend.__name__
        assert bank.why() in ("it holds not one assertion", "its signature does not hold"), bend.__name__
    again = bank.arrives(rewritten(bank.brought(), a_comment_within_the_name))
    token = again.json()["access_token"]
    same = crm.ask(None, "GET", "/v1/me", headers={"Authorization": f"Bearer {token}"}).json()
    assert same["username"] == person["username"], "a comment within the name made somebody else of it"
    provider.trust(bank.party(name="https://other.example"))
    assert bank.arrives(bank.brought(bent=as_another)).status_code == 401
    assert bank.why() == "it is meant for somebody else"
    provider.trust(bank.party(seconds=-120))
    assert bank.arrives(bank.brought()).status_code == 401
    assert bank.why() == "it is past its time, or not yet of it"
