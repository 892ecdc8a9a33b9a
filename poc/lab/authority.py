"""Authority: a certificate authority of the lab's own, and the server certificates it signs for loopback."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

#: How long lab certificates last. Browsers and auditors dislike server certificates of more than 398 days.
CA_DAYS, SERVER_DAYS = 3650, 397


@dataclass(frozen=True, slots=True)
class Identity:
    """A server's certificate and key as PEM files, and the CA file that clients trust."""

    certificate: Path
    key: Path
    authority: Path


def identity(folder: Path, *, now: datetime | None = None, host: str = "127.0.0.1") -> Identity:
    """Return a server identity for loopback, making the authority and the certificate where they are not there yet.

    Keys are EC P-256 and readable by their owner only. A certificate with less than 30 days left is made anew.
    """
    moment = now or datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    ca_file, ca_key_file = folder / "ca.pem", folder / "ca.key"
    certificate, key = folder / "server.pem", folder / "server.key"
    if not (ca_file.exists() and ca_key_file.exists()):
        _write_authority(ca_file, ca_key_file, moment)
        certificate.unlink(missing_ok=True)
    if not (certificate.exists() and key.exists()) or _days_left(certificate, moment) < 30:
        _write_server(certificate, key, ca_file, ca_key_file, moment, host)
    return Identity(certificate, key, ca_file)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Touchstone lab"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _days_left(certificate: Path, moment: datetime) -> int:
    loaded = x509.load_pem_x509_certificate(certificate.read_bytes())
    return (loaded.not_valid_after_utc - moment).days


def _keep_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.touch(mode=0o600)
    path.write_bytes(pem)


def _begin(subject: x509.Name, issuer: x509.Name, moment: datetime, days: int) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(minutes=5))
        .not_valid_after(moment + timedelta(days=days))
    )


def _write_authority(ca_file: Path, ca_key_file: Path, moment: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Touchstone lab authority")
    certificate = (
        _begin(name, name, moment, CA_DAYS)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    _keep_key(ca_key_file, key)
    ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _write_server(
    certificate: Path, key_file: Path, ca_file: Path, ca_key_file: Path, moment: datetime, host: str
) -> None:
    authority = x509.load_pem_x509_certificate(ca_file.read_bytes())
    signer = serialization.load_pem_private_key(ca_key_file.read_bytes(), password=None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{ca_key_file} holds no EC key: delete {ca_key_file.parent} to make the lab authority anew")
    key = ec.generate_private_key(ec.SECP256R1())
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(host))]
    signed = (
        _begin(_name(host), authority.subject, moment, SERVER_DAYS)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .sign(signer, hashes.SHA256())
    )
    _keep_key(key_file, key)
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def new_pair() -> bytes:
    """Return a new RSA key pair of 3,072 bits in PEM, as a bank would make it for the keys of a product."""
    return rsa.generate_private_key(65537, 3072).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
