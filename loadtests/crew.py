"""Crew: several processes, here or on other machines, that press one target together as if they were one."""

import secrets
from collections.abc import Iterable, Mapping
from typing import NamedTuple

#: Fewest characters of a token: 24 of them bear 144 bits of chance when it is made by us.
SHORTEST = 20


class CrewError(ValueError):
    """A crew that cannot be gathered; the text says why."""


class Share(NamedTuple):
    """Which part of a run is one worker's: it makes every ``workers``-th arrival of the schedule, from its own on."""

    worker: int = 0
    workers: int = 1

    def users(self, whole: int) -> int:
        """Return how many of all connections are this worker's."""
        return whole // self.workers + (self.worker < whole % self.workers)


#: All of a run, made by one process.
WHOLE = Share()


class Crew(NamedTuple):
    """Who presses: so many workers on this machine, so many that join from elsewhere.

    The master listens at ``host`` and ``port`` (0: any that is free); who joins must know the ``token``.
    """

    here: int
    elsewhere: int
    host: str
    port: int
    token: str

    @property
    def size(self) -> int:
        """Return how many workers there are in all."""
        return self.here + self.elsewhere


def crew(here: int, elsewhere: int = 0, bind: str = "127.0.0.1:0", token: str = "") -> Crew:
    """Return a crew; a token is made if none is given. Raises CrewError naming what is wrong."""
    host, port = place(bind)
    if here < 0 or elsewhere < 0 or here + elsewhere < 1:
        raise CrewError(f"a crew of {here} + {elsewhere} presses nobody: name one worker at least")
    if token and len(token) < SHORTEST:
        raise CrewError(f"the token has {len(token)} characters: take {SHORTEST} at least, by chance")
    return Crew(here, elsewhere, host, port, token or secrets.token_urlsafe(18))


def place(text: str) -> tuple[str, int]:
    """Read ``HOST:PORT``; raises CrewError."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise CrewError(f"{text!r} is no address: write it as HOST:PORT")
    return host.strip("[]"), int(port)


def ahead(pings: Iterable[tuple[float, float, float]]) -> tuple[float, float]:
    """Return by how many seconds our clock is ahead of another, and the round trip of the ping that says so.

    Each ping is (ours when it was sent, theirs, ours when the answer came). The quickest is believed (Cristian 1989):
    it is wrong by half its round trip at most.
    """
    trip, offset = min((back - sent, (sent + back) / 2 - theirs) for sent, theirs, back in pings)
    return offset, trip


def lost(worker: Mapping[str, object], seconds: float) -> str:
    """Return in words what a lost worker did not do; ``seconds`` is the length of the run."""
    heard = int(str(worker["heard"])) + 1
    missing = max(0.0, seconds - heard)
    return f"worker {worker['name']} was lost after second {heard}: its part of {missing:.0f} s is missing"
