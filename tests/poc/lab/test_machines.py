"""Machines: the lab's client certificates, and what a door that trusts their authority makes of each."""

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from poc.lab.authority import Identity, identity
from poc.lab.machines import AUTHORITY, machines
from poc.reference_crm.machine_door import demand, name_of
from poc.reference_crm.serve import tls


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> tuple[Identity, Path]:
    folder = tmp_path_factory.mktemp("lab")
    return identity(folder), machines(folder)


def shown(lab: tuple[Identity, Path], certificate: str | None) -> tuple[str, str]:
    """Return whose certificate a door saw and why it refused, one of them empty."""
    papers, folder = lab
    door = tls(papers.certificate, papers.key)
    demand(door, folder / AUTHORITY)
    machine = ssl.create_default_context(cafile=papers.authority)
    if certificate is not None:
        machine.load_cert_chain(folder / f"{certificate}.pem")
    inner, outer = socket.socketpair()
    caller = threading.Thread(target=_call, args=(machine, outer))
    caller.start()
    try:
        with door.wrap_socket(inner, server_side=True) as line:
            return name_of(line.getpeercert()), ""
    except ssl.SSLError as no:
        inner.close()
        return "", getattr(no, "verify_message", "") or str(no.reason)
    finally:
        caller.join(5)


def _call(machine: ssl.SSLContext, line: socket.socket) -> None:
    with line:
        try:
            with machine.wrap_socket(line, server_hostname="localhost") as secured:
                secured.recv(1)
        except OSError:
            return


def test_the_machines_own_certificate_names_its_user(lab: tuple[Identity, Path]) -> None:
    assert shown(lab, "own") == ("integration", "")


@pytest.mark.parametrize(
    ("certificate", "why"),
    [
        (None, "PEER_DID_NOT_RETURN_A_CERTIFICATE"),
        ("expired", "certificate has expired"),
        ("revoked", "certificate revoked"),
        ("other-authority", "unable to get local issuer certificate"),
    ],
)
def test_every_bad_certificate_is_refused_for_its_own_reason(
    lab: tuple[Identity, Path], certificate: str | None, why: str
) -> None:
    assert shown(lab, certificate) == ("", why)


def test_certificates_are_made_once_and_anew_before_they_end(tmp_path: Path) -> None:
    own = machines(tmp_path) / "own.pem"
    first = own.read_bytes()
    assert own.stat().st_mode & 0o077 == 0
    assert machines(tmp_path, now=datetime.now(UTC) + timedelta(days=300)).joinpath("own.pem").read_bytes() == first
    assert machines(tmp_path, now=datetime.now(UTC) + timedelta(days=380)).joinpath("own.pem").read_bytes() != first


def test_a_certificate_that_names_nobody_or_several_stands_for_nobody() -> None:
    two = ((("commonName", "integration"),), (("commonName", "admin"),))
    assert [name_of(None), name_of({"subject": ()}), name_of({"subject": two})] == ["", "", ""]
