"""Growing a bank."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic_data.bank import ALL_KINDS
from synthetic_data.generator import Generated, GenerationError, generate
from synthetic_data.profile import ProfileError, load_profile
from synthetic_data.records import (
    Account,
    CampaignMember,
    Consent,
    Customer,
    Holding,
    Interaction,
    KycFile,
    Membership,
    Opportunity,
    Ticket,
)

HANGING = (Membership, Account, Holding, Interaction, Ticket, Opportunity, CampaignMember, Consent, KycFile)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**40), st.integers(1, 60))
def test_a_larger_bank_keeps_its_first_customers(seed: int, few: int) -> None:
    small, large = generate(seed=seed, customers=few).bank, generate(seed=seed, customers=10 * few).bank
    assert large.customers[:few] == small.customers
    for customer in small.customers:
        for kind in HANGING:
            assert large.belonging_to(kind, customer.number) == small.belonging_to(kind, customer.number)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**40), st.integers(1, 250))
def test_the_head_of_a_large_bank_is_the_small_bank(seed: int, few: int) -> None:
    small, large = generate(seed=seed, customers=few), generate(seed=seed, customers=300)
    assert large.bank.head(few).digest == small.bank.digest
    about_them = large.truth.among(c.number for c in small.bank.customers)
    assert about_them.duplicates == small.truth.duplicates
    assert about_them.household_aum == small.truth.household_aum


def test_a_bank_of_some_cells_is_the_beginning_of_one_of_more() -> None:
    small, large = generate(seed=9, customers=1500), generate(seed=9, customers=2100)
    assert large.bank.head(1500).digest == small.bank.digest
    assert large.truth.traps[: len(small.truth.traps)] == small.truth.traps


def test_the_same_seed_gives_the_same_bank_and_another_seed_another(generated: Generated) -> None:
    assert generate(seed=7, customers=1000) == generated
    assert generate(seed=8, customers=50).bank.digest != generate(seed=7, customers=50).bank.digest


def test_another_process_grows_the_same_bank() -> None:
    told = "from synthetic_data.generator import generate; print(generate(seed=7, customers=120).bank.digest)"
    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == generate(seed=7, customers=120).bank.digest


def test_all_kinds_are_there_from_a_hundred_customers_on() -> None:
    bank = generate(seed=1, customers=100).bank
    assert all(bank.of(kind) for kind in ALL_KINDS)


def test_one_customer_is_a_bank() -> None:
    assert len(generate(seed=1, customers=1).bank.customers) == 1


def test_eight_in_a_hundred_are_planted_as_second_files(generated: Generated) -> None:
    assert len(generated.truth.duplicates) == 80
    assert {pair.kind for pair in generated.truth.duplicates} == {
        "typo",
        "script",
        "mobile",
        "old_id",
        "order",
        "moved",
        "renamed",
        "latin",
    }


def test_a_profile_may_be_handed_over_as_it_is() -> None:
    profile = load_profile("cn-digital-bank")
    assert generate(seed=2, customers=20, profile=profile) == generate(seed=2, customers=20)


def test_progress_is_told_up_to_the_last_customer() -> None:
    told: list[tuple[str, int, int]] = []
    generate(seed=1, customers=2300, progress=lambda *step: told.append(step))
    assert told == [("bank", 1000, 2300), ("bank", 2000, 2300), ("bank", 2300, 2300)]


@pytest.mark.parametrize("customers", [0, -5, 10**8])
def test_an_impossible_size_is_refused(customers: int) -> None:
    with pytest.raises(GenerationError, match=f"customers: {customers} is outside"):
        generate(seed=1, customers=customers)


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(ProfileError, match="choose one of"):
        generate(seed=1, customers=1, profile="nowhere")


def test_the_first_customer_of_seed_7_is_who_it_always_was(generated: Generated) -> None:
    first = generated.bank.by_number(Customer, "C00000001")
    assert (first.name, first.national_id, first.mobile) == ("龚强", "105180196101025235", "15450191277")
