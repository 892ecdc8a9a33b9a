"""Sign-on: defects in how the word of an identity provider is believed, and to whom it gives what."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from poc.mutants.mutant import Mutant, always, retold, swap
from poc.reference_crm.domain.id_tokens import Unproven
from poc.reference_crm.domain.saml import ASSERTION

YES = always(lambda *_: True)
TAKEN_AGAIN = retold("DELETE FROM login_journeys", "UPDATE login_journeys SET return_to = return_to")
NAMED_SQL = "SELECT username, role, disabled FROM users WHERE username = $1 OR username = $2"


def _part(text: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def _unlooked(token: str, keys: Any) -> Any:
    try:
        return _part(token.split(".")[1])
    except (ValueError, IndexError) as no:
        raise Unproven("it is no token") from no


def _as_told(signed_claims: Callable[..., Any]) -> Callable[..., Any]:
    def reading(token: str, keys: Any) -> Any:
        if _part(token.split(".")[0]).get("alg", "").lower() == "none":
            return _unlooked(token, keys)
        return signed_claims(token, keys)

    return reading


def _confused(signed_claims: Callable[..., Any]) -> Callable[..., Any]:
    def reading(token: str, keys: Any) -> Any:
        from joserfc.jwk import ECKey

        told, _, shown = token.rpartition(".")
        if _part(token.split(".")[0]).get("alg") == "HS256":
            for key in keys["keys"]:
                pem = ECKey.import_key(key).as_pem(private=False)
                digest = base64.urlsafe_b64encode(hmac.digest(pem, told.encode(), "sha256")).rstrip(b"=")
                if digest.decode() == shown:
                    return _unlooked(token, keys)
        return signed_claims(token, keys)

    return reading


def _remembered(fetched: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[str, Any] = {}

    async def fetching(desk: Any, url: str, **asked: Any) -> Any:
        if asked:
            return await fetched(desk, url, **asked)
        if url not in known:
            known[url] = await fetched(desk, url)
        return known[url]

    return fetching


def _by_name(meant: Callable[..., Any]) -> Callable[..., Any]:
    async def guessing(connection: Any, provider: Any, told: Any) -> Any:
        row = await meant(connection, provider, told)
        return row or await connection.fetchrow(NAMED_SQL, told.subject, told.name)

    return guessing


def _as_before(role_of: Callable[..., str]) -> Callable[..., str]:
    def lenient(provider: Any, groups: tuple[str, ...], present: str | None) -> str:
        try:
            return role_of(provider, groups, present)
        except Unproven:
            return present or "agent"

    return lenient


def _as_claimed(role_of: Callable[..., str]) -> Callable[..., str]:
    return lambda provider, groups, present: "admin" if "admin" in groups else role_of(provider, groups, present)


def _unproven_code(challenge_of: Callable[..., str]) -> Callable[..., str]:
    return lambda verifier: "x" * 43


def _wherever(asserted: Callable[..., Any]) -> Callable[..., Any]:
    def first(root: Any, question: Any) -> Any:
        from poc.reference_crm.domain import saml

        saml.verified(root, question.certificate)
        return next(root.iter(f"{{{ASSERTION}}}Assertion"))

    return first


def _if_there_is_one(verified: Callable[..., Any]) -> Callable[..., Any]:
    def trusting(root: Any, certificate: str) -> Any:
        signed = root.find(".//{http://www.w3.org/2000/09/xmldsig#}Signature")
        return root if signed is None else verified(root, certificate)

    return trusting


def _anybodys(verified: Callable[..., Any]) -> Callable[..., Any]:
    return lambda root, certificate: root


def _as_it_came(asserted: Callable[..., Any]) -> Callable[..., Any]:
    def unwashed(root: Any, question: Any) -> Any:
        asserted(root, question)
        return next(root.iter(f"{{{ASSERTION}}}Assertion"))

    return unwashed


def _cut(subject_of: Callable[..., str]) -> Callable[..., str]:
    swap("domain.saml:asserted", _as_it_came)

    def short(told: Any) -> str:
        name = told.find(f"{{{ASSERTION}}}Subject/{{{ASSERTION}}}NameID")
        return "" if name is None else name.text or ""

    return short


def _assertions_again(spent: Any) -> Any:
    async def always_new(*_: Any) -> bool:
        return True

    swap("operations.journeys:TAKE_SQL", TAKEN_AGAIN)
    return always_new


#: When what never ends would end.
FOR_EVER = datetime(2100, 1, 1, tzinfo=UTC)
FORGED = ("a_forged_word_of_a_provider_is_refused",)
ONCE = ("a_word_of_a_provider_opens_once",)


def _made(name: str, defect: str, killed_by: tuple[str, ...], place: str, make: Any, precedent: str) -> Mutant:
    return Mutant(name=name, defect=defect, killed_by=killed_by, place=place, make=make, precedent=precedent)


TOKENS = (
    _made(
        "tokens_without_signature", "A token that says it needs no signature is believed.", FORGED,
        "domain.id_tokens:signed_claims", _as_told, "CWE-347 (CVE-2022-23540)",
    ),
    _made(
        "public_key_as_secret", "A token signed with the public key as a shared secret is believed.", FORGED,
        "domain.id_tokens:signed_claims", _confused, "CWE-347 (CVE-2015-9235)",
    ),
    _made(
        "signature_is_decoration", "The claims of a token are read and its signature is not.", FORGED,
        "domain.id_tokens:signed_claims", always(_unlooked), "CWE-347 (CVE-2021-22573)",
    ),
    _made(
        "any_login_s_token", "The nonce of a token is not compared with that of the login.", FORGED,
        "domain.id_tokens:for_this_login", YES, "CWE-294",
    ),
    _made(
        "anybody_s_token", "A token that was meant for another client is believed.", FORGED,
        "domain.id_tokens:for_us", YES, "CWE-345",
    ),
    _made(
        "any_issuer", "The issuer of a token is not compared with the provider.", FORGED,
        "domain.id_tokens:of_issuer", YES, "CWE-346",
    ),
    _made(
        "old_tokens", "A token opens whenever it comes.", FORGED, "domain.id_tokens:in_time", YES, "CWE-613",
    ),
    _made(
        "old_keys", "The keys of a provider are fetched once and remembered for ever.",
        ("single_sign_on_works", *FORGED), "operations.journeys:_fetched", _remembered, "CWE-672",
    ),
    _made(
        "code_without_proof", "The code is fetched without proof of who began the login.",
        ("a_code_is_tied_to_who_began",), "operations.journeys:challenge_of", _unproven_code, "CWE-352",
    ),
    _made(
        "codes_of_logins_again", "A login by way of a provider can be finished again and again.", ONCE,
        "operations.journeys:TAKE_SQL", TAKEN_AGAIN, "CWE-294",
    ),
    _made(
        "anybody_s_browser", "A login that one browser began is finished by another.", ONCE,
        "operations.journeys:TAKE_SQL",
        retold("binding_hash = $3", "($3::bytea IS NOT NULL)"), "CWE-352",
    ),
)  # fmt: skip

ASSERTIONS = (
    _made(
        "wrapped_assertions", "Some signature in a SAML response is checked, and its first assertion believed.", FORGED,
        "domain.saml:asserted", _wherever, "CWE-347 (CVE-2024-45409)",
    ),
    _made(
        "signature_if_any", "A SAML response without any signature is believed.", FORGED,
        "domain.saml:verified", _if_there_is_one, "CWE-347",
    ),
    _made(
        "any_signer", "The signature of a SAML response is not checked against the provider's certificate.", FORGED,
        "domain.saml:verified", _anybodys, "CWE-295",
    ),
    _made(
        "names_cut_by_comments", "The name in a SAML assertion is read up to a comment in it.", FORGED,
        "domain.saml:subject_of", _cut, "CWE-287 (CVE-2017-11427)",
    ),
    _made(
        "unasked_assertions", "A SAML assertion that answers another request is believed.", FORGED,
        "domain.saml:answers", YES, "CWE-294",
    ),
    _made(
        "assertions_of_others", "The audience of a SAML assertion is not looked at.", FORGED,
        "domain.saml:for_us", YES, "CWE-863",
    ),
    _made(
        "assertions_for_ever", "A SAML assertion opens long after its end.", FORGED,
        "domain.saml:in_time", always(lambda *_: FOR_EVER), "CWE-613",
    ),
    _made(
        "assertions_again", "A SAML assertion opens as often as it is brought.", ONCE,
        "operations.arrivals:spent", _assertions_again, "CWE-294",
    ),
)  # fmt: skip

PEOPLE = (
    _made(
        "linked_by_name", "Whom the provider calls by a user's name or e-mail is taken for that user.",
        ("an_account_is_linked_by_subject_alone",), "operations.arrivals:meant", _by_name, "CWE-290",
    ),
    _made(
        "groups_for_show", "Who is in no group of the bank's keeps the role there was.", ("groups_give_the_role",),
        "operations.arrivals:role_of", _as_before, "CWE-863",
    ),
    _made(
        "claimed_administrators", "Who claims to be in a group called admin becomes administrator.",
        ("groups_give_the_role",), "operations.arrivals:role_of", _as_claimed, "CWE-269",
    ),
    _made(
        "sent_anywhere", "After a login the browser is sent to whatever address was wanted.",
        ("nobody_is_sent_away_after_signing_on",), "operations.journeys:within_house", YES, "CWE-601",
    ),
    _made(
        "logout_of_passwords_only", "Signing out leaves alive what a provider opened.",
        ("logout_ends_what_a_provider_opened",), "operations.sessions:SIGN_OUT_SQL",
        lambda told: f"{told} AND provider IS NULL", "CWE-613",
    ),
    _made(
        "passwords_remain", "Who is bound to single sign-on still gets in with the password.",
        ("who_is_bound_to_sign_on_has_no_password",), "operations.sessions:USER_SQL",
        retold(
            "u.*",
            "u.username, u.password, u.role, u.disabled, u.locked_until, u.failures, false AS sso_only",
        ), "CWE-287",
    ),
)  # fmt: skip

MUTANTS = (*TOKENS, *ASSERTIONS, *PEOPLE)
