"""Offered: the stand-ins by name, each with the quotas that its vendor publishes and secrets of its own."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from loadtests.contracts.published import contract
from poc.lab.standins import dataverse, fxiaoke, hubspot, salesforce
from poc.lab.standins.serving import StandIn, serving
from poc.settings import Limits, Login, SettingsError, Target, Window, keep_secrets, keep_target
from scenarios.actors import Actor, Credential

#: Everybody who has an account of his own; who left or holds an old token gets none.
ACTORS: tuple[Actor, ...] = tuple(one for one in Actor if one not in (Actor.ANONYMOUS, Actor.EXPIRED, Actor.LEAVER))
#: A window of so many seconds is a day's allowance for whoever keeps count by days.
DAY = 86_400


class Offer(NamedTuple):
    """An empty stand-in, what each actor signs in with, and the published contract that it keeps."""

    vendor: StandIn
    credentials: Mapping[Actor, Credential]
    contract: str


@contextmanager
def offered(name: str, targets: Path, port: int = 0) -> Iterator[Target]:
    """Serve a stand-in and list it as a target of the name ``<name>-stand-in``; raises SettingsError."""
    if name not in OFFERS:
        raise SettingsError(f"there is no stand-in {name!r}: choose {', '.join(NAMES)}")
    offer = OFFERS[name](secrets.token_urlsafe(18), secrets.token_urlsafe(18))
    target_name = f"{name}-stand-in"
    held = targets.resolve().parent / f".{target_name}.secrets.toml"
    with serving(offer.vendor, port) as url:
        keep_secrets(held, offer.credentials)
        logins = {actor: Login(username=one.username) for actor, one in offer.credentials.items()}
        target = Target(
            name=target_name, connector=name, url=url, title=f"{name} (stand-in)", secrets_file=held, actors=logins,
            limits=declared(offer.contract),
        )  # fmt: skip
        keep_target(target, targets)
        yield target


def declared(name: str) -> Limits:
    """Return what a caller can hold himself to of a published contract, with one pack and no further licence.

    Quotas of single interfaces and of execution time are left to the vendor's gate.
    """
    known = [(one, one.size(0, 1)) for one in contract(name).limits if not one.only]
    windows = [(one, size) for one, size in known if one.kind == "window"]
    days = [size for one, size in known if one.kind == "day" or (one.kind == "window" and one.seconds == DAY)]
    at_once = [size for one, size in known if one.kind == "at_once" and not one.longer_than]
    return Limits(
        windows=tuple(Window(requests=size, seconds=one.seconds, per=one.per) for one, size in windows),
        requests_per_day=min(days, default=None),
        parallel=min(at_once, default=None),
    )


def _fxiaoke(first: str, second: str) -> Offer:
    staff = {actor: str(1000 + place) for place, actor in enumerate(ACTORS)}
    known = {
        actor: Credential(username=f"FSAID_0/{number}", secret=f"{first}/{second}") for actor, number in staff.items()
    }
    return Offer(fxiaoke.Fxiaoke(("FSAID_0", first, second), frozenset(staff.values())), known, fxiaoke.CONTRACT)


def _salesforce(first: str, second: str) -> Offer:
    known = dict.fromkeys(ACTORS, Credential(username="touchstone", secret=first))
    return Offer(salesforce.Salesforce(("touchstone", first)), known, salesforce.CONTRACT)


def _hubspot(first: str, second: str) -> Offer:
    known = dict.fromkeys(ACTORS, Credential(username="touchstone", secret=f"{first}/{second}"))
    return Offer(hubspot.HubSpot(("touchstone", first, second)), known, hubspot.CONTRACT)


def _dataverse(first: str, second: str) -> Offer:
    apps = {f"touchstone-{actor.value}": first for actor in ACTORS}
    known = {actor: Credential(username=f"touchstone-{actor.value}", secret=first) for actor in ACTORS}
    return Offer(dataverse.Dataverse(apps), known, dataverse.CONTRACT)


OFFERS: Mapping[str, Callable[[str, str], Offer]] = {
    "dataverse": _dataverse,
    "fxiaoke": _fxiaoke,
    "hubspot": _hubspot,
    "salesforce": _salesforce,
}
NAMES = tuple(OFFERS)
