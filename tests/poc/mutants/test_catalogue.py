"""Catalogue of mutants: every defect has its place and its checks, and none of them is anywhere but in the lab."""

import subprocess
import sys
from collections import Counter
from importlib import import_module
from pkgutil import walk_packages

import pytest

import poc.reference_crm
from loadtests import harvest
from loadtests.elasticity import NOT_PRESSED
from loadtests.enlargement import enlargement
from loadtests.workload import names, workload
from poc import leak_surface
from poc.mutants import pressed, scanned, serve
from poc.mutants.bundles import BUNDLES
from poc.mutants.catalogue import LONG, WHY_UNBITTEN, mutants
from poc.mutants.mutant import Mutant, located
from poc.reference_crm.serve import arguments
from poc.reference_crm.settings import Settings
from scenarios.library import catalogue
from scenarios.library.security.scanners import SCANNED
from tests.loadtests.pressed import pressed as silent

LOAD = {"reads_are_quick_enough", "writes_are_quick_enough"}


def named(mutant: Mutant) -> str:
    return mutant.name


@pytest.mark.parametrize("mutant", (*mutants(), *scanned.MUTANTS, *pressed.MUTANTS), ids=named)
def test_what_a_mutant_weakens_is_there(mutant: Mutant) -> None:
    located(mutant.place)


def test_no_two_mutants_have_one_name_and_each_says_what_is_wrong() -> None:
    assert [name for name, count in Counter(one.name for one in mutants()).items() if count > 1] == []
    assert all(one.defect.endswith(".") and one.killed_by for one in mutants())
    assert {one.name for one in mutants()} >= LONG


def test_every_check_has_a_mutant_or_a_reason_for_none() -> None:
    asked = {check.name for one in catalogue() for check in one.checks} | {leak_surface.CHECK}
    dying = {check for one in mutants() for check in one.killed_by}
    assert dying - asked == LOAD
    assert asked - dying == set(WHY_UNBITTEN)
    assert harvest.CRITERION == "PER-02"


def test_every_check_of_a_scanner_has_a_mutant_that_is_tried_when_scanners_are_asked() -> None:
    asked = {check.name for one in SCANNED.values() for check in one.checks}
    assert {check for one in scanned.MUTANTS for check in one.killed_by} == asked
    assert {one.name for one in scanned.MUTANTS}.isdisjoint(one.name for one in mutants())


def test_every_check_that_takes_long_load_has_a_mutant_or_is_one_that_no_load_run_decides() -> None:
    judged = {"there_is_room_above_the_peak"} | {one.check for one in enlargement({})}
    for name in ("PER-04", "PER-05", "PER-08"):
        load = next(workload(one) for one in names() if workload(one).proves == name)
        judged |= {one.check for one in harvest.JUDGES[name][1](silent(load, lambda at: (0, 1.0, 0)))}
    open_ones = {*NOT_PRESSED, "soak_corrupts_nothing"}
    assert {check for one in pressed.MUTANTS for check in one.killed_by} == judged - open_ones
    assert {one.name for one in pressed.MUTANTS}.isdisjoint(one.name for one in (*mutants(), *scanned.MUTANTS))


def test_checks_are_called_by_names_of_their_own() -> None:
    names = Counter(check.name for one in catalogue() for check in one.checks)
    assert [name for name, count in names.items() if count > 1] == []


def test_the_reference_crm_knows_nothing_of_its_mutants() -> None:
    rooms = [room.name for room in walk_packages(poc.reference_crm.__path__, "poc.reference_crm.")]
    wanted = [name for name in rooms if ".migrations" not in name]
    script = f"import sys\nfor n in {wanted!r}: __import__(n)\nprint([m for m in sys.modules if 'mutants' in m])"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_no_setting_and_no_argument_of_the_reference_crm_plants_anything(capsys: pytest.CaptureFixture[str]) -> None:
    assert not [name for name in Settings.model_fields if "mutant" in name or "defect" in name]
    with pytest.raises(SystemExit):
        arguments(["--port", "1", "--certificate", "c", "--key", "k", "--mutant", "no_masks"])
    assert "unrecognized arguments: --mutant" in capsys.readouterr().err


def test_bundles_are_made_of_known_mutants() -> None:
    known = {one.name for one in mutants()}
    assert all(set(bundle.mutants) <= known and 6 <= len(bundle.mutants) <= 8 for bundle in BUNDLES.values())


def test_an_unknown_mutant_is_not_served(capsys: pytest.CaptureFixture[str]) -> None:
    assert serve.main(["--mutant", "nobody"]) == 2
    assert "unknown mutant 'nobody'" in capsys.readouterr().err


def test_modules_of_mutants_can_be_named() -> None:
    for room in ("access", "accountability", "customers", "integration", "intelligence", "masks", "performance"):
        assert import_module(f"poc.mutants.{room}").MUTANTS
