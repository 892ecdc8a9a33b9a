"""Lives, papers, leads, lists and the organisation of one cell of folk: consistent with people and with each other."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from synthetic_data import spellings
from synthetic_data.accounts import accounts
from synthetic_data.domains.documents import documents
from synthetic_data.domains.leads import leads
from synthetic_data.domains.lives import lives
from synthetic_data.domains.organisation import organisation
from synthetic_data.domains.watchlist import HITS, watchlist
from synthetic_data.folk import folk
from synthetic_data.grown import Grown, cut
from tests.synthetic_data.columns_lives import ground_of

GROUND = ground_of()
FOLK = folk(GROUND, 0)
HELD = accounts(GROUND, FOLK.people)
TODAY = pd.Timestamp(GROUND.as_of).date()


def grown(name: str) -> Grown:
    of_people = {"documents": documents, "leads": leads, "organisation": organisation}
    if name in of_people:
        return of_people[name](GROUND, FOLK.people, HELD)
    return {"lives": lives, "watchlist": watchlist}[name](GROUND, FOLK, HELD)


@pytest.fixture(scope="module")
def tables() -> Callable[[str], pd.DataFrame]:
    cells = [grown(name) for name in ("documents", "leads", "organisation", "lives", "watchlist")]
    made = {name: table for cell in cells for name, table in (*cell.tables.items(), *cell.truth.items())}
    return lambda name: made[name].to_pandas()


def place(customers: pd.Series) -> np.ndarray:
    return customers.str[1:].astype(int).to_numpy() - 1


def day(column: pd.Series) -> np.ndarray:
    return pd.to_datetime(column).to_numpy().astype("M8[D]").astype(int)


@pytest.mark.parametrize("name", ["documents", "leads", "organisation", "lives", "watchlist"])
def test_a_domain_is_the_same_whenever_it_is_grown_and_owns_every_row(name: str) -> None:
    first, second = grown(name), grown(name)
    for table, rows in (*first.tables.items(), *first.truth.items()):
        assert rows.equals({**second.tables, **second.truth}[table])
        assert len(first.owners[table]) == rows.num_rows
    whole = {**first.tables, **first.truth}
    for table, rows in whole.items():
        if "number" in rows.column_names:
            assert len(set(rows["number"].to_pylist())) == rows.num_rows, table


def test_events_lie_in_the_time_of_their_customer_and_are_known_after_they_happened(tables: Callable) -> None:
    events = tables("life_events")
    at = place(events["customer"])
    assert (day(events["happened"]) >= FOLK.people.since[at]).all()
    assert (events["known"] >= events["happened"]).all()
    assert (events["known"] <= TODAY).all()
    assert set(events["kind"]) >= {"moving", "job_change", "marriage", "birth", "retirement", "death"}


def test_the_dead_alone_have_died(tables: Callable) -> None:
    events = tables("life_events")
    dead = set(place(events.loc[events["kind"] == "death", "customer"]))
    assert dead == set(np.flatnonzero((FOLK.people.state == 3) & (FOLK.people.copies < 0)))


def test_weddings_are_told_by_both_and_name_each_other(tables: Callable) -> None:
    events = tables("life_events")
    pairs = events[(events["kind"] == "marriage") & events["other"].notna()]
    told = set(zip(pairs["customer"], pairs["other"], strict=True))
    assert told
    for who, other, happened in zip(pairs["customer"], pairs["other"], day(pairs["happened"]), strict=True):
        came_later = FOLK.people.since[int(other[1:]) - 1] > happened
        assert (other, who) in told or came_later


def test_a_move_ends_the_home_before(tables: Callable) -> None:
    moves = tables("life_events").query("kind == 'moving'")
    homes = tables("former_addresses")
    assert set(zip(moves["customer"], moves["happened"], strict=True)) == set(
        zip(homes["customer"], homes["until"], strict=True)
    )
    assert (homes["since"] < homes["until"]).all()


def test_jobs_follow_each_other(tables: Callable) -> None:
    jobs = tables("former_employments")
    following = jobs.groupby("customer")["since"].shift(-1)
    assert (following.dropna() == jobs.loc[following.notna(), "until"]).all()


def test_what_the_bank_has_not_heard_is_in_no_table(tables: Callable) -> None:
    unseen, events = tables("unseen_events"), tables("life_events")
    missed = set(zip(unseen["customer"], unseen["kind"].astype(str), unseen["happened"], strict=True))
    heard = set(zip(events["customer"], events["kind"].astype(str), events["happened"], strict=True))
    assert missed
    assert len(missed & heard) == 0


def test_documents_follow_each_other_without_a_gap_and_by_the_law_of_their_age(tables: Callable) -> None:
    papers = tables("identity_documents")
    ours = papers[papers["kind"] == "id_card"]
    issued, birth = day(ours["issued"]), FOLK.people.birth[place(ours["customer"])]
    age = (issued - birth) / 365.25
    years = (pd.to_datetime(ours["expires"]) - pd.to_datetime(ours["issued"])).dt.days / 365.25
    assert ours.loc[age > 46.01, "expires"].isna().all()
    assert years[(age > 26.01) & (age < 45.99)].round().eq(20).all()
    assert years[(age > 16.01) & (age < 25.99)].round().eq(10).all()
    following = papers.groupby("customer")["issued"].shift(-1)
    assert (following.dropna() < papers.loc[following.notna(), "expires"]).all()


def test_some_documents_have_run_out(tables: Callable) -> None:
    last = tables("identity_documents").groupby("customer").tail(1)
    here = FOLK.people.state[place(last["customer"])] == 0
    overdue = (last.loc[here, "expires"].dropna() < TODAY).sum()
    assert 0 < overdue < 0.1 * here.sum()


def test_books_end_with_the_manager_on_file(tables: Callable) -> None:
    books = tables("book_entries")
    last = books.groupby("customer").tail(1)
    managers = [GROUND.staff[n].number for n in FOLK.people.manager]
    assert last["staff"].astype(str).tolist() == managers
    following = books.groupby("customer")["staff"].shift(-1)
    assert not (following.astype(object) == books["staff"].astype(object)).any()
    role = {s.number: s.role for s in GROUND.staff}
    assert {role[number] for number in books["staff"]} == {"rm"}


def test_who_stands_in_is_there_and_of_the_same_role(tables: Callable) -> None:
    absences = tables("absences")
    role = {s.number: (s.branch, s.role) for s in GROUND.staff}
    covered = absences[absences["cover"].notna()]
    assert (covered["staff"].astype(str).map(role) == covered["cover"].astype(str).map(role)).all()
    spans = zip(absences["staff"], absences["starts"], absences["ends"], strict=True)
    away = {(who, d) for who, first, last in spans for d in pd.date_range(first, last)}
    for cover, first, last in zip(covered["cover"], covered["starts"], covered["ends"], strict=True):
        assert not {(cover, d) for d in pd.date_range(first, last)} & away


def test_a_list_does_not_tell_whom_it_means(tables: Callable) -> None:
    entries = tables("watch_entries")
    assert "customer" not in entries.columns
    assert entries["number"].is_monotonic_increasing
    verdicts = tables("watch_verdicts")
    assert set(verdicts["entry"]) < set(entries["number"])
    assert (verdicts["hit"] == verdicts["make"].isin(HITS)).all()
    assert {True, False} == set(verdicts["hit"])


def test_births_on_a_list_agree_with_hits_alone(tables: Callable) -> None:
    both = tables("watch_verdicts").merge(tables("watch_entries"), left_on="entry", right_on="number")
    birth = FOLK.people.birth[place(both["customer"])]
    dated = both["birth_date"].notna().to_numpy()
    same = day(both.loc[dated, "birth_date"]) == birth[dated]
    assert (same == both.loc[dated, "hit"].to_numpy()).all()
    apart = both[~both["hit"]]
    assert (apart["birth_date"].notna() | apart["birth_year"].notna()).all()


def test_the_harder_a_hit_the_less_a_plain_comparison_finds_it(tables: Callable) -> None:
    """Comparing names and births as they are written finds the easy hits, some of the others and no look-alike."""
    names = pd.Series(spellings.written(FOLK.names).to_pylist())
    both = tables("watch_verdicts").merge(tables("watch_entries"), left_on="entry", right_on="number")
    at = place(both["customer"])
    dated = pd.to_datetime(both["birth_date"]).to_numpy().astype("M8[D]").astype(int) == FOLK.people.birth[at]
    found = (both["name"].to_numpy() == names[at].to_numpy()) & dated
    recall = both.assign(found=found)[both["hit"]].groupby("difficulty", observed=True)["found"].mean()
    assert recall["easy"] == 1
    assert recall["hard"] == 0
    assert not found[~both["hit"].to_numpy()].any()


def test_leads_become_business_as_often_as_their_probabilities_say(tables: Callable) -> None:
    both = tables("leads").merge(tables("lead_outcomes"), on="number")
    settled = both[both["closed"].notna()]
    assert set(settled["stage"]) == {"converted", "lost"}
    assert (settled["converts"] == (settled["stage"] == "converted")).all()
    mean = both["probability"].astype(float)
    assert abs(both["converts"].mean() - mean.mean()) < 4 * np.sqrt((mean * (1 - mean)).sum()) / len(both)


def test_a_cut_cell_keeps_no_event_with_somebody_cut_off() -> None:
    part = cut(grown("lives"), 300).tables["life_events"].to_pandas()
    assert part["other"].dropna().max() <= "C00000300"
