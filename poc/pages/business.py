"""Business: whether a CRM pays this bank, at face value and as far as its claims are to be believed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from poc.business import Worked, case_at, worked
from poc.business_plots import cash, distribution, driver, losses, tornado, years
from poc.pages.frame import plain, say
from poc.pages.overview import drawn
from poc.pages.tables import fixed, table
from poc.words import Words
from scorecards.business.case import Case
from scorecards.business.reading import HERE, CaseError, case_from
from scorecards.business.register import DUE_MONTHS, Entry, Reading, register
from scorecards.methods.tables import TableError

#: A case has a few hundred lines.
UPLOAD_MB = 1


def business() -> None:
    """Draw the page for the example, or for the case that the reader uploads."""
    words = say()
    st.title(words("business.title"))
    st.caption(words("business.about"))
    given = st.file_uploader(
        words("business.upload"), type="toml", key="business_file", help=words("business.upload_help"),
        max_upload_size=UPLOAD_MB,
    )  # fmt: skip
    example = HERE.joinpath("example-bank.toml").read_bytes()
    st.download_button(
        words("business.take_example"), example, "example-bank.toml", "application/toml", on_click="ignore",
        icon=":material/download:",
    )  # fmt: skip
    try:
        case = case_at(None) if given is None else case_from(given.getvalue(), given.name)
        done = _worked(repr(case), case)
    except (CaseError, TableError) as fault:
        st.error(plain(" ".join(str(fault).split())))
        return
    if case.example:
        st.warning(words("business.example"), icon=":material/science:")
    _shown(done, words)


@st.cache_resource(max_entries=8, show_spinner=False)
def _worked(known: str, _case: Case) -> Worked:
    """Return a case worked out; ``known`` tells cases apart."""
    return worked(_case)


def _shown(done: Worked, words: Words) -> None:
    st.subheader(plain(done.case.named(words.language)))
    st.caption(words("business.frame", years=done.case.years, rate=f"{done.case.rate:.1%}", draws=f"{done.draws:,}",
                     seed=done.seed))  # fmt: skip
    drawn(distribution(done, words), "business_npv")
    _figures(done, words)
    st.subheader(words("business.cash"))
    drawn(cash(done, words), "business_cash")
    st.subheader(words("business.moves"))
    drawn(tornado(done, words), "business_tornado")
    st.subheader(words("business.claims"))
    st.caption(words("business.claims_text"))
    _stress(done, words)
    _claims(done, words)
    _risks(done, words)
    _register(done, words)
    st.caption(words("business.disclaimer"))


def _figures(done: Worked, words: Words) -> None:
    def money(value: float) -> str:
        return done.money(value, words.language)

    ways = {"npv": money, "roi": "{:.0%}".format, "payback": lambda value: years(value, words), "tco": money}
    rows = []
    for name, tells in ways.items():
        found = [tells(value) for value in done.graded.quantiles(name)]
        rows.append([words(f"business.{name}"), *map(fixed, found), fixed(tells(float(getattr(done.face, name)[0])))])
    st.html(table(["", "P10", "P50", "P90", words("business.face")], rows))
    returns = done.medians.returns
    rate = f"{returns.rate:.1%}" if returns.rate is not None else ""
    st.caption(words(f"business.irr_{returns.state}", rate=rate))


def _stress(done: Worked, words: Words) -> None:
    rows = [
        [f"{share:.0%}", *(fixed(done.money(value, words.language)) for value in found)]
        for share, found in done.stress.items()
    ]
    st.html(table([words("business.claims_at"), "NPV P10", "P50", "P90"], rows))


def _claims(done: Worked, words: Words) -> None:
    rows = []
    for one in done.case.drivers:
        needed = done.break_even.get(one.name)
        told = (
            words("business.no_money") if one.name not in done.break_even
            else words("business.needed_none") if needed is None
            else words("business.needed_nothing") if needed == 0
            else f"{needed:.0%}"
        )  # fmt: skip
        rows.append(
            [
                driver(done, one.name, words),
                fixed(words.of(f"business.grade_{one.grade}", one.grade)),
                f"{one.stated:.0%}",
                f"{one.effect.median:.0%}",
                told,
                fixed(done.money(done.graded.worth[one.name], words.language)),
            ]
        )
    heads = [words(f"business.{name}") for name in ("driver", "grade", "stated", "believed", "needed", "worth")]
    st.html(table(heads, rows))


def _risks(done: Worked, words: Words) -> None:
    if not done.case.risks:
        return
    st.subheader(words("business.risks"))
    st.caption(words("business.risks_text"))
    for one in done.case.risks:
        own = one.title_zh if words.language == "zh" else one.title
        title = own or one.title or one.name.replace("_", " ")
        drawn(losses(done, one, words, title), f"business_risk_{one.name}")


def _register(done: Worked, words: Words) -> None:
    """Say for every benefit who answers for it, when it is measured again, and how it stands."""
    st.subheader(words("business.register"))
    st.caption(words("business.register_text"))
    today = datetime.now(UTC).date()
    live = st.date_input(words("business.live_since"), value=today, key="business_live")
    names = {driver(done, one.name, words): one.name for one in done.case.drivers}
    heads = {name: words(f"business.{name}") for name in ("driver", "on", "effect_measured", "by")}
    given = st.data_editor(
        pd.DataFrame({name: pd.Series(dtype="object") for name in heads}), num_rows="dynamic", key="business_readings",
        column_config={
            "driver": st.column_config.SelectboxColumn(heads["driver"], options=list(names), required=True),
            "on": st.column_config.DateColumn(heads["on"], required=True),
            "effect_measured": st.column_config.NumberColumn(heads["effect_measured"], required=True),
            "by": st.column_config.TextColumn(heads["by"]),
        },
    )  # fmt: skip
    try:
        entries = register(done.case, live, _readings(given.to_dict("records"), names))
    except (TableError, TypeError, ValueError) as fault:
        st.error(plain(str(fault)))
        return
    rows = [_entry(done, one, today, words) for one in entries]
    months = [words("business.month", month=month) for month in DUE_MONTHS]
    st.html(table([heads["driver"], words("business.owner"), words("business.believed"), *months], rows))


def _readings(rows: Iterable[Mapping[Any, Any]], names: Mapping[str, str]) -> Iterator[Reading]:
    """Return what was typed in, effects from per cent; a row that is not complete yet is passed over."""
    for row in rows:
        if not any(pd.isna(row[name]) for name in ("driver", "on", "effect_measured")):
            day = pd.Timestamp(str(row["on"])).date()
            effect = float(str(row["effect_measured"])) / 100
            yield Reading(driver=names[str(row["driver"])], on=day, effect=effect, by=str(row["by"]))


def _entry(done: Worked, one: Entry, today: date, words: Words) -> list[str]:
    told = []
    for month, day in one.due.items():
        seen = f" ({one.readings[month].effect:.0%})" if month in one.readings else ""
        told.append(f"{day.isoformat()} {words(f'business.benefit_{one.state(month, today).value}')}{seen}")
    return [driver(done, one.driver, words), one.owner or "–", f"{one.believed:.0%}", *told]
