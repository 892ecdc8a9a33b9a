"""Authenticator: a software passkey (WebAuthn level 2) whose keys follow from a text: ceremonies sound and unsound."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from scenarios.identity import SigningKey

#: Bits of the authenticator data's flags (WebAuthn 6.1): present, verified, key attached.
PRESENT, VERIFIED, ATTACHED = 0x01, 0x04, 0x40


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """How a ceremony is done; a sound browser and authenticator do it at the origin and for the place that asks."""

    origin: str
    place: str  # the relying party's id
    challenge: str  # base64url, as it was given
    count: int = 0
    flags: int = PRESENT | VERIFIED


class Authenticator:
    """One passkey; it protects nothing, since who knows the text has it too."""

    def __init__(self, text: str) -> None:
        """Make the passkey of a text."""
        self._key = SigningKey(f"passkey {text}")
        self.number = hashlib.blake2b(f"number {text}".encode(), digest_size=32).digest()

    def made(self, conduct: Conduct) -> Mapping[str, object]:
        """Return what a browser brings when the passkey is made: no attestation (8.7), an ES256 key."""
        client = _client("webauthn.create", conduct)
        attached = self.number_told() + self._public()
        data = _data(conduct, PRESENT | VERIFIED & conduct.flags | ATTACHED, attached)
        told = _map({"fmt": _words("none"), "attStmt": _map({}), "authData": _bytes(data)})
        return self._brought({"clientDataJSON": _text(client), "attestationObject": _text(told)})

    def shown(self, conduct: Conduct, key: "Authenticator | None" = None) -> Mapping[str, object]:
        """Return what a browser brings when the passkey is shown; signed by another's key if one is given."""
        client, data = _client("webauthn.get", conduct), _data(conduct, conduct.flags)
        signature = (key or self)._key.signed(data + hashlib.sha256(client).digest())
        told = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._brought({name: _text(value) for name, value in told.items()})

    def number_told(self) -> bytes:
        """Return the passkey's maker (unknown), the length of its number, and its number (6.5.1)."""
        return bytes(16) + len(self.number).to_bytes(2) + self.number

    def _public(self) -> bytes:
        """Return the public key in the form of RFC 9053, 7.1.1."""
        numbers = self._key.private.public_key().public_numbers()
        head = bytes([0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21])
        return head + _bytes(numbers.x.to_bytes(32)) + b"\x22" + _bytes(numbers.y.to_bytes(32))

    def _brought(self, response: Mapping[str, str]) -> Mapping[str, object]:
        number = _text(self.number)
        return {"id": number, "rawId": number, "type": "public-key", "response": dict(response)}


def _client(kind: str, conduct: Conduct) -> bytes:
    told = {"type": kind, "challenge": conduct.challenge, "origin": conduct.origin, "crossOrigin": False}
    return orjson.dumps(told)


def _data(conduct: Conduct, flags: int, attached: bytes = b"") -> bytes:
    place = hashlib.sha256(conduct.place.encode()).digest()
    return place + bytes([flags]) + conduct.count.to_bytes(4) + attached


# -- as much CBOR (RFC 8949) as an attestation needs -------------------------------------------------------------------
def _head(kind: int, size: int) -> bytes:
    if size < 24:
        return bytes([kind << 5 | size])
    return bytes([kind << 5 | 24, size]) if size < 256 else bytes([kind << 5 | 25]) + size.to_bytes(2)


def _bytes(data: bytes) -> bytes:
    return _head(2, len(data)) + data


def _words(text: str) -> bytes:
    return _head(3, len(text)) + text.encode()


def _map(told: Mapping[str, bytes]) -> bytes:
    return _head(5, len(told)) + b"".join(_words(name) + value for name, value in told.items())


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
