"""Market: every system that can be put on trial from here: listed targets, products to install, clouds, our own CRM."""

import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import urlsplit

from poc.connectors.connect import GROUP, connector
from poc.connectors.verification import NOT_LIVE, kind, live, worn
from poc.lab.vendors.lab import VendorLab
from poc.lab.vendors.product import Product
from poc.settings import TARGETS, SettingsError, Target, is_loopback, targets

#: How long a target on this machine may take to open its door.
SECONDS = 0.5
OURS = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A system that can be put on trial; None where it cannot be known from here.

    ``kind`` is reference, product, cloud or stand-in; ``installable`` says whether this machine could have it,
    ``trouble`` what hinders it now and what to do.
    """

    name: str
    title: str
    connector: str
    kind: str
    version: str
    licence: str
    installable: bool
    installed: bool
    running: bool | None
    verified_live: bool
    listed: bool
    address: str = ""
    actors: int = 0
    labels: tuple[str, ...] = ()
    trouble: str = ""
    home: str = ""
    settings: str = ""
    settings_source: str = ""

    def told(self) -> dict[str, object]:
        """Return all of it by name."""
        return asdict(self)


def offers(lab: VendorLab, path: Path = TARGETS) -> tuple[Offer, ...]:
    """Return all that is on offer, by kind and name; raises SettingsError if the list of targets cannot be read."""
    listed = targets(path) if path.exists() else {}
    found = {one.name: of_product(one, listed.get(one.name)) for one in lab.products()}
    found |= {one.name: of_target(one) for one in listed.values() if one.name not in found}
    if not any(one.connector == OURS for one in found.values()):
        found[OURS] = of_our_own()
    found |= {one.name: one for one in clouds({one.connector for one in found.values()})}
    return tuple(sorted(found.values(), key=lambda one: (one.kind != "reference", one.kind, one.name)))


def of_product(one: Product, listed: Target | None) -> Offer:
    """Return a product of the vendor lab, whatever state it is in."""
    recipe, lacking = one.recipe, one.hindrance
    state = one.premises.state
    return Offer(
        name=one.name,
        title=recipe.title,
        connector=recipe.connector,
        kind="product",
        version=recipe.version,
        licence=recipe.licence,
        installable=not lacking,
        installed=one.installed,
        running=one.running,
        verified_live=written(recipe.connector),
        listed=listed is not None,
        address=one.premises.url if state is not None else "",
        actors=len(listed.actors) if listed else 0,
        labels=worn(listed) if listed else (),
        trouble=lacking or one.trouble,
        home=recipe.home,
        settings=recipe.settings.says,
        settings_source=recipe.settings.source,
    )


def of_target(one: Target) -> Offer:
    """Return a target that is listed and none of the vendor lab's."""
    what = kind(one)
    return Offer(
        name=one.name,
        title=one.title or one.name,
        connector=one.connector,
        kind=what,
        version="",
        licence="Apache-2.0" if what == "reference" else "",
        installable=what in ("reference", "stand-in"),
        installed=what in ("reference", "stand-in"),
        running=answers(one.url) if is_loopback(one.url) else None,
        verified_live=live(one),
        listed=True,
        address=one.url,
        actors=len(one.actors),
        labels=worn(one),
    )


def of_our_own() -> Offer:
    """Return our own CRM where none of it is listed yet."""
    return Offer(
        name=OURS, title="Reference CRM", connector=OURS, kind="reference", version="", licence="Apache-2.0",
        installable=True, installed=True, running=False, verified_live=True, listed=False,
        trouble="it does not run: touchstone crm start",
    )  # fmt: skip


def clouds(known: set[str]) -> Iterator[Offer]:
    """Yield what only its vendor runs, as far as a connector was written and no target speaks it."""
    for name in sorted({one.name for one in entry_points(group=GROUP)} - known):
        try:
            speaker = connector(name)
        except SettingsError:
            continue
        if speaker.from_documents:
            yield Offer(
                name=name, title=speaker.title, connector=name, kind="cloud", version="", licence="", installable=False,
                installed=False, running=None, verified_live=False, listed=False, labels=(NOT_LIVE,),
                trouble="only its vendor runs it: list your sandbox in targets.toml (docs/clouds.md)",
                home=speaker.from_documents,
            )  # fmt: skip


def written(name: str) -> bool:
    """Whether there is a connector of this name that was met by its product."""
    try:
        return not connector(name).from_documents
    except SettingsError:
        return False


def answers(url: str) -> bool:
    """Whether somebody listens at an address of this machine."""
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 443), timeout=SECONDS):
            return True
    except OSError:
        return False
