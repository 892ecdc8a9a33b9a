"""Payload: a layer of encryption besides TLS: what a key's holder alone can read, whoever ends the TLS in between.

Compact JWE (RFC 7516) with ECDH-ES on P-256 and A256GCM (RFC 7518, 4.6 and 5.3), a new ephemeral key for each message.
"""

import base64
import os
from collections.abc import Mapping

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash

ENCRYPTION, KEY_BYTES, TAG = "A256GCM", 32, 16


def public_key(jwk: Mapping[str, str]) -> ec.EllipticCurvePublicKey:
    """Return the key that a JSON Web Key on P-256 stands for; raises ValueError if it is no point of the curve."""
    x, y = (int.from_bytes(base64.urlsafe_b64decode(jwk[name] + "=")) for name in "xy")
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def sealed_for(jwk: Mapping[str, str], data: bytes) -> bytes:
    """Return data as a compact JWE that only the holder of the key opens; raises ValueError for a bad key."""
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    numbers = ephemeral.public_key().public_numbers()
    told = {"kty": "EC", "crv": "P-256", "x": _text(numbers.x.to_bytes(32)), "y": _text(numbers.y.to_bytes(32))}
    header = _text(orjson.dumps({"alg": "ECDH-ES", "enc": ENCRYPTION, "epk": told})).encode()
    key = derived(ephemeral.exchange(ec.ECDH(), public_key(jwk)))
    nonce = os.urandom(12)
    closed = AESGCM(key).encrypt(nonce, data, header)
    return b".".join((header, b"", *(_text(part).encode() for part in (nonce, closed[:-TAG], closed[-TAG:]))))


def derived(shared: bytes) -> bytes:
    """Return the content key of an agreed secret (RFC 7518, 4.6.2: Concat KDF, no party information)."""
    name = ENCRYPTION.encode()
    info = len(name).to_bytes(4) + name + bytes(8) + (KEY_BYTES * 8).to_bytes(4)
    return ConcatKDFHash(algorithm=hashes.SHA256(), length=KEY_BYTES, otherinfo=info).derive(shared)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
