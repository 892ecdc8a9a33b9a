"""Telling: a contest as a page of text for each language, side by side; the runs themselves hold the proofs."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from poc.archive import NoRunError
from poc.assessment import Subject, opened
from poc.contest.course import figures
from poc.contest.figures import Pressed, Spread
from poc.contest.plan import OURS, Contest, Log
from poc.report import write as write_report
from poc.words import LANGUAGES, Words, words
from scenarios.disk import write_whole
from scenarios.evidence import Outcome
from scenarios.folders import AssessmentFolder

#: In which order the outcomes of checks are counted.
COUNTED = (Outcome.PASSED, Outcome.FAILED, Outcome.UNSUPPORTED, Outcome.NOT_TESTABLE, Outcome.BLOCKED)


def write(folder: AssessmentFolder) -> tuple[Path, ...]:
    """Write the report of the assessment and the page of the contest in each language; return their places."""
    try:
        seen = opened(folder.path, exchanges=False)
    except NoRunError:
        return ()
    pages = list(write_report(seen, folder.path))
    for language in LANGUAGES:
        place = folder.path / f"side-by-side.{language}.md"
        write_whole(place, "\n".join(_page(folder, words(language), seen.subjects)).encode())
        pages.append(place)
    return tuple(pages)


def _page(folder: AssessmentFolder, say: Words, subjects: Sequence[Subject]) -> Iterator[str]:
    log = Log(folder)
    told, contest = log.read(), log.contest
    by_name = {one.name: one for one in subjects}
    entrants: Mapping[str, Mapping[str, Any]] = told["entrants"]
    names = [OURS, *(name for name in entrants if name != OURS)]
    yield f"# {say('contest.title', names=', '.join(_title(name, entrants) for name in names))}\n"
    yield say("contest.same", **_same(contest, told["conditions"], by_name)) + "\n"
    yield say("contest.judged", report=f"report.{say.language}.html") + "\n"
    yield from _table(
        [say(f"contest.{one}") for one in ("who", "version", "settings", "filled", "outcomes")],
        [_row(say, name, entrants, by_name.get(name)) for name in names],
    )
    for name in names:
        if reply := entrants[name].get("replied"):
            yield "\n" + say("contest.replied", name=name, of=entrants[name]["of"], reply=reply)
    yield f"\n## {say('contest.load')}\n"
    seen = {name: found for name in names if (found := figures(folder, name))}
    if not seen:
        yield say("contest.nobody")
        return
    warm_up = contest.workload(1.0, 0).warm_up
    yield say("contest.load_note", repeats=contest.repeats, warm_up=f"{warm_up:g}") + "\n"
    for factor in contest.factors:
        rate = contest.rate * factor
        yield f"### {say('contest.times', factor=f'{factor:g}', rate=f'{rate:g}')}\n"
        heads = [say(f"contest.{one}") for one in ("who", "reads", "writes", "finished", "errors", "requests")]
        yield from _table(heads, [_load(_title(name, entrants), found.get(rate)) for name, found in seen.items()])
        yield ""
    for name, found in seen.items():
        if faults := dict.fromkeys(fault for one in found.values() for fault in one.faults):
            yield say("contest.generator", name=_title(name, entrants), faults="; ".join(faults)) + "\n"


def _same(contest: Contest, held: Mapping[str, Any], subjects: Mapping[str, Subject]) -> dict[str, object]:
    stories = {(one.criterion, one.scenario) for subject in subjects.values() for one in subject.evidence}
    return {
        "customers": f"{contest.customers:,}",
        "seed": contest.seed,
        "digest": str(held["bank"])[:12],
        "scenarios": len(stories),
        "catalogue": str(held["catalogue"])[:12],
        "processors": held["machine"]["processors"],
        "memory": round(held["machine"]["memory_bytes"] / 2**30),
        "rate": f"{contest.rate:g}",
    }


def _title(name: str, entrants: Mapping[str, Mapping[str, Any]]) -> str:
    return str(entrants[name].get("title") or name)


def _row(say: Words, name: str, entrants: Mapping[str, Mapping[str, Any]], subject: Subject | None) -> list[str]:
    one = entrants[name]
    settings = f"{one.get('settings', '–')} ({one['source']})" if one.get("source") else str(one.get("settings", "–"))
    return [
        _title(name, entrants),
        f"{str(one.get('version', '–'))[:12]}, {one.get('licence', '–')}",
        settings,
        _filled(say, one),
        " · ".join(str(subject.counted()[outcome]) for outcome in COUNTED) if subject else "–",
    ]


def _filled(say: Words, one: Mapping[str, Any]) -> str:
    if one.get("out"):
        return say("contest.out", why=one["out"])
    if not (seeded := one.get("seeded")):
        return "–"
    told = say("contest.rows", rows=f"{sum(seeded['rows'].values()):,}", seconds=f"{seeded['seconds']:,.0f}")
    return f"{told}; {say('contest.left_out', kinds=', '.join(seeded['left_out']))}" if seeded["left_out"] else told


def _load(title: str, one: Pressed | None) -> list[str]:
    if one is None:
        return [title, *["–"] * 5]
    spreads = [
        (one.reads_p95, "{:.0f}"), (one.writes_p95, "{:.0f}"), (one.finished, "{:.0%}"), (one.errors, "{:.1%}"),
        (one.requests, "{:.1f}"),
    ]  # fmt: skip
    return [title, *(_spread(spread, form) for spread, form in spreads)]


def _spread(one: Spread, form: str) -> str:
    if one.middle is None or one.least is None or one.most is None:
        return "–"
    if one.least == one.most:
        return form.format(one.middle)
    return f"{form.format(one.middle)} ({form.format(one.least)}–{form.format(one.most)})"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---' for _ in heads)} |"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"
