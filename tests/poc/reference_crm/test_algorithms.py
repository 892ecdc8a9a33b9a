"""Algorithms: each on offer proves what it opens; weak ones are refused by name and at the start."""

import hashlib

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac

from poc.reference_crm.algorithms import DIGESTS, OFFERED, chosen, digest
from poc.reference_crm.settings import Settings
from tests.poc.reference_crm.counter import MASTER_KEY


@pytest.mark.parametrize("name", sorted(OFFERED))
def test_each_algorithm_opens_what_it_sealed_and_nothing_that_was_changed(name: str) -> None:
    algorithm = OFFERED[name]
    cipher, nonce = algorithm.make(algorithm.new_key()), b"n" * 12
    sealed = cipher.encrypt(nonce, b"secret", b"place")
    assert cipher.decrypt(nonce, sealed, b"place") == b"secret"
    assert algorithm.bits >= 128
    for spoilt, place in ((sealed[:-1] + bytes([sealed[-1] ^ 1]), b"place"), (sealed, b"elsewhere")):
        with pytest.raises(InvalidTag):
            cipher.decrypt(nonce, spoilt, place)


def test_sm4_in_gcm_is_that_of_the_standard() -> None:
    # RFC 8998, appendix A.1
    key, nonce = bytes.fromhex("0123456789abcdeffedcba9876543210"), bytes.fromhex("00001234567800000000abcd")
    data = bytes.fromhex("aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8)
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    sealed = OFFERED["SM4-GCM"].make(key).encrypt(nonce, data, aad)
    assert sealed[-16:].hex() == "83de3541e4c2b58177e065a9bf7b62ec"


@pytest.mark.parametrize("name", ["AES-128-ECB", "AES-128-CBC", "AES-256-CTR", "3DES", "RC4", "SM4-ECB", "", "none"])
def test_what_is_weak_or_unknown_is_refused_also_at_the_start(name: str) -> None:
    with pytest.raises(ValueError, match="weak or unknown: choose one of AES-256-GCM"):
        chosen(name)
    with pytest.raises(ValueError, match="weak or unknown"):
        Settings(database_url="postgresql:///x", master_key=MASTER_KEY, cipher=name)  # type: ignore[arg-type]


def test_sm3_is_that_of_the_standard_and_two_libraries_make_the_same_index_with_it() -> None:
    # GB/T 32905-2016, annex A.1
    assert hashlib.new("sm3", b"abc").hexdigest() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    other = hmac.HMAC(b"k" * 32, hashes.SM3())
    other.update(b"value")
    assert DIGESTS["HMAC-SM3"].of(b"k" * 32, b"value") == other.finalize()


@pytest.mark.parametrize("name", ["HMAC-MD5", "SHA-1", "SM3", ""])
def test_a_weak_or_unkeyed_digest_makes_no_index(name: str) -> None:
    assert digest("hmac-sm3").name == "HMAC-SM3"
    with pytest.raises(ValueError, match="choose one of"):
        digest(name)
