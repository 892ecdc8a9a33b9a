"""Matrix: what sets targets apart stands first, and nothing that nobody could see sets anybody apart."""

import pytest

from poc.assessment import Assessment, opened
from poc.matrix import chosen, lines
from scenarios.evidence import Outcome
from tests.poc.pages.sample import write_sample

ALL = ("reference", "leaky", "cloud")


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return opened(write_sample(tmp_path_factory.mktemp("runs")))


def test_differences_stand_first_and_harm_before_them(assessment: Assessment) -> None:
    found = [(line.check, line.differs, line.harms) for line in lines(assessment, ALL)]
    assert found[:2] == [("old_tls_is_refused", True, True), ("every_change_is_kept", True, False)]
    assert {line[1:] for line in found[2:]} == {(False, False)}


def test_targets_that_are_alike_are_not_set_apart(assessment: Assessment) -> None:
    assert not any(line.differs for line in lines(assessment, ("reference", "cloud")))


def test_filters_narrow_by_difference_dimension_outcome_and_text(assessment: Assessment) -> None:
    found, said = lines(assessment, ALL), {"hsts_is_long_enough": "浏览器记住加密"}
    assert {line.check for line in chosen(found, apart=True, sentences=said)} == {
        "old_tls_is_refused", "every_change_is_kept",
    }  # fmt: skip
    assert [line.check for line in chosen(found, dimension="CUS", sentences=said)] == ["few_calls_suffice"]
    assert [line.check for line in chosen(found, outcome=Outcome.UNSUPPORTED, sentences=said)] == [
        "every_change_is_kept"
    ]
    assert [line.check for line in chosen(found, text="浏览器", sentences=said)] == ["hsts_is_long_enough"]
    assert [line.check for line in chosen(found, text="cus-02", sentences=said)] == ["few_calls_suffice"]
