"""Receivers: the certificates under which the bench receives events: a sound one, and those nobody should accept."""

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

#: Where the bench of a lab receives: loopback, but not where the lab's services are, which events must never reach.
RECEIVER_HOST = "127.0.0.77"
ELSEWHERE = "127.0.0.99"
DAYS = 397


def receivers(folder: Path, *, now: datetime | None = None, host: str = RECEIVER_HOST) -> Path:
    """Return the folder of receivers' certificates (each PEM with its key), made anew by the authority in ``folder``.

    sound.pem holds; self-signed.pem, wrong-host.pem and expired.pem must be refused by whoever verifies.
    """
    moment, made = now or datetime.now(UTC), folder / "receivers"
    made.mkdir(mode=0o700, exist_ok=True)
    authority = x509.load_pem_x509_certificate((folder / "ca.pem").read_bytes())
    signer = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), password=None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{folder / 'ca.key'} holds no EC key: delete {folder} to make the lab authority anew")
    past = moment - timedelta(days=2 * DAYS)
    _write(made / "sound.pem", host, moment, authority.subject, signer)
    _write(made / "wrong-host.pem", ELSEWHERE, moment, authority.subject, signer)
    _write(made / "expired.pem", host, past, authority.subject, signer)
    _write(made / "self-signed.pem", host, moment, None, None)
    return made


def _write(
    path: Path, host: str, begins: datetime, issuer: x509.Name | None, signer: ec.EllipticCurvePrivateKey | None
) -> None:
    """Write a server certificate and its key into one file; without a signer it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    signing = signer or key
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer or name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins - timedelta(minutes=5))
        .not_valid_after(begins + timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .sign(signing, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.touch(mode=0o600)
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + pem)
