"""Redaction: secrets are taken out of what is kept, each replaced by the same placeholder wherever it stands."""

import re
import secrets as entropy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Lock

from scenarios.port import Reply, Request

#: Names of fields, form entries and query parameters whose values are secrets wherever they occur.
SECRET_NAMES = (
    "password|new_password|old_password|passwd|secret|client_secret|access_token|refresh_token|id_token|token"
    "|session_id|sessionid|api_key|apikey|private_key|assertion|samlresponse|otp|appsecret|permanentcode|accesstoken"
)
#: Headers whose values are secrets; cookies and schemes are taken apart, so that what is left can still be read.
SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "x-api-key", "x-auth-token", "cookie", "set-cookie"}
)

#: A secret this long is replaced wherever it occurs; a shorter one only where its name says what it is,
#: since a short word may stand in a text by chance.
LONG_ENOUGH = 8

PLACEHOLDER = re.compile(rb"\[secret-[0-9a-f]{10}\]")
_SPARKS = (
    b"passw",
    b"secret",
    b"token",
    b"session",
    b"api_key",
    b"apikey",
    b"private_key",
    b"assertion",
    b"samlresponse",
    b"otp",
    b"permanentcode",
)
_IN_JSON = re.compile(rb'"(?:' + SECRET_NAMES.encode() + rb')"\s*:\s*"((?:[^"\\]|\\.)+)"', re.IGNORECASE)
_IN_FORM = re.compile(rb"(?:^|[&?])(?:" + SECRET_NAMES.encode() + rb")=([^&\s\"]+)", re.IGNORECASE)
#: Several cookies that are set come as one header, with commas between.
_COOKIE = re.compile(r"(?:^|[;,]\s*)(?!path=|domain=|expires=|max-age=|samesite=)[^=;\s]+=([^;]+)", re.IGNORECASE)


@dataclass(slots=True)
class Redactor:
    """Knows the secrets of one run and takes them out of bytes; thread-safe.

    The key is drawn anew for each run and never kept, so a placeholder tells only whether two secrets were the same.
    """

    key: bytes = field(default_factory=lambda: entropy.token_bytes(32))
    known: dict[bytes, bytes] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def learn(self, values: Iterable[str]) -> None:
        """Take note of secrets that were known before anything was sent (the target's settings)."""
        for value in values:
            if len(value) >= LONG_ENOUGH:
                self._placeholder(value.encode())

    def request(self, request: Request) -> Request:
        """Return a request without its secrets, its body as ``content``."""
        headers = self._headers(request.headers)
        body = self.clean(request.body)
        query = {name: self._named(name, value) for name, value in request.query.items()}
        return Request(
            method=request.method,
            path=self.text(request.path),
            query=query,
            headers=headers,
            content=body,
            step=request.step,
        )

    def reply(self, reply: Reply) -> Reply:
        """Return a reply without its secrets."""
        headers = self._headers(reply.headers)
        return Reply(status=reply.status, headers=headers, body=self.clean(reply.body), seconds=reply.seconds)

    def clean(self, body: bytes) -> bytes:
        """Return bytes with every known secret, and every value that a secret's name stands before, replaced."""
        lower = body.lower()
        if any(spark in lower for spark in _SPARKS):  # plain searches cost a tenth of one pattern
            body = _IN_JSON.sub(self._in_place, body)
            body = _IN_FORM.sub(self._in_place, body)
        for secret, placeholder in tuple(self.known.items()):
            if secret in body:
                body = body.replace(secret, placeholder)
        return body

    def text(self, text: str) -> str:
        """Return text with every known secret replaced."""
        return self.clean(text.encode("utf-8", "surrogatepass")).decode("utf-8", "replace")

    def _headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        covered = {name: self._header(name.lower(), value) for name, value in headers.items() if _is_secret(name)}
        others = {name: value for name, value in headers.items() if name not in covered}
        all_others = "&".join(others.values())
        if self.text(all_others) != all_others:  # looked through at once: hardly ever does one hold a secret
            covered |= {name: self.text(value) for name, value in others.items()}
        return {name: covered.get(name, value) for name, value in headers.items()}

    def _header(self, name: str, value: str) -> str:
        if name.endswith("cookie"):
            return _COOKIE.sub(lambda m: m[0].replace(m[1], self._cover(m[1])), value)
        scheme, _, secret = value.rpartition(" ")
        return f"{scheme} {self._cover(secret)}".strip()

    def _named(self, name: str, value: str) -> str:
        return self._cover(value) if re.fullmatch(SECRET_NAMES, name, re.IGNORECASE) else self.text(value)

    def _cover(self, secret: str) -> str:
        return self._placeholder(secret.encode()).decode()

    def _in_place(self, found: re.Match[bytes]) -> bytes:
        start, end = found.span(1)
        origin = found.start()
        return found[0][: start - origin] + self._placeholder(found[1]) + found[0][end - origin :]

    def _placeholder(self, secret: bytes) -> bytes:
        if PLACEHOLDER.fullmatch(secret):
            return secret
        placeholder = b"[secret-%s]" % blake2b(secret, key=self.key, digest_size=5).hexdigest().encode()
        if len(secret) >= LONG_ENOUGH:
            with self.lock:
                self.known.setdefault(secret, placeholder)
        return placeholder


def _is_secret(header: str) -> bool:
    return header.lower() in SECRET_HEADERS


def secrets_of(request: Request) -> tuple[bytes, ...]:
    """Return the values in a request before which a secret's name stands, in order: bodies only."""
    body = request.body
    return tuple(m[1] for pattern in (_IN_JSON, _IN_FORM) for m in pattern.finditer(body))
