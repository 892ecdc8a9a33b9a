"""Data: grow a bank, see what is in it and how real it is, and follow one customer through time."""

import streamlit as st
from markupsafe import Markup

from poc import nursery
from poc.admission import Role
from poc.growth import beside
from poc.nursery import Bed, NurseryError, State, Wish
from poc.pages.door import may, permitted
from poc.pages.frame import plain, say
from poc.pages.likeness import likeness
from poc.pages.tables import fixed, table, tag
from poc.pages.telling import telling
from poc.words import Words
from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.reading import BankFolder
from synthetic_data.generator import MOST
from synthetic_data.profile import profile_names

#: Where the chosen bank is kept, in the session and in the address; where a trouble of the last click waits.
BANK, TROUBLE = "bank", "data_trouble"
COLOUR = {State.WHOLE: "passed", State.STOPPED: "failed"}


def data() -> None:
    """Draw the banks of this workbench, the one that is chosen, and the wish for another."""
    told = say()
    st.title(told("data.title"))
    st.write(told("data.lead"))
    if trouble := st.session_state.pop(TROUBLE, ""):
        st.error(plain(trouble))
    found = nursery.beds()
    if found:
        _chosen(told, found)
    else:
        st.info(told("data.empty"))
    with st.expander(told("data.new"), expanded=not found):
        _wish(told)


def _chosen(told: Words, found: tuple[Bed, ...]) -> None:
    """Draw the bank that is chosen: how far it is or what is in it."""
    names = [bed.name for bed in found]
    if st.session_state.get(BANK) not in names:
        asked = st.query_params.get(BANK)
        st.session_state[BANK] = asked if asked in names else names[0]
    name = st.selectbox(told("data.bank"), names, key=BANK)
    st.query_params[BANK] = name
    bed = next(bed for bed in found if bed.name == name)
    if bed.state is State.WHOLE:
        _whole(told, bed)
    else:
        st.fragment(_growing, run_every=1 if bed.state is State.GROWING else None)(bed)


# -- a bank that grows -----------------------------------------------------------------------------------------------
def _growing(bed: Bed) -> None:
    told, now = say(), nursery.bed_of(bed.folder)
    if not may(Role.ASSESSOR) or now is None or now.state is not bed.state:
        st.rerun()
    st.html(tag(COLOUR.get(now.state, "open"), told(f"data.state_{now.state.value}")))
    total = now.wish.customers
    text = told("data.grown", done=f"{now.customers:,}", total=f"{total:,}", rows=f"{now.rows:,}")
    st.progress(min(1.0, now.customers / total), text=text)
    if now.fault:
        st.error(plain(now.fault))
    if now.state is State.GROWING:
        st.button(
            told("data.stop"), on_click=permitted(Role.ASSESSOR, _stop), args=(now,), key="stop_growing",
            icon=":material/stop_circle:", help=told("data.stop_help"),
        )  # fmt: skip
    else:
        st.button(
            told("data.resume"), on_click=permitted(Role.ASSESSOR, _start), args=(now.wish,), type="primary",
            icon=":material/resume:", help=told("data.resume_help"), key="resume_growing",
        )  # fmt: skip


def _stop(bed: Bed) -> None:
    try:
        nursery.stop(bed.folder)
    except (NurseryError, OSError) as fault:
        st.session_state[TROUBLE] = " ".join(str(fault).split())


def _start(wish: Wish) -> None:
    try:
        st.session_state[BANK] = nursery.start(wish).name
    except (NurseryError, OSError) as fault:
        st.session_state[TROUBLE] = " ".join(str(fault).split())


# -- a bank that is whole --------------------------------------------------------------------------------------------
def _whole(told: Words, bed: Bed) -> None:
    try:
        bank = BankFolder.open(bed.folder)
        _contents(told, bank)
        st.header(told("data.story"))
        telling(bank)
        st.header(told("data.audit"))
        likeness(bank)
    except (FolderError, OSError) as fault:
        st.error(f"{told('data.unreadable')} {plain(' '.join(str(fault).split()))}")


def _contents(told: Words, bank: BankFolder) -> None:
    manifest, truth = bank.manifest, beside(bank.path)
    facts = told(
        "data.told",
        customers=f"{manifest.customers:,}",
        rows=f"{sum(manifest.rows.values()):,}",
        tables=len(manifest.rows),
        months=manifest.months,
        as_of=manifest.as_of,
    )
    st.html(Markup("<p>{}</p>").format(facts))
    if manifest.lock:
        keys = ", ".join(key.name for key in truth[1])
        st.caption(plain(told("data.keys", truth=truth[0].name, keys=keys)))
    with st.expander(told("data.tables")):
        rows = [
            (name, fixed(f"{count:,}"), ", ".join(bank.schema(name).names)) for name, count in manifest.rows.items()
        ]
        st.html(table((told("data.table"), told("data.rows"), told("data.columns")), rows))


# -- a new one -------------------------------------------------------------------------------------------------------
def _wish(told: Words) -> None:
    with st.form("wish", border=False):
        one, two, three = st.columns(3)
        one.selectbox(told("data.profile"), profile_names(), key="wish_profile")
        two.number_input(told("data.customers"), 1, MOST, 10_000, step=1000, key="wish_customers")
        three.number_input(told("data.seed"), 0, 2**53 - 1, 1, key="wish_seed", help=told("data.seed_help"))
        asked = permitted(Role.ASSESSOR, _asked)
        st.form_submit_button(told("data.grow"), type="primary", icon=":material/psychiatry:", on_click=asked)


def _asked() -> None:
    asked = st.session_state
    _start(
        Wish(profile=str(asked["wish_profile"]), customers=int(asked["wish_customers"]), seed=int(asked["wish_seed"]))
    )
