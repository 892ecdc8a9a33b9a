"""Roll-up: joint accounts count once, members count for their time, currencies stay apart."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from poc.reference_crm.domain.roll_up import Belonging, Held, members_at, owned, totals

DAY = date(2026, 6, 30)
ANN = Belonging(customer="C1", since=date(2020, 1, 1), until=date(2026, 1, 1))
BEN = Belonging(customer="C2", since=date(2021, 1, 1))


def held(
    number: str, *holders: str, balance: str = "100", currency: str = "CNY", product: str = "savings", **dates: date
) -> Held:
    opened, closed = dates.get("opened", date(2022, 1, 1)), dates.get("closed")
    money = {"product": product, "balance": Decimal(balance), "currency": currency}
    return Held(number=number, holders=frozenset(holders), opened=opened, closed=closed, **money)  # type: ignore[arg-type]


def test_a_joint_account_counts_once() -> None:
    accounts = [held("A1", "C1", "C2"), held("A1", "C1", "C2"), held("A2", "C2", balance="5")]
    assert totals(owned(accounts, frozenset({"C1", "C2"}), DAY).values()) == {"CNY": Decimal(105)}


def test_who_left_on_a_day_is_out_on_that_day() -> None:
    assert members_at([ANN, BEN], date(2025, 12, 31)) == {"C1", "C2"}
    assert members_at([ANN, BEN], date(2026, 1, 1)) == {"C2"}


def test_a_person_who_comes_back_is_a_member_again() -> None:
    back = Belonging(customer="C1", since=date(2026, 3, 1))
    assert members_at([ANN, back], date(2026, 2, 1)) == frozenset()
    assert members_at([ANN, back], date(2026, 3, 1)) == {"C1"}


def test_an_account_counts_from_opening_until_closing() -> None:
    account = held("A1", "C1", opened=date(2026, 1, 1), closed=date(2026, 6, 30))
    assert owned([account], frozenset({"C1"}), date(2025, 12, 31)) == {}
    assert list(owned([account], frozenset({"C1"}), date(2026, 6, 29))) == ["A1"]
    assert owned([account], frozenset({"C1"}), DAY) == {}


def test_what_is_owed_is_no_money_under_management() -> None:
    loan = held("A2", "C1", product="loan", balance="-900")
    assert totals(owned([held("A1", "C1"), loan], frozenset({"C1"}), DAY).values()) == {"CNY": Decimal(100)}


def test_currencies_are_never_added_together() -> None:
    accounts = [held("A1", "C1"), held("A2", "C1", currency="EUR", balance="7"), held("A3", "C1", balance="-30")]
    assert totals(accounts) == {"CNY": Decimal(70), "EUR": Decimal(7)}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABCDEF"), st.sets(st.sampled_from(["C1", "C2", "C3"]), min_size=1))))
def test_the_sum_never_depends_on_how_often_an_account_was_met(met: list[tuple[str, set[str]]]) -> None:
    accounts = [held(number, *holders) for number, holders in dict(met).items()]
    everybody = frozenset({"C1", "C2", "C3"})
    assert totals(owned(accounts * 3, everybody, DAY).values()) == totals(accounts)
