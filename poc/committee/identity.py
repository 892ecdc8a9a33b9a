"""Identity: a member's signing key under a passphrase, and envelopes that only its owner opens."""

import base64
import hashlib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from scenarios.disk import write_whole
from scorecards.committee.events import canonical

#: scrypt (RFC 7914): 32 MiB and about a tenth of a second for each guess.
COST = 2**15
#: Characters that a passphrase has at least.
SHORTEST = 12
_NAME = re.compile(r"[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff._-]{0,63}")


class IdentityError(ValueError):
    """A key that cannot be made or opened; the text says why and the remedy."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who has given their passphrase: they sign and open for as long as one act takes."""

    name: str
    key: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """The public key in hex."""
        return self.key.public_key().public_bytes_raw().hex()

    def seal(self, content: Mapping[str, object], entropy: Callable[[int], bytes] = os.urandom) -> str:
        """Return an envelope (base64, AES-256-GCM) that only this key opens."""
        nonce = entropy(12)
        return base64.b64encode(nonce + self._cipher().encrypt(nonce, canonical(content), None)).decode()

    def open(self, envelope: str) -> dict[str, object]:
        """Return what an envelope holds; raises IdentityError for one of another key or that was changed."""
        try:
            whole = base64.b64decode(envelope, validate=True)
            found: dict[str, object] = orjson.loads(self._cipher().decrypt(whole[:12], whole[12:], None))
        except (InvalidTag, ValueError):
            raise IdentityError(f"envelope of {self.name}: it is of another key, or was changed") from None
        return found

    def _cipher(self) -> AESGCM:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"touchstone committee envelope")
        return AESGCM(derived.derive(self.key.private_bytes_raw()))


def made(
    folder: Path, name: str, passphrase: str, *, cost: int = COST, entropy: Callable[[int], bytes] = os.urandom
) -> Identity:
    """Make a member's key and keep it under the passphrase; raises IdentityError if there is one or it is too short."""
    path = _path(folder, name)
    if path.exists():
        raise IdentityError(f"{name} has a key already in {folder}; use it, or take another name")
    if len(passphrase) < SHORTEST:
        raise IdentityError(f"passphrase of {name}: it has {len(passphrase)} characters; give {SHORTEST} or more")
    key, salt, nonce = Ed25519PrivateKey.generate(), entropy(16), entropy(12)
    locked = AESGCM(_stretched(passphrase, salt, cost)).encrypt(nonce, key.private_bytes_raw(), name.encode())
    folder.mkdir(parents=True, exist_ok=True)
    kept = {"name": name, "cost": cost, "salt": salt.hex(), "nonce": nonce.hex(), "locked": locked.hex()}
    write_whole(path, orjson.dumps(kept), mode=0o600)
    return Identity(name, key)


def unlocked(folder: Path, name: str, passphrase: str) -> Identity:
    """Return a member with their key; raises IdentityError for a wrong passphrase or where there is no key."""
    path = _path(folder, name)
    try:
        kept = orjson.loads(path.read_bytes())
        secret = _stretched(passphrase, bytes.fromhex(kept["salt"]), min(int(kept["cost"]), COST * 8))
        seed = AESGCM(secret).decrypt(bytes.fromhex(kept["nonce"]), bytes.fromhex(kept["locked"]), name.encode())
    except FileNotFoundError:
        raise IdentityError(f"{name} has no key here; join first (touchstone committee join)") from None
    except InvalidTag:
        raise IdentityError(f"the passphrase does not open the key of {name}; try again") from None
    except (ValueError, KeyError, TypeError):
        raise IdentityError(f"{path} is no key; restore it from its copy") from None
    return Identity(name, Ed25519PrivateKey.from_private_bytes(seed))


def _path(folder: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise IdentityError(f"name {name!r}: use letters, digits, dots and dashes, at most 64 of them")
    return folder / f"{name}.key.json"


def _stretched(passphrase: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=cost, r=8, p=1, maxmem=256 * cost * 8, dklen=32)
