"""Over TLS: others are served with authenticated suites alone, under the settings that the command chose."""

import json
import socket
import ssl
import subprocess
import sys
import time
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from poc.lab.authority import identity
from poc.lab.service import free_port
from poc.pages.over_tls import SUITES


def test_over_tls_no_suite_without_authenticated_encryption_and_forward_secrecy_is_offered() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(SUITES)
    older = [one for one in context.get_ciphers() if one["protocol"] != "TLSv1.3"]
    assert older
    assert [one["name"] for one in older if not one["aead"] or one["kea"] != "kx-ecdhe"] == []


@pytest.mark.slow
def test_pages_are_served_with_their_settings_and_who_offers_older_suites_is_refused(tmp_path: Path) -> None:
    own, port = identity(tmp_path), free_port()
    settings = {
        "server.address": "127.0.0.1", "server.port": port, "server.headless": True, "server.maxUploadSize": 1,
        "server.sslCertFile": str(own.certificate), "server.sslKeyFile": str(own.key),
    }  # fmt: skip
    served = subprocess.Popen([sys.executable, "-m", "poc.pages.over_tls", json.dumps(settings)])
    try:
        trusted = ssl.create_default_context(cafile=own.authority)
        page = answered(port, trusted)
        assert "Secure" in page, "the settings did not come through: the cookie would go in clear"
        older = ssl.create_default_context(cafile=own.authority)
        older.maximum_version = ssl.TLSVersion.TLSv1_2
        older.set_ciphers("ECDHE+AES:!AESGCM:!AESCCM")
        with pytest.raises(ssl.SSLError), socket.create_connection(("127.0.0.1", port)) as line:
            older.wrap_socket(line, server_hostname="localhost")
    finally:
        served.terminate()
        served.wait(20)


def answered(port: int, trusted: ssl.SSLContext) -> str:
    """Return the cookie that comes with an answer, as soon as there is one."""
    for _ in range(120):
        line = HTTPSConnection("localhost", port, context=trusted, timeout=10)
        try:
            line.request("GET", "/_stcore/health")
            return line.getresponse().headers.get("set-cookie", "")
        except OSError:
            time.sleep(0.25)
        finally:
            line.close()
    raise AssertionError("it never answered")
