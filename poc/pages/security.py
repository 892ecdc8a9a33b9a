"""Security: who may do what, where values leak, what was found and how grave, and what the instrument notices."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
from markupsafe import Markup

from poc.archive import RUNS
from poc.assessment import Subject
from poc.pages.frame import begin, link, plain, view
from poc.pages.tables import table, tag
from poc.report import View
from poc.security_view import (
    SEVERITIES,
    TOO_LITTLE,
    TOO_MUCH,
    Finding,
    Trial,
    conditions_of,
    findings_of,
    leaks_of,
    matrix_of,
    trial_on_file,
)
from synthetic_data.records import RESTRICTED

#: Under which name the chosen target is kept, in the session and in the address; findings that are listed at once.
TARGET, LISTED = "target", 30
#: How a cell is drawn: its class, its sign and the key of its words.
CELLS = {
    "+a": ("right", "✓", "may"),
    "-d": ("right", "·", "denied"),
    TOO_MUCH: ("much", "▲", "too_much"),
    TOO_LITTLE: ("little", "▽", "too_little"),
    "+n": ("none", "–", "not_offered"),
    "-n": ("none", "–", "not_offered"),
}
#: The colour of a severity's badge.
COLOURS = {"critical": "red", "high": "red", "medium": "orange", "low": "gray"}


def security() -> None:
    """Draw the security of one target, and the kill matrix of the instrument."""
    seen = view()
    st.title(seen.say("security.title"))
    st.write(seen.say("security.text"))
    subject = _chosen(seen)
    found = findings_of(subject, seen.assessment.catalogue)
    counted = {severity: sum(one.severity == severity for one in found) for severity in SEVERITIES}
    st.markdown(" ".join(f":{COLOURS[one]}-badge[{seen.say(f'security.{one}')} {n}]" for one, n in counted.items()))
    for draw in (_matrix, _conditions, _leaks):
        draw(seen, subject)
    _findings(seen, found)
    _trial(seen)


def _chosen(seen: View) -> Subject:
    """Return the target that the address or a click names, else the first of the ranking."""
    ranked = {one.name: one for one in seen.assessment.ranked()}
    begin(TARGET, list(ranked), next(iter(ranked)))
    chosen = st.segmented_control(
        seen.say("security.target"),
        list(ranked),
        format_func=lambda name: seen.named(ranked[name]),
        key=TARGET,
        required=True,
    )
    name = chosen or next(iter(ranked))
    st.query_params[TARGET] = name
    return ranked[name]


# -- who may do what -------------------------------------------------------------------------------------------------
def _matrix(seen: View, subject: Subject) -> None:
    st.subheader(seen.say("security.matrix"))
    matrix = matrix_of(subject)
    if matrix is None:
        st.info(seen.say("security.matrix_none"))
        return
    much, little, none = matrix.count(TOO_MUCH), matrix.count(TOO_LITTLE), matrix.count("+n", "-n")
    right = matrix.decisions - much - little - none
    told = seen.say(
        "security.matrix_told", decisions=matrix.decisions, right=right, much=much, little=little, none=none
    )
    (st.error if much else st.warning if little else st.success)(told)
    legend = "  |  ".join(f"{sign} {seen.say(f'security.{word}')}" for _, sign, word in list(CELLS.values())[:5])
    st.caption(plain(legend))
    whole = st.toggle(seen.say("security.whole", count=len(matrix.cells)), value=not (much or little), key="whole")
    wrong = {operation for operation, _, _ in matrix.wrong()}
    rows = [
        [operation, *(_cell(seen, row.get(actor, "")) for actor in matrix.actors)]
        for operation, row in matrix.cells.items()
        if whole or operation in wrong
    ]
    head = [seen.say("security.operation"), *(_upright(actor) for actor in matrix.actors)]
    st.html(Markup('<div class="ts-matrix">{}</div>').format(table(head, rows)))


def _cell(seen: View, cell: str) -> Markup:
    kind, sign, word = CELLS.get(cell, ("none", " ", "not_tried"))
    return Markup('<span class="ts-cell ts-{}" title="{}">{}</span>').format(kind, seen.say(f"security.{word}"), sign)


def _upright(text: str) -> Markup:
    return Markup('<span class="ts-up">{}</span>').format(text)


def _conditions(seen: View, subject: Subject) -> None:
    rights = conditions_of(subject)
    if not rights:
        return
    wrong = [one for one in rights if one["wrong"]]
    told = seen.say("security.conditions_told", count=len(rights), right=len(rights) - len(wrong))
    with st.expander(told, expanded=bool(wrong)):
        kept = tag("passed", f"✓ {seen.say('security.kept')}")
        rows = [
            [seen.say(f"security.by_{one['kind']}"), str(one["operation"]), _wrong(one["wrong"]) or kept]
            for one in rights
        ]
        st.html(table([seen.say(f"security.{name}") for name in ("condition", "operation", "came")], rows))


def _wrong(lines: list[str]) -> Markup:
    return Markup("<br>").join(Markup('<b class="ts-no">✕ {}</b>').format(line) for line in lines)


# -- where values leak -----------------------------------------------------------------------------------------------
def _leaks(seen: View, subject: Subject) -> None:
    st.subheader(seen.say("security.leaks"))
    paths = leaks_of(subject)
    if not paths:
        st.info(seen.say("security.leaks_none"))
        return
    leaking = sum(bool(one["leaks"]) for one in paths.values())
    told = seen.say("security.leaks_told", paths=len(paths), leaking=leaking)
    (st.error if leaking else st.success)(told)
    rows = [
        [seen.say.of(f"security.path_{path}", path), *(_leak(seen, one, field) for field in RESTRICTED)]
        for path, one in paths.items()
    ]
    head = [seen.say("security.path"), *(_upright(field) for field in RESTRICTED)]
    st.html(Markup('<div class="ts-matrix">{}</div>').format(table(head, rows)))


def _leak(seen: View, path: Mapping[str, Any], field: str) -> Markup:
    if not path["looks"]:
        return _cell(seen, "+n")
    actors = path["leaks"].get(field)
    if not actors:
        return Markup('<span class="ts-cell ts-right" title="{}">·</span>').format(seen.say("security.no_leak"))
    return Markup('<span class="ts-cell ts-much">▲ {}</span>').format(", ".join(actors))


# -- what was found --------------------------------------------------------------------------------------------------
def _findings(seen: View, found: tuple[Finding, ...]) -> None:
    st.subheader(seen.say("security.findings"))
    if not found:
        st.success(seen.say("security.findings_none"))
        return
    for one in found[:LISTED]:
        _finding(seen, one)
    if len(found) > LISTED:
        st.caption(seen.say("security.more", count=len(found) - LISTED))


def _finding(seen: View, one: Finding) -> None:
    title = (one.title_zh or one.title) if seen.language == "zh" else one.title
    badge = f":{COLOURS[one.severity]}-badge[{seen.say(f'security.{one.severity}')}]"
    with st.expander(f"{badge} {one.criterion} {plain(title)}"):
        if one.curl:
            st.markdown(seen.say("page.repeat"))
            st.code(one.curl, language="bash", wrap_lines=True)
        link("evidence", seen.say("security.to_check"), criterion=one.criterion)


# -- what the instrument notices -------------------------------------------------------------------------------------
def _trial(seen: View) -> None:
    st.subheader(seen.say("security.trial"))
    st.write(seen.say("security.trial_text"))
    try:
        trial = trial_on_file(RUNS)
    except ValueError as fault:
        st.error(plain(fault))
        return
    if trial is None:
        st.info(seen.say("security.trial_none"))
        return
    _tried(seen, trial)


def _tried(seen: View, trial: Trial) -> None:
    mutants = [one for one in trial.mutants if _of_security(one) or not one["killed"]]
    alive = [one for one in mutants if not one["killed"]]
    told = seen.say(
        "security.trial_told", date=trial.written, version=trial.version, count=len(mutants),
        killed=len(mutants) - len(alive), alarms=len(trial.false_alarms), plays=trial.plays,
    )  # fmt: skip
    (st.error if alive or trial.false_alarms else st.success)(told)
    with st.expander(seen.say("security.trial_each", count=len(mutants)), expanded=bool(alive)):
        rows = [
            [
                one["name"],
                Markup("{}<div><small>{}</small></div>").format(one["defect"], one.get("precedent", "")),
                Markup("<br>").join(one["by"]) if one["killed"] else _wrong([seen.say("security.alive")]),
            ]
            for one in sorted(mutants, key=_survivors_first)
        ]
        st.html(table([seen.say(f"security.{name}") for name in ("mutant", "defect", "noticed_by")], rows))


def _of_security(mutant: Mapping[str, Any]) -> bool:
    return any(str(one).startswith("SEC-") for one in mutant["by"])


def _survivors_first(mutant: Mapping[str, Any]) -> tuple[bool, str]:
    return bool(mutant["killed"]), str(mutant["name"])
