"""Wrapping: a data key opens with what wrapped it and under its name; a weak key of the bank's is not taken."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from poc.reference_crm.wrapping import BankKey, Secret, Unreadable, WeakKey, Wrapper


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def of_bits(bits: int) -> bytes:
    return pem(rsa.generate_private_key(65537, bits))


ONE, OTHER = of_bits(3072), of_bits(3072)


@pytest.mark.parametrize(("wrapper", "other"), [(Secret(b"m" * 32), Secret(b"n" * 32)), (BankKey(ONE), BankKey(OTHER))])
def test_a_data_key_opens_with_what_wrapped_it_and_under_its_name(wrapper: Wrapper, other: Wrapper) -> None:
    wrapped = wrapper.wrap("data", b"k" * 32)
    assert wrapper.unwrap("data", wrapped) == b"k" * 32
    assert wrapper.wrap("data", b"k" * 32) != wrapped
    for opener, name in ((other, "data"), (wrapper, "index")):
        with pytest.raises(Unreadable):
            opener.unwrap(name, wrapped)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (of_bits(1024), "RSA-1024: give an RSA key of at least 3072 bits"),
        (of_bits(2048), "RSA-2048"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "ECPrivateKey"),
        (b"no key", "no PEM file"),
    ],
)
def test_a_weak_key_of_the_banks_is_not_taken(given: bytes, told: str) -> None:
    with pytest.raises(WeakKey, match=told):
        BankKey(given)
