"""SAML provider: SimpleSAMLphp (LGPL-2.1), a real one, run unmodified from packages laid out in a folder of its own.

It is nothing that the workbench imports or needs. On Debian 12 its packages are fetched and laid out by `cd DIR &&
apt-get download simplesamlphp php8.2-cli php8.2-common php8.2-xml php8.2-mbstring libargon2-1 libsodium23 &&
for one in *.deb; do dpkg -x $one .; done`: nothing is installed, about 65 MB.
"""

import asyncio
import json
import os
import signal
import ssl
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from types import TracebackType

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from poc.lab.service import ServiceError, free_port

#: Where the program and its pages lie among the packages.
PHP, PAGES = "usr/bin/php8.2", "usr/share/simplesamlphp"
#: What it needs of PHP, in the order in which the parts need each other.
PARTS = ("mbstring", "dom", "xml", "simplexml", "xmlwriter", "ctype", "iconv", "posix", "tokenizer")
READY_WITHIN = 30.0
SIGN_ON = "/saml2/idp/SSOService.php"
INNER = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whom the provider knows."""

    name: str
    password: str
    groups: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A service whose users come to the provider: its name and where browsers are sent back.

    ``seconds`` is how long the provider's word holds, below zero for one that is past already; ``whole`` tells whether
    the response is signed as well as the assertion in it.
    """

    name: str
    returns: str
    seconds: int = 300
    whole: bool = True


