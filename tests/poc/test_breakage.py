"""Breakage: ordeals are filed in a system's run and found again, the newest of each fault; wrong words are told."""

from dataclasses import replace

import pytest

from poc.breakage import NoOrdealError, broken, filed, ordeals
from poc.settings import SettingsError
from scenarios.evidence import Outcome
from scenarios.folders import AssessmentFolder
from scenarios.store import Store
from synthetic_data.generator import generate
from tests.loadtests.ordeals import ordeal, with_wish


@pytest.fixture(scope="module")
def bank():
    return generate(customers=100, seed=1).bank


def test_ordeals_are_filed_judged_together_and_the_newer_takes_the_place_of_the_older(bank, tmp_path):
    runs = AssessmentFolder(tmp_path, "a")
    first = filed([with_wish(ordeal(), found=0)], bank, runs, "reference")
    again = filed([replace(ordeal(), began=101.0), ordeal("kill-worker")], bank, runs, "reference")
    assert first[0].outcome is Outcome.FAILED
    assert again[0].outcome is Outcome.UNSCORED
    assert [one.fault.name for one in ordeals(tmp_path)] == ["kill-database", "kill-worker"]
    with Store.open(runs.of("reference")) as store:
        standing = [piece for _, piece in store.standing() if piece.criterion == "PER-06"]
    assert [piece.outcome for piece in standing] == [Outcome.UNSCORED] * 7


def test_a_place_without_ordeals_names_the_command_that_makes_one(tmp_path):
    with pytest.raises(NoOrdealError, match="touchstone load fault run"):
        ordeals(tmp_path)


def test_an_unknown_system_lists_the_known_ones(bank):
    with pytest.raises(SettingsError, match="'sphinx' is not built into the lab: use reference"):
        broken("sphinx", bank, ())
