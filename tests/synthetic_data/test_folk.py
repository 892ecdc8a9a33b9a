"""The customers of a cell as arrays."""

import numpy as np

from synthetic_data import days, spellings
from synthetic_data.accounts import accounts, is_open
from synthetic_data.columns import CELL, NEVER, PRODUCTS, STATES
from synthetic_data.folk import folk
from synthetic_data.ground import lay_ground
from synthetic_data.homes import homes
from synthetic_data.profile import load_profile

GROUND = lay_ground(7, load_profile("cn-digital-bank"))
FOLK = folk(GROUND, 5)
PEOPLE = FOLK.people
TODAY = days.of_date(GROUND.as_of)


def test_places_in_the_bank_follow_from_the_cell() -> None:
    assert len(PEOPLE) == CELL
    assert PEOPLE.index.tolist() == list(range(5000, 6000))


def test_nobody_joins_before_birth_or_leaves_before_joining() -> None:
    assert (PEOPLE.birth < PEOPLE.since).all()
    assert (PEOPLE.since <= TODAY).all()
    left = PEOPLE.closed != NEVER
    assert (PEOPLE.since[left] < PEOPLE.closed[left]).all()
    assert (left == (PEOPLE.state == STATES.index("closed"))).all()


def test_minors_earn_nothing_and_have_somebody_before_them() -> None:
    assert PEOPLE.minor.sum() > 20
    assert (PEOPLE.income[PEOPLE.minor] == 0).all()
    assert (PEOPLE.income[~PEOPLE.minor] > 0).all()
    assert (FOLK.seats.first[PEOPLE.minor] >= 0).all()


def test_a_second_file_tells_of_the_same_person() -> None:
    second = np.flatnonzero(PEOPLE.copies >= 0)
    first = PEOPLE.copies[second]
    for column in (PEOPLE.birth, PEOPLE.male, PEOPLE.english, PEOPLE.tier, PEOPLE.income, PEOPLE.branch):
        assert (column[second] == column[first]).all()
    assert (PEOPLE.since[second] >= PEOPLE.since[first]).all()


def test_everybody_has_a_banker_of_the_own_branch() -> None:
    at = [GROUND.staff[place] for place in PEOPLE.manager]
    assert all(one.role == "rm" for one in at)
    assert [one.branch for one in at] == [GROUND.branches[place].number for place in PEOPLE.branch]


def test_spouses_are_of_an_age_and_sons_are_called_after_their_fathers() -> None:
    spouse = np.flatnonzero(FOLK.seats.plays("spouse"))
    head = FOLK.seats.first[spouse]
    assert (PEOPLE.male[spouse] != PEOPLE.male[head]).all()
    assert (np.abs(PEOPLE.birth[spouse] - PEOPLE.birth[head]) <= 900).mean() > 0.9
    son = np.flatnonzero(FOLK.seats.plays("son"))
    names = spellings.written(FOLK.names).to_pylist()
    assert [names[s] for s in son] == [names[f] for f in FOLK.seats.first[son]]
    assert (PEOPLE.birth[son] > PEOPLE.birth[FOLK.seats.first[son]]).all()


def test_families_live_together() -> None:
    found = homes(GROUND, FOLK, np.zeros(CELL, dtype=np.bool_))
    at = np.flatnonzero(FOLK.seats.plays("spouse", "child", "twin", "son") & (FOLK.seats.first >= 0))
    assert (found.of[at] == found.of[FOLK.seats.first[at]]).all()
    apart = np.flatnonzero(FOLK.seats.plays("ex_spouse", "heir", "namesake"))
    assert (found.of[apart] == apart).all()


def test_accounts_stand_in_the_order_of_their_owners() -> None:
    held = accounts(GROUND, PEOPLE)
    assert (np.diff(held.owner) >= 0).all()
    current = held.owner[held.product == PRODUCTS.index("current")]
    assert current.tolist() == list(range(CELL))
    assert (held.balance[held.product == PRODUCTS.index("loan")] <= 0).all()
    assert (held.balance[~is_open(held)] == 0).all()
    assert (held.opened >= PEOPLE.since[held.owner]).all()
