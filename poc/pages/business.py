"""Business: whether a CRM pays this bank, at face value and as far as its claims are to be believed."""

import hashlib

import streamlit as st

from poc.business import Worked, worked
from poc.business_plots import cash, claims, distribution, losses, tornado
from poc.case_parts import exchange, ledger, offers, results, stress
from poc.deciding import AT_ONCE, decided
from poc.decision_view import Spoken
from poc.offer_plots import against, cost_by_line, cost_by_year
from poc.pages.frame import glance, plain, say
from poc.pages.holding import held
from poc.pages.overview import drawn
from poc.pages.register import registered
from poc.pages.tables import fixed, table
from poc.pages.typing_in import money_typed
from poc.part import Part
from poc.words import Words
from scorecards.business.case import Case
from scorecards.business.reading import HERE, CaseError, case_from
from scorecards.business.writing import typed
from scorecards.documents import DocumentError
from scorecards.methods.tables import TableError

#: A case has a few hundred lines.
UPLOAD_MB = 1
#: Under which a session keeps a bank's own case, for the record of the decision.
OWN = "business_case"
#: Cells up to this many characters are figures and stay on one line.
FIGURE = 18


def business() -> None:
    """Draw the page for the example, or for the case that the reader uploads."""
    words = say()
    st.title(words("business.title"))
    st.caption(words("business.about"))
    given = st.file_uploader(
        words("business.upload"), type="toml", key="business_file", help=words("business.upload_help"),
        max_upload_size=UPLOAD_MB,
    )  # fmt: skip
    example = HERE.joinpath("example-bank.toml").read_bytes()
    st.download_button(
        words("business.take_example"), example, "example-bank.toml", "application/toml", on_click="ignore",
        icon=":material/download:",
    )  # fmt: skip
    content, name = (example, "example-bank.toml") if given is None else (given.getvalue(), given.name)
    st.session_state.pop(OWN, None)
    try:
        _for(content, name, words)
    except (CaseError, TableError, DocumentError) as fault:
        st.error(plain(" ".join(str(fault).split())))


def own_case() -> Worked | None:
    """Return the case that this reader uploaded, worked out, for the record of a decision; None without one."""
    case: Case | None = st.session_state.get(OWN)
    return None if case is None else _worked(repr(case), case)


def _for(content: bytes, name: str, words: Words) -> None:
    """Draw all of a case; what is typed in becomes part of its document, which is then read like any other."""
    case, mark = case_from(content, name), hashlib.sha256(content).hexdigest()[:12]
    if case.example:
        st.warning(words("business.example"), icon=":material/science:")
    st.subheader(plain(case.named(words.language)))
    shown_in, rates = money_typed(case, mark, words)
    live, readings = st.session_state.get(f"register_{mark}", (case.live_since, case.readings))
    whole = typed(content, shown_in=shown_in, exchange=rates, live_since=live, readings=readings)
    case = case_from(whole, name)
    done = _worked(repr(case), case)
    if not case.example:
        st.session_state[OWN] = case
    _shown(done, words)
    kept = registered(done, mark, words)
    whole = typed(content, shown_in=shown_in, exchange=rates, live_since=kept[0], readings=kept[1])
    st.download_button(
        words("business.take_case"), whole, name, "application/toml", on_click="ignore", key="business_take",
        help=words("business.take_case_help"), icon=":material/download:",
    )  # fmt: skip
    st.caption(words("business.disclaimer"))


@st.cache_resource(max_entries=8, show_spinner=False)
def _worked(known: str, _case: Case) -> Worked:
    """Return a case worked out; ``known`` tells cases apart."""
    return worked(_case)


def _shown(done: Worked, words: Words) -> None:
    st.caption(words("business.frame", years=done.case.years, rate=f"{done.case.rate:.1%}", draws=f"{done.draws:,}",
                     seed=done.seed))  # fmt: skip
    drawn(distribution(done, words), "business_npv")
    _part(results(done, words), titled=False)
    drawn(claims(done, words), "business_claims")
    st.subheader(words("business.cash"))
    drawn(cash(done, words), "business_cash")
    st.subheader(words("business.moves"))
    drawn(tornado(done, words), "business_tornado")
    st.subheader(words("business.claims"))
    st.caption(words("business.claims_text"))
    _part(stress(done, words), titled=False)
    _part(ledger(done, words))
    _costs(done, words)
    _risks(done, words)
    if done.case.exchange:
        _part(exchange(done, words))


def _part(part: Part, *, titled: bool = True) -> None:
    """Draw a table as it stands in the record's files."""
    if titled:
        st.subheader(part.title)
    rows = [[row[0], *(fixed(cell) if len(cell) <= FIGURE else cell for cell in row[1:])] for row in part.rows]
    st.html(table(part.head, rows))
    for text in part.text:
        st.caption(plain(text))


def _costs(done: Worked, words: Words) -> None:
    st.subheader(words("business.cost"))
    drawn(cost_by_line(done, words), "business_lines")
    drawn(cost_by_year(done, words), "business_years")
    if not done.offers:
        st.caption(words("business.offers_none"))
        return
    _part(offers(done, words))
    st.subheader(words("business.front"))
    seen = glance()
    if seen is None or held(one.name for one in seen.assessment.subjects) is not None:
        plot = None
    else:
        plot = against(done, Spoken(view=seen, decision=decided(seen.assessment, draws=AT_ONCE)))
    if plot is None:
        names = words("decision.comma").join(one.quoted.offer.name for one in done.offers)
        st.markdown(plain(words("business.front_none", names=names)))
    else:
        drawn(plot, "business_front")


def _risks(done: Worked, words: Words) -> None:
    if not done.case.risks:
        return
    st.subheader(words("business.risks"))
    st.caption(words("business.risks_text"))
    for one in done.case.risks:
        drawn(losses(done, one, words), f"business_risk_{one.name}")
