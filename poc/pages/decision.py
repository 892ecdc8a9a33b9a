"""Decision: who leads, how surely, what would turn it and what to measure next, under weights that sliders move."""

from functools import partial

import streamlit as st
from markupsafe import Markup

from poc.deciding import AT_ONCE, at_once, board, decided, nearest_flip
from poc.decision_plots import MOST, RANKS, evidence, order, ranks, sensitivity, totals
from poc.decision_view import Spoken
from poc.filed import FORMS
from poc.pages.frame import link, plain, view
from poc.pages.jury import chosen_committee, in_full, integrity, minutes
from poc.pages.overview import drawn
from poc.pages.robust import folded, robust
from poc.pages.tables import gate, table, who
from poc.pages.weights import moved
from poc.record import Record
from poc.report import View
from poc.strip import strip
from scorecards.committee.selection import Selection
from scorecards.deciding.contest import Contest
from scorecards.deciding.decision import DRAWS, Decision
from scorecards.methods.gates import GateState
from scorecards.scorecard import Gate

#: Where a session keeps the table of the assessment at hand, and the decision that was drawn in full.
BOARD, FULL = "decision_board", "decision_full"


def decision() -> None:
    """Draw the page; moving a weight decides anew and draws no other part of the page."""
    seen = view()
    st.title(seen.say("decision.title"))
    _choice()


@st.fragment
def _choice() -> None:
    agreed = view()
    top = st.container()
    joined = chosen_committee(agreed)
    if joined is not None:
        seen = View(assessment=joined.assessment, say=agreed.say)
        found, state = joined.decision, joined.state
    elif (slid := moved(agreed)) is None:
        return
    else:
        seen, found, state = slid, _decided(agreed, slid), None
    spoken = Spoken(view=seen, decision=found)
    with top:
        _strip(spoken)
        integrity(joined, agreed)
    _gates(seen)
    for plot, key in ((totals(spoken), "decision_totals"), (ranks(spoken), "decision_ranks")):
        drawn(plot, key)
    st.caption(seen.say("decision.ranks_note"))
    if (all_of_them := len(found.contest.vendors)) > MOST:
        st.caption(seen.say("decision.first_drawn", most=MOST, all=all_of_them, ranks=RANKS))
    if joined is None:
        _draws(agreed, seen, spoken)
    else:
        st.caption(spoken.drawn())
        in_full(joined, seen.say)
        minutes(joined, seen)
    robust(spoken)
    folded(seen.say("decision.sensitivity"), "decision_fold_sensitivity", partial(_weights, spoken))
    folded(spoken.methods(), "decision_fold_methods", partial(_others, spoken))
    folded(seen.say("decision.evidence"), "decision_fold_evidence", partial(_evidence, spoken))
    _next(spoken)
    _record(spoken, state)
    st.caption(seen.say("decision.disclaimer"))


# -- deciding --------------------------------------------------------------------------------------------------------
def _board(agreed: View) -> Contest:
    """Return the table of the assessment at hand, made once for a session and an assessment."""
    kept = st.session_state.get(BOARD)
    known = (agreed.assessment.ratings, agreed.assessment.weighting.name)
    if kept is None or kept[0][0] is not known[0] or kept[0][1] != known[1]:
        kept = st.session_state[BOARD] = (known, board(agreed.assessment))
    found: Contest = kept[1]
    return found


def _decided(agreed: View, seen: View) -> Decision:
    """Return the decision: in full if it was asked for under these very weights, else by a few thousand draws."""
    kept = st.session_state.get(FULL)
    if kept is not None and kept[0] is seen.assessment.ratings and kept[1] == seen.assessment.weighting.digest:
        found: Decision = kept[2]
        return found
    table = _board(agreed)
    return decided(seen.assessment, draws=at_once(table), table=table)


def _draws(agreed: View, seen: View, spoken: Spoken) -> None:
    st.caption(spoken.drawn())

    def full() -> None:
        found = decided(seen.assessment, draws=DRAWS, table=_board(agreed))
        st.session_state[FULL] = (seen.assessment.ratings, seen.assessment.weighting.digest, found)

    st.button(
        seen.say("decision.full", draws=f"{DRAWS:,}"), on_click=full, disabled=spoken.decision.draws >= DRAWS,
        help=seen.say("decision.full_hint", draws=f"{AT_ONCE:,}"), icon=":material/casino:",
    )  # fmt: skip


# -- drawing ---------------------------------------------------------------------------------------------------------
def _strip(spoken: Spoken) -> None:
    """Say the verdict as a sentence, its five figures, then what holds it down, and what would turn it."""
    lines = [*spoken.reasons(), spoken.tie(), spoken.flip(), spoken.methods()]
    tiles = Markup("").join(
        Markup("<div><small>{}</small><b>{}</b><small>{}</small></div>").format(*one) for one in strip(spoken)
    )
    more = Markup("").join(Markup("<li>{}</li>").format(one) for one in lines)
    st.html(
        Markup('<p class="ts-lead">{}</p><div class="ts-gauges ts-strip">{}</div><ul>{}</ul>').format(
            spoken.headline(), tiles, more
        )
    )


