"""Envelope: the bench's side of payload encryption: a key pair for one play, and what was sealed to it opened."""

import base64
import hashlib
from collections.abc import Mapping

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash

#: Content encryptions that are opened, with the bytes of their keys (RFC 7518, 5.3).
BYTES = {"A128GCM": 16, "A192GCM": 24, "A256GCM": 32}
#: Order of P-256 (FIPS 186-5): private keys lie below it.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Envelope:
    """A key pair on P-256 that follows from a text, so that a replay asks and opens the same.

    It protects nothing: what is read with it are customers made for one play.
    """

    def __init__(self, text: str) -> None:
        """Make the pair of a text."""
        drawn = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=48).digest())
        self._private = ec.derive_private_key(drawn % (ORDER - 1) + 1, ec.SECP256R1())

    @property
    def jwk(self) -> Mapping[str, str]:
        """Return the public key as a JSON Web Key (RFC 7517)."""
        numbers = self._private.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": _text(numbers.x.to_bytes(32)), "y": _text(numbers.y.to_bytes(32))}

    def opened(self, compact: str) -> bytes:
        """Return what a compact JWE holds (ECDH-ES, AES-GCM); raises ValueError if it does not open with our key."""
        try:
            header, _, nonce, closed, tag = compact.split(".")
            told = orjson.loads(_bytes(header))
            if told["alg"] != "ECDH-ES" or told["enc"] not in BYTES:
                raise ValueError(f"{told['alg']} with {told['enc']} is no encryption that we open")
            name, size = str(told["enc"]).encode(), BYTES[told["enc"]]
            x, y = (int.from_bytes(_bytes(told["epk"][axis])) for axis in "xy")
            theirs = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
            info = len(name).to_bytes(4) + name + bytes(8) + (size * 8).to_bytes(4)
            shared = self._private.exchange(ec.ECDH(), theirs)
            key = ConcatKDFHash(algorithm=hashes.SHA256(), length=size, otherinfo=info).derive(shared)
            return AESGCM(key).decrypt(_bytes(nonce), _bytes(closed) + _bytes(tag), header.encode())
        except (InvalidTag, KeyError, TypeError) as bad:
            raise ValueError("it does not open with the key that we left") from bad


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
