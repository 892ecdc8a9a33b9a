"""Product: one product of the vendor lab: installed whole, started, stopped, and taken away without a trace."""

import fcntl
import importlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import as_file
from pathlib import Path
from typing import cast

import httpx

from poc.lab.environment import Report
from poc.lab.interpreters import interpreter
from poc.lab.service import free_port
from poc.lab.vendors.premises import Premises, ProductError, State
from poc.lab.vendors.recipe import Recipe
from scenarios.actors import Actor, Credential
from scenarios.disk import write_whole

#: Makes the users of all actors on premises whose product has just begun to serve.
MakePeople = Callable[[Premises], Mapping[Actor, Credential]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product by its recipe, in the vendor lab whose folder is ``lab``."""

    recipe: Recipe
    lab: Path

    @property
    def name(self) -> str:
        """Return its name."""
        return self.recipe.name

    @property
    def premises(self) -> Premises:
        """Return where it lives."""
        return Premises(recipe=self.recipe, lab=self.lab)

    # -- what there is -------------------------------------------------------------------------------------------------
    @property
    def installed(self) -> bool:
        """Whether it is installed whole, by the recipe of today."""
        return self.premises.state is not None and not self.flaw

    @property
    def running(self) -> bool:
        """Whether all its processes run."""
        held = self.premises.state
        return held is not None and bool(held.processes) and all(one.alive for one in held.processes)

    @property
    def flaw(self) -> str:
        """Return what is wrong with the installation and what to do, "" for nothing (also where there is none)."""
        held, again = self.premises.state, f"touchstone target install {self.name}"
        if held is None:
            return f"{self.name} is half-installed: {again}" if self.premises.folder.exists() else ""
        if held.installed is None:
            return f"{self.name} is half-installed: {again}"
        if held.digest != self.recipe.digest or not self.premises.environment.whole:
            return f"{self.name} was installed by another recipe than that of {self.recipe.version}: {again}"
        return ""

    @property
    def trouble(self) -> str:
        """Return what hinders it from serving now and what to do, "" for nothing; starts nothing."""
        if flaw := self.flaw:
            return flaw
        if self.premises.state is None:
            return f"{self.name} is not installed: touchstone target install {self.name}"
        if lacks := self.premises.databases.lacks(self.recipe.stem):
            return f"{lacks}: touchstone target start {self.name}"
        if not self.running:
            return f"{self.name} does not run: touchstone target start {self.name}"
        return ""

    @property
    def hindrance(self) -> str:
        """Return what this machine lacks for it and what to do, "" for nothing."""
        if interpreter(self.recipe.least) is None:
            least = self.recipe.python
            return (
                f"{self.name} needs Python {least} or newer: install it (python{least} on the path, pyenv, uv python)"
            )
        if "redis" in self.recipe.needs and shutil.which("redis-server") is None:
            return f"{self.name} needs Redis: install the package redis-server of your distribution"
        return ""

    @property
    def logins(self) -> dict[Actor, Credential]:
        """Return what its actors sign in with; raises ProductError if nothing is on file."""
        try:
            told = json.loads((self.premises.folder / "people.json").read_bytes())
        except (OSError, ValueError):
            raise ProductError(f"{self.name} has no users on file: touchstone target install {self.name}") from None
        return {Actor(name): Credential(**one) for name, one in told.items()}

    # -- what can be done ----------------------------------------------------------------------------------------------
    def install(self, report: Report, *, port: int | None = None) -> None:
        """Install it anew, whatever was there: programs, database, users; it does not run afterwards.

        Raises ProductError, EnvironmentFault, DatabaseError or ServiceError; what is half is told as half.
        """
        if hindrance := self.hindrance:
            raise ProductError(hindrance)
        with self._alone():
            place = self.premises
            place.end()
            shutil.rmtree(place.run, ignore_errors=True)
            place.run.mkdir(mode=0o700)
            place.write(State(digest=self.recipe.digest, port=port or free_port()))
            self._programs(report)
            self._furnish(report)
            place.note(installed=datetime.now(UTC))
            report(f"{self.name}: installed", 1, 1)

    def start(self, report: Report, *, port: int | None = None, fresh: bool = False) -> str:
        """Start it, unless it runs, and return its address; ``fresh`` gives it the database of its beginning.

        A database that is gone is begun afresh as well. Raises ProductError when it is not installed whole,
        ServiceError when its port is taken or it does not serve.
        """
        place = self.premises
        held = place.held()
        if self.flaw:
            raise ProductError(self.flaw)
        with self._alone():
            place.databases.up()
            gone = place.databases.lacks(self.recipe.stem)
            if self.running and not (fresh or gone or port not in (None, held.port)):
                return place.url
            place.end()
            place.note(port=port or held.port)
            if fresh or gone:
                report(f"{self.name}: the database of its beginning", 0, 1)
                place.databases.renew(self.recipe.stem)
            report(f"{self.name}: server", 0, 1)
            place.serve()
            report(f"{self.name}: serves", 1, 1)
            return place.url

    def stop(self) -> bool:
        """Stop it and return whether any of it ran."""
        if not self.premises.folder.exists():
            return False
        with self._alone():
            held = self.premises.state
            ran = held is not None and any(one.alive for one in held.processes)
            self.premises.end()
        return ran

    def remove(self) -> bool:
        """Take it away, programs, database and users, and return whether there was anything."""
        if not self.premises.folder.exists():
            return False
        with self._alone():
            self.premises.end()
            if self.premises.databases.folder.exists():
                self.premises.databases.drop(self.recipe.stem)
            shutil.rmtree(self.premises.folder)
        return True

    # -- how it is done ------------------------------------------------------------------------------------------------
    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold others off this product; raises ProductError if somebody is at it."""
        self.premises.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.lab / f".{self.name}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ProductError(f"another command is at work on {self.name}: wait until it is done") from None
            yield

    def _programs(self, report: Report) -> None:
        """Make the environment, unless it is whole."""
        environment = self.premises.environment
        if environment.whole:
            return
        python = interpreter(self.recipe.least)
        assert python is not None
        with as_file(self.recipe.lock) as listed:
            environment.make(listed, python, report)

    def _furnish(self, report: Report) -> None:
        """Make database and users, and keep a copy of the database as it is then."""
        place, steps = self.premises, len(self.recipe.prepare) + 3
        stages = f"{self.name}: database and users"
        report(stages, 0, steps)
        place.databases.give(self.recipe.stem, place.secrets()["password"])
        for done, step in enumerate(self.recipe.prepare, start=1):
            report(stages, done, steps)
            place.do(step)
        report(stages, steps - 2, steps)
        self._people()
        report(stages, steps - 1, steps)
        place.databases.keep(self.recipe.stem)
        report(stages, steps, steps)

    def _people(self) -> None:
        """Have the users of all actors made and keep what they sign in with for the owner's eyes."""
        module, _, function = self.recipe.people.partition(":")
        make = cast(MakePeople, getattr(importlib.import_module(module), function))
        place = self.premises
        place.serve()
        try:
            made = make(place)
        except httpx.HTTPError as fault:
            raise ProductError(f"{self.name} would not take its users: {fault}; see {place.log}") from None
        finally:
            place.end()
        told = {actor.value: asdict(one) for actor, one in made.items()}
        write_whole(place.folder / "people.json", json.dumps(told).encode(), mode=0o600)
