"""Verification: whether a connector was ever met by its vendor's system, and what a target must wear until it was."""

import inspect
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Literal

from poc.connectors.connect import connect, connector
from poc.connectors.promises import Kept, Trial, tried
from poc.settings import PAPER, TARGETS, SettingsError, Target, Verified, is_loopback, keep_target
from scenarios.actors import Actor
from scenarios.crm import Clock, Wire
from scenarios.port import Connector
from scenarios.recording import Memory, Recording
from synthetic_data.generator import generate

#: What readers must be told: nobody met the product with this connector; what answers is a stand-in of our own.
NOT_LIVE, STAND_IN = "not verified live", "stand-in"
#: Nothing of it was ever asked: all that is known was written or shown.
ON_PAPER = "on paper only"
#: The bank whose first customers a sandbox is given.
SEED, CUSTOMERS = 5, 60


def kind(target: Target) -> Literal["reference", "product", "cloud", "stand-in", "paper"]:
    """Return what answers: our reference CRM, a product that was met, a vendor's cloud, a stand-in for one, nothing."""
    if target.connector == PAPER:
        return "paper"
    speaker = _speaker(target)
    if speaker is not None and speaker.from_documents:
        return "stand-in" if is_loopback(target.url) else "cloud"
    return "reference" if target.connector == "reference" else "product"


def live(target: Target) -> bool:
    """Whether the connector was met by a live system: by its writers, or here by its user and unchanged since."""
    speaker = _speaker(target)
    if speaker is None or not speaker.from_documents:
        return speaker is not None
    seen = target.verified
    return seen is not None and (seen.url, seen.connector) == (target.url, version(speaker))


def worn(target: Target) -> tuple[str, ...]:
    """Return the labels that a target must wear wherever it is shown."""
    speaker = _speaker(target)
    own = {"stand-in": (STAND_IN,), "paper": (ON_PAPER,)}.get(kind(target), ())
    doubt = (NOT_LIVE,) if speaker is not None and not live(target) else ()
    return tuple(dict.fromkeys((*target.labels, *own, *doubt)))


def version(speaker: type[Connector]) -> str:
    """Return the sha256 of all that a connector is written in: its modules, and those beside them of the same name."""
    digest = sha256()
    for path in sorted(set(_sources(speaker))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def verify(
    target: Target, listed: Path = TARGETS, *, wire: Wire | None = None, clock: Clock | None = None
) -> tuple[tuple[Kept, ...], bool]:
    """Try a connector's promises on a live system and keep it in the targets file if none is broken.

    Raises SettingsError for a stand-in, or without a credential of the integration application; BenchFault if the
    system cannot be reached.
    """
    if kind(target) == "stand-in":
        raise SettingsError(
            f"target {target.name}: {target.url} is this machine: a stand-in cannot speak for the vendor; "
            "name the address of your sandbox"
        )
    if Actor.INTEGRATION not in target.actors:
        raise SettingsError(f"target {target.name}: verification needs [actors.{Actor.INTEGRATION.value}]")
    memory = Memory()
    crm = connect(target, recorder=Recording(memory), wire=wire, clock=clock)
    secrets = tuple(part for one in crm.credentials.values() for part in one.secret.split("/") if part)
    bank = generate(seed=SEED, customers=CUSTOMERS).bank
    found = tuple(tried(Trial(crm=crm, memory=memory, bank=bank, secrets=secrets)))
    fine = all(one.kept is not False for one in found)
    seen = Verified(on=datetime.now(UTC), url=target.url, connector=version(type(crm.connector))) if fine else None
    keep_target(target.model_copy(update={"verified": seen}), listed)
    return found, fine


def _speaker(target: Target) -> type[Connector] | None:
    try:
        return connector(target.connector)
    except SettingsError:
        return None


def _sources(speaker: type[Connector]) -> Iterator[Path]:
    for one in speaker.__mro__:
        if issubclass(one, Connector) and one is not Connector:
            own = Path(inspect.getfile(one))
            yield own
            yield from own.parent.glob(f"{own.stem}_*.py")
