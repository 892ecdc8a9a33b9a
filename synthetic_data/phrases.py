"""Phrases: sentences of customers by intent and difficulty, as arrays that are filled for all rows at once."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from synthetic_data.chance import Chance
from synthetic_data.columns import Places
from synthetic_data.texts import glue

DIFFICULTIES = ("easy", "medium", "hard")
#: Smallest and largest amounts of a scale, in steps so that they are such as people name.
SCALES = {"small": (15, 900, 5), "middle": (500, 60_000, 500), "large": (20_000, 900_000, 10_000)}
#: Most slots of a sentence.
SLOTS = 3
CARDS = 10_000
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class Intent(BaseModel):
    """What customers say who want one thing; the other intent that hard sentences sound like; the bank's answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rival: str
    scale: str = "middle"
    easy: tuple[str, ...]
    medium: tuple[str, ...]
    hard: tuple[str, ...]
    follow: tuple[str, ...]
    agent: tuple[str, ...]


class Speech(BaseModel):
    """All sentences of a language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    openers: tuple[str, ...]
    closers: tuple[str, ...]
    turning: tuple[str, ...]
    thanks: tuple[str, ...]
    assure: tuple[str, ...]
    farewell: tuple[str, ...]
    greeting: tuple[str, ...]
    questions: str = ""
    slots: dict[str, tuple[str, ...]]
    intents: dict[str, Intent]


@cache
def speech(language: str) -> Speech:
    """Return the sentences of a language, ``zh`` or ``en``."""
    text = resources.files("synthetic_data").joinpath("vocabulary", f"intents_{language}.toml").read_text("utf-8")
    return Speech.model_validate(tomllib.loads(text))


def intents() -> tuple[str, ...]:
    """Return the names of the intents, the same in every language."""
    return tuple(speech("zh").intents)


def rivals() -> NDArray[np.int64]:
    """Return for each intent the place of the one it is easily taken for."""
    names = intents()
    return np.array([names.index(intent.rival) for intent in speech("zh").intents.values()])


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences cut at their slots: literals and kinds of slots by sentence and place, and where each intent begins."""

    literals: tuple[pa.Array, ...]  # SLOTS + 1 columns, a row for each sentence
    kinds: NDArray[np.int64]  # a row for each sentence: places in the pool's kinds, 0 for no slot
    first: NDArray[np.int64]  # by intent and difficulty: the first sentence
    many: NDArray[np.int64]  # and how many there are


@dataclass(frozen=True, slots=True)
class Pool:
    """All values of slots one after the other; kind 0 is the empty text."""

    values: pa.Array
    kinds: Mapping[str, int]
    first: NDArray[np.int64]
    many: NDArray[np.int64]


@cache
def sentences(language: str, currency: str) -> Sentences:
    """Return the sentences of a language, ready to be filled."""
    told, kinds = speech(language), pool(language, currency).kinds
    rows: list[tuple[str, Intent]] = []
    first, many = [], []
    for intent in told.intents.values():
        for difficulty in DIFFICULTIES:
            found: tuple[str, ...] = getattr(intent, difficulty)
            first.append(len(rows))
            many.append(len(found))
            rows += [(text, intent) for text in found]
    cut = [_cut(_ended(language, text), intent.scale, kinds) for text, intent in rows]
    literals = tuple(pa.array([parts[n] for parts, _ in cut], pa.string()) for n in range(SLOTS + 1))
    shape = (len(told.intents), len(DIFFICULTIES))
    return Sentences(
        literals,
        np.array([slots for _, slots in cut], dtype=np.int64),
        np.array(first).reshape(shape),
        np.array(many).reshape(shape),
    )


def _ended(language: str, text: str) -> str:
    """Chinese sentences are kept without their last sign, which follows from how they end."""
    if language != "zh":
        return text
    return text + ("？" if re.search(speech("zh").questions, text) else "。")


