"""Receivers: the bench receives over TLS with the certificate asked for, and without TLS where that is asked for."""

import ssl
from pathlib import Path

import httpx
import pytest

from poc.connectors.receivers import Receivers
from poc.lab.authority import identity
from poc.lab.receivers import RECEIVER_HOST, receivers
from scenarios.listening import BAD, SOUND
from scenarios.port import BenchFault


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("authority")
    identity(folder)
    receivers(folder)
    return folder


@pytest.fixture
def ears(authority: Path) -> Receivers:
    return Receivers(authority / "receivers", RECEIVER_HOST)


def told(authority: Path, url: str) -> httpx.Response:
    context = ssl.create_default_context(cafile=authority / "ca.pem")
    return httpx.post(url, content=b"{}", verify=context, trust_env=False)


def test_what_is_sent_to_a_sound_receiver_is_kept(authority: Path, ears: Receivers) -> None:
    url = ears.open(SOUND)
    assert told(authority, url).status_code == 204
    (came,) = ears.heard(url)
    assert (came.path, came.body) == ("/events", "{}")


@pytest.mark.parametrize("make", [make for make in BAD if make != "clear"])
def test_who_verifies_does_not_talk_to_a_bad_receiver(authority: Path, ears: Receivers, make: str) -> None:
    url = ears.open(make)
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        told(authority, url)
    assert ears.heard(url) == ()


def test_a_receiver_in_clear_keeps_what_comes(authority: Path, ears: Receivers) -> None:
    url = ears.open("clear")
    assert url.startswith("http://")
    assert told(authority, url).status_code == 204
    assert len(ears.heard(url)) == 1


def test_an_unknown_make_and_missing_papers_are_our_own_fault(tmp_path: Path, ears: Receivers) -> None:
    with pytest.raises(BenchFault, match="is no make of receiver"):
        ears.open("golden")
    with pytest.raises(BenchFault, match="cannot receive"):
        Receivers(tmp_path, RECEIVER_HOST).open(SOUND)
