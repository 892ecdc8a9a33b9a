"""Evidence: which outcomes speak of the product, and how strong a grade is."""

from scenarios.evidence import Grade, Outcome


def test_only_three_outcomes_say_something_about_the_product() -> None:
    assert {outcome for outcome in Outcome if outcome.decided} == {
        Outcome.PASSED,
        Outcome.FAILED,
        Outcome.UNSUPPORTED,
    }


def test_grades_stand_from_the_weakest_to_the_strongest() -> None:
    assert [grade.value for grade in Grade] == ["E0", "E1v", "E1t", "E2", "E3", "E4"]
