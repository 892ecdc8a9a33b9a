"""SAML: what we ask a SAML 2.0 provider, and what of its response is believed: the signed assertion, nothing else."""

import base64
import binascii
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import quoteattr

from poc.reference_crm.domain.id_tokens import Unproven

PROTOCOL, ASSERTION = "urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:2.0:assertion"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
#: How far clocks may differ, and characters that a response may have.
LEEWAY, LONGEST = timedelta(seconds=60), 200_000
#: Signatures and digests that are believed; SHA-1 is broken (NIST SP 800-131A).
SIGNATURES, DIGESTS = ("RSA_SHA256", "RSA_SHA384", "RSA_SHA512", "ECDSA_SHA256", "ECDSA_SHA384"), ("SHA256", "SHA384")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a response must answer: our names, the provider's name and certificate (PEM), and the request's id."""

    issuer: str
    certificate: str
    audience: str
    recipient: str
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What a provider says of a person: ``id`` may be used once, ``until`` it ends."""

    id: str
    subject: str
    groups: tuple[str, ...]
    name: str
    until: datetime


def request(number: str, *, audience: str, recipient: str, destination: str, relay: str, now: datetime) -> str:
    """Return the address to which a browser is sent: an AuthnRequest in the HTTP-Redirect binding (3.4)."""
    text = (
        f'<samlp:AuthnRequest xmlns:samlp="{PROTOCOL}" ID={quoteattr(number)} Version="2.0"'
        f' IssueInstant="{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" Destination={quoteattr(destination)}'
        f' ProtocolBinding="{POST}" AssertionConsumerServiceURL={quoteattr(recipient)}>'
        f'<saml:Issuer xmlns:saml="{ASSERTION}">{_escaped(audience)}</saml:Issuer></samlp:AuthnRequest>'
    )
    packed = base64.b64encode(zlib.compress(text.encode(), wbits=-15)).decode()
    return destination + ("&" if "?" in destination else "?") + urlencode({"SAMLRequest": packed, "RelayState": relay})


def read(response: str, question: Question, now: datetime, *, group_names: tuple[str, ...]) -> Assertion:
    """Return what a response (base64) asserts; raises Unproven (SAML Core 2.3-2.7, Profiles 4.1.4.3)."""
    root = parsed(response)
    if root.tag != f"{{{PROTOCOL}}}Response" or root.get("Destination") not in (None, question.recipient):
        raise Unproven("it is no response to us")
    status = root.find(f"{{{PROTOCOL}}}Status/{{{PROTOCOL}}}StatusCode")
    if status is None or status.get("Value") != SUCCESS:
        raise Unproven("the provider did not let the person in")
    told = asserted(root, question)
    if _text(told.find(f"{{{ASSERTION}}}Issuer")) != question.issuer:
        raise Unproven("another provider issued it")
    if not for_us(told, question.audience):
        raise Unproven("it is meant for somebody else")
    confirmed = told.find(
        f"{{{ASSERTION}}}Subject/{{{ASSERTION}}}SubjectConfirmation[@Method='{BEARER}']"
        f"/{{{ASSERTION}}}SubjectConfirmationData"
    )
    if confirmed is None or confirmed.get("Recipient") != question.recipient:
        raise Unproven("it was to be brought elsewhere")
    if not answers(confirmed, question.request):
        raise Unproven("it answers another request")
    until = in_time(told, confirmed, now)
    if until is None:
        raise Unproven("it is past its time, or not yet of it")
    subject, number = subject_of(told), told.get("ID", "")
    if not subject or not number:
        raise Unproven("it names nobody")
    return Assertion(
        id=number, subject=subject, groups=_values(told, group_names), name=_first(told, "displayName"), until=until
    )


def parsed(response: str) -> Any:
    """Return the root of a response; entities, document types and what is too long are refused."""
    from lxml import etree  # asked for at logins only: it stays out of the service's own start

    try:
        if len(response) > LONGEST:
            raise Unproven("it is too long")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True)
        root = etree.fromstring(base64.b64decode(response, validate=True), parser)
    except (etree.XMLSyntaxError, binascii.Error, ValueError) as no:
        raise Unproven("it is no XML") from no
    if root.getroottree().docinfo.doctype:
        raise Unproven("it brings a document type")
    return root


