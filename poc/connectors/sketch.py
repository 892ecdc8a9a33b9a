"""Sketch: a connector's skeleton in a package of its own, its shapes proposed from what the product's OpenAPI says."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import httpx
import yaml

from poc.connectors.dialect import kept
from synthetic_data.records import Account, Company, Customer, Interaction, Opportunity, Record, Ticket

#: What products call our kinds, by the last word of a path.
KINDS: Mapping[type[Record], frozenset[str]] = {
    Customer: frozenset({"contact", "customer", "client", "person", "people", "party", "member"}),
    Company: frozenset({"company", "organization", "organisation", "business"}),
    Account: frozenset({"bankaccount", "financialaccount", "contract", "deposit"}),
    Opportunity: frozenset({"opportunity", "deal"}),
    Ticket: frozenset({"ticket", "case", "issue", "complaint"}),
    Interaction: frozenset({"interaction", "activity", "note", "call"}),
}
#: What products call our fields, letters only.
FIELDS: Mapping[str, frozenset[str]] = {
    "name": frozenset({"fullname", "displayname", "lastname", "title"}),
    "mobile": frozenset({"phone", "phonenumber", "mobilephone", "tel", "telephone"}),
    "email": frozenset({"emailaddress", "mail"}),
    "birth_date": frozenset({"birthday", "dob", "dateofbirth"}),
    "national_id": frozenset({"idnumber", "taxid", "identitynumber", "nationalid"}),
    "address": frozenset({"street", "postaladdress"}),
    "customer": frozenset({"contact", "contactid", "customerid", "clientid", "personid", "partyid"}),
    "subject": frozenset({"title", "summary"}),
    "text": frozenset({"description", "body", "content"}),
    "severity": frozenset({"priority"}),
    "amount": frozenset({"value", "sum", "price"}),
    "closes": frozenset({"closedate", "closedon", "duedate"}),
}
NAME = re.compile(r"[a-z][a-z0-9_]{1,40}")
LARGEST = 32 * 1024 * 1024


class SketchError(ValueError):
    """What was given for a new connector is not usable; the text names it and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A shape as proposed: our kind, the product's path, our fields under its names, and those it has no place for."""

    kind: type[Record]
    path: str
    names: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    def code(self) -> str:
        """Return it as Python."""
        names = "".join(f"            {_quoted(ours)}: {_quoted(theirs)},\n" for ours, theirs in self.names.items())
        out = "".join(f"                {_quoted(name)},\n" for name in self.left_out)
        return (
            f"    Shape(\n        kind={self.kind.__name__},\n        path={_quoted(self.path)},\n"
            f"        names={{\n{names}        }},\n"
            f"        left_out=frozenset(\n            {{\n{out}            }}\n        ),\n"
            f'        key="id",\n        version="",\n    ),\n'
        )


def document(source: str) -> Mapping[str, Any]:
    """Return an OpenAPI document (JSON or YAML, version 3) from a file or an https address; raises SketchError."""
    text = _fetched(source) if re.match(r"https?://", source) else _file(Path(source))
    try:
        told = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SketchError(f"{source} is neither JSON nor YAML: {' '.join(str(error).split())[:160]}") from None
    if not isinstance(told, dict) or not str(told.get("openapi", "")).startswith("3"):
        raise SketchError(f"{source} is no OpenAPI 3 document: it must say openapi: 3.x and list paths")
    if not isinstance(told.get("paths"), dict):
        raise SketchError(f"{source}: paths = {told.get('paths')!r}: an OpenAPI document lists its paths there")
    return told


def proposals(told: Mapping[str, Any]) -> tuple[Proposal, ...]:
    """Return a shape for each kind of ours that some path of a document creates; the shortest path wins."""
    found: dict[type[Record], Proposal] = {}
    for path in sorted(told["paths"], key=lambda one: (len(one), one)):
        kind = _kind(path)
        if kind is not None and kind not in found and (names := tuple(_body(told, path))):
            found[kind] = _proposal(kind, path.rstrip("/"), names)
    return tuple(found[kind] for kind in KINDS if kind in found)


