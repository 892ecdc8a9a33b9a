"""Journeys: a login that goes by way of an identity provider: begun here, judged when the browser comes back."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode

import orjson

from poc.reference_crm import outbound
from poc.reference_crm.access import Caller
from poc.reference_crm.audit import Entry
from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Desk
from poc.reference_crm.domain import id_tokens, saml
from poc.reference_crm.domain.id_tokens import Unproven
from poc.reference_crm.operations import arrivals, providers
from poc.reference_crm.operations.arrivals import Asserted
from poc.reference_crm.operations.sessions import hash_of, unauthenticated
from poc.reference_crm.problems import Problem, invalid

#: Seconds that a login may take on its way.
WITHIN = 600
#: A journey is taken once, by the browser that began it.
TAKE_SQL = """
DELETE FROM login_journeys WHERE state_hash = $1 AND provider = $2 AND binding_hash = $3 AND begun_at > $4
RETURNING sealed, return_to"""
#: Names under which providers say groups, where the bank has not named one.
GROUPS = ("groups", "roles", "memberOf", "http://schemas.xmlsoap.org/claims/Group")


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Where a browser is sent, and what ties the journey to it (a cookie's value)."""

    url: str
    binding: str


def recipient(desk: Desk, provider: str, protocol: str) -> str:
    """Return the address to which a provider sends browsers back."""
    return f"{desk.settings.public_url}/v1/auth/sso/{provider}/{'callback' if protocol == 'oidc' else 'acs'}"


def within_house(return_to: str) -> bool:
    """Tell whether an address lies in this service: a path, and nothing that a browser takes for a host (CWE-601)."""
    plain = return_to.isascii() and return_to.isprintable() and "\\" not in return_to
    return plain and return_to.startswith("/") and not return_to.startswith("//")


async def begin(desk: Desk, provider: str, return_to: str) -> Departure:
    """Return the way to a provider; raises not-found, invalid for a foreign ``return_to``."""
    if not within_house(return_to):
        raise invalid("return_to", "must be a path of this service, beginning with one /")
    async with desk.database.connection(NOBODY) as connection:
        row = await providers.row_of(connection, provider)
    state, binding, now = secrets.token_urlsafe(32), secrets.token_urlsafe(32), datetime.now(UTC)
    own = {"nonce": f"_{secrets.token_hex(20)}", "verifier": secrets.token_urlsafe(48)}
    url = await _to_oidc(desk, row, state, own) if row["protocol"] == "oidc" else _to_saml(desk, row, state, own, now)
    sealed = desk.vault.seal(f"journeys/{provider}", orjson.dumps(own))
    async with desk.database.connection(NOBODY) as connection:
        await connection.execute("DELETE FROM login_journeys WHERE begun_at < $1", now - timedelta(seconds=WITHIN))
        await connection.execute(
            "INSERT INTO login_journeys (state_hash, provider, binding_hash, sealed, return_to, begun_at)"
            " VALUES ($1, $2, $3, $4, $5, $6)",
            hash_of(state), provider, hash_of(binding), sealed, return_to, now,
        )  # fmt: skip
    return Departure(url=url, binding=binding)


def _to_saml(desk: Desk, row: Mapping[str, Any], state: str, own: Mapping[str, str], now: datetime) -> str:
    return saml.request(
        own["nonce"],
        audience=desk.settings.public_url,
        recipient=recipient(desk, row["id"], "saml"),
        destination=row["settings"]["sign_on_url"],
        relay=state,
        now=now,
    )


async def _to_oidc(desk: Desk, row: Mapping[str, Any], state: str, own: Mapping[str, str]) -> str:
    try:
        about = await discovered(desk, row["issuer"])
    except Unproven as no:
        raise Problem(reason="conflict", detail=f"the identity provider cannot be asked: {no}") from None
    wanted = {
        "response_type": "code",
        "client_id": row["settings"]["client_id"],
        "redirect_uri": recipient(desk, row["id"], "oidc"),
        "scope": "openid profile groups",
        "state": state,
        "nonce": own["nonce"],
        "code_challenge": challenge_of(own["verifier"]),
        "code_challenge_method": "S256",
    }
    address = str(about["authorization_endpoint"])
    return address + ("&" if "?" in address else "?") + urlencode(wanted)


