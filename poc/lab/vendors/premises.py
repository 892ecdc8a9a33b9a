"""Premises: where a product lives: its folder, secrets, files, commands, and the processes that were started there."""

import base64
import json
import os
import secrets
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
from pydantic import ValidationError

from poc.lab.environment import Environment
from poc.lab.service import ServiceError, free_port, refuse_if_taken
from poc.lab.vendors.database import Databases
from poc.lab.vendors.processes import Process, begun
from poc.lab.vendors.recipe import Recipe, Step, filled
from poc.settings import Door
from scenarios.disk import write_whole

#: Seconds that a product may take until it serves; some import for a long time.
SERVES_WITHIN = 180.0
#: What of our own environment a product's commands see.
SEEN = ("PATH", "HOME", "LANG", "TZ", "TMPDIR")
#: Redis on loopback, behind a password, with nothing on disk: it holds queues and caches only.
REDIS = 'bind 127.0.0.1\nport ${redis_port}\nrequirepass ${redis_password}\nsave ""\nappendonly no\ndir ${run}\n'


class ProductError(Exception):
    """A product could not be installed, started or removed; the text says why and what to do."""


class State(Door):
    """What is on file of a product: by which recipe, since when, at which port, and the processes that were started."""

    digest: str
    installed: datetime | None = None
    port: int
    processes: tuple[Process, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """The place of one product in the vendor lab whose folder is ``lab``."""

    recipe: Recipe
    lab: Path

    @property
    def folder(self) -> Path:
        """Return its folder."""
        return self.lab / self.recipe.name

    @property
    def run(self) -> Path:
        """Return the folder in which its commands work."""
        return self.folder / "run"

    @property
    def log(self) -> Path:
        """Return the file that takes what its processes print."""
        return self.folder / "product.log"

    @property
    def environment(self) -> Environment:
        """Return the place of its programs."""
        return Environment(name=self.recipe.name, place=self.folder / "programs", mark=self.recipe.digest)

    @property
    def databases(self) -> Databases:
        """Return the databases of the vendor lab."""
        return Databases(folder=self.lab / "postgres")

    # -- what is on file -----------------------------------------------------------------------------------------------
    @property
    def state(self) -> State | None:
        """Return what is on file, None for nothing or for what cannot be read."""
        try:
            return State.model_validate_json((self.folder / "state.json").read_bytes())
        except (OSError, ValidationError):
            return None

    def held(self) -> State:
        """Return what is on file; raises ProductError for nothing."""
        state = self.state
        if state is None:
            name = self.recipe.name
            raise ProductError(f"{name} is not installed: touchstone target install {name}")
        return state

    def note(self, **changes: object) -> None:
        """Put changes of the state on file, whole or not at all."""
        self.write(self.held().model_copy(update=changes))

    def write(self, state: State) -> None:
        """Put a state on file."""
        write_whole(self.folder / "state.json", state.model_dump_json(indent=1).encode(), mode=0o600)

    @property
    def url(self) -> str:
        """Return the address at which it serves."""
        return f"http://127.0.0.1:{self.held().port}"

    def secrets(self) -> dict[str, str]:
        """Return the secrets of the product, drawn once and kept for their owner."""
        place = self.folder / "secrets.json"
        if not place.exists():
            drawn = {
                "password": secrets.token_urlsafe(24),
                "admin": secrets.token_urlsafe(18) + "-A1",
                "secret": secrets.token_hex(32),
                "fernet": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
                "redis_password": secrets.token_urlsafe(24),
                "redis_port": str(free_port()),
            }
            write_whole(place, json.dumps(drawn).encode(), mode=0o600)
        told: dict[str, str] = json.loads(place.read_bytes())
        return told

    def values(self) -> dict[str, str]:
        """Return what stands in the places that a recipe names."""
        secret = self.secrets()
        return {
            "bin": str(self.environment.bin),
            "run": str(self.run),
            "port": str(self.held().port),
            "url": self.url,
            "database": self.recipe.stem,
            "user": self.recipe.stem,
            "socket": self.databases.socket(),
            "redis": f"redis://:{secret['redis_password']}@127.0.0.1:{secret['redis_port']}",
            **secret,
        }

    # -- what is done there --------------------------------------------------------------------------------------------
    def do(self, step: Step) -> str:
        """Have a command of the product done and return what it printed; raises ProductError with its last word."""
        values = self._laid_out()
        words = [filled(word, values) for word in step.command]
        with self.log.open("ab") as log:
            done = subprocess.run(
                words, cwd=self.run, env=self._around(values, step), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=log, check=False,
            )  # fmt: skip
        if done.returncode:
            raise ProductError(f"{self.recipe.name}: {step.says} failed ({done.returncode}): {self.last_word()}")
        if step.keep:
            write_whole(self.run / step.keep, done.stdout, mode=0o600)
        return done.stdout.decode("utf-8", "replace")

    def serve(self) -> None:
        """Start the processes that stay and wait until they serve; raises ServiceError, and leaves none behind then."""
        refuse_if_taken(self.held().port)
        values = self._laid_out()
        made: list[Process] = []
        for step in self._standing():
            command = [filled(word, values) for word in step.command]
            around = self._around(values, step)
            made.append(begun(step.says, command, environment=around, folder=self.run, log=self.log))
            self.note(processes=tuple(made))
        try:
            self._await_health(made)
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """End the processes that were started, the last one first."""
        state = self.state
        if state is not None and state.processes:
            for one in reversed(state.processes):
                one.end()
            self.note(processes=())

    def last_word(self) -> str:
        """Return the last line that the product printed, and where the others are."""
        lines = self.log.read_text("utf-8", "replace").split("\n") if self.log.exists() else []
        said = [line.strip() for line in lines if line.strip()]
        return f"{said[-1][:300] if said else 'it printed nothing'}. The whole output is in {self.log}."

    def _standing(self) -> tuple[Step, ...]:
        """Return the processes that stay: what the product needs, then what it is."""
        if "redis" not in self.recipe.needs:
            return self.recipe.serve
        return (Step(says="Redis", command=("redis-server", "${run}/redis.conf")), *self.recipe.serve)

    def _laid_out(self) -> dict[str, str]:
        """Write the files of the recipe and return what stands in its places."""
        values = self.values()
        redis = {"redis.conf": REDIS} if "redis" in self.recipe.needs else {}
        for name, text in {**redis, **self.recipe.files}.items():
            place = self.run / name
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, filled(text, values).encode(), mode=0o600)
        return values

    def _around(self, values: Mapping[str, str], step: Step) -> dict[str, str]:
        own = {**self.recipe.environment, **step.environment}
        seen = {name: os.environ[name] for name in SEEN if name in os.environ}
        return {**seen, **{name: filled(text, values) for name, text in own.items()}}

    def _await_health(self, made: Sequence[Process]) -> None:
        until, name = time.monotonic() + SERVES_WITHIN, self.recipe.name
        while time.monotonic() < until:
            if gone := [one.says for one in made if not one.alive]:
                raise ServiceError(f"{name}: {gone[0]} ended before it served: {self.last_word()}")
            try:
                if httpx.get(self.url + self.recipe.health, timeout=5.0, trust_env=False).status_code < 500:
                    return
            except httpx.TransportError:
                pass  # it does not listen yet
            time.sleep(0.1)
        raise ServiceError(f"{name} did not serve within {SERVES_WITHIN:.0f} s: {self.last_word()}")
