"""connect(): make a CRM of a target's settings: its connector found by name, its wire, its credentials."""

import os
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from poc.connectors.knocking import MachineDoor
from poc.connectors.pacing import PacedWire
from poc.connectors.permit import ground
from poc.connectors.receivers import Receivers
from poc.connectors.vouching import Voucher, Vouching
from poc.connectors.wire import HttpsWire
from poc.lab.stores import Stores
from poc.lab.vendors.lab import VendorLab
from poc.settings import PAPER, Limits, SettingsError, Target
from scenarios.actors import Actor, Credential
from scenarios.crm import CRM, Clock, Recorder, Wire
from scenarios.port import BenchFault, Connector, Refused
from scenarios.recording import Nowhere, Recording

#: Where packages, also a vendor's own, say which connectors they bring.
GROUP = "touchstone.connectors"


class WallClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """Return the moment, UTC-aware."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)


def connector(name: str, known: Iterable[EntryPoint] | None = None) -> type[Connector]:
    """Return a connector by name; raises SettingsError listing the known ones."""
    offered = {one.name: one for one in (entry_points(group=GROUP) if known is None else known)}
    if name not in offered:
        listed = ", ".join(sorted(offered)) or "none; install the package first"
        raise SettingsError(f"unknown connector {name!r}: known are {listed}")
    try:
        found = offered[name].load()
    except (ImportError, AttributeError) as error:
        raise SettingsError(f"connector {name!r} ({offered[name].value}) cannot be loaded: {error}") from None
    if not (isinstance(found, type) and issubclass(found, Connector)):
        raise SettingsError(f"connector {name!r} ({offered[name].value}) is no subclass of scenarios.port.Connector")
    return found


def connect(
    target: Target,
    *,
    recorder: Recorder | None = None,
    clock: Clock | None = None,
    wire: Wire | None = None,
    credentials: Mapping[Actor, Credential] | None = None,
    environment: Mapping[str, str] = os.environ,
) -> CRM:
    """Return a target ready to be asked; nothing is sent yet.

    Without a recorder nothing is kept (the runner brings its own for each play). ``credentials`` go before those of
    the settings. Raises SettingsError naming what is wrong with the settings.
    """
    if target.connector == PAPER:
        raise SettingsError(
            f"target {target.name} is judged on paper: nobody can ask it; `touchstone target answered` files answers"
        )
    speaker, time_of_day = connector(target.connector)(), clock or WallClock()
    known = {**target.credentials(environment), **(credentials or {})}
    way: Wire = wire or wire_to(target, Vouching(speaker, tokens(known), lambda: trouble(target)))
    if target.limits != Limits():
        way = PacedWire(way, target.limits, time_of_day)
    return CRM(
        speaker,
        way,
        credentials=known,
        recorder=recorder or Recording(Nowhere()),
        clock=time_of_day,
    )


def tokens(known: Mapping[Actor, Credential]) -> dict[str, str]:
    """Return whose each token is that must open a target; those of the leaver and of the expired one must not."""
    shut = (Actor.LEAVER, Actor.EXPIRED)
    return {held.token: actor.value for actor, held in known.items() if held.token is not None and actor not in shut}


def trouble(target: Target) -> str:
    """Return what hinders a product of the vendor lab from serving and what to do, "" for nothing or another target."""
    hidden = target.secrets_file
    one = VendorLab(folder=hidden.parent.parent).of(target) if hidden is not None else None
    return one.trouble if one is not None else ""


def wire_to(target: Target, voucher: Voucher | None = None) -> HttpsWire:
    """Return the wire to a target, on which somebody may vouch for replies."""
    for path in (target.ca, target.client_certificate):
        if path is not None and not path.is_file():
            raise SettingsError(f"target {target.name}: there is no certificate file {path}")
    return HttpsWire(
        target.url,
        ca=target.ca,
        client=target.client_certificate,
        timeout=target.timeout,
        plain_ports=target.plain_ports,
        stores=None if target.inside is None else Stores(target.inside),
        receivers=None if target.receivers is None else Receivers(target.receivers, target.receiver_host),
        permitted=ground(target, datetime.now(UTC)),
        cases=cache(os.environ) / "cases",
        tools=cache(os.environ) / "tools",
        identity=target.identity,
        voucher=voucher,
        door=None if target.machine_url is None else MachineDoor(target.machine_url, target.ca, target.machines),
    )


def cache(environment: Mapping[str, str]) -> Path:
    """Return the folder for what can be made again at any time (XDG base directory specification)."""
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "touchstone"


def prove(crm: CRM, target: Target) -> None:
    """Sign every actor in that must get in; raises SettingsError naming the one that was refused.

    Raises BenchFault if the target cannot be reached, or is a product of the vendor lab that does not serve. The leaver
    and the expired token are left out: they must not.
    """
    if why := trouble(target):
        raise BenchFault(f"target {target.name}: {why}")
    for actor in crm.credentials:
        if actor in (Actor.LEAVER, Actor.EXPIRED):
            continue
        try:
            crm.acting_as(actor).session()
        except Refused as no:
            where = _origin(target, actor)
            raise SettingsError(
                f"target {target.name} refused the credential of {actor.value} ({no.reason}): check {where}"
            ) from None


def _origin(target: Target, actor: Actor) -> str:
    login = target.actors.get(actor)
    variables = [name for name in (login.secret_env, login.token_env) if name] if login else []
    if variables:
        return f"the environment variable {variables[0]} and the user name {login.username!r}" if login else ""
    return str(target.secrets_file or "targets.toml")