def _gates(seen: View) -> None:
    st.subheader(seen.say("decision.gates"))
    ranked = seen.assessment.ranked()
    held = {one.name: {gate.criterion: gate for gate in seen.assessment.scorecard.of(one.name).gates} for one in ranked}
    rows = list(dict.fromkeys(criterion for gates in held.values() for criterion in gates))
    passed = [row for row in rows if all(_passed(seen, held[one.name].get(row), one.name) for one in ranked)]
    failed = [row for row in rows if any(_is(held[one.name].get(row), GateState.FAILED) for one in ranked)]
    torn = [row for row in rows if any(_is(held[one.name].get(row), GateState.INCONCLUSIVE) for one in ranked)]
    dark = [row for row in rows if any(_is(held[one.name].get(row), GateState.UNKNOWN) for one in ranked)]
    st.markdown(plain(seen.say(
        "decision.gates_found", passed=len(passed), all=len(rows), failed=len(failed), inconclusive=len(torn),
        unknown=len(dark),
    )))  # fmt: skip
    every = st.toggle(seen.say("decision.gates_all"), key="decision_gates_all")
    shown = rows if every else [row for row in rows if row not in passed]
    lines = [
        [f"{row} {seen.criterion(row)}", *(_state(seen, held[one.name].get(row), one.name) for one in ranked)]
        for row in shown
    ]
    if lines:
        st.html(table([seen.say("decision.what"), *(who(seen, one) for one in ranked)], lines))


def _is(found: Gate | None, state: GateState) -> bool:
    return found is not None and found.state is state


def _passed(seen: View, found: Gate | None, target: str) -> bool:
    """Whether nothing is to be told of a gate: it is passed, or the row is not applicable."""
    if found is None or found.state is GateState.PASSED:
        return True
    return found.state is GateState.WAIVED and seen.assessment.weighting.waiver(found.criterion, target) is None


def _state(seen: View, found: Gate | None, target: str) -> Markup | str:
    if found is None:
        return seen.say("report.none")
    waiver = seen.assessment.weighting.waiver(found.criterion, target) if found.state is GateState.WAIVED else None
    if waiver is None:
        return gate(seen, found.state)
    told = seen.say("minutes.by_until", name=waiver.name, expires=waiver.expires.isoformat())
    return Markup("{}<br><small>{}</small>").format(gate(seen, found.state), told)


def _weights(spoken: Spoken) -> None:
    seen, found = spoken.view, nearest_flip(spoken.decision)
    codes = list(spoken.decision.contest.dimensions)
    start = codes.index(found[0]) if found else 0
    code = st.selectbox(
        seen.say("decision.choose"), codes, index=start, format_func=spoken.dimension, key="decision_dimension"
    )
    drawn(sensitivity(spoken, code), "decision_sensitivity")


def _others(spoken: Spoken) -> None:
    seen, names = spoken.view, order(spoken)
    rows = [
        [
            spoken.method(one.method),
            spoken.listed(one.leaders) or seen.say("decision.nobody"),
            *(f"{one.points[name]:.3f}" for name in names),
        ]
        for one in spoken.decision.crosschecks
    ]
    heads = [seen.say("decision.method"), seen.say("decision.leads")]
    st.html(table([*heads, *(seen.title(name) for name in names)], rows))


def _evidence(spoken: Spoken) -> None:
    drawn(evidence(spoken), "decision_evidence")


def _next(spoken: Spoken) -> None:
    seen = spoken.view
    st.subheader(seen.say("decision.next"))
    sentence, rows = spoken.measure()
    st.markdown(plain(sentence))
    heads = [seen.say(f"decision.{name}") for name in ("what", "target", "worth")]
    if rows:
        st.html(table(heads, [[criterion, target, worth] for target, criterion, worth in rows]))
    link("evidence", seen.say("page.to_evidence"))


def _record(spoken: Spoken, committee: Selection | None) -> None:
    """Offer the record of the decision as it stands on the page; a file is made when it is asked for."""
    seen = spoken.view
    st.subheader(seen.say("decision.record"))
    made = Record(assessment=seen.assessment, decision=spoken.decision, committee=committee)
    name = seen.assessment.name
    with st.container(horizontal=True):
        st.download_button(
            seen.say("decision.record_json"), made.as_json, f"{name}.decision.json", "application/json",
            on_click="ignore", icon=":material/download:",
        )  # fmt: skip
        for end, form in FORMS.items():
            st.download_button(
                seen.say("decision.record_as", form=end.upper()), partial(form, made, seen.language),
                f"{name}.decision.{seen.language}.{end}", key=f"record_{end}", on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip
    st.caption(seen.say("decision.record_note"))