def challenge_of(verifier: str) -> str:
    """Return what is shown of a verifier when a journey begins (RFC 7636 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


async def discovered(desk: Desk, issuer: str) -> Mapping[str, Any]:
    """Return what a provider says of itself (OpenID Connect Discovery 4); raises Unproven."""
    about = await _fetched(desk, issuer.rstrip("/") + "/.well-known/openid-configuration")
    if about.get("issuer") != issuer:
        raise Unproven("it says that it is another")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not str(about.get(name, "")).startswith("https://"):
            raise Unproven(f"it names no {name}")
    return about


async def _fetched(desk: Desk, url: str, **asked: Any) -> Mapping[str, Any]:
    try:
        told = orjson.loads(await outbound.fetch(url, desk.settings.outbound, **asked))
    except outbound.Undeliverable as no:
        raise Unproven(str(no)) from None
    except orjson.JSONDecodeError:
        raise Unproven("its answer is no JSON") from None
    if not isinstance(told, dict):
        raise Unproven("its answer is no object")
    return told


async def finish_oidc(
    desk: Desk, caller: Caller, provider: str, *, state: str, code: str, binding: str
) -> dict[str, object]:
    """Trade the code that a browser brings for tokens; raises unauthenticated if anything is not as it should be."""

    async def word(row: Mapping[str, Any], own: Mapping[str, str]) -> Asserted:
        if not code:
            raise Unproven("the provider did not let the person in")
        claims = await _claims(desk, row, own, code)
        groups = claims.get(row["settings"].get("groups_claim") or "groups")
        listed = tuple(str(one) for one in groups) if isinstance(groups, list) else ()
        return Asserted(subject=str(claims.get("sub") or ""), name=str(claims.get("name") or ""), groups=listed)

    return await _finish(desk, caller, provider, state, binding, word)


async def _claims(desk: Desk, row: Mapping[str, Any], own: Mapping[str, str], code: str) -> Mapping[str, Any]:
    about = await discovered(desk, row["issuer"])
    client = row["settings"]["client_id"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": recipient(desk, row["id"], "oidc"),
        "client_id": client,
        "code_verifier": own["verifier"],
    }
    headers: dict[str, str] = {}
    if row["secret"] is not None:
        secret = desk.vault.open(providers.place(row["id"]), row["secret"]).decode()
        if "client_secret_basic" in about.get("token_endpoint_auth_methods_supported", ("client_secret_basic",)):
            pair = f"{quote_plus(client)}:{quote_plus(secret)}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        else:
            form["client_secret"] = secret
    told = await _fetched(desk, str(about["token_endpoint"]), form=urlencode(form).encode(), headers=headers)
    # read anew for each login: logins are rare, and a key that the provider withdrew must open nothing any more
    keys = await _fetched(desk, str(about["jwks_uri"]))
    claims = id_tokens.claims_of(
        str(told.get("id_token", "")),
        keys,
        issuer=row["issuer"],
        audience=client,
        nonce=own["nonce"],
        now=datetime.now(UTC).timestamp(),
    )
    if (row["settings"].get("groups_claim") or "groups") in claims or "userinfo_endpoint" not in about:
        return claims
    return await _with_more(desk, str(about["userinfo_endpoint"]), str(told.get("access_token", "")), claims)


async def _with_more(desk: Desk, url: str, token: str, claims: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return claims with what a provider tells of the same person when asked (OpenID Connect Core 5.3)."""
    if not (token.isascii() and token.isprintable()):
        raise Unproven("its access token is none")
    more = await _fetched(desk, url, headers={"Authorization": f"Bearer {token}"})
    if more.get("sub") != claims.get("sub"):
        raise Unproven("its answers speak of two people")
    return {**more, **claims}


async def finish_saml(
    desk: Desk, caller: Caller, provider: str, *, relay: str, response: str, binding: str
) -> dict[str, object]:
    """Trade the response that a browser brings for tokens; raises unauthenticated."""

    async def word(row: Mapping[str, Any], own: Mapping[str, str]) -> Asserted:
        question = saml.Question(
            issuer=row["issuer"],
            certificate=row["settings"]["certificate"],
            audience=desk.settings.public_url,
            recipient=recipient(desk, provider, "saml"),
            request=own["nonce"],
        )
        named = row["settings"].get("groups_claim")
        told = saml.read(response, question, datetime.now(UTC), group_names=(named,) if named else GROUPS)
        return Asserted(subject=told.subject, name=told.name, groups=told.groups, once=(told.id, told.until))

    return await _finish(desk, caller, provider, relay, binding, word)


async def _finish(desk: Desk, caller: Caller, provider: str, state: str, binding: str, word: Any) -> dict[str, object]:
    """Take a journey up again, hear the provider's word, and let in whom it vouches for; all refusals sound alike."""
    since = datetime.now(UTC) - timedelta(seconds=WITHIN)
    try:
        async with desk.database.connection(NOBODY) as connection:
            row = await providers.row_of(connection, provider)
            taken = await connection.fetchrow(TAKE_SQL, hash_of(state), provider, hash_of(binding), since)
        if taken is None:
            raise Unproven("no login of this browser is under way")
        own = orjson.loads(desk.vault.open(f"journeys/{provider}", taken["sealed"]))
        tokens = await arrivals.admit(desk, caller, row, await word(row, own))
    except Unproven as no:
        note = {"provider": provider, "why": str(no)}
        await desk.jot(
            caller, Entry(action="login.failed", subject=f"providers/{provider}", result="denied", after=note)
        )
        raise unauthenticated("the login by way of the identity provider did not succeed: begin anew") from None
    return tokens | {"return_to": taken["return_to"]}
