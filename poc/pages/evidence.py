"""Evidence: from a criterion to its checks, and from a check to what crossed the wire."""

from collections.abc import Iterator

import streamlit as st
from markupsafe import Markup

from poc.assessment import Subject
from poc.pages.exchanges import exchanges
from poc.pages.frame import plain, view
from poc.pages.tables import SHAPES, figures, outcome, table, who
from poc.report import View
from scenarios.evidence import Evidence, Outcome
from scorecards.criterion import Criterion
from scorecards.rating import Rating

#: What of this page is kept in the address beside the filters.
SHOWN = ("criterion", "check", "target", "exchange")
#: How many criteria are listed at once.
LISTED = 40


def evidence() -> None:
    """Draw the list of criteria, one criterion with its checks, or one check with its exchanges."""
    seen = view()
    wanted = st.query_params.get("criterion")
    criterion = seen.assessment.catalogue.by_id.get(wanted or "")
    if criterion is None or criterion in seen.assessment.catalogue.process:
        _list(seen)
        return
    found = _piece(seen, criterion)
    if found is None:
        _criterion(seen, criterion)
    else:
        st.button(
            f"← {criterion.id} {plain(seen.criterion(criterion.id))}",
            type="tertiary",
            on_click=show,
            kwargs={"criterion": criterion.id},
        )
        _head(seen, *found)
        exchanges(seen, *found)


def show(**wanted: str) -> None:
    """Make the address say what the page shall show."""
    for name in SHOWN:
        if name in wanted:
            st.query_params[name] = wanted[name]
        elif name in st.query_params:
            del st.query_params[name]


# -- the list --------------------------------------------------------------------------------------------------------
def _list(seen: View) -> None:
    st.title(seen.say("page.evidence"))
    st.write(seen.say("page.evidence_text"))
    chosen = list(_filtered(seen))
    st.caption(seen.say("page.criteria_found", count=len(chosen), all=len(seen.assessment.catalogue.of_targets)))
    if not chosen:
        st.info(seen.say("page.criteria_none"))
    with st.container(key="rows_criteria", gap="xxsmall"):
        for one in chosen[:LISTED]:
            st.button(
                _line(seen, one),
                key=f"open_{one.id}",
                type="tertiary",
                wrap=True,
                width="stretch",
                on_click=show,
                kwargs={"criterion": one.id},
            )
    if len(chosen) > LISTED:
        st.caption(seen.say("page.criteria_more", count=len(chosen) - LISTED))


def _filtered(seen: View) -> Iterator[Criterion]:
    """Walk over the criteria that the filters let through, in the order of the catalogue."""
    titles = {one.code: seen.dimension(one) for one in seen.assessment.catalogue.weighted}
    left, right = st.columns([2, 3])
    text = left.text_input(
        seen.say("page.find"), key="find", bind="query-params", placeholder=seen.say("page.find_hint")
    ).casefold()
    came = right.pills(
        seen.say("page.came"),
        ["seen", *(one.value for one in Outcome), "unseen"],
        format_func=lambda name: (
            seen.say(f"page.came_{name}")
            if name in ("seen", "unseen")
            else f"{SHAPES[Outcome(name)]} {seen.say(f'report.outcome_{name}')}"
        ),
        key="came",
        default="seen",
        wrap=True,
    )
    dimension = st.pills(seen.say("page.dimension"), list(titles), format_func=titles.__getitem__, key="dimension")
    for one in seen.assessment.catalogue.of_targets:
        words = f"{one.id} {one.title} {one.title_zh}".casefold()
        if (dimension in (None, one.dimension)) and text in words and _came(seen, one, came):
            yield one


def _came(seen: View, criterion: Criterion, came: str | None) -> bool:
    outcomes = {
        piece.outcome.value for one in seen.assessment.subjects for piece in _rating(seen, one, criterion).pieces
    }
    return came is None or (
        bool(outcomes) if came == "seen" else not outcomes if came == "unseen" else came in outcomes
    )


def _line(seen: View, criterion: Criterion) -> str:
    """Return a criterion with what each target got, as one line."""
    told = []
    for one in seen.assessment.ranked():
        rating = _rating(seen, one, criterion)
        mark = " ✕" if rating.harmed else ""
        told.append(f"{plain(seen.named(one))} **{seen.points(rating.observed)}**{mark}")
    gate = " ◆" if criterion.gate else ""
    return f"**{criterion.id}**{gate} {plain(seen.criterion(criterion.id))} — {' · '.join(told)}"


