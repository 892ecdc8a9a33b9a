"""Payments that come out to the cent on every account."""

import numpy as np
import pytest

from synthetic_data.columns import NEVER, PRODUCTS
from synthetic_data.domains.money.payments import payments
from synthetic_data.domains.money.scene import scene
from synthetic_data.ground import lay_ground
from synthetic_data.ledger import MOVES
from synthetic_data.profile import load_profile
from tests.synthetic_data.domains.money.cells import PROFILES, crowd, ground_of, payments_of, scene_of, turned

SECONDS = 86_400


def starts(account: np.ndarray) -> np.ndarray:
    return np.append(True, account[1:] != account[:-1])


@pytest.mark.parametrize("profile", PROFILES)
def test_every_account_ends_to_the_cent_at_its_balance_on_file(profile: str) -> None:
    here, made = scene_of(profile), payments_of(profile).settled
    account, balance = made.postings.account, made.balance
    first, last = starts(account), np.append(starts(account)[1:], True)
    assert np.array_equal(balance[~first], (np.append(0, balance[:-1]) + made.postings.cents)[~first])
    on_file = np.where(here.accounts.closed == NEVER, here.accounts.balance, 0)
    assert np.array_equal(balance[last], on_file[account[last]])


@pytest.mark.parametrize("profile", PROFILES)
def test_an_account_opened_in_the_window_begins_with_nothing_and_any_with_money_on_it_has_moved(profile: str) -> None:
    here, made = scene_of(profile), payments_of(profile).settled
    account = made.postings.account
    first = starts(account)
    new = here.accounts.opened >= here.calendar.begins
    before = (made.balance - made.postings.cents)[first]
    assert not before[new[account[first]]].any()
    assert set(np.flatnonzero(new & (here.accounts.balance != 0))) <= set(account.tolist())


@pytest.mark.parametrize("profile", PROFILES)
def test_only_loans_are_below_zero_and_they_never_above(profile: str) -> None:
    here, made = scene_of(profile), payments_of(profile).settled
    loan = here.accounts.product[made.postings.account] == PRODUCTS.index("loan")
    assert made.balance[~loan].min() >= 0
    assert made.balance[loan].max() <= 0


@pytest.mark.parametrize("profile", PROFILES)
def test_nothing_moves_before_opening_after_closing_or_outside_the_window(profile: str) -> None:
    here, rows = scene_of(profile), payments_of(profile).settled.postings
    for day in (rows.at // SECONDS, here.calendar.local_days(rows.at)):
        assert (day >= here.accounts.opened[rows.account]).all()
        assert (day <= here.accounts.closed[rows.account]).all()
    local = here.calendar.local_days(rows.at)
    assert local.min() >= here.calendar.begins
    assert local.max() <= here.calendar.ends


def test_movements_of_an_account_stand_in_the_order_of_time_and_none_is_of_nothing() -> None:
    rows = payments_of().settled.postings
    later = rows.at[1:] >= rows.at[:-1]
    assert later[~starts(rows.account)[1:]].all()
    assert rows.cents.all()


def test_both_sides_of_a_transfer_inside_the_cell_are_booked() -> None:
    here, rows = scene_of(), payments_of().settled.postings
    inside = (rows.party >= 0) & (rows.party < len(here.accounts))
    sides = inside & np.isin(rows.kind, [MOVES.index("transfer_in"), MOVES.index("transfer_out")])
    total = np.zeros((len(here.accounts), len(here.accounts)), dtype=np.int64)
    np.add.at(total, (rows.account[sides], rows.party[sides]), rows.cents[sides])
    assert np.array_equal(total, -total.T)
    assert sides.sum() > 1000


def test_a_loan_granted_in_the_window_was_paid_out_and_is_paid_back() -> None:
    here, rows = scene_of(), payments_of().settled.postings
    loan = here.accounts.product[rows.account] == PRODUCTS.index("loan")
    granted = loan & (rows.kind == MOVES.index("disbursement"))
    assert granted.sum() > 20
    assert (rows.cents[granted] < 0).all()
    assert (rows.cents[loan & (rows.kind == MOVES.index("instalment"))] > 0).all()


def test_customers_have_about_a_hundred_movements_and_some_have_many_more() -> None:
    here, rows = scene_of(), payments_of().settled.postings
    each = np.bincount(here.accounts.owner[rows.account], minlength=1000)
    assert 80 < each.mean() < 130
    assert np.quantile(each, 0.99) > 3 * each.mean()
    minors = here.people.minor
    assert each[minors].mean() < each[~minors].mean() / 3


@pytest.mark.parametrize("months", [1, 7, 60])
def test_the_window_may_have_any_length(months: int) -> None:
    profile = load_profile("cn-digital-bank")
    count = profile.money.months.model_copy(update={"value": months})
    profile = profile.model_copy(update={"money": profile.money.model_copy(update={"months": count})})
    ground = lay_ground(7, profile)
    here = scene(ground, *crowd(ground))
    made = payments(here).settled
    last = np.append(starts(made.postings.account)[1:], True)
    on_file = np.where(here.accounts.closed == NEVER, here.accounts.balance, 0)
    assert np.array_equal(made.balance[last], on_file[made.postings.account[last]])
    assert here.calendar.local_days(made.postings.at).min() >= here.calendar.begins


def test_a_bank_where_nobody_does_anything_still_comes_out() -> None:
    profile = turned(
        load_profile("cn-digital-bank"), "flows", payroll=0, purchases=0, transfers=0, cash=0, bills=0, renters=0
    )
    ground = lay_ground(7, profile)
    here = scene(ground, *crowd(ground))
    made = payments(here).settled
    last = np.append(starts(made.postings.account)[1:], True)
    on_file = np.where(here.accounts.closed == NEVER, here.accounts.balance, 0)
    assert np.array_equal(made.balance[last], on_file[made.postings.account[last]])
    assert ground_of().seed == ground.seed