@dataclass(slots=True)
class SimpleSaml:
    """A provider in a folder of its own; ``packages`` is where they lie, ``papers`` PEM with certificate and key."""

    packages: Path
    folder: Path
    host: str
    port: int
    papers: Path
    authority: Path
    _process: subprocess.Popen[bytes] | None = field(default=None)
    _front: "Front | None" = field(default=None)

    @property
    def address(self) -> str:
        """Return where it serves."""
        return f"https://{self.host}:{self.port}"

    @property
    def issuer(self) -> str:
        """Return the name under which it signs."""
        return f"{self.address}/idp"

    @property
    def sign_on_url(self) -> str:
        """Return where browsers are to be sent."""
        return self.address + SIGN_ON

    def set_up(self, secret: str, people: Sequence[Person], now: datetime) -> str:
        """Draw its signing key (RSA), write its settings, and return its certificate (PEM)."""
        for name in ("cert", "data", "metadata", "sessions", "temp"):
            (self.folder / name).mkdir(mode=0o700)
        certificate = _signing_papers(self.folder / "cert", now)
        known = {f"{one.name}:{one.password}": {"uid": [one.name], "groups": list(one.groups)} for one in people}
        hosted = {"host": "__DEFAULT__", "privatekey": "key.pem", "certificate": "certificate.pem", "auth": "people"}
        self._say("config.php", "config", self._settings(secret))
        self._say("authsources.php", "config", {"people": {"0": "exampleauth:UserPass", **known}})
        self._say("metadata/saml20-idp-hosted.php", "metadata", {self.issuer: hosted})
        return certificate

    def trust(self, *parties: Party) -> None:
        """Say whose users may come, and no others."""
        told = {
            one.name: {
                "AssertionConsumerService": one.returns,
                "NameIDFormat": "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
                "simplesaml.nameidattribute": "uid",
                "assertion.lifetime": one.seconds,
                "saml20.sign.response": one.whole,
            }
            for one in parties
        }
        self._say("metadata/saml20-sp-remote.php", "metadata", told)

    def serve(self) -> None:
        """Start it with TLS before it, and wait until it answers; raises ServiceError."""
        inner, libraries = free_port(), self.packages / "usr/lib"
        # PHP looks for settings and extensions where its packages would have been installed; -n and -d say otherwise
        extensions = next(iter(sorted((libraries / "php").glob("2*"))), libraries)
        parts = ["display_errors=stderr", *(f"extension={extensions / one}.so" for one in PARTS)]
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "LD_LIBRARY_PATH": str(libraries / "x86_64-linux-gnu"),
            "SIMPLESAMLPHP_CONFIG_DIR": str(self.folder),
        }
        pages = self.packages / PAGES / "www"
        try:
            with (self.folder / "printed").open("wb") as printed:
                self._process = subprocess.Popen(
                    [str(self.packages / PHP), "-n", *(f"-d{one}" for one in parts), "-S", f"{INNER}:{inner}"],
                    env=environment, cwd=pages, stdout=printed, stderr=subprocess.STDOUT, start_new_session=True,
                )  # fmt: skip
        except OSError as fault:
            raise ServiceError(f"the SAML provider does not start: {fault.strerror} ({self.packages / PHP})") from None
        self._front = Front(self.host, self.port, self.papers, inner)
        self._front.open()
        self._await()

    def _await(self) -> None:
        trusted, deadline = ssl.create_default_context(cafile=self.authority), time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
            line = HTTPSConnection(self.host, self.port, timeout=READY_WITHIN, context=trusted)
            try:
                line.request("GET", "/saml2/idp/metadata.php")
                if line.getresponse().status == 200:
                    return
            except (HTTPException, OSError):
                pass
            finally:
                line.close()
            time.sleep(0.2)
        self.stop()
        raise ServiceError(f"the SAML provider did not get ready; what it printed is in {self.folder / 'printed'}")

    def stop(self) -> None:
        """End it."""
        if self._front is not None:
            self._front.close()
            self._front = None
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(10)

    def _settings(self, secret: str) -> dict[str, object]:
        own = {f"{name}dir": f"{self.folder / name}/" for name in ("cert", "data", "temp", "metadata")}
        return own | {
            "baseurlpath": f"{self.address}/",
            "attributenamemapdir": f"{self.packages}/etc/simplesamlphp/attributemap/",
            "logging.handler": "errorlog",
            "secretsalt": secret,
            "auth.adminpassword": secret,
            "timezone": "UTC",
            "enable.saml20-idp": True,
            "module.enable": {"core": True, "saml": True, "exampleauth": True},
            "session.cookie.secure": True,
            "store.type": "phpsession",
            "session.phpsession.savepath": str(self.folder / "sessions"),
            "metadata.sources": [{"type": "flatfile"}],
        }

    def _say(self, name: str, variable: str, told: Mapping[str, object]) -> None:
        """Write settings as JSON, and beside them the line of PHP that reads them."""
        facts = (self.folder / name).with_suffix(".json")
        facts.touch(mode=0o600)
        facts.write_text(json.dumps(told), encoding="utf-8")
        line = f"<?php ${variable} = json_decode(file_get_contents(__DIR__ . '/{facts.name}'), true);\n"
        (self.folder / name).write_text(line, encoding="utf-8")

    def __enter__(self) -> "SimpleSaml":
        """Stop at the end of a with block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()


class Front:
    """TLS before a service of this machine that speaks plain HTTP: what comes is handed on, byte by byte."""

    def __init__(self, host: str, port: int, papers: Path, inner: int) -> None:
        """Stand at host and port before the service at ``inner``."""
        self._place, self._inner = (host, port), inner
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(papers)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def open(self) -> None:
        """Begin; raises OSError if the port is taken."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._begin(), self._loop).result()

    async def _begin(self) -> None:
        self._server = await asyncio.start_server(self._between, *self._place, ssl=self._context)

    async def _between(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            inner_reader, inner_writer = await asyncio.open_connection(INNER, self._inner)
        except OSError:
            writer.close()
            return
        ways = ((reader, inner_writer), (inner_reader, writer))
        tasks = [asyncio.create_task(_hand_on(*way)) for way in ways]
        with suppress(asyncio.CancelledError):  # whoever stops the provider cuts what is still under way
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for end in (writer, inner_writer):
                end.close()
            await asyncio.gather(*tasks, return_exceptions=True)

    def close(self) -> None:
        """End."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)


async def _hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while said := await reader.read(65536):
        writer.write(said)
        await writer.drain()


def _signing_papers(folder: Path, now: datetime) -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SAML provider of the lab")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - timedelta(minutes=5))
        .not_valid_after(now.astimezone(UTC) + timedelta(days=397))
        .sign(key, hashes.SHA256())
    )
    told = made.public_bytes(serialization.Encoding.PEM).decode()
    path = folder / "key.pem"
    path.touch(mode=0o600)
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "certificate.pem").write_text(told, encoding="utf-8")
    return told