def asserted(root: Any, question: Question) -> Any:
    """Return the one assertion that the provider signed, itself or with the response around it.

    What is returned is parsed anew from the very bytes that were signed, so that nothing wrapped around them counts
    (signature wrapping, Somorovsky et al. 2012).
    """
    if len(list(root.iter(f"{{{ASSERTION}}}Assertion"))) != 1:
        raise Unproven("it holds not one assertion")
    signed = verified(root, question.certificate)
    if signed.tag == f"{{{PROTOCOL}}}Response":
        signed = signed.find(f"{{{ASSERTION}}}Assertion")
    if signed is None or signed.tag != f"{{{ASSERTION}}}Assertion":
        raise Unproven("what is signed is no assertion")
    return signed


def verified(root: Any, certificate: str) -> Any:
    """Return what is signed with the key of a certificate; raises Unproven."""
    from cryptography.exceptions import InvalidSignature as Broken
    from lxml import etree
    from signxml.algorithms import DigestAlgorithm, SignatureMethod
    from signxml.exceptions import SignXMLException
    from signxml.verifier import SignatureConfiguration, XMLVerifier

    config = SignatureConfiguration(
        signature_methods=frozenset(SignatureMethod[name] for name in SIGNATURES),
        digest_algorithms=frozenset(DigestAlgorithm[name] for name in DIGESTS),
    )
    try:
        result = XMLVerifier().verify(etree.tostring(root), x509_cert=certificate, expect_config=config)
    except (SignXMLException, Broken, ValueError, TypeError, KeyError, etree.LxmlError) as no:
        raise Unproven("its signature does not hold") from no
    signed = None if isinstance(result, list) else result.signed_xml
    if signed is None:
        raise Unproven("its signature covers nothing")
    return signed


def for_us(told: Any, audience: str) -> bool:
    """Tell whether an assertion is meant for us: each of its restrictions names us."""
    restrictions = told.findall(f"{{{ASSERTION}}}Conditions/{{{ASSERTION}}}AudienceRestriction")
    named = [[_text(one) for one in each.findall(f"{{{ASSERTION}}}Audience")] for each in restrictions]
    return bool(named) and all(audience in each for each in named)


def answers(confirmed: Any, number: str) -> bool:
    """Tell whether an assertion answers the request that we sent."""
    return bool(confirmed.get("InResponseTo") == number)


def in_time(told: Any, confirmed: Any, now: datetime) -> datetime | None:
    """Return when an assertion ends, None if it has ended or not begun."""
    conditions = told.find(f"{{{ASSERTION}}}Conditions")
    ends = [_moment(one.get("NotOnOrAfter")) for one in (conditions, confirmed) if one is not None]
    known = [one for one in ends if one is not None]
    begins = _moment(conditions.get("NotBefore")) if conditions is not None else None
    if _moment(confirmed.get("NotOnOrAfter")) is None:
        return None
    if now >= min(known) + LEEWAY or (begins is not None and now < begins - LEEWAY):
        return None
    return max(known)


def subject_of(told: Any) -> str:
    """Return whom an assertion speaks of; a comment within the name cuts nothing off (CVE-2017-11427)."""
    return _text(told.find(f"{{{ASSERTION}}}Subject/{{{ASSERTION}}}NameID"))


def _values(told: Any, names: tuple[str, ...]) -> tuple[str, ...]:
    found = told.iterfind(f"{{{ASSERTION}}}AttributeStatement/{{{ASSERTION}}}Attribute")
    wanted = [one for one in found if one.get("Name") in names]
    return tuple(_text(value) for one in wanted for value in one.findall(f"{{{ASSERTION}}}AttributeValue"))


def _first(told: Any, name: str) -> str:
    return next(iter(_values(told, (name,))), "")


def _text(element: Any) -> str:
    """Return the text of an element, all of it: what a comment stands between belongs together."""
    if element is None:
        return ""
    return "".join([element.text or "", *(child.tail or "" for child in element)]).strip()


def _moment(text: str | None) -> datetime | None:
    try:
        read_as = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return read_as if read_as is None or read_as.tzinfo else read_as.replace(tzinfo=UTC)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
