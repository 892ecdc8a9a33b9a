"""Matrix: all checks side by side as a table, with filters; a chosen cell opens down to what crossed the wire."""

import pandas as pd
import streamlit as st

from poc.matrix import Line, chosen, lines
from poc.pages.evidence import ended
from poc.pages.exchanges import exchanges
from poc.pages.frame import glance, link, plain
from poc.pages.tables import SHAPES
from poc.report import View
from scenarios.evidence import Evidence, Outcome

#: How many checks are shown at once; more would be scrolled past.
SHOWN = 200


def subjects() -> View | None:
    """Return the assessment at hand, None where there is none."""
    return glance()


def matrix(seen: View) -> None:
    """Draw filters, table, and the cell that is chosen."""
    st.write(seen.say("targets.matrix_text"))
    names = [one.name for one in seen.assessment.ranked()]
    if len(names) == 1:
        st.info(seen.say("targets.one_only"))
    titles = {name: seen.title(name) for name in names}
    shown = st.pills(
        seen.say("targets.which"), names, default=names, selection_mode="multi", format_func=titles.__getitem__,
        key="matrix_targets",
    )  # fmt: skip
    wanted = [name for name in names if name in shown] or names
    found = lines(seen.assessment, wanted)
    picked = _filtered(seen, found)
    apart = sum(line.differs for line in found)
    st.caption(seen.say("targets.counted", count=len(picked), all=len(found), apart=apart))
    if len(picked) > SHOWN:
        st.caption(seen.say("targets.more", count=SHOWN))
    if picked:
        _table(seen, picked[:SHOWN], wanted)


def _filtered(seen: View, found: tuple[Line, ...]) -> tuple[Line, ...]:
    titles = {one.code: seen.dimension(one) for one in seen.assessment.catalogue.weighted}
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    text = left.text_input(seen.say("page.find"), key="matrix_find", placeholder=seen.say("page.find_hint"))
    apart = right.toggle(seen.say("targets.apart"), value=True, key="matrix_apart")
    dimension = st.pills(
        seen.say("page.dimension"), list(titles), format_func=titles.__getitem__, key="matrix_dimension"
    )
    came = st.pills(
        seen.say("page.came"), [one.value for one in Outcome], key="matrix_came",
        format_func=lambda name: f"{SHAPES[Outcome(name)]} {seen.say(f'report.outcome_{name}')}",
    )  # fmt: skip
    sentences = {line.check: seen.sentence(line.first) for line in found}
    return chosen(
        found, apart=apart, dimension=dimension, text=text, outcome=Outcome(came) if came else None, sentences=sentences
    )


def _table(seen: View, picked: tuple[Line, ...], names: list[str]) -> None:
    head = seen.say("report.checks")
    columns = {name: seen.named(seen.assessment.subject(name)) for name in names}
    rows = pd.DataFrame(
        [
            {head: f"{line.criterion.id} {seen.sentence(line.first)}"}
            | {columns[name]: _word(seen, line.cells[name]) for name in names}
            for line in picked
        ]
    )
    chosen_cells = st.dataframe(
        rows, hide_index=True, on_select="rerun", selection_mode="single-cell", key="matrix_table", width="stretch",
        column_config={head: st.column_config.TextColumn(head, width="large", pinned=True)},
    ).selection.cells  # fmt: skip
    by_title = {title: name for name, title in columns.items()}
    cell = next(((row, by_title[title]) for row, title in chosen_cells if title in by_title), None)
    if cell is None or cell[0] >= len(picked):
        st.caption(f":material/touch_app: {seen.say('targets.choose')}")
        return
    _open(seen, picked[cell[0]], cell[1])


def _open(seen: View, line: Line, name: str) -> None:
    """Draw one check at one target: what was seen, and the exchanges."""
    piece, subject = line.cells[name], seen.assessment.subject(name)
    st.subheader(f"{line.criterion.id} {plain(seen.sentence(line.first))}")
    if piece is None:
        st.info(f"{plain(subject.title)}: {seen.say('targets.cell_none')}")
        return
    st.html(ended(seen, subject, piece))
    link("evidence", seen.say("targets.to_evidence"), criterion=line.criterion.id, check=line.check, target=name)
    exchanges(seen, subject, piece)


def _word(seen: View, piece: Evidence | None) -> str:
    if piece is None:
        return f"– {seen.say('targets.cell_none')}"
    mark = " !" if piece.harm and piece.outcome is Outcome.FAILED else ""
    return f"{SHAPES[piece.outcome]} {seen.say(f'report.outcome_{piece.outcome.value}')}{mark}"
