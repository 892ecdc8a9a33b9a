"""Targets: what can be put on trial and what may be done with it; further, all checks side by side, and exit drills."""

import os
from textwrap import shorten

import streamlit as st
from markupsafe import Markup

from poc.admission import Role
from poc.allowance import allowance
from poc.connectors.connect import cache
from poc.errands import Act, Errand, ErrandError, Errands
from poc.lab.vendors.lab import VendorLab
from poc.market import Offer, offers
from poc.pages.door import may, permitted
from poc.pages.frame import plain, say
from poc.pages.holding import may_show
from poc.pages.leaving import leaving
from poc.pages.matrix import matrix, subjects
from poc.pages.tables import tag
from poc.report import View
from poc.settings import TARGETS, SettingsError
from poc.words import Words

#: In which order kinds are listed: what can be had here first.
ORDER = ("product", "reference", "stand-in", "paper", "cloud")
#: Characters of a settings' text that its fold shows.
FOLD = 70
#: Seconds between two looks at errands that are under way.
EVERY = 2
#: The colour of a state, beside its word.
KINDS = {"running": "passed", "installed": "open", "stopped": "open", "absent": "open", "elsewhere": "open"}


def targets() -> None:
    """Draw the list and the matrix, each under a tab of its own."""
    told = say()
    st.title(told("targets.title"))
    first, second, third = st.tabs([told("targets.title"), told("targets.matrix"), told("drill.tab")])
    with first:
        st.write(told("targets.text"))
        if trouble := st.session_state.pop("errand_trouble", ""):
            st.error(plain(trouble))
        _list()
    seen = subjects()
    with second:
        if shown := _shown(told, seen):
            matrix(shown)
    with third:
        if shown:
            leaving(shown)
        else:
            st.info(told("targets.no_runs" if seen is None else "committee.covered"))


def _shown(told: Words, seen: View | None) -> View | None:
    """Return the assessment if it may be shown; say why not, else."""
    if seen is None:
        st.info(told("targets.no_runs"))
        return None
    return seen if may_show([one.name for one in seen.assessment.subjects], told, st.subheader) else None


def _errands() -> Errands:
    return Errands(lab=VendorLab(folder=cache(os.environ) / "vendors"), listed=TARGETS)


def _list() -> None:
    """Draw the list, once, or again and again while something is being done."""
    alive = _alive()
    st.fragment(_offers, run_every=EVERY if alive else None)(alive)


def _alive() -> bool:
    errands = _errands()
    return any(one is not None and one.alive for one in map(errands.of, (p.name for p in errands.lab.products())))


def _offers(was_alive: bool) -> None:
    told, errands = say(), _errands()
    if was_alive and not _alive():
        st.rerun()
    try:
        found = offers(errands.lab, TARGETS)
    except SettingsError as no:
        st.error(plain(no))
        return
    if not found:
        st.info(told("targets.none"))
    for one in sorted(found, key=lambda one: ORDER.index(one.kind) if one.kind in ORDER else len(ORDER)):
        with st.container(border=True, key=f"card_{one.name}", gap="xsmall"):
            _offer(told, errands, one)


def _offer(told: Words, errands: Errands, one: Offer) -> None:
    state = _state(one)
    worn = [told.of(f"report.label.{label}", label) for label in one.labels]
    kind = told.of(f"targets.kind_{one.kind}", one.kind)
    head = Markup("<b>{}</b> {} <small>{}</small> ").format(one.title, one.version, kind)
    head += tag(KINDS[state], told(f"targets.{state}"))
    st.html(head + Markup("").join(Markup(' <span class="ts-weak">{}</span>').format(label) for label in worn))
    st.caption(plain(" · ".join(_facts(told, one))))
    if one.settings:
        with st.expander(told("targets.settings", settings=plain(shorten(one.settings, FOLD, placeholder=" …")))):
            st.write(plain(one.settings))
            st.caption(plain(told("targets.settings_source", source=one.settings_source)))
    errand = errands.of(one.name) if one.kind == "product" else None
    if errand is not None and errand.alive:
        share = min(1.0, errand.done / errand.total) if errand.total else 0.0
        st.progress(share, text=told(f"targets.doing_{errand.act}", stage=plain(errand.stage or "…")))
        return
    if errand is not None:
        _ended(told, errand)
    if hint := _hint(told, one, state):
        st.caption(f":material/info: {plain(hint)}")
    if one.kind == "product" and may(Role.ASSESSOR):
        _buttons(told, one, state)


def _state(one: Offer) -> str:
    if one.running:
        return "running"
    if one.running is None:
        return "elsewhere"
    if one.kind == "product":
        return "installed" if one.installed else "absent"
    return "stopped"


def _hint(told: Words, one: Offer, state: str) -> str:
    """Return what is to be done where no button does it: for clouds, for our own CRM, for a machine that lacks much."""
    if one.kind in ("cloud", "reference") and state != "running" and not one.listed:
        return told(f"targets.hint_{one.kind}")
    half = state == "absent" and not one.trouble.startswith(f"{one.name} is not installed")
    return one.trouble if one.trouble and (half or not one.installable) else ""


def _facts(told: Words, one: Offer) -> list[str]:
    """Return what must be known of a target: licence, address, actors, limits, on what ground it may be attacked."""
    unknown = "licence_service" if one.kind == "cloud" else "licence_unknown"
    facts = [told("targets.licence", licence=one.licence) if one.licence else told(f"targets.{unknown}")]
    if one.address:
        facts.append(told("targets.address", address=one.address))
    if not one.listed:
        return facts
    agreed = allowance(one.name, TARGETS)
    facts.append(told("targets.actors", count=one.actors))
    limits = [told(f"targets.limit_{name}", **parts) for name, parts in agreed.limits]
    facts.append(told("targets.limits", limits=", ".join(limits)) if limits else told("targets.limits_none"))
    if agreed.wrong:
        facts.append(told("targets.permit_wrong", why=agreed.wrong))
    elif agreed.ground:
        facts.append(told("targets.permit", ground=told.of(f"targets.ground_{agreed.ground}", agreed.ground)))
    else:
        facts.append(told("targets.permit_none"))
    return facts


def _ended(told: Words, errand: Errand) -> None:
    act = told(f"targets.{errand.act}") if errand.act != "remove" else errand.act
    if errand.fault:
        st.error(plain(told("targets.fault", act=act, why=errand.fault)))
    elif errand.lost:
        st.warning(plain(told("targets.lost", act=act)))


def _buttons(told: Words, one: Offer, state: str) -> None:
    helps = {"install": told("targets.install_help", title=one.title, version=one.version, licence=one.licence)}
    helps["fresh"] = told("targets.fresh_help")
    acts: dict[str, tuple[Act, ...]] = {
        "absent": ("install",), "installed": ("start", "fresh"), "running": ("stop",),
    }  # fmt: skip
    with st.container(horizontal=True):
        for act in acts.get(state, ()):
            st.button(
                told(f"targets.{act}"),
                key=f"{act}_{one.name}",
                on_click=permitted(Role.ASSESSOR, _begin),
                args=(act, one.name),
                disabled=act == "install" and not one.installable,
                help=helps.get(act),
            )


def _begin(act: Act, name: str) -> None:
    try:
        _errands().begin(act, name)
    except (ErrandError, OSError) as no:
        st.session_state["errand_trouble"] = " ".join(str(no).split())
