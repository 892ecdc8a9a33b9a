"""Owners are found through chains, cycles, nominees, votes and boards."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthetic_data.affairs import Arrangement, Mandate, Stake
from synthetic_data.owners import Finding, Rule, find, share_paths, structure

DAY = date(2026, 6, 30)
LONG_AGO = date(2020, 1, 1)


def stake(source: str, target: str, percent: str, *, since: date = LONG_AGO, until: date | None = None) -> Stake:
    share = Decimal(percent) / 100
    return Stake(
        number="SK", customer="C", source=source, target=target, share=share, votes=share, since=since, until=until
    )


def pact(kind: str, holder: str, company: str, through: str | None = None) -> Arrangement:
    return Arrangement(
        number="AR", customer="C", kind=kind, holder=holder, through=through, company=company, since=LONG_AGO
    )


def found(company: str, *stakes: Stake, pacts: tuple[Arrangement, ...] = (), rule: Rule | None = None) -> Finding:
    """People are written in small letters, companies in capitals."""
    names = {s.source for s in stakes} | {p.holder for p in pacts}
    now = structure((n for n in names if n.islower()), stakes, pacts, (), DAY)
    return find(now, company, rule or Rule(through_controllers=False))


def owners(finding: Finding) -> dict[str, tuple[str, ...]]:
    return {owner.person: owner.bases for owner in finding.owners}


def test_the_shares_along_a_chain_are_multiplied() -> None:
    """A share of 50 % in a company that holds 60 % is 30 % (a common worked example of beneficial-owner guides)."""
    finding = found("ABC", stake("x", "XYZ", "50"), stake("XYZ", "ABC", "60"))
    assert owners(finding) == {"x": ("shares",)}
    assert finding.owners[0].share == Fraction(3, 10)
    assert finding.owners[0].paths[0] == "x > XYZ > ABC = 30.00%"


def test_chains_are_added() -> None:
    """Regulation (EU) 2024/1624, art. 52(1): the results from the various chains are added."""
    chains = [stake("x", "A", "50"), stake("A", "T", "30"), stake("x", "B", "40"), stake("B", "T", "30")]
    assert found("T", *chains).owners[0].share == Fraction(27, 100)


def test_a_quarter_is_enough_where_the_rule_includes_it() -> None:
    ties = [stake("x", "T", "25"), stake("y", "T", "24.99")]
    assert owners(found("T", *ties)).keys() == {"x"}
    assert not owners(found("T", *ties, rule=Rule(inclusive=False, through_controllers=False)))


def test_cross_holdings_are_summed_to_the_end() -> None:
    """A holds 20 % of B and B 20 % of A: who holds the rest of A has 0.8 / 0.96 of it, by the geometric series."""
    ties = [stake("A", "B", "20"), stake("B", "A", "20"), stake("x", "A", "80"), stake("y", "B", "80")]
    finding = found("A", *ties)
    shares = {owner.person: owner.share for owner in finding.owners}
    assert shares == {"x": Fraction(80, 96)}
    assert finding.unknown == 0


def test_companies_that_wholly_own_each_other_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="wholly own each other"):
        found("A", stake("A", "B", "100"), stake("B", "A", "100"))


def test_more_than_the_whole_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match=r"stakes in T add up to 1\.1000"):
        found("T", stake("x", "T", "60"), stake("y", "T", "50"))


def test_the_one_behind_a_nominee_is_the_owner() -> None:
    ties = [stake("n", "T", "40"), stake("y", "T", "60")]
    assert owners(found("T", *ties, pacts=(pact("nominee", "p", "T", through="n"),))).keys() == {"p", "y"}


def test_bound_votes_control_without_shares() -> None:
    ties = [stake(who, "T", share) for who, share in (("a", "10"), ("b", "21"), ("c", "21"), ("d", "24"), ("e", "24"))]
    pacts = (pact("votes", "a", "T", through="b"), pact("votes", "a", "T", through="c"))
    assert owners(found("T", *ties, pacts=pacts)) == {"a": ("votes", "control")}


def test_who_appoints_the_board_controls_through_a_company_too() -> None:
    ties = [stake("a", "H", "60"), stake("b", "H", "40"), stake("H", "T", "5"), stake("c", "T", "24")]
    finding = found("T", *ties, pacts=(pact("board", "H", "T"),))
    assert owners(finding) == {"a": ("control",)}
    assert finding.owners[0].paths[-1] == "60.00% of votes in H; board of T"


def test_control_spreads_along_a_chain_of_majorities() -> None:
    """A chain of 51 % stakes controls although the effective share falls below a quarter (0.51 to the third)."""
    ties = [stake("a", "A", "51"), stake("A", "B", "51"), stake("B", "T", "51")]
    finding = found("T", *ties)
    assert finding.owners[0].share == Fraction(51, 100) ** 3
    assert owners(finding) == {"a": ("votes", "control")}


def test_a_quarter_of_a_controlling_company_counts_where_the_rule_says_so() -> None:
    """Regulation (EU) 2024/1624, art. 54(b): ownership above, control below."""
    ties = [stake("x", "H", "30"), stake("y", "H", "70"), stake("H", "T", "60")]
    assert "x" not in owners(found("T", *ties))
    assert owners(found("T", *ties, rule=Rule()))["x"] == ("controller",)


def test_who_stands_behind_a_trust_stands_behind_what_it_holds() -> None:
    """Regulation (EU) 2024/1624, art. 55: the owners of the arrangement are the owners of what it holds."""
    ties = [stake("TRUST", "T", "40"), stake("x", "T", "60")]
    pacts = tuple(pact(role, who, "TRUST") for role, who in (("settlor", "a"), ("trustee", "b"), ("beneficiary", "c")))
    finding = found("T", *ties, pacts=pacts)
    assert owners(finding) == dict.fromkeys("abc", ("votes",)) | {"x": ("shares", "votes", "control")}
    assert finding.unknown == 0


def test_votes_count_where_classes_of_shares_differ() -> None:
    founder = Stake(
        number="SK", customer="C", source="f", target="T", share=Decimal("0.1"), votes=Decimal("0.6"), since=LONG_AGO
    )
    assert owners(found("T", founder, stake("x", "T", "24"), stake("y", "T", "24"))) == {"f": ("votes", "control")}


def test_the_unknown_remainder_is_told() -> None:
    finding = found("T", stake("x", "T", "40"), stake("DARK", "T", "60"))
    assert finding.unknown == Fraction(6, 10)


def test_where_nobody_is_found_the_legal_representative_stands_in() -> None:
    ties = [stake(who, "T", "20") for who in "abcde"]
    head = Mandate(number="M", customer="C", company="T", holder="e", role="legal_representative", since=LONG_AGO)
    finding = find(structure("abcde", ties, (), (head,), DAY), "T", Rule())
    assert [(o.person, o.bases) for o in finding.owners] == [("e", ("senior_manager",))]


def test_stakes_hold_from_their_first_day_and_end_before_their_last() -> None:
    sold = date(2026, 6, 30)
    ties = [stake("a", "T", "100", until=sold), stake("b", "T", "100", since=sold)]
    assert [o.person for o in find(structure("ab", ties, (), (), sold), "T", Rule()).owners] == ["b"]
    assert [o.person for o in find(structure("ab", ties, (), (), date(2026, 6, 29)), "T", Rule()).owners] == ["a"]


@st.composite
def small_graphs(draw: st.DrawFn) -> list[Stake]:
    """Up to four companies that may hold each other, each with at least a quarter in the hands of people or nobody."""
    companies = "ABCD"[: draw(st.integers(1, 4))]
    ties = []
    for target in companies:
        left = 75
        for source in (*companies, "x", "y"):
            share = draw(st.integers(0, max(0, min(40, left))))
            if share:
                ties.append(stake(source, target, str(share)))
                left -= share
    return ties


def walked(ties: list[Stake], company: str) -> dict[str, float]:
    """Effective shares by walking all chains upwards, link by link, cycles included, until next to nothing is left."""
    totals: dict[str, float] = {}
    reached = {company: 1.0}
    for _ in range(400):
        further: dict[str, float] = {}
        for tie in ties:
            if (weight := reached.get(tie.target, 0.0) * float(tie.share)) > 0:
                into = totals if tie.source.islower() else further
                into[tie.source] = into.get(tie.source, 0.0) + weight
        reached = further
    return totals


@settings(max_examples=40, deadline=None)
@given(small_graphs())
def test_the_system_gives_what_walking_all_chains_gives(ties: list[Stake]) -> None:
    finding = find(structure("xy", ties, (), (), DAY), "A", Rule(threshold=Fraction(1, 10**6)))
    solved = {o.person: float(o.share) for o in finding.owners if o.share}
    assert solved == pytest.approx(walked(ties, "A"), abs=1e-9)
    assert sum(o.share for o in finding.owners) + finding.unknown == 1


@settings(max_examples=30, deadline=None)
@given(small_graphs())
def test_no_simple_path_weighs_more_than_the_effective_share(ties: list[Stake]) -> None:
    now = structure("xy", ties, (), (), DAY)
    for owner in find(now, "A", Rule(threshold=Fraction(1, 100))).owners:
        assert sum(weight for _, weight in share_paths(now, owner.person, "A")) <= owner.share
