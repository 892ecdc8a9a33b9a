"""Committee: all that people who decide together do: founding, seats, weights, evidence, blind rounds, motions."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import streamlit as st

from poc.admission import Role
from poc.committee.ledger import Ledger
from poc.committee.steps import next_step
from poc.pages.door import may
from poc.pages.frame import link, plain, say
from poc.pages.signing import chosen, name, signature
from poc.pages.sitting.evidence import evidence
from poc.pages.sitting.founding import founding
from poc.pages.sitting.members import members
from poc.pages.sitting.motions import motions
from poc.pages.sitting.promises import promises
from poc.pages.sitting.questions import questions
from poc.pages.sitting.replies import replies
from poc.pages.sitting.rounds import rounds
from poc.pages.sitting.weights import weights
from poc.words import Words
from scorecards.committee.selection import Selection

#: The tabs in the order in which a selection goes through them.
TABS: Mapping[str, Callable[[Ledger, Selection, Words], None]] = MappingProxyType(
    {
        "members": members, "questions": questions, "weights": weights, "evidence": evidence, "rounds": rounds,
        "motions": motions, "promises": promises, "replies": replies,
    }
)  # fmt: skip


def committee() -> None:
    """Draw the page of the selection that is chosen."""
    words = say()
    st.title(words("committee.title"))
    st.caption(words("committee.about"))
    found = chosen(words)
    signature(words)
    if may(Role.ASSESSOR):
        founding(words, first=found is None)
    if found is None:
        return
    book, state = found
    _next(state, words)
    for tab, drawn in zip(st.tabs([words(f"committee.tab_{one}") for one in TABS]), TABS.values(), strict=True):
        with tab:
            drawn(book, state, words)
    st.caption(words("committee.log", count=state.events, head=state.head))


def _next(state: Selection, words: Words) -> None:
    if not name():
        st.info(words("committee.next_sign"), icon=":material/key:")
        return
    step = next_step(state, name())
    told = words(f"committee.next_{step.key}", names=", ".join(step.names))
    where = words("committee.next_in", tab=words(f"committee.tab_{step.tab}"))
    st.info(plain(f"{told} {where}"), icon=":material/arrow_forward:")
    if step.key == "decide":
        link("decision", words("committee.to_decision"))
