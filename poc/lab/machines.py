"""Machines: client certificates of the lab, good and bad, and the authority that signs and revokes them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

#: What the lab's integration is called; its certificate bears this name.
MACHINE = "integration"
#: The file of the authority and its revocations, within the folder.
AUTHORITY = "authority.pem"
#: How long the authority, its list of revocations and its certificates hold.
DAYS = 397
PEM = serialization.Encoding.PEM


class Signer:
    """An authority that lives as long as it signs; its key is kept nowhere."""

    def __init__(self, name: str, moment: datetime) -> None:
        """Make a key and a certificate of its own."""
        self.key, self.moment, self.name = ec.generate_private_key(ec.SECP256R1()), moment, _name(name)
        self.certificate = (
            self._begin(self.name, self.key.public_key(), moment + timedelta(days=DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    def signed(self, ends: datetime) -> tuple[x509.Certificate, bytes]:
        """Return a certificate of the machine that holds until ``ends``, and PEM with it and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            self._begin(_name(MACHINE), key.public_key(), ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        secret = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return certificate, certificate.public_bytes(PEM) + secret

    def revoking(self, certificate: x509.Certificate) -> bytes:
        """Return the authority's certificate and its list with one revoked certificate, in PEM."""
        gone = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(self.moment)
        revoked = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.name)
            .last_update(self.moment - timedelta(hours=1))
            .next_update(self.moment + timedelta(days=DAYS))
            .add_revoked_certificate(gone.build())
            .sign(self.key, hashes.SHA256())
        )
        return self.certificate.public_bytes(PEM) + revoked.public_bytes(PEM)

    def _begin(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, ends: datetime) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.moment - timedelta(days=30))
            .not_valid_after(ends)
            .public_key(key)
        )


def machines(folder: Path, *, now: datetime | None = None) -> Path:
    """Return a folder with client certificates (own, expired, revoked, other-authority; each PEM with its key).

    They are made where they are missing or within 30 days of their end. ``authority.pem`` in it is what a door must
    trust, with the list of revoked certificates; ``stranger.pem`` is an authority that it must not.
    """
    moment, place = now or datetime.now(UTC), folder / "machines"
    if not (place / AUTHORITY).exists() or _ends(place / AUTHORITY) < moment + timedelta(days=30):
        _write(place, moment)
    return place


def _write(place: Path, moment: datetime) -> None:
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    bank, stranger = Signer("Touchstone lab machines", moment), Signer("Somebody else's machines", moment)
    ends = moment + timedelta(days=DAYS)
    revoked, revoked_pem = bank.signed(ends)
    _keep(place / "own.pem", bank.signed(ends)[1])
    _keep(place / "revoked.pem", revoked_pem)
    _keep(place / "expired.pem", bank.signed(moment - timedelta(days=1))[1])
    _keep(place / "other-authority.pem", stranger.signed(ends)[1])
    (place / "stranger.pem").write_bytes(stranger.certificate.public_bytes(PEM))
    (place / AUTHORITY).write_bytes(bank.revoking(revoked))


def _keep(path: Path, secret: bytes) -> None:
    path.touch(mode=0o600)
    path.write_bytes(secret)


def _ends(path: Path) -> datetime:
    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
