"""What a cell grows in tables and in truth."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from synthetic_data.domains.customers import customers
from synthetic_data.domains.money.domain import money
from synthetic_data.folk import folk
from synthetic_data.grown import cut
from synthetic_data.identities import CARD_RANGE, is_card_number
from synthetic_data.ledger import Transaction
from synthetic_data.tables import to_records
from tests.synthetic_data.domains.money.cells import PROFILES, crowd, frame, ground_of, grown_of, seen

TABLES = {"transactions", "deposits", "loans", "merchants", "payers", "cards", "fx_deals", "engagements"}
TRUTH = {"personas", "churn", "propensities", "next_actions", "risk_cases", "risk_events"}


@pytest.mark.parametrize("profile", PROFILES)
def test_a_cell_grows_the_same_again_and_hands_over_whole_tables(profile: str) -> None:
    ground = ground_of(profile)
    again = money(ground, *crowd(ground))
    first = grown_of(profile)
    assert set(first.tables) == TABLES
    assert set(first.truth) == TRUTH
    for name, table in {**first.tables, **first.truth}.items():
        assert table.equals({**again.tables, **again.truth}[name]), name
        assert len(first.owners[name]) == table.num_rows
        table.validate(full=True)


def test_every_row_hangs_on_the_customer_it_names_and_numbers_are_unique() -> None:
    grown = grown_of(cell=1)
    for name, table in {**grown.tables, **grown.truth}.items():
        assert pc.count_distinct(table.column("number")).as_py() == table.num_rows, name
        if name not in {"merchants", "payers"}:
            index = np.array([int(number[1:]) - 1 for number in table.column("customer").to_pylist()])
            assert np.array_equal(index - 1000, grown.owners[name]), name


def test_a_cell_cut_after_some_customers_keeps_theirs_whole() -> None:
    whole = grown_of()
    part = cut(whole, 300)
    kept = part.tables["transactions"]
    assert kept.equals(whole.tables["transactions"].slice(0, kept.num_rows))
    assert {int(n[1:]) for n in pc.unique(kept.column("customer")).to_pylist()} <= set(range(1, 301))
    assert part.tables["merchants"].num_rows == whole.tables["merchants"].num_rows


def test_cells_know_the_same_large_merchants_and_their_own_small_ones() -> None:
    first, second = frame("merchants"), frame("merchants", cell=1)
    assert not set(first["number"]) & set(second["number"])
    paid = frame("transactions", cell=1)
    paid = paid.loc[paid["kind"] == "purchase", "counterparty"]
    known = set(first["number"]) | set(second["number"])
    assert set(paid) <= known
    assert set(paid) & set(first["number"])
    assert set(first["category"]) == set(ground_of().profile.money.categories)


def test_a_purchase_is_of_what_its_merchant_sells() -> None:
    sells = frame("merchants").set_index("number")["category"].astype(str)
    bought = frame("transactions")
    bought = bought[bought["kind"] == "purchase"]
    assert (bought["counterparty"].map(sells) == bought["category"].astype(str)).all()


def test_wages_come_from_the_payer_that_the_truth_names() -> None:
    personas, moved = frame("personas").set_index("customer"), frame("transactions")
    paid = moved[moved["kind"].isin(["salary", "pension"])]
    assert (paid["counterparty"].to_numpy() == personas.loc[paid["customer"], "payer"].to_numpy()).all()
    payers = frame("payers").set_index("number")["payday"]
    assert (personas["payer"].dropna().map(payers) == personas["payday"].dropna()).all()


def test_wages_come_from_the_employer_that_the_file_names() -> None:
    ground = ground_of()
    files = seen(customers(ground, folk(ground, 0), crowd(ground)[1]), "customers").set_index("number")
    names, personas = frame("payers").set_index("number")["name"], frame("personas").set_index("customer")
    paid = personas["payer"].dropna()
    told = files.loc[paid.index]
    mine = (told["language"] == "zh") & (told["employer"] != "") & (paid != names.index[0])
    assert mine.sum() > 100
    assert (told.loc[mine, "employer"] == paid[mine].map(names)).all()


def test_personas_show_in_what_is_paid() -> None:
    personas, moved = frame("personas").set_index("customer"), frame("transactions")
    bought = moved[moved["kind"] == "purchase"].assign(number=1)
    share = bought.pivot_table(index="customer", columns="category", values="number", aggfunc="sum", observed=False)
    share = share.div(share.sum(axis=1), axis=0)
    for trait, category in (("car_owner", "fuel"), ("parent", "education"), ("traveller", "travel")):
        yes = personas[trait].reindex(share.index)
        assert share.loc[yes, category].mean() > 2 * share.loc[~yes, category].mean(), trait
    rents = set(moved.loc[moved["kind"] == "rent", "customer"])
    assert rents <= set(personas.index[personas["rents"] | personas["mortgage_elsewhere"]])


def test_an_exchange_is_as_large_as_its_transaction_and_near_the_rate_of_its_currency() -> None:
    deals, moved = frame("fx_deals"), frame("transactions").set_index("number")
    amount = moved.loc[deals["transaction"], "amount"].to_numpy()
    home = np.where(amount < 0, deals["sold_amount"], deals["bought_amount"])
    other = np.where(amount < 0, deals["bought_amount"], deals["sold_amount"])
    assert np.array_equal(np.abs(amount), home)
    assert np.abs(other * deals["rate"] - home).max() < 0.01 * deals["rate"].max() + 0.01
    currency = np.where(amount < 0, deals["bought"].astype(str), deals["sold"].astype(str))
    told = ground_of().profile.money.products.currencies
    assert all(abs(r / told[c].value - 1) < 0.05 for r, c in zip(deals["rate"], currency, strict=True))


def test_cards_are_well_formed_and_no_issuer_can_hold_them() -> None:
    cards = frame("cards")
    assert cards["card_number"].is_unique
    assert all(is_card_number(n) and n.startswith(CARD_RANGE[:5]) for n in cards["card_number"])
    assert cards.loc[cards["kind"] == "credit", "ceiling"].min() > 0
    assert cards.loc[cards["kind"] == "debit", "ceiling"].isna().all()


def test_deposits_run_on_the_day_the_bank_is_seen() -> None:
    terms = frame("deposits")
    assert (terms["placed"] <= ground_of().as_of).all()
    assert (terms["matures"] > ground_of().as_of).all()
    assert terms["rate"].astype(float).between(0.005, 0.03).all()


def test_loans_are_paid_on_their_day_and_few_are_late() -> None:
    terms = frame("loans")
    assert terms["overdue_days"].gt(0).mean() < 0.06
    assert terms["months"].between(3, 360).all()
    assert (terms["principal"] >= 0).all()


def test_transactions_become_records() -> None:
    head = grown_of().tables["transactions"].slice(0, 50)
    for record in to_records(head, Transaction):
        assert record.at.tzinfo is not None
        assert record.balance == record.balance.quantize(record.amount)


def test_tables_of_two_cells_can_be_put_together() -> None:
    both = pa.concat_tables([grown_of(cell=cell).tables["transactions"] for cell in (0, 1)])
    assert pc.count_distinct(both.column("number")).as_py() == both.num_rows
