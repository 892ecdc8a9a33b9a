"""Identity: the bench as an identity provider: keys that follow from a text, tokens and assertions sound and forged."""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

import orjson
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import NameOID

from scenarios.envelope import ORDER

PROTOCOL, ASSERTION = "urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:2.0:assertion"
XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ECDSA, SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"
STAMP = "%Y-%m-%dT%H:%M:%SZ"


class SigningKey:
    """A key on P-256 that follows from a text, so that a replay signs the same; what it signs is the same as well."""

    def __init__(self, text: str) -> None:
        """Make the key of a text."""
        drawn = int.from_bytes(hashlib.blake2b(f"identity {text}".encode(), digest_size=48).digest())
        self.private = ec.derive_private_key(drawn % (ORDER - 1) + 1, ec.SECP256R1())
        self.name = hashlib.blake2b(text.encode(), digest_size=6).hexdigest()

    @property
    def jwk(self) -> dict[str, str]:
        """Return the public key as a JSON Web Key (RFC 7517)."""
        numbers = self.private.public_key().public_numbers()
        axes = {"x": _text(numbers.x.to_bytes(32)), "y": _text(numbers.y.to_bytes(32))}
        return {"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.name, **axes}

    @property
    def pem(self) -> bytes:
        """Return the public key in PEM, as anybody may have it."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(serialization.Encoding.PEM, form)

    def signed(self, data: bytes) -> bytes:
        """Return the DER signature of data (ECDSA with SHA-256, deterministic: RFC 6979)."""
        return self.private.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))

    def signed_plainly(self, data: bytes) -> bytes:
        """Return the signature of data as two numbers of 32 bytes (RFC 7518 3.4, XML signatures)."""
        first, second = decode_dss_signature(self.signed(data))
        return first.to_bytes(32) + second.to_bytes(32)

    def certificate(self, begins: datetime) -> str:
        """Return a certificate of the key for itself, good for ten years from a moment, in PEM."""
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "identity provider of the bench")])
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.private.public_key())
            .serial_number(int(self.name, 16) + 1)
            .not_valid_before(begins - timedelta(days=1))
            .not_valid_after(begins + timedelta(days=3650))
            .sign(self.private, hashes.SHA256(), ecdsa_deterministic=True)
        )
        return made.public_bytes(serialization.Encoding.PEM).decode("ascii")


# -- OpenID Connect ----------------------------------------------------------------------------------------------------
def token(claims: Mapping[str, object], key: SigningKey, *, called: str = "") -> str:
    """Return claims as a token (JWS compact, RFC 7515) signed with ES256 by a key, be it called like another."""
    told = _opening({"alg": "ES256", "typ": "JWT", "kid": called or key.name}, claims)
    return f"{told}.{_text(key.signed_plainly(told.encode()))}"


def unsigned(claims: Mapping[str, object], alg: str = "none") -> str:
    """Return claims as a token that says that it needs no signature (CVE-2015-9235)."""
    return f"{_opening({'alg': alg, 'typ': 'JWT'}, claims)}."


def signed_with_public(claims: Mapping[str, object], key: SigningKey) -> str:
    """Return claims signed with the public key as if it were a shared secret (algorithm confusion, CVE-2016-5431)."""
    told = _opening({"alg": "HS256", "typ": "JWT", "kid": key.name}, claims)
    return f"{told}.{_text(hmac.digest(key.pem, told.encode(), 'sha256'))}"


def _opening(header: Mapping[str, object], claims: Mapping[str, object]) -> str:
    return f"{_text(orjson.dumps(header))}.{_text(orjson.dumps(dict(claims)))}"


# -- SAML --------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What an assertion says; every part can be made wrong."""

    issuer: str
    subject: str
    audience: str
    recipient: str
    request: str
    at: datetime
    number: str
    groups: Sequence[str] = ()
    seconds: int = 300

    @property
    def ends(self) -> datetime:
        """Return when it ends."""
        return self.at + timedelta(seconds=self.seconds)

    def but(self, **other: object) -> "Statement":
        """Return the same with other parts."""
        return replace(self, **other)  # type: ignore[arg-type]


def assertion(said: Statement, key: SigningKey | None) -> str:
    """Return an assertion (SAML 2.0 Core 2.3), signed unless there is no key; ``said.subject`` may hold markup."""
    begins, ends = ((said.at - timedelta(seconds=5)).strftime(STAMP), said.ends.strftime(STAMP))
    values = "".join(f"<saml:AttributeValue>{escape(group)}</saml:AttributeValue>" for group in said.groups)
    listed = f'<saml:Attribute Name="groups">{values}</saml:Attribute>'
    groups = f"<saml:AttributeStatement>{listed}</saml:AttributeStatement>" if said.groups else ""
    named = f'ID={quoteattr(said.number)} IssueInstant="{begins}" Version="2.0"'
    head = f'<saml:Assertion xmlns:saml="{ASSERTION}" {named}>'
    issuer = f"<saml:Issuer>{escape(said.issuer)}</saml:Issuer>"
    rest = (
        f"<saml:Subject><saml:NameID>{said.subject}</saml:NameID>"
        '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData'
        f' InResponseTo={quoteattr(said.request)} NotOnOrAfter="{ends}" Recipient={quoteattr(said.recipient)}>'
        "</saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>"
        f'<saml:Conditions NotBefore="{begins}" NotOnOrAfter="{ends}"><saml:AudienceRestriction>'
        f"<saml:Audience>{escape(said.audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
        f'<saml:AuthnStatement AuthnInstant="{begins}"><saml:AuthnContext><saml:AuthnContextClassRef>'
        "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef>"
        f"</saml:AuthnContext></saml:AuthnStatement>{groups}</saml:Assertion>"
    )
    signature = "" if key is None else signature_of(said.number, head + issuer + rest, key)
    return head + issuer + signature + rest


def signature_of(number: str, plain: str, key: SigningKey) -> str:
    """Return the enveloped XML signature of an element that is written in canonical form already.

    What is written here has attributes in order, no empty-element tags and one namespace, so that its exclusive
    canonical form (with comments left out) is its own text.
    """
    digest = base64.b64encode(hashlib.sha256(_without_comments(plain).encode()).digest()).decode()
    info = (
        f'<ds:SignedInfo xmlns:ds="{XMLDSIG}"><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}">'
        f'</ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="{ECDSA}"></ds:SignatureMethod>'
        f'<ds:Reference URI="#{number}"><ds:Transforms>'
        f'<ds:Transform Algorithm="{XMLDSIG}enveloped-signature"></ds:Transform>'
        f'<ds:Transform Algorithm="{EXCLUSIVE}"></ds:Transform></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{SHA256}"></ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue>'
        "</ds:Reference></ds:SignedInfo>"
    )
    value = base64.b64encode(key.signed_plainly(info.encode())).decode()
    space = f' xmlns:ds="{XMLDSIG}"'
    within = info.replace(space, "", 1)
    return f"<ds:Signature{space}>{within}<ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>"


def response(said: Statement, body: str) -> str:
    """Return a response around assertions, as a browser brings it (base64)."""
    text = (
        f'<samlp:Response xmlns:samlp="{PROTOCOL}" Destination={quoteattr(said.recipient)} ID="_r{said.number}"'
        f' InResponseTo={quoteattr(said.request)} IssueInstant="{said.at.strftime(STAMP)}" Version="2.0">'
        f'<saml:Issuer xmlns:saml="{ASSERTION}">{escape(said.issuer)}</saml:Issuer><samlp:Status><samlp:StatusCode'
        f' Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>{body}</samlp:Response>'
    )
    return base64.b64encode(text.encode()).decode()


def wrapped(said: Statement, victim: str, key: SigningKey) -> dict[str, str]:
    """Return responses in which a signed assertion of ``said`` lends its signature to one about a victim.

    XSW 1 and 3 to 6 of Somorovsky et al., "On Breaking SAML" (USENIX Security 2012), by name.
    """
    true = assertion(said, key)
    evil = said.but(subject=escape(victim), number=f"{said.number}e")
    false = assertion(evil, None)
    mark = true[true.index("<ds:Signature") : true.index("</ds:Signature>") + len("</ds:Signature>")]
    bare = true.replace(mark, "")
    inside = mark.replace("</ds:Signature>", f"<ds:Object>{bare}</ds:Object></ds:Signature>")
    end = "</saml:Issuer>"
    return {
        "false before true": response(said, false + true),
        "false after true": response(said, true + false),
        "true within false": response(said, false.replace("</saml:Assertion>", f"{true}</saml:Assertion>")),
        "signature in false, true within it": response(said, false.replace(end, end + inside, 1)),
        "true in extensions": response(said, f"<samlp:Extensions>{true}</samlp:Extensions>{false}"),
        "same name twice": response(said, assertion(evil.but(number=said.number), None) + true),
    }


def _without_comments(text: str) -> str:
    while "<!--" in text:
        text = text[: text.index("<!--")] + text[text.index("-->") + 3 :]
    return text


def stamp(moment: datetime) -> int:
    """Return a moment in seconds since 1970."""
    return int(moment.astimezone(UTC).timestamp())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
