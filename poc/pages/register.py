"""registered(): the register of benefits: who answers for each, when it is measured again, and how it stands."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from poc.business import Worked
from poc.business_plots import driver
from poc.pages.frame import plain
from poc.pages.tables import table
from poc.words import Words
from scorecards.business.readings import Reading
from scorecards.business.register import DUE_MONTHS, Entry, register
from scorecards.methods.tables import TableError


def registered(done: Worked, mark: str, words: Words) -> tuple[date | None, tuple[Reading, ...]]:
    """Draw the register, take down what was measured, and return the day of going live, if known, and all measurements.

    Both are kept for the session under ``mark``, which tells documents apart.
    """
    st.subheader(words("business.register"))
    st.caption(words("business.register_text"))
    today = datetime.now(UTC).date()
    live = st.date_input(words("business.live_since"), value=done.case.live_since or today, key=f"live_{mark}")
    names = {driver(done, one.name, words): one.name for one in done.case.drivers}
    readings = tuple(readings_typed(_table(done, names, mark, words), names))
    try:
        entries = register(done.case, live, readings)
    except (TableError, TypeError, ValueError) as fault:
        st.error(plain(str(fault)))
        return done.case.live_since, done.case.readings
    # a day that nobody chose is no day of going live
    kept = (live if done.case.live_since or live != today else None), readings
    changed = kept != (done.case.live_since, done.case.readings)
    st.session_state[f"register_{mark}"] = kept
    months = [words("business.month", month=month) for month in DUE_MONTHS]
    heads = [words(f"business.{name}") for name in ("driver", "owner", "believed")]
    st.html(table([*heads, *months], [_entry(done, one, today, words) for one in entries]))
    if changed:
        st.rerun()
    return kept


def _table(done: Worked, names: Mapping[str, str], mark: str, words: Words) -> list[dict[Any, Any]]:
    heads = {name: words(f"business.{name}") for name in ("driver", "on", "effect_measured", "by", "run")}
    titles = {name: title for title, name in names.items()}
    first = f"register_first_{mark}"
    known = st.session_state.setdefault(first, done.case.readings)
    rows = [[titles.get(one.driver, one.driver), one.on, round(100 * one.effect, 6), one.by, one.run] for one in known]
    given = st.data_editor(
        pd.DataFrame(rows, columns=list(heads), dtype="object"), num_rows="dynamic", key=f"readings_{mark}",
        column_config={
            "driver": st.column_config.SelectboxColumn(heads["driver"], options=list(names), required=True),
            "on": st.column_config.DateColumn(heads["on"], required=True),
            "effect_measured": st.column_config.NumberColumn(heads["effect_measured"], required=True),
            "by": st.column_config.TextColumn(heads["by"]),
            "run": st.column_config.TextColumn(heads["run"]),
        },
    )  # fmt: skip
    return list(given.to_dict("records"))


def readings_typed(rows: Iterable[Mapping[Any, Any]], names: Mapping[str, str]) -> Iterator[Reading]:
    """Walk over what was typed in, effects from per cent; a row that is not complete yet is passed over."""
    for row in rows:
        if not any(pd.isna(row[name]) for name in ("driver", "on", "effect_measured")):
            day = pd.Timestamp(str(row["on"])).date()
            effect = float(str(row["effect_measured"])) / 100
            by, run = ("" if pd.isna(row.get(name)) else str(row[name]) for name in ("by", "run"))
            yield Reading(driver=names[str(row["driver"])], on=day, effect=round(effect, 8), by=by, run=run)


def _entry(done: Worked, one: Entry, today: date, words: Words) -> list[str]:
    told = []
    for month, day in one.due.items():
        seen = f" ({one.readings[month].effect:.0%})" if month in one.readings else ""
        told.append(f"{day.isoformat()} {words(f'business.benefit_{one.state(month, today).value}')}{seen}")
    return [driver(done, one.driver, words), one.owner or "–", f"{one.believed:.0%}", *told]