def write(name: str, folder: Path, source: str = "") -> tuple[Path, tuple[Proposal, ...]]:
    """Write the skeleton into a new folder and return it with what was proposed; raises SketchError, writes nothing."""
    if not NAME.fullmatch(name):
        raise SketchError(f"connector name {name!r}: use small letters, digits and _, beginning with a letter")
    place = folder / f"touchstone-{name.replace('_', '-')}"
    if place.exists():
        raise SketchError(f"{place} is there already: choose another name or folder")
    told = document(source) if source else {}
    shapes = proposals(told) if told else ()
    proposed = shapes or (_proposal(Customer, "/customers", ()),)
    title = str((told.get("info") or {}).get("title") or name.replace("_", " ").title())
    filled = {
        "name": name, "package": f"touchstone_{name}", "project": place.name, "title": _words(title),
        "class_name": name.title().replace("_", ""), "source": _words(source or "https://"),
        "kinds": ", ".join(sorted({"Record", *(one.kind.__name__ for one in proposed)})),
        "shapes": "".join(one.code() for one in proposed),
        "open": "\n".join(f"- [ ] {one.kind.__name__}: {', '.join(one.left_out)}" for one in proposed),
    }  # fmt: skip
    for template, path in _PARTS.items():
        text = files("poc").joinpath("templates", "connector", template).read_text("utf-8")
        target = place / Template(path).substitute(filled)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(text).substitute(filled), "utf-8")
    return place, shapes


_PARTS = {
    "pyproject.txt": "pyproject.toml",
    "module.txt": "${package}/__init__.py",
    "test.txt": "tests/test_${name}.py",
    "checklist.txt": "CHECKLIST.md",
}


def _quoted(text: str) -> str:
    """Return text as Python (and JSON) quotes it, whatever a document holds."""
    return json.dumps(text, ensure_ascii=False)


def _words(text: str) -> str:
    """Return a title that can stand in any quotes: one line, without marks that would end them."""
    return " ".join(re.sub(r"[\"\\\\]", "'", text).split())[:120]


def _fetched(source: str) -> str:
    try:
        reply = httpx.get(source, timeout=30, follow_redirects=False, trust_env=False)
        reply.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise SketchError(f"cannot fetch {source}: {' '.join(str(fault).split()) or type(fault).__name__}") from None
    if len(reply.content) > LARGEST:
        raise SketchError(f"{source} is larger than {LARGEST // 2**20} MiB: name a file with the part that matters")
    return reply.text


def _file(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SketchError(f"cannot read {path}: {why}") from None


def _kind(path: str) -> type[Record] | None:
    last = path.rstrip("/").rpartition("/")[2].lower()
    word = re.sub(r"[^a-z]", "", last)
    words = {word, word.removesuffix("s"), re.sub("ies$", "y", word), word.removesuffix("es")}
    return next((kind for kind, called in KINDS.items() if words & called), None) if "{" not in last else None


def _body(told: Mapping[str, Any], path: str) -> Iterator[str]:
    """Yield the names of fields that a POST to a path takes."""
    post = told["paths"][path].get("post") if isinstance(told["paths"][path], dict) else None
    content = ((post or {}).get("requestBody") or {}).get("content") or {}
    yield from _properties(told, (content.get("application/json") or {}).get("schema") or {}, 0)


def _properties(told: Mapping[str, Any], schema: Mapping[str, Any], depth: int) -> Iterator[str]:
    if depth > 5:  # a document may go round in circles
        return
    if reference := str(schema.get("$ref", "")).removeprefix("#/").split("/")[1:]:
        inner: Any = told
        for part in ["components", *reference]:
            inner = inner.get(part, {}) if isinstance(inner, dict) else {}
        yield from _properties(told, inner, depth + 1)
    yield from schema.get("properties") or {}
    for part in schema.get("allOf") or ():
        yield from _properties(told, part, depth + 1)


def _proposal(kind: type[Record], path: str, theirs: tuple[str, ...]) -> Proposal:
    plain = {re.sub(r"[^a-z]", "", name.lower()): name for name in reversed(theirs)}
    names: dict[str, str] = {}
    for ours in kept(kind):
        called = (ours.replace("_", ""), *sorted(FIELDS.get(ours, frozenset())))
        if match := next((plain[one] for one in called if one in plain and plain[one] not in names.values()), None):
            names[ours] = match
    return Proposal(kind=kind, path=path, names=names, left_out=tuple(one for one in kept(kind) if one not in names))
