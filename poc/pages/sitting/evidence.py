"""evidence(): runs laid before the committee by their hashes, once all weights are sealed."""

from pathlib import Path

import streamlit as st

from poc.archive import RUNS
from poc.committee.ledger import Ledger
from poc.committee.seat import Seat
from poc.committee.telling import disclosed
from poc.pages.frame import link, plain
from poc.pages.signing import name, signed
from poc.pages.tables import table
from poc.words import Words
from scenarios.folders import runs_in
from scorecards.committee.events import Event
from scorecards.committee.selection import Selection


def evidence(book: Ledger, state: Selection, words: Words) -> None:
    """Draw the tab."""
    if state.held_back:
        st.info(plain(words("committee.held", names=", ".join(state.unsealed) or "–")), icon=":material/lock:")
    rows = [
        [one.vendor, one.run, f"{one.began:%Y-%m-%d %H:%M} UTC", f"{one.at:%Y-%m-%d %H:%M} UTC", f"{one.sha256[:16]}…"]
        for one in state.evidence
    ]
    if rows:
        heads = [words(f"committee.{one}") for one in ("vendor_name", "run", "began", "disclosed", "hash")]
        st.html(table(heads, rows))
        link("evidence", words("page.to_evidence"))
    shown = {one.vendor for one in state.evidence}
    missing = [one for one in state.vendors if one not in shown]
    if missing and not state.held_back:
        st.caption(plain(words("committee.undisclosed", names=", ".join(missing))))
        if name() == state.founder:
            _disclose(book, missing, words)


def _disclose(book: Ledger, missing: list[str], words: Words) -> None:
    found = {one.name: one.path for one in runs_in(RUNS) if _in(one.path, missing)}
    if not found:
        st.warning(words("committee.no_run"))
        return
    with st.form("disclose"):
        run = st.selectbox(words("page.assessment"), list(found))
        if st.form_submit_button(words("committee.disclose"), type="primary") and run:
            signed(book, words, lambda own, act: _laid(own, act, found[run], missing))
            st.rerun()


def _in(place: Path, missing: list[str]) -> list[str]:
    return [vendor for vendor in missing if (place / "targets" / vendor / "manifest.json").is_file()]


def _laid(own: Seat, act: str, place: Path, missing: list[str]) -> Event:
    """Disclose every vendor of an assessment that is not disclosed yet, and return the last entry."""
    made = [
        own.do("evidence.disclosed", disclosed(vendor, place / "targets" / vendor), act=f"{act}-{vendor}")
        for vendor in _in(place, missing)
    ]
    return made[-1]
