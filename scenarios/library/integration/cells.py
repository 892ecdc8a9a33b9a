"""Cells: which capability can be used with which verb over the interface; the list of them is data."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from scenarios.actors import Actor
from scenarios.crm import CRM, Answer
from scenarios.library.newcomers import newcomers, quietly
from scenarios.port import Unsupported
from scenarios.verdict import NotTestable
from synthetic_data import identities
from synthetic_data.bank import Bank
from synthetic_data.records import KINDS, Company, Customer, Record

#: In whose name a verb is tried, until one of them may.
ACTORS = (Actor.INTEGRATION, Actor.COMPLIANCE, Actor.MANAGER_A, Actor.MARKETING, Actor.ADMIN)

KIND = {kind.__name__: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell and what came of it: empty ``why`` means that it can be used."""

    name: str
    why: str = ""


@cache
def wanted() -> Mapping[str, Any]:
    """Return the list of cells as it stands in ``cells.toml`` beside this file."""
    return tomllib.loads(files("scenarios.library.integration").joinpath("cells.toml").read_text("utf-8"))


def tried(crm: CRM, bank: Bank) -> Iterator[Cell]:
    """Try every cell once with harmless arguments, and take away what was put on file."""
    host = newcomers(crm, bank, 1)[0]
    made: list[tuple[type[Record], str]] = []
    try:
        yield from _kinds(crm, bank, host, made)
        yield from _singles(crm, bank)
    finally:
        for kind, number in reversed(made):
            quietly(crm.acting_as(Actor.COMPLIANCE if kind is Customer else Actor.INTEGRATION).delete, kind, number)


def _kinds(crm: CRM, bank: Bank, host: Customer, made: list[tuple[type[Record], str]]) -> Iterator[Cell]:
    for name in wanted()["list"]:
        kind = KIND[name]
        model = bank.of(kind)[0]
        yield from _read(crm, kind, model)
        yield from _written(crm, kind, _fresh(bank, model, host, crm.nonce), made)


def _read(crm: CRM, kind: type[Record], model: Record) -> Iterator[Cell]:
    by, sort = wanted()["filter_and_sort"][kind.__name__]
    where = {by: str(getattr(model, by))}
    yield _try(crm, f"list {kind.__name__}", lambda view: view.list(kind, limit=5))
    yield _try(crm, f"get {kind.__name__}", lambda view: view.get(kind, model.number))
    yield _try(crm, f"filter {kind.__name__}", lambda view: view.list(kind, where=where, limit=5))
    yield _try(crm, f"sort {kind.__name__}", lambda view: view.list(kind, sort=sort, limit=5))


def _written(crm: CRM, kind: type[Record], fresh: Record, made: list[tuple[type[Record], str]]) -> Iterator[Cell]:
    name, change = kind.__name__, wanted()["update"].get(kind.__name__)
    yield _try(crm, f"try {name}", lambda view: view.bulk((fresh,), dry_run=True))
    created = _try(crm, f"create {name}", lambda view: view.create(fresh))
    yield created
    if not created.why:
        made.append((kind, fresh.number))
    if change is not None:
        yield _try(crm, f"update {name}", lambda view: view.update(kind, fresh.number, change))
    yield _try(crm, f"history {name}", lambda view: view.history(kind, fresh.number))


def _fresh(bank: Bank, model: Record, host: Customer, nonce: str) -> Record:
    """Return a new record like one of the bank's; papers of a customer become papers of our newcomer."""
    if isinstance(model, Customer):
        return host
    number = f"L{nonce}{type(model).__name__.lower()}"
    if isinstance(model, Company):
        marks = identities.digits(bank.seed, "registration_id", 70_000_000 + int(nonce, 36) % 20_000_000)
        return replace(model, number=number, registration_id=identities.registration_id(marks))
    owner = {"customer": host.number} if hasattr(model, "customer") else {}
    return replace(model, number=number, **owner)


def _singles(crm: CRM, bank: Bank) -> Iterator[Cell]:
    one, home = bank.customers[0], crm.credentials.get(Actor.RM_A)
    near = next((c for c in bank.customers if home and c.branch == home.branch and c.state == "active"), one)
    asked: dict[str, Callable[[CRM], Answer[Any]]] = {
        "find": lambda view: view.find(Customer, national_id=one.national_id),
        "search": lambda view: view.search(Customer, one.name),
        "overview": lambda view: view.overview(near.number),
        "count": lambda view: view.count(Customer, "tier"),
        "export": lambda view: view.export(Company),
        "as_of": lambda view: view.as_of(Customer, near.number, view.clock.now() - timedelta(seconds=1)),
        "unmask": lambda view: view.unmask(Customer, near.number, ("mobile",), "call back after a complaint"),
        "audit": lambda view: view.audit(subject=f"nobody-{view.nonce}"),
        "policy": lambda view: view.policy(),
        "contract": lambda view: view.contract(),
    }
    for name in wanted()["single"]:
        yield _try(crm, name, asked[name])


def _try(crm: CRM, name: str, ask: Callable[[CRM], Answer[Any]]) -> Cell:
    """Use a verb in the name of one after the other; a cell counts if one of them may."""
    why = ""
    for actor in filter(crm.has, ACTORS):
        try:
            answer = ask(crm.acting_as(actor))
        except Unsupported as missing:
            return Cell(name, str(missing))
        if answer.ok:
            return Cell(name)
        why = str(answer.refusal)
        if answer.reason not in ("forbidden", "unauthenticated", "not-found"):
            break
    if not why:
        raise NotTestable(f"the target's settings name none of {', '.join(ACTORS)}: add one of them")
    return Cell(name, why)
