"""Likeness: how near a bank is to what is published, as plots and as a table with sources."""

from pathlib import Path

import streamlit as st

from poc.audit_plots import plots
from poc.audits import AuditView
from poc.pages.frame import plain, say
from poc.pages.tables import fixed, table, tag
from poc.words import Words
from synthetic_data.audits.audit import FAR, NEAR, Audit, audit
from synthetic_data.audits.sources import kept
from synthetic_data.columns import CELL
from synthetic_data.folders.reading import BankFolder

#: Most customers that are audited while somebody waits.
WAITED_FOR = 20_000
COLOUR = {NEAR: "passed", FAR: "failed"}


def likeness(bank: BankFolder) -> None:
    """Draw the audit of a bank, or of as many of its customers as a reader would wait for."""
    told = say()
    if bank.manifest.customers > WAITED_FOR:
        most = _partitions(bank) * bank.manifest.cells * CELL
        st.caption(told("data.audit_part", customers=f"{most:,}", all=f"{bank.manifest.customers:,}"))
        st.code(f"touchstone bank audit {bank.path} --plots audit.html", language="bash")
    with st.spinner(told("data.auditing")):
        seen = AuditView(audit=_audited(str(bank.path), bank.manifest.digest), say=told)
    st.html(f'<p class="ts-lead">{seen.lead()}</p>')
    for nth, plot in enumerate(plots(seen.audit, told)):
        st.markdown(plain(plot.title))
        st.plotly_chart(plot.figure, key=f"audit_{nth}", theme=None, config={"displayModeBar": False})
    with st.expander(told("data.every_figure", count=len(seen.audit.findings))):
        _figures(told, seen)


def _figures(told: Words, seen: AuditView) -> None:
    head = [told(f"audit.{name}") for name in ("figure", "found", "published", "verdict", "source")]
    for topic, findings in seen.topics():
        st.subheader(topic)
        rows = [
            (
                seen.name(one),
                fixed(seen.found(one)),
                fixed(f"{seen.published(one)} {seen.within(one)}"),
                tag(COLOUR.get(one.verdict, "open"), seen.verdict(one)),
                seen.source(one),
            )
            for one in findings
        ]
        st.html(table(head, rows))


def _partitions(bank: BankFolder) -> int:
    return max(1, WAITED_FOR // (bank.manifest.cells * CELL))


@st.cache_resource(max_entries=8, show_spinner=False)
def _audited(place: str, digest: str) -> Audit:
    """Audit a bank once for each of its digests."""
    bank = BankFolder.open(Path(place))
    source = kept(Path(place))
    parts = (part for part, _ in zip(source.parts, range(_partitions(bank)), strict=False))
    return audit(parts, source.clock, source.profile)
