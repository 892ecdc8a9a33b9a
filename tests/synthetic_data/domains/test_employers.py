"""Firms for which customers work."""

import numpy as np

from synthetic_data.domains.employers import firm_count, firm_of, firm_shares
from tests.synthetic_data.domains.money.cells import crowd, ground_of


def test_every_customer_has_a_firm_and_large_firms_employ_many() -> None:
    people, _ = crowd(ground_of())
    firms = firm_of(ground_of(), people)
    count = np.bincount(firms, minlength=firm_count(ground_of()))
    assert firms.min() == 1
    assert count[0] == 0
    assert count.max() > 4 * np.median(count[1:])


def test_a_second_file_names_the_same_employer() -> None:
    people, _ = crowd(ground_of())
    firms, copies = firm_of(ground_of(), people), np.flatnonzero(people.copies >= 0)
    assert np.array_equal(firms[copies], firms[people.copies[copies]])


def test_cells_have_firms_of_their_own() -> None:
    assert not np.array_equal(firm_shares(ground_of(), 0), firm_shares(ground_of(), 1))
