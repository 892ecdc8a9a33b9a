"""Faults in earnest: each planted defect breaks its invariant under its fault, and the unspoilt CRM keeps all seven.

Not collected with the other tests: about ten minutes of a quiet machine. ``make test-faults`` runs it.
"""

import pytest

from loadtests.fault import fault, shipped
from loadtests.invariants import judged
from poc.breakage import broken
from poc.mutants.broken import MUTANTS, SHOWS
from synthetic_data.generator import generate

#: Seconds that a spoilt CRM is waited for.
PATIENCE = 30.0


@pytest.fixture(scope="module")
def bank():
    return generate(customers=300, seed=1).bank


def test_the_unspoilt_crm_keeps_every_invariant_under_every_fault(bank):
    done, hindered = broken("reference", bank, shipped())
    found = {one.fault.name: [name for name, held in judged(one).items() if held.holds is not True] for one in done}
    assert {name: names for name, names in found.items() if names} == {}
    assert len(done) + len(hindered) == len(shipped())


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_a_defect_breaks_the_invariant_that_is_there_for_it(bank, mutant):
    done, hindered = broken("reference", bank, (fault(SHOWS[mutant.name]),), mutants=(mutant.name,), patience=PATIENCE)
    assert not hindered
    assert {name for name, held in judged(done[0]).items() if held.holds is False} >= set(mutant.killed_by)
