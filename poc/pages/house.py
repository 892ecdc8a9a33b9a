"""House: what all pages share: navigation, language, the assessment and the weighting, kept in the address."""

from importlib.resources import files

import streamlit as st

from poc.admission import Role
from poc.archive import RUNS
from poc.assessment import DEFAULT_WEIGHTING
from poc.pages.business import business
from poc.pages.committee import committee
from poc.pages.data import data
from poc.pages.decision import decision
from poc.pages.door import admitted
from poc.pages.evidence import evidence
from poc.pages.frame import DOORS, LANGUAGE, PLACE, WEIGHTING, begin, keep, language, spoken, titles_of
from poc.pages.holding import uncovered
from poc.pages.load import load
from poc.pages.methods import methods
from poc.pages.overview import overview
from poc.pages.people import people
from poc.pages.process import process
from poc.pages.run import run
from poc.pages.scorecard import scorecard
from poc.pages.security import security
from poc.pages.targets import targets
from poc.words import LANGUAGES, words
from scenarios.folders import runs_in
from scorecards.weighting import weightings

#: What one must be to open a page; one that is not named here opens to those who administer alone.
NEEDS = {
    "overview": Role.VIEWER,
    "evidence": Role.VIEWER,
    "scorecard": Role.VIEWER,
    "decision": Role.VIEWER,
    "methods": Role.VIEWER,
    "security": Role.VIEWER,
    "business": Role.VIEWER,
    "targets": Role.VIEWER,
    "committee": Role.VIEWER,
    "process": Role.VIEWER,
    "run": Role.ASSESSOR,
    "load": Role.ASSESSOR,
    "data": Role.ASSESSOR,
    "people": Role.ADMIN,
}


def house() -> None:
    """Draw the door: the page that was asked for, within what all pages share."""
    st.set_page_config(page_title="Touchstone", page_icon="⚖️", layout="wide")
    st.html(f"<style>{files('poc.pages').joinpath('look.css').read_text(encoding='utf-8')}</style>")
    begin(LANGUAGE, LANGUAGES, spoken())
    with st.sidebar:
        st.segmented_control(
            "中文 / English",
            ["zh", "en"],
            required=True,
            format_func={"zh": "中文", "en": "English"}.__getitem__,
            key=LANGUAGE,
            label_visibility="collapsed",
        )
    say = words(language())
    role = admitted(say)
    pages = {
        "overview": st.Page(overview, title=say("page.overview"), icon=":material/summarize:", default=True),
        "run": st.Page(run, title=say("page.run"), icon=":material/play_circle:", url_path="run"),
        "targets": st.Page(targets, title=say("targets.title"), icon=":material/storefront:", url_path="targets"),
        "load": st.Page(load, title=say("load.title"), icon=":material/speed:", url_path="load"),
        "evidence": st.Page(evidence, title=say("page.evidence"), icon=":material/fact_check:", url_path="evidence"),
        "scorecard": st.Page(scorecard, title=say("page.scorecard"), icon=":material/tune:", url_path="scorecard"),
        "security": st.Page(security, title=say("security.title"), icon=":material/security:", url_path="security"),
        "decision": st.Page(decision, title=say("decision.title"), icon=":material/gavel:", url_path="decision"),
        "methods": st.Page(methods, title=say("methods.title"), icon=":material/balance:", url_path="methods"),
        "committee": st.Page(committee, title=say("committee.title"), icon=":material/groups:", url_path="committee"),
        "process": st.Page(process, title=say("process.title"), icon=":material/route:", url_path="process"),
        "business": st.Page(business, title=say("business.title"), icon=":material/payments:", url_path="business"),
        "data": st.Page(data, title=say("data.title"), icon=":material/database:", url_path="data"),
    }
    pages |= {"people": st.Page(people, title=say("door.people"), icon=":material/group:", url_path="people")}
    pages = {name: page for name, page in pages.items() if role.may(NEEDS.get(name, Role.ADMIN))}
    st.session_state[DOORS] = pages
    # all doors are shown: what is folded away is not found, and its "view more" is in English only
    chosen = st.navigation(list(pages.values()), expanded=True)
    with st.sidebar:
        _choosers()
    keep()
    page = next(name for name, one in pages.items() if one is chosen)
    if uncovered(page, say):
        chosen.run()


def _choosers() -> None:
    """Draw the choice of assessment and weighting, each with its default first."""
    say = words(language())
    found = [one.name for one in runs_in(RUNS)]
    if found:
        begin(PLACE, found, found[0])
        st.selectbox(say("page.assessment"), found, key=PLACE)
    titles = titles_of(weightings(), say.language)
    begin(WEIGHTING, list(titles), DEFAULT_WEIGHTING)
    st.selectbox(
        say("report.weighting"),
        list(titles),
        format_func=titles.__getitem__,
        key=WEIGHTING,
        help=say("page.weighting_help"),
    )
