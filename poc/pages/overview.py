"""Overview: who leads, how sure, on what condition, what failed, and what to look at next."""

from itertools import islice

import streamlit as st
from markupsafe import Markup

from poc.assessment import Subject
from poc.pages.frame import link, plain, view
from poc.pages.tables import figures, fixed, gate, leads, table, tag, who
from poc.plots import Plot, dimensions, per_second, totals
from poc.report import View
from scorecards.methods.gates import GateState

#: How many harms the page shows before it leads to the evidence.
HARMS = 8


def overview() -> None:
    """Draw the first page that a committee opens."""
    seen = view()
    st.title(seen.say("report.title", name=plain(seen.assessment.name)))
    _verdict(seen)
    with st.container(border=True):
        st.subheader(seen.say("page.totals"))
        drawn(totals(seen), "totals", titled=False)
        st.caption(seen.say("report.scorecard_note"))
    with st.container(border=True):
        st.subheader(seen.say("page.dimensions"))
        drawn(dimensions(seen), "dimensions")
    _gates(seen)
    _harms(seen)
    _next(seen)
    _load(seen)
    _made(seen)


def drawn(plot: Plot, key: str, *, titled: bool = True) -> None:
    """Draw a figure under its finding."""
    if titled:
        st.markdown(f"**{plain(plot.title)}**")
    st.plotly_chart(plot.figure, key=key, theme=None, width="stretch", config={"displayModeBar": False})


def _verdict(seen: View) -> None:
    st.html(leads(seen))
    with st.container(horizontal=True):
        link("scorecard", seen.say("page.to_scorecard"))
        link("evidence", seen.say("page.to_evidence"))
        link("run", seen.say("page.to_run"))


def _gates(seen: View) -> None:
    card, ranked = seen.assessment.scorecard, seen.assessment.ranked()
    st.subheader(seen.say("report.gates"))
    counted = [
        [
            who(seen, one),
            tag(card.of(one.name).eligible.value, seen.say(f"report.eligible_{card.of(one.name).eligible.value}")),
            *(str(sum(held.state is state for held in card.of(one.name).gates)) for state in GateState),
        ]
        for one in ranked
    ]
    st.html(
        table(
            [seen.say("report.target"), seen.say("report.eligible"), *(gate(seen, state) for state in GateState)],
            counted,
        )
    )
    with st.expander(seen.say("page.every_gate", count=len(card.standings[0].gates))):
        st.caption(seen.say("report.gates_note"))
        if seen.assessment.catalogue.gate_scores == "excess":
            st.caption(seen.say("report.gates_excess"))
        states = {one.name: {held.criterion: held.state for held in card.of(one.name).gates} for one in ranked}
        rows = [
            [
                f"{held.criterion} {seen.criterion(held.criterion)}",
                *(gate(seen, states[one.name][held.criterion]) for one in ranked),
            ]
            for held in card.standings[0].gates
        ]
        st.html(table(["", *(seen.named(one) for one in ranked)], rows))


def _harms(seen: View) -> None:
    st.subheader(seen.say("page.harms"))
    st.caption(seen.say("report.failures_note"))
    for one in seen.assessment.ranked():
        harmed = [piece for _, piece in seen.failures(one) if piece.harm]
        others = sum(1 for _ in seen.failures(one)) - len(harmed)
        st.html(
            Markup("<b>{}</b>: {}").format(
                seen.named(one), seen.say("page.harm_count", harms=len(harmed), others=others)
            )
        )
        with st.container(key=f"rows_harms_{one.name}", gap="xxsmall"):
            for piece in islice(harmed, HARMS):
                where = {"criterion": piece.criterion, "check": piece.check, "target": one.name}
                link("evidence", f"✕ {piece.criterion} · {plain(seen.sentence(piece))}", **where)
        if len(harmed) > HARMS:
            st.caption(seen.say("page.more_harms", count=len(harmed) - HARMS))


def _next(seen: View) -> None:
    st.subheader(seen.say("report.next"))
    st.caption(seen.say("report.next_text"))
    rows = []
    for rating, swing in seen.unknowns():
        title = f"{rating.criterion} {seen.criterion(rating.criterion)}"
        name = Markup("{}<br><small>{}</small>").format(title, seen.why(rating))
        rows.append([name, figures(seen, rating), seen.points(swing)])
    st.html(table([seen.say("report.criterion"), seen.say("page.rating"), seen.say("page.swing")], rows))


def _load(seen: View) -> None:
    st.subheader(seen.say("report.load"))
    pressed = [one for one in seen.assessment.ranked() if one.load is not None]
    if not pressed:
        st.write(seen.say("report.load_none"))
        return
    st.caption(seen.say("report.load_note"))
    drawn(per_second(seen, pressed), "load")
    rows = [row for one in pressed for row in _pressed(seen, one)]
    st.html(
        table(["", *(seen.say(f"report.{head}") for head in ("requests", "p50", "p99", "p99_upper", "errors"))], rows)
    )
    for one in pressed:
        assert one.load is not None
        st.caption(plain(f"{seen.named(one)} · {seen.say('report.generator')}: {seen.generator(one.load)}"))


def _pressed(seen: View, one: Subject) -> list[list[str | Markup]]:
    assert one.load is not None
    errors = one.load.error_share
    share = seen.say("report.none") if errors is None else f"{errors:.2%}"
    return [
        [
            f"{seen.named(one)} · {seen.say(f'report.{line.kind}')}",
            f"{line.n:,}",
            *(fixed(seen.milliseconds(value)) for value in (line.p50, line.p99, line.upper)),
            share,
        ]
        for line in seen.load_lines(one.load)
    ]


def _made(seen: View) -> None:
    """Say how this came about: bank, runs, and that all of it is invented."""
    with st.expander(seen.say("report.method")):
        for one in seen.assessment.subjects:
            counts = ", ".join(
                f"{seen.say(f'report.outcome_{came.value}')} {count}" for came, count in one.counted().items() if count
            )
            began = f"{one.manifest.started:%Y-%m-%d %H:%M:%S UTC}"
            st.html(
                Markup("<b>{}</b><br>{}<br>{} · {} {} · {}").format(
                    seen.named(one), seen.bank(one), began, seen.say("report.state"), one.state, counts
                )
            )
        st.caption(seen.say("report.disclaimer"))
    st.caption(seen.say("page.weighing", weighting=plain(seen.weighting)))
