"""Vault: files of truth that anyone holding the lock can close, and only both keys together open.

A lock is a public key of X25519; its private half follows by scrypt from both keys, so whoever grows a bank, on this
machine or on a cluster, holds nothing that opens what it seals, and a bank can be grown on after the keys were given
away. Each file has a key of its own (ephemeral X25519, HKDF-SHA-256) and is closed in chunks by AES-256-GCM with
counted nonces and a mark on the last one (STREAM: Hoang, Reyhanitabar, Rogaway and Vizár, CRYPTO 2015).
"""

import hashlib
import io
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from synthetic_data.folders.faults import FolderError
from synthetic_data.truth import joint_key

MAGIC = b"touchstone-truth-2\n"
CHUNK = 1 << 20
_SALT, _PUBLIC, _TAG = 16, 32, 16


class Lock(NamedTuple):
    """What truth is sealed with: the salt and the public half of the joint key."""

    salt: bytes
    public: bytes

    def __str__(self) -> str:
        return (self.salt + self.public).hex()

    @classmethod
    def parse(cls, text: str) -> "Lock":
        """Read a lock back from a manifest."""
        raw = bytes.fromhex(text)
        return cls(raw[:_SALT], raw[_SALT:])

    @classmethod
    def of(cls, keys: tuple[bytes, bytes], salt: bytes) -> "Lock":
        """The lock that two keys, in this order, will open; the salt has 16 bytes."""
        return cls(salt, _private(keys, salt).public_key().public_bytes_raw())


class Closed(NamedTuple):
    """A sealed file: its bytes, its SHA-256, and the SHA-256 of what is inside."""

    bytes: int
    sha256: str
    content: str


def seal_tables(
    tables: Mapping[str, bytes], name: str, lock: Lock, path: Path, *, entropy: Callable[[int], bytes] = os.urandom
) -> Closed:
    """Seal tables (name -> a Parquet file) into one file; ``name`` is the partition's and is bound to it."""
    index = orjson.dumps([[table, len(content)] for table, content in tables.items()]) + b"\n"
    inside = index + b"".join(tables.values())
    once = X25519PrivateKey.from_private_bytes(entropy(_PUBLIC))
    head = MAGIC + lock.salt + once.public_key().public_bytes_raw()
    cipher = _cipher(once.exchange(X25519PublicKey.from_public_bytes(lock.public)), head)
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as out:
        for piece in (head, *_closed(cipher, inside, name)):
            digest.update(piece)
            size += out.write(piece)
    return Closed(size, digest.hexdigest(), hashlib.sha256(inside).hexdigest())


class Opener:
    """Two keys, ready to open the files of one vault; deriving takes a moment and is done once for each salt."""

    def __init__(self, keys: tuple[bytes, bytes]) -> None:
        self._keys = keys
        self._private: dict[bytes, X25519PrivateKey] = {}

    def tables(self, path: Path, name: str) -> dict[str, pa.Table]:
        """Open a sealed file of the partition of that name; raises ``FolderError``."""
        inside = self._open(path, name)
        index, _, rest = inside.partition(b"\n")
        found, at = {}, 0
        for table, size in orjson.loads(index):
            found[str(table)] = pq.read_table(io.BytesIO(rest[at : at + size]))
            at += size
        return found

    def _open(self, path: Path, name: str) -> bytes:
        try:
            data = path.read_bytes()
        except OSError as fault:
            raise FolderError(f"truth {path}: cannot be read ({fault.strerror}); check the path") from fault
        if not data.startswith(MAGIC):
            raise FolderError(f"truth {path}: is no sealed truth; point at what `touchstone bank generate` wrote")
        at = len(MAGIC) + _SALT
        head, salt, public = data[: at + _PUBLIC], data[len(MAGIC) : at], data[at : at + _PUBLIC]
        try:
            private = self._private.get(salt) or self._private.setdefault(salt, _private(self._keys, salt))
            cipher = _cipher(private.exchange(X25519PublicKey.from_public_bytes(public)), head)
            return b"".join(_opened(cipher, data[at + _PUBLIC :], name))
        except (InvalidTag, ValueError) as fault:
            if isinstance(fault, FolderError):
                raise
            raise FolderError(
                f"truth {path}: these two keys do not open it; both are needed, in the order of sealing"
            ) from fault


def _private(keys: tuple[bytes, bytes], salt: bytes) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(joint_key(keys, salt))


def _cipher(shared: bytes, head: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=head).derive(shared))


def _closed(cipher: AESGCM, inside: bytes, name: str) -> Iterator[bytes]:
    last = max(0, len(inside) - 1) // CHUNK
    for n in range(last + 1):
        yield cipher.encrypt(_nonce(n, n == last), inside[n * CHUNK : (n + 1) * CHUNK], name.encode())


def _opened(cipher: AESGCM, closed: bytes, name: str) -> Iterator[bytes]:
    step = CHUNK + _TAG
    last = max(0, len(closed) - 1) // step
    for n in range(last + 1):
        yield cipher.decrypt(_nonce(n, n == last), closed[n * step : (n + 1) * step], name.encode())


def _nonce(n: int, last: bool) -> bytes:
    return n.to_bytes(11, "big") + bytes([last])
