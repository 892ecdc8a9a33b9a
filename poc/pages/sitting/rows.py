"""Rows: the catalogue's criteria as a committee chooses among them, read once for all who look."""

import streamlit as st

from poc.words import Words
from scorecards.criterion import Catalogue, Criterion, catalogue


@st.cache_resource(show_spinner=False)
def known() -> Catalogue:
    """Return the shipped catalogue."""
    return catalogue()


def gates() -> list[str]:
    """Return the criteria that are gates."""
    return [one.id for one in known().of_targets if one.gate]


def rows() -> list[str]:
    """Return the criteria about targets."""
    return [one.id for one in known().of_targets]


def row(identity: str) -> Criterion | None:
    """Return a criterion, None for what is none."""
    return known().by_id.get(identity)


def titled(identity: str, words: Words) -> str:
    """Return a criterion's number and title; of what is no criterion what it is called."""
    found = row(identity)
    return identity if found is None else f"{identity} {found.title_zh if words.language == 'zh' else found.title}"
