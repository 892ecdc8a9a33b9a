"""The lab's authority signs server certificates that a client can verify, and renews them in time."""

import stat
from datetime import UTC, datetime, timedelta

from cryptography import x509

from poc.lab.authority import SERVER_DAYS, identity

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def certificate(papers):
    return x509.load_pem_x509_certificate(papers.certificate.read_bytes())


def test_the_certificate_names_loopback_and_is_signed_by_the_authority(tmp_path):
    papers = identity(tmp_path, now=NOW)
    signed = certificate(papers)
    names = signed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(ip) for ip in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    authority = x509.load_pem_x509_certificate(papers.authority.read_bytes())
    signed.verify_directly_issued_by(authority)


def test_keys_are_for_the_owners_eyes_only(tmp_path):
    papers = identity(tmp_path, now=NOW)
    assert stat.S_IMODE(papers.key.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "ca.key").stat().st_mode) == 0o600


def test_a_second_call_keeps_what_is_there(tmp_path):
    first = certificate(identity(tmp_path, now=NOW)).serial_number
    assert certificate(identity(tmp_path, now=NOW + timedelta(days=30))).serial_number == first


def test_a_certificate_about_to_expire_is_made_anew_by_the_same_authority(tmp_path):
    papers = identity(tmp_path, now=NOW)
    first, authority = certificate(papers).serial_number, papers.authority.read_bytes()
    again = identity(tmp_path, now=NOW + timedelta(days=SERVER_DAYS - 10))
    assert certificate(again).serial_number != first
    assert again.authority.read_bytes() == authority
