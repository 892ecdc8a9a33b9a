"""Offered: the stand-ins by name, each with the quotas that its vendor publishes and secrets of its own."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from poc.lab.standins.fxiaoke import PUBLISHED as FXIAOKE_LIMITS
from poc.lab.standins.fxiaoke import Fxiaoke
from poc.lab.standins.salesforce import Salesforce
from poc.lab.standins.serving import StandIn, serving
from poc.settings import Limits, Login, SettingsError, Target, keep_secrets, keep_target
from scenarios.actors import Actor, Credential

NAMES = ("fxiaoke", "salesforce")
#: Everybody who has an account of his own; who left or holds an old token gets none.
ACTORS: tuple[Actor, ...] = tuple(one for one in Actor if one not in (Actor.ANONYMOUS, Actor.EXPIRED, Actor.LEAVER))


@contextmanager
def offered(name: str, targets: Path, port: int = 0) -> Iterator[Target]:
    """Serve a stand-in and list it as a target of the name ``<name>-stand-in``; raises SettingsError."""
    if name not in NAMES:
        raise SettingsError(f"there is no stand-in {name!r}: choose {' or '.join(NAMES)}")
    vendor, credentials, limits = _made(name)
    target_name = f"{name}-stand-in"
    held = targets.resolve().parent / f".{target_name}.secrets.toml"
    with serving(vendor, port) as url:
        keep_secrets(held, credentials)
        logins = {actor: Login(username=one.username) for actor, one in credentials.items()}
        target = Target(
            name=target_name, connector=name, url=url, title=f"{name} (stand-in)", secrets_file=held, actors=logins,
            limits=limits,
        )  # fmt: skip
        keep_target(target, targets)
        yield target


def _made(name: str) -> tuple[StandIn, dict[Actor, Credential], Limits]:
    """Return an empty stand-in, what each actor signs in with, and what the vendor lets through."""
    first, second = secrets.token_urlsafe(18), secrets.token_urlsafe(18)
    if name == "salesforce":
        one = Credential(username="touchstone", secret=first)
        return Salesforce(("touchstone", first)), dict.fromkeys(ACTORS, one), Limits(requests_per_day=100_000)
    staff = {actor: str(1000 + place) for place, actor in enumerate(ACTORS)}
    known: dict[Actor, Credential] = {
        actor: Credential(username=f"FSAID_0/{number}", secret=f"{first}/{second}") for actor, number in staff.items()
    }
    return Fxiaoke(("FSAID_0", first, second), frozenset(staff.values())), known, FXIAOKE_LIMITS
