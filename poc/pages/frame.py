"""Frame: what every page begins with: the reader's language, the assessment at hand, or an honest empty state."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import NoReturn

import streamlit as st

from loadtests.result import ResultError
from poc.archive import RUNS
from poc.assessment import DEFAULT_WEIGHTING, Assessment, opened
from poc.report import View
from poc.words import LANGUAGES, Words, words
from scenarios.disk import StoreError
from scenarios.folders import runs_in
from scorecards.weighting import load_weighting

#: Names under which the sidebar's choices are kept, in the session and in the address.
LANGUAGE, PLACE, WEIGHTING = "lang", "assessment", "weighting"
SHARED = (LANGUAGE, PLACE, WEIGHTING)
#: Where the door leaves the pages, so that they can lead to each other.
DOORS = "doors"
#: What this session has read already, so that nothing spins where nothing is waited for.
READ = "read"
#: Files of a run by whose size and time a change is noticed.
WATCHED = ("manifest.json", "head.json", "evidence.jsonl", "exchanges.jsonl", "load.json", "load.parquet")


def spoken() -> str:
    """Return the language that the reader's browser asks for first, if it is one of ours."""
    return "zh" if (st.context.locale or "").lower().startswith("zh") else "en"


def language() -> str:
    """Return the language that is chosen."""
    chosen = st.session_state.get(LANGUAGE) or st.query_params.get(LANGUAGE)
    return chosen if chosen in LANGUAGES else spoken()


def say() -> Words:
    """Return the sentences of the chosen language."""
    return words(language())


def begin(name: str, options: Sequence[str], default: str) -> None:
    """Give a choice of the sidebar its first value: what the address says, if it is on offer."""
    if st.session_state.get(name) not in options:
        asked = st.query_params.get(name)
        st.session_state[name] = asked if asked in options else default


def keep() -> None:
    """Write the sidebar's choices into the address, so that a link shows what was seen."""
    for name in SHARED:
        chosen = st.session_state.get(name)
        if chosen is not None and st.query_params.get(name) != chosen:
            st.query_params[name] = chosen


def titles_of(names: Iterable[str], spoken_in: str) -> dict[str, str]:
    """Return the weightings by name with their titles, the default first."""
    known = {name: load_weighting(name) for name in sorted(names, key=lambda name: (name != DEFAULT_WEIGHTING, name))}
    return {name: (one.name_zh or one.name) if spoken_in == "zh" else one.name for name, one in known.items()}


def view() -> View:
    """Return the chosen assessment under the chosen weighting; ends the page with the next step when there is none."""
    told = say()
    place = _place()
    if place is None:
        _nothing_yet(told)
    if not any(place.glob("targets/*/manifest.json")):
        _nothing_seen(told, place.name)
    try:
        known = (str(place), _fingerprint(place))
        with nullcontext() if st.session_state.get(READ) == known else st.spinner(told("page.reading")):
            weighted = _weighed(*known, st.session_state.get(WEIGHTING) or DEFAULT_WEIGHTING)
        st.session_state[READ] = known
    except (StoreError, ResultError, ValueError, OSError) as fault:
        st.error(f"{told('page.unreadable', name=plain(place.name))} {plain(' '.join(str(fault).split()))}")
        st.stop()
    return View(assessment=weighted, say=told)


def glance() -> View | None:
    """Return the assessment at hand where there is one, for pages that can do without."""
    place = _place()
    return view() if place is not None and any(place.glob("targets/*/manifest.json")) else None


def link(door: str, label: str, **params: str) -> None:
    """Draw a link to another page, with what it shall show; nothing where a page is shown by itself."""
    doors: Mapping[str, object] = st.session_state.get(DOORS, {})
    if (page := doors.get(door)) is not None:
        kept = {name: st.query_params[name] for name in SHARED if name in st.query_params}
        st.page_link(page, label=label, query_params={**kept, **params})  # type: ignore[arg-type]


def plain(text: object) -> str:
    """Return words of a target so that no character of them is markup."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])", r"\\\1", str(text))


def _place() -> Path | None:
    found = [one.path for one in runs_in(RUNS)]
    wanted = st.session_state.get(PLACE) or st.query_params.get(PLACE)
    return next((path for path in found if path.name == wanted), found[0] if found else None)


def _nothing_yet(told: Words) -> NoReturn:
    st.title(told("page.empty_title"))
    st.write(told("page.empty_text"))
    st.code("make demo", language="bash")
    link("run", told("page.empty_run"))
    st.stop()


def _nothing_seen(told: Words, name: str) -> NoReturn:
    st.title(plain(name))
    st.info(told("page.nothing_seen"))
    link("run", told("page.to_run"))
    st.stop()


def _fingerprint(place: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what tells whether a file of an assessment has changed since it was read."""
    files = sorted(path for path in place.glob("targets/*/*") if path.name in WATCHED)
    return tuple((str(path), (told := path.stat()).st_mtime_ns, told.st_size) for path in files)


@st.cache_resource(max_entries=24, show_spinner=False)
def _weighed(place: str, fingerprint: tuple[tuple[str, int, int], ...], weighting: str) -> Assessment:
    """Return an assessment under a shipped weighting, scored once for all who look."""
    return _opened(place, fingerprint).weighed(load_weighting(weighting))


@st.cache_resource(max_entries=6, show_spinner=False)
def _opened(place: str, fingerprint: tuple[tuple[str, int, int], ...]) -> Assessment:
    return opened(Path(place))