def _cut(text: str, scale: str, kinds: Mapping[str, int]) -> tuple[list[str], list[int]]:
    literals, slots = [""], []
    for literal, name, _, _ in Formatter().parse(text):
        literals[-1] += literal
        if name is not None:
            slots.append(kinds[scale if name == "amount" else name])
            literals.append("")
    if len(slots) > SLOTS:
        raise ValueError(f"sentence {text!r}: has more than {SLOTS} slots; leave one out")
    more = SLOTS - len(slots)
    return literals + [""] * more, slots + [0] * more


@cache
def pool(language: str, currency: str) -> Pool:
    """Return what slots are filled with in a language and a currency."""
    parts: dict[str, list[str]] = {"": [""]}
    parts |= {name: list(values) for name, values in speech(language).slots.items()}
    parts |= {scale: [_money(language, currency, n) for n in range(*step)] for scale, step in SCALES.items()}
    parts["card"] = [f"{n:04d}" for n in range(CARDS)]
    chinese = language == "zh"
    parts["month"] = [f"{n}月" if chinese else MONTHS_EN[n - 1] for n in range(1, 13)]
    parts["day"] = [
        f"{month}月{day}日" if chinese else f"{day} {MONTHS_EN[month - 1]}"
        for month in range(1, 13)
        for day in range(1, 32)
    ]
    many = np.array([len(values) for values in parts.values()])
    return Pool(
        pa.array([value for values in parts.values() for value in values], pa.string()),
        {name: place for place, name in enumerate(parts)},
        np.concatenate([[0], many.cumsum()[:-1]]),
        many,
    )


def _money(language: str, currency: str, amount: int) -> str:
    if language == "zh":
        return f"{amount}元" if currency == "CNY" else f"{amount}{currency}"
    return {"CNY": f"RMB {amount:,}", "EUR": f"€{amount:,}"}.get(currency, f"{currency} {amount:,}")


def said(chance: Chance, language: str, currency: str, intent: Places, difficulty: Places, day: Places) -> pa.Array:
    """Return a sentence for each row's intent and difficulty, said on a day; days and months in it lie just before."""
    found, rows = sentences(language, currency), len(intent)
    which = found.first[intent, difficulty] + chance.whole(0, found.many[intent, difficulty] - 1, rows)
    parts: list[pa.Array | str] = []
    for place in range(SLOTS + 1):
        parts.append(found.literals[place].take(pa.array(which)))
        if place < SLOTS:
            parts.append(_filled(chance, language, currency, found.kinds[which, place], day))
    return glue(*parts)


def _filled(chance: Chance, language: str, currency: str, kind: Places, day: Places) -> pa.Array:
    values = pool(language, currency)
    rows = len(kind)
    at = chance.whole(0, values.many[kind] - 1, rows)
    near = (day - chance.whole(1, 9, rows)).astype("M8[D]")
    month = near.astype("M8[M]")
    within = (near - month.astype("M8[D]")).astype(np.int64)
    of_year = month.astype(np.int64) % 12
    before = (day.astype("M8[D]").astype("M8[M]").astype(np.int64) - 1) % 12
    at = np.where(kind == values.kinds["day"], of_year * 31 + within, at)
    at = np.where(kind == values.kinds["month"], before, at)
    return values.values.take(pa.array(values.first[kind] + at))


def one_of(chance: Chance, choices: tuple[str, ...], rows: int) -> pa.Array:
    """Return one of several texts for each row."""
    return pa.array(choices, pa.string()).take(pa.array(chance.whole(0, len(choices) - 1, rows)))


def by_intent(chance: Chance, language: str, part: str, intent: Places) -> pa.Array:
    """Return for each row one of an intent's texts of a part, ``follow`` or ``agent``."""
    texts = [getattr(found, part) for found in speech(language).intents.values()]
    many = np.array([len(found) for found in texts])
    first = np.concatenate([[0], many.cumsum()[:-1]])
    flat = pa.array([text for found in texts for text in found], pa.string())
    return flat.take(pa.array(first[intent] + chance.whole(0, many[intent] - 1, len(intent))))
