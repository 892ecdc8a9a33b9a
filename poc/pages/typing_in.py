"""money_typed(): the currency in which a case is read, and the rates that people put down for it."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import pandas as pd
import streamlit as st

from poc.words import Words
from scorecards.business.amounts import ExchangeRate
from scorecards.business.case import Case
from scorecards.methods.tables import TableError


def money_typed(case: Case, mark: str, words: Words) -> tuple[str, tuple[ExchangeRate, ...]]:
    """Ask for rates and for the currency of presentation; return both, the case's own unless somebody changed them.

    ``mark`` tells documents apart, so that what was typed in for one is not taken for another. Raises TableError for a
    rate that is none.
    """
    with st.expander(words("business.exchange"), icon=":material/currency_exchange:", expanded=bool(case.exchange)):
        told = "business.exchange_text" if case.exchange else "business.exchange_none"
        st.caption(words(told, currency=case.shown_in or case.currency, rate=f"{case.rate:.1%}", home=case.currency))
        heads = {
            "currency": words("business.currency"), "worth": words("business.worth_in", home=case.currency),
            "on": words("business.rate_on"), "source": words("business.rate_source"), "by": words("business.by"),
        }  # fmt: skip
        known = [[one.currency, f"{one.worth:f}", one.on, one.source, one.by] for one in case.exchange]
        given = st.data_editor(
            pd.DataFrame(known, columns=list(heads), dtype="object"), num_rows="dynamic", key=f"rates_{mark}",
            column_config={
                "currency": st.column_config.TextColumn(heads["currency"], required=True, validate="^[A-Z]{3}$"),
                "worth": st.column_config.TextColumn(heads["worth"], required=True),
                "on": st.column_config.DateColumn(heads["on"], required=True),
                "source": st.column_config.TextColumn(heads["source"], required=True),
                "by": st.column_config.TextColumn(heads["by"]),
            },
        )  # fmt: skip
        rates = tuple(rates_typed(given.to_dict("records")))
        options = list(dict.fromkeys([case.currency, *(one.currency for one in rates)]))
        wanted = case.shown_in if case.shown_in in options else case.currency
        chosen = st.selectbox(
            words("business.shown_in"), options, index=options.index(wanted), key=f"shown_in_{mark}"
        )  # fmt: skip
    return chosen, rates


def rates_typed(rows: Iterable[Mapping[Any, Any]]) -> Iterator[ExchangeRate]:
    """Walk over the rates in rows of the table; a row that is not complete yet is passed over.

    Raises TableError for a worth that is no number above 0.
    """
    for row in rows:
        if any(pd.isna(row[name]) or not str(row[name]).strip() for name in ("currency", "worth", "on", "source")):
            continue
        try:
            worth = Decimal(str(row["worth"]).replace(",", "").strip())
        except InvalidOperation:
            raise TableError(f"exchange.{row['currency']}: worth {row['worth']!r} is no number; write 7.12") from None
        by = "" if pd.isna(row["by"]) else str(row["by"])
        on = pd.Timestamp(str(row["on"])).date()
        yield ExchangeRate(currency=str(row["currency"]), worth=worth, on=on, source=str(row["source"]), by=by)
