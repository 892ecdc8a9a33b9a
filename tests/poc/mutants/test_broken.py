"""Defects that show when something breaks: each has its place, its fault, and together they break every invariant."""

import pytest

from loadtests.fault import fault
from loadtests.invariants import INVARIANTS
from poc.mutants.broken import MUTANTS, SHOWS
from poc.mutants.catalogue import mutants
from poc.mutants.mutant import located


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_what_a_defect_weakens_is_there_and_a_fault_shows_it(mutant):
    located(mutant.place)
    assert fault(SHOWS[mutant.name])


def test_every_invariant_has_a_defect_that_breaks_it():
    assert {check for one in MUTANTS for check in one.killed_by} == set(INVARIANTS)
    assert {one.name for one in MUTANTS} == set(SHOWS)
    assert {one.name for one in MUTANTS}.isdisjoint(one.name for one in mutants())
