"""Mutant: a defect is planted wherever the weakened part is used, and never in silence nowhere."""

import subprocess
import sys

import pytest

from poc.mutants.mutant import Mutant, always, located, retold, swap

#: Planting spoils a process for good, so it is tried in one of its own.
PLANTED = """
from poc.mutants.mutant import swap
from poc.reference_crm.operations import keyed, records
from poc.reference_crm.routes import http

swap({place!r}, lambda original: lambda *given: "spoilt")
print([module.refuse([]) == "spoilt" for module in (records, keyed, http)])
"""


def planted(place: str) -> str:
    command = [sys.executable, "-W", "error::SyntaxWarning", "-c", PLANTED.format(place=place)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_function_is_spoilt_where_it_is_defined_and_wherever_it_was_taken_over() -> None:
    assert planted("operations.records:refuse") == "[True, True, True]"


def test_a_function_that_was_taken_over_can_be_spoilt_in_one_place_alone() -> None:
    assert planted("operations.keyed:refuse") == "[False, True, False]"


@pytest.mark.parametrize("place", ["masking:nothing", "masking:Gate.nothing", "masking:Nobody.shown", "nowhere:x"])
def test_a_defect_whose_place_is_gone_is_no_silent_survivor(place: str) -> None:
    gone = Mutant(name="gone", defect="It is gone.", killed_by=(), place=place, make=always(None))
    with pytest.raises((AttributeError, ImportError)):
        gone.plant()
    with pytest.raises((AttributeError, ImportError)):
        swap(place, always(None))


def test_a_place_may_lie_inside_a_class() -> None:
    holder, name = located("masking:Gate.shown")
    assert (holder.__name__, name) == ("Gate", "shown")


def test_a_text_is_told_anew_only_where_it_still_says_what_is_to_be_replaced() -> None:
    assert retold("job = $1", "job = $2")("WHERE job = $1") == "WHERE job = $2"
    with pytest.raises(ValueError, match="nothing to replace"):
        retold("job = $1", "")("WHERE id = $1")
