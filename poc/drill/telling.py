"""Telling: what a drill says, as lines and tables in a language, from the plain data that is kept of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from poc.words import LANGUAGES, Words, words
from scenarios.disk import write_whole

#: Under which name a drill is kept in the folder of a target's run, as data and as a page for each language.
KEPT = "leaving"
Table = tuple[Sequence[str], Sequence[Sequence[str]]]
_SIGNS = {True: "alike", False: "differs", None: "untold"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A title, lines of text, and tables (heads and rows), all plain text."""

    title: str
    lines: tuple[str, ...]
    tables: tuple[Table, ...]


def sheet(told: Mapping[str, Any], say: Words, name: str) -> Sheet:
    """Return a drill (``leaving.told``) of a target that people call ``name`` in a language."""
    return Sheet(
        title=say("drill.title", name=name),
        lines=tuple(_lines(told, say, name)),
        tables=(_kinds(told, say), _questions(told, say), _lost(told, say)),
    )


def write(told: Mapping[str, Any], folder: Path) -> tuple[Path, ...]:
    """Keep a drill in the folder of its target's run; return the places. Raises StoreError."""
    write_whole(folder / f"{KEPT}.json", orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n")
    pages = {folder / f"{KEPT}.{one}.md": sheet(told, words(one), str(told["target"])) for one in LANGUAGES}
    for place, page in pages.items():
        write_whole(place, "\n".join(_page(page)).encode())
    return (folder / f"{KEPT}.json", *pages)


def read(folder: Path) -> Mapping[str, Any] | None:
    """Return the drill that is kept in the folder of a run; None where there is none that can be read."""
    try:
        told: Mapping[str, Any] = orjson.loads((folder / f"{KEPT}.json").read_bytes())
    except (OSError, ValueError):
        return None
    return told


def _lines(told: Mapping[str, Any], say: Words, name: str) -> Iterator[str]:
    customers = next((one["bank"] for one in told["kinds"] if one["kind"] == "Customer"), 0)
    yield say("drill.text", name=name, customers=f"{customers:,}", asked=told["asked"])
    yield say("drill.brief", share=f"{told['coverage']:.1%}", agree=told["agree"], asked=told["asked"])
    if told["hours_per_million"] is not None:
        yield say("drill.pace", hours=f"{told['hours_per_million']:.1f}")
    if not told["met"]:
        yield say("drill.paper")


def _kinds(told: Mapping[str, Any], say: Words) -> Table:
    heads = [say(f"drill.{one}") for one in ("kind", "bank", "out", "in", "why")]
    rows = [
        [one["kind"], *(f"{one[each]:,}" for each in ("bank", "out", "in")), one["missing"] or one["refused"]]
        for one in told["kinds"]
    ]
    return heads, rows


def _questions(told: Mapping[str, Any], say: Words) -> Table:
    heads = [say(f"drill.{one}") for one in ("question_head", "answer", "why")]
    rows = [
        [say(f"drill.question.{one['question']}"), say(f"drill.{_SIGNS[one['agree']]}"), one["why"]]
        for one in told["questions"]
    ]
    return heads, rows


def _lost(told: Mapping[str, Any], say: Words) -> Table:
    out = {one["kind"] for one in told["kinds"] if one["out"]}
    rows = [[name, f"{count:,}"] for name, count in told["lost"].items() if name.partition(".")[0] in out]
    return [say("drill.lost"), say("drill.values")], rows or [[say("drill.nothing_lost"), "0"]]


def _page(page: Sheet) -> Iterator[str]:
    yield f"# {page.title}\n"
    for line in page.lines:
        yield f"{line}\n"
    for heads, rows in page.tables:
        for cells in (heads, ["---"] * len(heads), *rows):
            yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
        yield ""
