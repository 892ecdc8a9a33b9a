"""Leaving: the exit fire-drills of the assessment at hand: what came out, and what both sides answer alike."""

import streamlit as st

from poc.drill.telling import read, sheet
from poc.pages.frame import plain
from poc.pages.tables import table
from poc.report import View


def leaving(seen: View) -> None:
    """Draw the drill of each target that has one; how to make one where none has."""
    drills = {one.name: told for one in seen.assessment.subjects if (told := read(one.folder)) is not None}
    if not drills:
        st.info(plain(seen.say("drill.none", run=seen.assessment.name)))
    for name, told in drills.items():
        page = sheet(told, seen.say, seen.title(name))
        st.subheader(plain(page.title))
        for line in page.lines:
            st.write(plain(line))
        for heads, rows in page.tables:
            st.html(table(heads, rows))
