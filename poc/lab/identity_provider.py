"""Identity provider: Canaille (MIT), a real one, run unmodified from an environment of its own, for logins.

It is nothing that the workbench imports or needs: `uv venv DIR && uv pip install -p DIR/bin/python
"canaille[front,oidc,server,sqlite]==0.3.6"` makes the environment, about 60 MB.
"""

import http.client
import json
import os
import signal
import ssl
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import tomli_w

from poc.lab.service import ServiceError

#: Seconds that it may take to serve, and for one command: it compiles all that it imports.
READY_WITHIN, COMMAND_WITHIN = 180.0, 120.0


@dataclass(slots=True)
class Canaille:
    """A provider in a folder of its own: ``program`` is its command, ``papers`` a PEM file of certificate and key."""

    program: Path
    folder: Path
    host: str
    port: int
    papers: Path
    authority: Path
    _process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def issuer(self) -> str:
        """Return the name under which it signs, which is its address."""
        return f"https://{self.host}:{self.port}"

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, "CANAILLE_CONFIG": str(self.folder / "config.toml")}

    def set_up(self, secret: str) -> None:
        """Draw its signing key (RSA), write its settings and make its database; raises ServiceError."""
        key = json.loads(self._told("jwk", "create", "rsa"))
        settings = {
            "SECRET_KEY": secret,
            "SERVER_NAME": f"{self.host}:{self.port}",
            "PREFERRED_URL_SCHEME": "https",
            "BROKER": "dramatiq_eager_broker:EagerBroker",
            "CANAILLE": {"DATABASE": "sql"},
            "CANAILLE_SQL": {"DATABASE_URI": f"sqlite:///{self.folder / 'people.db'}"},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [{"kid": "lab", **_texts(key)}]},
        }
        path = self.folder / "config.toml"
        path.touch(mode=0o600)
        path.write_text(tomli_w.dumps(settings), encoding="utf-8")
        self._told("install")

    def add(self, what: str, **told: str | Sequence[str]) -> None:
        """Put a user, a group or a client on file; raises ServiceError."""
        self._told("create", what, *_options(told))

    def change(self, what: str, name: str, **told: str | Sequence[str]) -> None:
        """Change a user, a group or a client; raises ServiceError."""
        self._told("set", what, name, *_options(told))

    def serve(self) -> None:
        """Start it and wait until it answers; raises ServiceError."""
        arguments = [
            "--bind",
            f"{self.host}:{self.port}",
            "--certfile",
            str(self.papers),
            "--keyfile",
            str(self.papers),
        ]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [str(self.program), "run", *arguments, "--workers", "1", "--use-reloader", "false"],
                env=self._environment, cwd=self.folder, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        trusted, deadline = ssl.create_default_context(cafile=self.authority), time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline and self._process.poll() is None:
            line = http.client.HTTPSConnection(self.host, self.port, timeout=30, context=trusted)
            try:
                line.request("GET", "/.well-known/openid-configuration")
                if line.getresponse().status == 200:
                    return
            except (http.client.HTTPException, OSError):
                time.sleep(0.5)
            finally:
                line.close()
        self.stop()
        raise ServiceError(f"the identity provider did not get ready; what it printed is in {self.folder / 'log'}")

    def stop(self) -> None:
        """End it."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()

    def _told(self, *words: str) -> str:
        done = subprocess.run(
            [str(self.program), *words], env=self._environment, cwd=self.folder, capture_output=True, text=True,
            check=False, timeout=COMMAND_WITHIN,
        )  # fmt: skip
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
            raise ServiceError(f"{self.program} {' '.join(words[:2])} failed: {last[:300]}")
        return done.stdout

    def __enter__(self) -> "Canaille":
        """Stop at the end of a with block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()


def _options(told: Mapping[str, str | Sequence[str]]) -> list[str]:
    pairs = [(name, one) for name, value in told.items() for one in ([value] if isinstance(value, str) else value)]
    return [word for name, one in pairs for word in (f"--{name.replace('_', '-')}", one)]


def _texts(key: Mapping[str, object]) -> dict[str, str]:
    return {name: value for name, value in key.items() if isinstance(value, str)}
