"""Registrations of companies check, and are nobody's."""

import pytest

from synthetic_data import identities
from synthetic_data.registrations import is_lei, lei, registration_of


@pytest.mark.parametrize("known", ["5493001KJTIIGC8Y1R12", "529900T8BM49AURSDO55"])
def test_published_identifiers_are_well_formed(known: str) -> None:
    """The first is the example of the GLEIF's own leaflets (Bloomberg), the second is Ubisecure's."""
    assert is_lei(known)
    assert not is_lei(known[:-1] + str((int(known[-1]) + 1) % 10))


def test_an_identifier_of_ours_checks_and_names_no_office() -> None:
    made = lei("12345678")
    assert is_lei(made)
    assert made.startswith("000000")


def test_each_scheme_makes_its_own_identifier() -> None:
    assert identities.is_registration_id(registration_of("uscc", "00000042"))
    assert is_lei(registration_of("lei", "00000042"))
