"""Voting: the textbook elections."""

import pytest

from scorecards.methods.tables import TableError
from scorecards.methods.voting import Profile, borda, condorcet, copeland, cycles, instant_runoff, plurality, schulze
from tests.scorecards.methods.published import SCHULZE_45, TENNESSEE


def test_six_rules_and_three_winners_in_tennessee():
    profile = Profile.of(TENNESSEE)
    assert borda(profile) == {"Memphis": 126, "Nashville": 194, "Chattanooga": 173, "Knoxville": 107}
    assert condorcet(profile) == "Nashville"
    assert max(copeland(profile).items(), key=lambda item: item[1])[0] == "Nashville"
    assert max(plurality(profile).items(), key=lambda item: item[1])[0] == "Memphis"
    assert instant_runoff(profile) == ("Knoxville",)
    assert schulze(profile)[0] == ("Nashville",)
    assert cycles(profile) == ()


def test_a_cycle_has_no_winner_and_is_shown():
    profile = Profile.of({"A>B>C": 1, "B>C>A": 1, "C>A>B": 1})
    assert condorcet(profile) is None
    assert borda(profile) == {"A": 3, "B": 3, "C": 3}
    assert cycles(profile) == (("A", "B", "C"),)
    assert schulze(profile) == (("A", "B", "C"),)
    assert instant_runoff(profile) == ("A", "B", "C")


def test_the_worked_election_of_schulze_2011():
    assert [group[0] for group in schulze(Profile.of(SCHULZE_45))] == ["E", "A", "C", "B", "D"]


def test_ties_and_short_ballots_count_half():
    profile = Profile.of([["A", ["B", "C"]], ["B"]], candidates=("A", "B", "C"))
    assert borda(profile) == {"A": 2.5, "B": 2.5, "C": 1.0}
    assert plurality(profile) == {"A": 1, "B": 1, "C": 0}


@pytest.mark.parametrize(
    ("ballots", "told"), [([["A", "A"]], "twice"), ([], "none given"), ([["D"]], "'D' is no candidate")]
)
def test_odd_ballots_are_refused(ballots, told):
    with pytest.raises(TableError, match=told):
        Profile.of(ballots, candidates=("A", "B"))


def test_sixty_voters_of_condorcet_1785_go_in_a_circle():
    """Essai sur l'application de l'analyse: A beats B by 33, B beats C by 42, C beats A by 35."""
    profile = Profile.of({"A>B>C": 23, "B>C>A": 17, "B>A>C": 2, "C>A>B": 10, "C>B>A": 8})
    assert profile.pairs.tolist() == [[0, 33, 25], [27, 0, 42], [35, 18, 0]]
    assert condorcet(profile) is None
    assert cycles(profile) == (("A", "B", "C"),)
    assert borda(profile) == {"A": 58, "B": 69, "C": 53}
    assert schulze(profile) == (("B",), ("C",), ("A",))


def test_saari_s_drinks_have_a_winner_for_every_rule():
    """Saari 1994, Geometry of Voting: 15 people, milk by plurality, beer by runoff, wine by pairs and by Borda."""
    profile = Profile.of({"milk>wine>beer": 6, "beer>wine>milk": 5, "wine>beer>milk": 4})
    assert plurality(profile) == {"milk": 6, "wine": 4, "beer": 5}
    assert instant_runoff(profile) == ("beer",)
    assert condorcet(profile) == "wine"
    assert borda(profile) == {"milk": 12, "wine": 19, "beer": 14}