# -- a criterion -----------------------------------------------------------------------------------------------------
def _criterion(seen: View, criterion: Criterion) -> None:
    st.button(f"← {seen.say('page.all_criteria')}", type="tertiary", on_click=show)
    st.title(f"{criterion.id} {plain(seen.criterion(criterion.id))}")
    told = [seen.say("page.is_gate")] if criterion.gate else []
    st.caption(" ".join([*told, seen.say("page.sources", sources=plain(" · ".join(criterion.sources)))]))
    ranked = seen.assessment.ranked()
    rows = [
        [
            Markup("{}<div><small>{}</small></div>").format(who(seen, one), seen.why(_rating(seen, one, criterion))),
            figures(seen, _rating(seen, one, criterion)),
        ]
        for one in ranked
    ]
    st.html(table([seen.say("report.target"), seen.say("page.rating")], rows))
    with st.expander(seen.say("page.procedure")):
        st.write(plain(criterion.procedure))
    st.subheader(seen.say("report.checks"))
    pieces = {name: found for name in criterion.blank if (found := _pieces(seen, criterion, name))}
    if not pieces:
        st.info(seen.say("page.no_checks"))
    for name, found in sorted(pieces.items(), key=lambda pair: _urgency(pair[1])):
        _check(seen, name, found)
    if missing := [name for name in criterion.blank if name not in pieces]:
        st.caption(seen.say("page.checks_missing", count=len(missing), names=plain(", ".join(missing))))


def _urgency(found: list[tuple[Subject, Evidence]]) -> int:
    """Return the place of a check on its page: a failed harm first, then what failed, then all else."""
    failed = [piece for _, piece in found if piece.outcome is Outcome.FAILED]
    return 0 if any(piece.harm for piece in failed) else 1 if failed else 2


def _check(seen: View, name: str, found: list[tuple[Subject, Evidence]]) -> None:
    """Draw one check: what it says, and for each target how it ended and the way to its exchanges."""
    first = found[0][1]
    with st.container(border=True, key=f"card_{name}", gap="xsmall"):
        harm = f" :red-badge[{seen.say('report.harm')}]" if first.harm else ""
        st.markdown(f"**{plain(seen.sentence(first))}**{harm}")
        grades = dict.fromkeys(seen.say(f"page.grade_{piece.grade.value}") for _, piece in found)
        st.caption(plain(" · ".join(grades)))
        for one, piece in found:
            text, button = st.columns([4, 1], vertical_alignment="center")
            text.html(ended(seen, one, piece))
            where = {"criterion": piece.criterion, "check": piece.check, "target": one.name}
            button.button(
                seen.say("page.exchanges", count=len(piece.exchanges)),
                key=f"see_{name}_{one.name}",
                width="stretch",
                on_click=show,
                kwargs=where,
            )


def ended(seen: View, one: Subject, piece: Evidence) -> Markup:
    """Return how a check ended at a target: the word, what was observed and expected, and the note."""
    told = Markup("{} <b>{}</b>").format(outcome(seen, piece.outcome), seen.named(one))
    if piece.outcome in (Outcome.PASSED, Outcome.FAILED):
        told += Markup("<br>{} <b>{}</b> · {} {}").format(
            seen.say("report.observed"),
            seen.shown(piece.observed),
            seen.say("report.expected"),
            seen.shown(piece.expected),
        )
    if piece.note:
        told += Markup("{}<small>{}</small>").format(
            Markup(" · ") if "<br>" in told else Markup("<br>"), seen.shown(piece.note)
        )
    return told


# -- a check ---------------------------------------------------------------------------------------------------------
def _head(seen: View, one: Subject, piece: Evidence) -> None:
    st.title(plain(seen.sentence(piece)))
    st.html(ended(seen, one, piece))
    st.caption(plain(seen.say(f"page.grade_{piece.grade.value}")))


def _piece(seen: View, criterion: Criterion) -> tuple[Subject, Evidence] | None:
    """Return the target and the evidence that the address names; None when it names none that there is."""
    check, target = st.query_params.get("check", ""), st.query_params.get("target", "")
    return next(((one, piece) for one, piece in _pieces(seen, criterion, check) if one.name == target), None)


def _pieces(seen: View, criterion: Criterion, check: str) -> list[tuple[Subject, Evidence]]:
    ranked = seen.assessment.ranked()
    return [(one, piece) for one in ranked for piece in _rating(seen, one, criterion).pieces if piece.check == check]


def _rating(seen: View, one: Subject, criterion: Criterion) -> Rating:
    return seen.assessment.ratings.of(one.name, criterion.id)
