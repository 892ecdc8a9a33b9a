"""founding(): how a selection begins on the page: what is chosen, among whom, and who leads it."""

import streamlit as st

from poc.archive import RUNS
from poc.pages.signing import founded
from poc.words import Words
from scenarios.folders import runs_in


def founding(words: Words, *, first: bool) -> None:
    """Draw the form that founds a selection; open where there is none yet."""
    with st.expander(words("committee.found"), expanded=first, icon=":material/add:"), st.form("found"):
        st.caption(words("committee.found_text"))
        left, right = st.columns(2)
        left.text_input(words("committee.found_name"), key="found_name", max_chars=64, placeholder="crm-2027")
        right.text_input(words("committee.found_title"), key="found_title", value="CRM", max_chars=100)
        left.multiselect(
            words("committee.found_vendors"), targets_seen(), key="found_vendors", accept_new_options=True,
            help=words("committee.found_vendors_help"),
        )  # fmt: skip
        right.number_input(words("committee.found_budget"), 0.0, key="found_budget", step=1_000_000.0, format="%.0f")
        st.form_submit_button(words("committee.found_do"), type="primary", on_click=_found, args=(words,))


def _found(words: Words) -> None:
    """Found it before the page is drawn, so that the page shows it at once."""
    held = st.session_state
    vendors = [str(one) for one in held["found_vendors"]]
    founded(words, held["found_name"], held["found_title"], vendors, float(held["found_budget"]))


def targets_seen() -> list[str]:
    """Return the targets that any run has seen."""
    return sorted({one.parent.name for run in runs_in(RUNS) for one in run.path.glob("targets/*/manifest.json")})
