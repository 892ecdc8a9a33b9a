"""Precedents: a mutant of security names its class of weakness, and public cases that were looked up."""

import re
from pathlib import Path

from poc.mutants import scanned
from poc.mutants.catalogue import mutants
from scenarios.library import catalogue

FORM = re.compile(r"CWE-[1-9]\d{1,3}( \([^()]+\))?")
CASE = re.compile(r"CVE-\d{4}-\d{4,7}|[\w.-]+/[\w.-]+#\d+")
#: Groups of weaknesses within CWE and its most general ones; they name no weakness that a defect could be mapped to.
NO_WEAKNESS = {16, 19, 254, 255, 264, 310, 320, 361, 371, 387, 388, 399, 438, 452, 465, 557, 569, 632, 664, 703, 840}
#: Criteria of what law gives people; to refuse it is a wrong, and no weakness.
LAW = {"SEC-11"}
ALL = (*mutants(), *scanned.MUTANTS)
LISTED = Path(__file__).parents[3] / "docs" / "precedents.md"


def test_every_mutant_of_security_names_its_class_in_one_form() -> None:
    stories = [one for one in catalogue() if one.criterion.startswith("SEC-") and one.criterion not in LAW]
    secure = {check.name for story in stories for check in story.checks}
    unnamed = [one.name for one in ALL if secure.intersection(one.killed_by) and not one.precedent]
    assert unnamed == []
    assert [one.name for one in ALL if one.precedent and not FORM.fullmatch(one.precedent)] == []


def test_no_mutant_names_a_group_of_weaknesses_for_one() -> None:
    named = {one.name: int(one.precedent[4:].split()[0]) for one in ALL if one.precedent}
    assert {name for name, number in named.items() if number in NO_WEAKNESS} == set()


def test_what_looks_like_a_public_case_is_on_the_list_of_those_that_were_looked_up() -> None:
    told = {case for one in ALL for case in CASE.findall(one.precedent)}
    listed = set(re.findall(r"^\| (\S+) \|", LISTED.read_text("utf-8"), re.MULTILINE)) - {"Case"}
    assert told - listed == set()
