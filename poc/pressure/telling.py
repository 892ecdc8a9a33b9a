"""Telling: what a load run proves, as sentences in the reader's language; the figures are those of its judgements."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal, NamedTuple

from loadtests.judging import Judgement, Sheet, outlook
from loadtests.objectives import Objective
from loadtests.result import LoadResult
from loadtests.workload import Workload
from poc.words import Words, words

Kind = Literal["passed", "failed", "inconclusive", "invalid", "nothing"]
#: What weighs most stands first: a run is called by the worst that became of its promises.
KINDS: tuple[Kind, ...] = ("invalid", "failed", "inconclusive", "passed")
#: A sign beside each word, so that colour never speaks alone.
SIGNS = {"passed": "✓", "failed": "✕", "inconclusive": "◐", "invalid": "⚠", "nothing": "–"}


class Verdict(NamedTuple):
    """What became of a run: its kind, and the sentence that says it."""

    kind: Kind
    text: str


def worn(labels: Sequence[str], say: Words) -> tuple[str, ...]:
    """Return the labels that a target must wear in the reader's language; one that nobody translated stays as it is."""
    return tuple(say.of(f"report.label.{one}", one) for one in labels)


def verdict(result: LoadResult, sheet: Sheet, say: Words) -> Verdict:
    """Return the verdict of a run as one sentence: what is proven, what is broken, what is still needed, or why not."""
    kind: Kind = next((one for one in KINDS if any(each.verdict == one for each in sheet.judgements)), "nothing")
    of_kind = [one for one in sheet.judgements if one.verdict == kind]
    others = len(sheet.judgements) - len(of_kind)
    more = say("load.verdict_more", count=len(of_kind) - 1) if len(of_kind) > 1 else ""
    match kind:
        case "invalid":
            proven = sum(one.verdict == "passed" for one in sheet.judgements)
            told = say("load.verdict_invalid", why=retold(of_kind[0].note, say))
            text = told + (say("load.verdict_though", count=proven) if proven else "")
        case "failed":
            text = say("load.verdict_failed", what=broken(of_kind[0], say)) + more
        case "inconclusive":
            text = say("load.verdict_inconclusive", what=wanted(of_kind[0], result, say)) + more
        case "passed":
            rate = f"{result.workload.rate:g}"
            text = say("load.verdict_passed", rate=rate, count=len(of_kind), first=_figure(of_kind[0], say))
        case _:
            return Verdict(kind, say("load.verdict_nothing"))
    return Verdict(kind, text + (say("load.verdict_others", count=others) if others and kind != "invalid" else ""))


def promise(objective: Objective, say: Words) -> str:
    """Return a promise in words: of what, and what is promised."""
    scope = say.of(f"load.scope_{objective.scope}", objective.scope)
    return say("load.promise", scope=scope, text=retold(objective.text, say))


def broken(one: Judgement, say: Words) -> str:
    """Return how a promise was broken."""
    name = promise(one.objective, say)
    if not one.objective.proportion or one.seen is None:
        return say("load.broken_figure", promise=name, seen=figure(one), note=_after(retold(one.note, say)))
    shares = {"seen": _share(one.seen), "allowed": _share(one.objective.allowed), "n": f"{one.n:,}"}
    if one.objective.form == "latency":
        return say("load.broken_latency", promise=name, quantile=_ms(one.quantile_ms), **shares)
    return say("load.broken_share", promise=name, **shares)


def wanted(one: Judgement, result: LoadResult, say: Words) -> str:
    """Return why a promise is not decided, and how many requests (and how much time at this rate) would decide it."""
    told = say("load.undecided", promise=promise(one.objective, say), why=retold(one.note, say))
    if one.needed is None or not one.n:
        return told
    seconds = one.needed / one.n * result.workload.seconds
    return told + say("load.needed", count=f"{one.needed:,}", time=lasting(seconds, say))


def lasting(seconds: float, say: Words) -> str:
    """Return a length of time in words."""
    if seconds < 120:
        return say("load.seconds", count=f"{max(1, seconds):.0f}")
    return say("load.minutes", count=f"{seconds / 60:.0f}") if seconds < 7200 else say(
        "load.hours", count=f"{seconds / 3600:.1f}"
    )  # fmt: skip


def figure(one: Judgement) -> str:
    """Return what was seen of a promise, in its unit; a dash if nothing was."""
    if one.seen is None:
        return "–"
    match one.objective.form:
        case "latency" | "availability" | "achieved" | "slowdown":
            return _share(one.seen)
        case "rate":
            return f"{one.seen:,.1f}/s"
    return f"{one.seen:,.1f} s"


def between(one: Judgement) -> str:
    """Return the bounds of what was seen."""
    return "–" if one.lower is None or one.upper is None else f"{_share(one.lower)} … {_share(one.upper)}"


def prospects(load: Workload, say: Words) -> tuple[tuple[Objective, float, int | None, str], ...]:
    """Return for each promise how many requests will speak of it, how many it takes at least, and what that means."""
    told = []
    for one in load.promises():
        expected, least = outlook(load, one)
        key = "any" if least is None else "enough" if expected >= least else "few"
        more = 0 if least is None else max(0, least - expected)
        seconds = load.seconds * more / expected if expected else 0.0
        text = say(f"load.outlook_{key}", count=f"{more:,.0f}", time=lasting(seconds, say))
        told.append((one, expected, least, text))
    return tuple(told)


def retold(note: str, say: Words) -> str:
    """Return a reason that the judges gave, which they do in English, in the reader's language if it is known there."""
    if say.language == "en":
        return note
    for key, form in _forms():
        if found := form.fullmatch(note):
            return say(key, **{name: retold(text, say) for name, text in found.groupdict().items()})
    return note


@cache
def _forms() -> Sequence[tuple[str, re.Pattern[str]]]:
    """Return the known reasons as forms to match, those with the most text of their own first."""
    told = words("en")
    keys = [key for key in told.keys if key.startswith("load.note_")]
    texts = {key: told.of(key, "") for key in keys}
    ordered = sorted(keys, key=lambda key: len(re.sub(r"{\w+}", "", texts[key])), reverse=True)
    return tuple((key, _form(texts[key])) for key in ordered)


def _form(text: str) -> re.Pattern[str]:
    parts = re.split(r"{(\w+)}", text)
    return re.compile("".join(f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts)))


def _figure(one: Judgement, say: Words) -> str:
    name = promise(one.objective, say)
    if one.upper is not None and one.objective.proportion:
        allowed = _share(one.objective.allowed)
        return say("load.proven_share", promise=name, upper=_share(one.upper), allowed=allowed, n=f"{one.n:,}")
    return say("load.proven_figure", promise=name, seen=figure(one))


def _share(value: float) -> str:
    return f"{value * 100:.3g} %" if abs(value) < 0.0995 else f"{value * 100:.1f} %"


def _ms(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"


def _after(text: str) -> str:
    return f" ({text})" if text else ""
