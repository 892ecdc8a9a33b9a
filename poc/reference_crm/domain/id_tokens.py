"""Identity tokens: what an OpenID Connect provider says of a person, believed only if signed by it, for us and now."""

from collections.abc import Mapping
from typing import Any

#: Signatures that are believed (OpenID Connect Core 3.1.3.7: agreed beforehand, never what the token asks for).
ALGORITHMS = ("RS256", "ES256")
#: Seconds that clocks may differ, and that a token may be old when it comes.
LEEWAY, OLDEST = 60, 600


class Unproven(Exception):
    """A provider's word was not accepted; the text says why, in words for the audit trail."""


def claims_of(
    token: str, keys: Mapping[str, Any], *, issuer: str, audience: str, nonce: str, now: float
) -> Mapping[str, Any]:
    """Return the claims of a token; ``keys`` is the provider's key set (RFC 7517), ``now`` seconds since 1970.

    Raises Unproven for a token that another signed, for another, of another time or for another login
    (OpenID Connect Core 1.0, 3.1.3.7).
    """
    claims = signed_claims(token, keys)
    if not of_issuer(claims, issuer):
        raise Unproven("another provider issued it")
    if not for_us(claims, audience):
        raise Unproven("it is meant for somebody else")
    if not in_time(claims, now):
        raise Unproven("it is past its time, or not yet of it")
    if not for_this_login(claims, nonce):
        raise Unproven("it belongs to another login")
    return claims


def signed_claims(token: str, keys: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a token says, its signature checked; raises Unproven."""
    from joserfc import jwt  # asked for at logins only: it stays out of the service's own start
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        usable: Any = {"keys": [key for key in keys["keys"] if key.get("kty") in ("RSA", "EC")]}
        claims: Mapping[str, Any] = jwt.decode(token, KeySet.import_key_set(usable), algorithms=list(ALGORITHMS)).claims
    except (JoseError, KeyError, TypeError, ValueError, AttributeError) as no:
        raise Unproven("its signature does not hold") from no
    return claims


def of_issuer(claims: Mapping[str, Any], issuer: str) -> bool:
    """Tell whether a token is the provider's own."""
    return claims.get("iss") == issuer


def for_us(claims: Mapping[str, Any], audience: str) -> bool:
    """Tell whether a token is meant for us; one for several must have been asked for by us."""
    listed = claims.get("aud")
    meant = [listed] if isinstance(listed, str) else listed if isinstance(listed, list) else []
    return audience in meant and (len(meant) == 1 or claims.get("azp") == audience)


def in_time(claims: Mapping[str, Any], now: float) -> bool:
    """Tell whether a token was made just now and has not ended."""
    ends, made = claims.get("exp"), claims.get("iat")
    if not (isinstance(ends, int | float) and isinstance(made, int | float)):
        return False
    return now < ends + LEEWAY and made - LEEWAY <= now < made + OLDEST


def for_this_login(claims: Mapping[str, Any], nonce: str) -> bool:
    """Tell whether a token answers the question that we asked."""
    return claims.get("nonce") == nonce
