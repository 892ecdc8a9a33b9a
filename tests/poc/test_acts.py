"""Acts: a run says what it was asked on which bank, and is never mixed with another."""

from pathlib import Path

import pytest

from poc.acts import digest_of, facts_of, opened, superseding
from poc.settings import SettingsError, Target
from scenarios.crm import CRM
from scenarios.evidence import Outcome
from scenarios.folders import AssessmentFolder
from scenarios.scenario import Scenario, scenario
from scenarios.verdict import Verdict, equal
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from tests.poc.filing import piece

TARGET = Target(name="good", connector="reference", url="https://127.0.0.1:1", labels=("deliberately weakened",))


def story(sentence: str = "It holds.") -> Scenario[int]:
    @scenario("SEC-08")
    def told(crm: CRM, bank: Bank) -> int:
        """Something happens."""
        return 1

    def it_holds(seen: int) -> Verdict:
        return equal(seen, 1)

    it_holds.__doc__ = sentence
    told.check(it_holds)
    return told


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=1, customers=5).bank


def test_a_manifest_says_which_bank_and_which_questions(bank: Bank, tmp_path: Path) -> None:
    with opened(TARGET, bank, AssessmentFolder(tmp_path, "a"), [story()], resume=False) as store:
        assert store.manifest.bank == facts_of(bank)
        assert store.manifest.catalogue == digest_of([story()])
        assert store.manifest.labels == ("deliberately weakened",)


def test_a_run_against_a_cloud_that_nobody_met_says_so_in_its_manifest(bank: Bank, tmp_path: Path) -> None:
    cloud = TARGET.model_copy(update={"connector": "salesforce", "url": "https://org.my.salesforce.example"})
    with opened(cloud, bank, AssessmentFolder(tmp_path, "a"), [story()], resume=False) as store:
        assert store.manifest.labels == (*TARGET.labels, "not verified live")


def test_a_question_that_is_asked_in_other_words_is_another_catalogue() -> None:
    assert digest_of([story()]) == digest_of([story()])
    assert digest_of([story()]) != digest_of([story("It nearly holds.")])


def test_a_run_is_not_gone_on_with_on_another_bank(bank: Bank, tmp_path: Path) -> None:
    runs = AssessmentFolder(tmp_path, "a")
    opened(TARGET, bank, runs, [story()], resume=False).close()
    other = generate(seed=2, customers=5).bank
    with pytest.raises(SettingsError, match=other.digest):
        opened(TARGET, other, runs, [story()], resume=True)
    opened(TARGET, bank, runs, [story()], resume=True).close()


def test_a_repeated_load_takes_the_place_of_the_one_before() -> None:
    first, second = superseding(
        [piece("good", "p99", Outcome.PASSED), piece("good", "errors", Outcome.PASSED)], {"p99": "abc"}
    )
    assert first.supersedes == "abc"
    assert second.supersedes is None
