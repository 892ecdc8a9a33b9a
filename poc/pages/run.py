"""Run: start an assessment, watch it, stop it, go on with it."""

import streamlit as st

from poc.pages.frame import say


def run() -> None:
    """Draw the page."""
    st.title(say()("page.run"))
