"""Sign-on play: the bench as the identity provider of a play: journeys there and back, sound and forged."""

import base64
import hashlib
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import orjson

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.identity import (
    SigningKey,
    Statement,
    assertion,
    response,
    signed_with_public,
    stamp,
    token,
    unsigned,
    wrapped,
)
from scenarios.library.security.attempts import Attempt, attempt
from scenarios.listening import SOUND, Answering
from scenarios.trust import Departure, Provider

Tried = Attempt[Any]
Claims = dict[str, Any]
#: Makes what is brought of what a sound provider would say.
Forge = Callable[[Any], str]
#: When the certificate of the bench's provider begins: a moment of no play, so that a replay makes the same.
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
#: Subjects at the provider: of the user that is linked, and of somebody whom the target never saw.
SUBJECT, STRANGER = "4711", "ada.stranger"
CLIENT, PATH = "touchstone-crm", "/idp"
NOTHING: Tried = Attempt(actor=Actor.AGENT, what="sign on", answer=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the provider is to say of a person."""

    subject: str = SUBJECT
    groups: tuple[str, ...] = ()
    more: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Road(ABC):
    """One protocol's way: the provider that the target was told of, and the last journey that was gone."""

    crm: CRM
    number: str
    issuer: str
    key: SigningKey
    rogue: SigningKey
    url: str = ""
    turn: int = 0

    @property
    def door(self) -> CRM:
        """The target as a browser meets it that has not signed in."""
        return self.crm.acting_as(Actor.ANONYMOUS).without_waiting()

    def departed(self, onward: str = "/") -> Attempt[Departure]:
        """Be sent to the provider."""
        return attempt(self.door, "be sent to the provider", lambda one: one.depart(self.number, onward))

    def arrived(self, departure: Departure, brought: Mapping[str, str]) -> Tried:
        """Come back with something."""
        return attempt(self.door, "come back", lambda one: one.arrive(self.number, departure, brought))

    def named(self) -> str:
        """Return a name that this play has not used yet."""
        self.turn += 1
        return f"{self.crm.nonce}-{self.turn}"

    @abstractmethod
    def brought(self, departure: Departure, told: Told, forge: Forge | None = None) -> dict[str, str]:
        """Return what a browser brings back from the provider; ``forge`` makes it of what a sound one would say."""
        ...

    def journey(
        self, told: Told, forge: Forge | None = None, *, onward: str = "/", **other: str
    ) -> tuple[Tried, Departure, dict[str, str]]:
        """Go there and back, with parts of what is brought replaced; return what came of it, and what was brought."""
        way = self.departed(onward)
        if not way.ok:
            return way, Departure(url=""), {}
        brought = {**self.brought(way.value, told, forge), **other}
        return self.arrived(way.value, brought), way.value, brought


class OpenIdRoad(Road):
    """The way of OpenID Connect: the provider answers the target's questions at the bench's receiver."""

    def asked(self, departure: Departure) -> Mapping[str, str]:
        """Return what the target asks of the provider."""
        return {name: values[0] for name, values in parse_qs(urlsplit(departure.url).query).items()}

    def claims(self, departure: Departure, told: Told) -> Claims:
        """Return what a sound provider says."""
        now = stamp(self.crm.clock.now())
        asked = self.asked(departure)
        return {
            "iss": self.issuer, "aud": asked.get("client_id", CLIENT), "sub": told.subject, "iat": now,
            "exp": now + 300, "nonce": asked.get("nonce", ""), "groups": list(told.groups), **told.more,
        }  # fmt: skip

    def answering(self, text: str) -> None:
        """Have the provider hand this token out for whatever code is shown."""
        told = {"access_token": f"access-{self.crm.nonce}", "token_type": "Bearer", "id_token": text}
        wire = self.crm.wire
        assert isinstance(wire, Answering)
        wire.answer(self.url, f"{PATH}/token", orjson.dumps(told).decode())

    def publishing(self, *keys: SigningKey) -> None:
        """Have the provider say what it is and which keys it signs with."""
        wire, issuer = self.crm.wire, self.issuer
        assert isinstance(wire, Answering)
        about = {
            "issuer": issuer, "authorization_endpoint": f"{issuer}/authorize", "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys", "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"], "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }  # fmt: skip
        wire.answer(self.url, f"{PATH}/.well-known/openid-configuration", orjson.dumps(about).decode())
        wire.answer(self.url, f"{PATH}/keys", orjson.dumps({"keys": [key.jwk for key in keys]}).decode())

    def brought(self, departure: Departure, told: Told, forge: Forge | None = None) -> dict[str, str]:
        """Return what the browser brings; ``forge`` makes the token of the claims that a sound provider would sign."""
        claims = self.claims(departure, told)
        self.answering(forge(claims) if forge else token(claims, self.key))
        return {"code": f"code-{self.named()}", "state": self.asked(departure).get("state", "")}

    def forgeries(self) -> Mapping[str, Forge]:
        """Return the tokens that must open nothing, by name."""
        key, rogue = self.key, self.rogue
        return {
            "no signature asked for": unsigned,
            "no signature, written otherwise": lambda claims: unsigned(claims, "nOnE"),
            "signed with the public key": lambda claims: signed_with_public(claims, key),
            "signed by another key": lambda claims: token(claims, rogue, called=key.name),
            "another issuer": lambda claims: token({**claims, "iss": "https://idp.example"}, key),
            "another audience": lambda claims: token({**claims, "aud": "another-client"}, key),
            "past its time": lambda claims: token(
                {**claims, "iat": claims["iat"] - 7200, "exp": claims["iat"] - 3600}, key
            ),
            "another login's nonce": lambda claims: token({**claims, "nonce": "of-another-login"}, key),
            "no nonce": lambda claims: token({name: claims[name] for name in claims if name != "nonce"}, key),
        }

    def bound(self, departure: Departure) -> bool:
        """Tell whether the target proved to the provider that it began this journey (PKCE, RFC 7636)."""
        wire, asked = self.crm.wire, self.asked(departure)
        assert isinstance(wire, Answering)
        forms = [parse_qs(one.body) for one in wire.heard(self.url) if one.path.startswith(f"{PATH}/token")]
        shown = [form["code_verifier"][0] for form in forms if "code_verifier" in form]
        proven = {_text(hashlib.sha256(one.encode()).digest()) for one in shown}
        return asked.get("code_challenge_method") == "S256" and asked.get("code_challenge") in proven


class SamlRoad(Road):
    """The way of SAML 2.0: the provider speaks through the browser alone."""

    def said(self, departure: Departure, told: Told) -> Statement:
        """Return what a sound provider says."""
        request = request_in(departure.url)
        issuer = request.find("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer")
        return Statement(
            issuer=self.issuer,
            subject=told.subject,
            audience="" if issuer is None else issuer.text or "",
            recipient=request.get("AssertionConsumerServiceURL", ""),
            request=request.get("ID", ""),
            at=self.crm.clock.now().replace(microsecond=0),
            number=f"_{self.named()}",
            groups=told.groups,
        )

    def brought(self, departure: Departure, told: Told, forge: Forge | None = None) -> dict[str, str]:
        """Return what the browser brings; ``forge`` makes the response of the statement that a provider would sign."""
        said = self.said(departure, told)
        relay = parse_qs(urlsplit(departure.url).query).get("RelayState", [""])[0]
        return {
            "SAMLResponse": forge(said) if forge else response(said, assertion(said, self.key)),
            "RelayState": relay,
        }

    def forgeries(self) -> Mapping[str, Forge]:
        """Return the responses that must open nothing, by name."""
        key, rogue = self.key, self.rogue
        names = list(wrapped(_ANY, "x", key))
        # what signs with a wrapped assertion is itself of somebody whom the target does not know
        wrap: dict[str, Forge] = {name: _wrapping(name, key) for name in names}
        return {
            "no signature": lambda said: response(said, assertion(said, None)),
            "signed by another key": lambda said: response(said, assertion(said, rogue)),
            "another issuer": _saying(key, issuer="https://idp.example/other"),
            "another audience": _saying(key, audience="https://another.example"),
            "another recipient": _saying(key, recipient="https://another.example/acs"),
            "another request": _saying(key, request="_of_another_login"),
            "past its time": _saying(key, seconds=-3600),
            "a name cut by a comment": _saying(key, subject=f"{SUBJECT}<!-- -->.{STRANGER}"),
            **wrap,
        }


def _saying(key: SigningKey, **other: object) -> Forge:
    def forged(said: Statement) -> str:
        return response(said, assertion(said.but(**other), key))

    return forged


def _wrapping(name: str, key: SigningKey) -> Forge:
    return lambda said: wrapped(said.but(subject=STRANGER), SUBJECT, key)[name]


_ANY = Statement(issuer="i", subject="s", audience="a", recipient="r", request="q", at=BEGINS, number="_n")


#: Bytes that a request to sign on has at most; a target may send us anything.
LONGEST_REQUEST = 64 * 1024


def request_in(url: str) -> ElementTree.Element:
    """Return the request that an address carries (HTTP-Redirect binding); what swells is none."""
    packed = parse_qs(urlsplit(url).query).get("SAMLRequest", [""])[0]
    try:
        text = zlib.decompressobj(wbits=-15).decompress(base64.b64decode(packed), LONGEST_REQUEST)
        if b"<!" in text:  # a document type, whose entities swell: no message of the protocol has one
            return ElementTree.Element("none")
        return ElementTree.fromstring(text)  # noqa: S314 (bounded, and without entities)
    except (zlib.error, ValueError, ElementTree.ParseError):
        return ElementTree.Element("none")


def opened(crm: CRM, protocol: str, groups: Mapping[str, str]) -> tuple[Tried, OpenIdRoad | SamlRoad | None]:
    """Tell the target of a provider of the bench's; return what came of it and the way, None if there is none."""
    wire, admin = crm.wire, crm.acting_as(Actor.ADMIN)
    assert isinstance(wire, Answering)
    url = wire.listen(SOUND) if protocol == "oidc" else ""
    parts = urlsplit(url)
    issuer = f"https://{parts.netloc}{PATH}" if url else f"https://idp.example/{crm.nonce}"
    key, rogue = SigningKey(f"{crm.nonce} {protocol}"), SigningKey(f"{crm.nonce} rogue")
    kind = OpenIdRoad if protocol == "oidc" else SamlRoad
    road = kind(crm=crm, number="", issuer=issuer, key=key, rogue=rogue, url=url)
    if isinstance(road, OpenIdRoad):
        road.publishing(key)
    provider = Provider(
        name=f"bench {crm.nonce} {protocol}",
        protocol=protocol,
        issuer=issuer,
        client=CLIENT,
        secret=f"Client-{crm.nonce}-secret",
        sign_on_url="" if url else f"{issuer}/sign-on",
        certificate="" if url else key.certificate(BEGINS),
        groups=groups,
    )
    trusted = attempt(admin, "trust a provider", lambda one: one.trust_provider(provider))
    if not trusted.ok:
        return trusted, None
    road.number = trusted.value
    return trusted, road


def leads_away(onward: str) -> bool:
    """Tell whether an address leads a browser out of the place that names it (CWE-601)."""
    parts = urlsplit(onward.replace("\\", "/"))
    return bool(parts.scheme or parts.netloc)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
