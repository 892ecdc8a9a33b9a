"""Approval: levels in order, four eyes at least, silence never agrees, and what has ended stays ended."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poc.reference_crm.domain.approval import (
    ACTS,
    APPROVED,
    OPEN,
    PENDING,
    RETURNED,
    ApprovalRefused,
    Approver,
    Condition,
    Flow,
    Level,
    Loan,
    Standing,
    decide,
)

NOW = datetime(2026, 6, 30, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
RM, MANAGER, OTHER = Approver(who="ann", role="rm"), Approver(who="bob", role="manager"), Approver(who="cy", role="rm")
BOSS = Approver(who="dee", role="compliance")


def asked(*levels: Level, maker: str = "ann") -> Standing:
    return Standing(maker=maker, levels=levels or (Level(roles=("manager",)),), since=NOW)


def after(standing: Standing, *acts: tuple[str, Approver]) -> Standing:
    for act, approver in acts:
        standing = decide(standing, act, approver, NOW)
    return standing


def refused(standing: Standing, act: str, approver: Approver, *, now: datetime = NOW, to: int | None = None) -> str:
    with pytest.raises(ApprovalRefused) as no:
        decide(standing, act, approver, now, to=to)
    return no.value.reason


def test_bounds_include_the_lower_and_exclude_the_upper() -> None:
    condition = Condition(field="amount", at_least=Decimal(100), below=Decimal(200))
    inside = [condition.holds({"amount": amount}) for amount in ("99.99", "100", "199.99", "200")]
    assert inside == [False, True, True, False]
    assert not condition.holds({}) and not condition.holds({"amount": "many"})


def test_levels_are_those_whose_conditions_hold() -> None:
    big = Condition(field="amount", at_least=Decimal(1000))
    mine = Condition(field="tier", among=("private",))
    flow = Flow(when=(mine,), levels=(Level(roles=("manager",)), Level(roles=("compliance",), when=(big,))))
    assert len(flow.path({"amount": Decimal(999), "tier": "private"})) == 1
    assert len(flow.path({"amount": Decimal(1000), "tier": "private"})) == 2
    assert flow.path({"amount": Decimal(1000), "tier": "mass"}) == ()


def test_all_waits_for_all_and_any_for_one() -> None:
    roles = ("manager", "compliance")
    both, one = asked(Level(roles=roles, need="all")), asked(Level(roles=roles))
    assert after(both, ("approve", MANAGER)).seats(NOW) == ("compliance",)
    assert after(both, ("approve", BOSS), ("approve", MANAGER)).state == APPROVED
    assert after(one, ("approve", BOSS)).state == APPROVED


def test_who_asks_decides_nothing_in_any_stead() -> None:
    own = asked(maker="bob")
    lent = replace(MANAGER, lent=(Loan(owner="eve", role="manager", until=NOW + HOUR),))
    by_maker = Approver(who="cy", role="rm", lent=(Loan(owner="bob", role="manager", until=NOW + HOUR),))
    assert [refused(own, "approve", one) for one in (MANAGER, lent, by_maker)] == ["forbidden"] * 3


def test_the_same_hand_does_not_agree_twice() -> None:
    twice = asked(Level(roles=("manager",)), Level(roles=("manager",)))
    once = after(twice, ("approve", MANAGER))
    lent = Approver(who="cy", role="rm", lent=(Loan(owner="bob", role="manager", until=NOW + HOUR),))
    assert refused(once, "approve", MANAGER) == "conflict"
    assert refused(once, "approve", lent) == "forbidden"
    assert after(once, ("approve", Approver(who="eve", role="manager"))).state == APPROVED


def test_a_loan_ends_at_its_moment() -> None:
    lent = replace(OTHER, lent=(Loan(owner="bob", role="manager", until=NOW + HOUR),))
    assert decide(asked(), "approve", lent, NOW).voices[0].on_behalf == "bob"
    assert refused(asked(), "approve", lent, now=NOW + HOUR) == "forbidden"


def test_silence_passes_the_word_on_and_agrees_to_nothing() -> None:
    slow = asked(Level(roles=("manager",), hours=24, escalate_to=("compliance",)))
    late = NOW + 24 * HOUR
    assert (slow.state, slow.seats(late - HOUR), slow.seats(late)) == (PENDING, ("manager",), ("compliance",))
    assert refused(slow, "approve", BOSS, now=late - HOUR) == "forbidden"
    assert decide(slow, "approve", BOSS, late).state == APPROVED


def test_what_goes_back_is_agreed_to_again_from_there() -> None:
    chain = asked(Level(roles=("rm",)), Level(roles=("manager",)), Level(roles=("compliance",)), maker="zoe")
    third = after(chain, ("approve", RM), ("approve", MANAGER))
    second = decide(third, "return", BOSS, NOW, to=2)
    assert (second.place, [voice.who for voice in second.voices]) == (1, ["ann"])
    back = decide(third, "return", BOSS, NOW, to=0)
    assert (back.state, back.voices, refused(back, "approve", RM)) == (RETURNED, (), "conflict")
    assert refused(third, "return", BOSS, to=4) == "invalid"


def test_an_amended_request_begins_anew() -> None:
    chain = asked(Level(roles=("manager",)), Level(roles=("compliance",)))
    changed = after(chain, ("approve", MANAGER), ("amend", RM))
    assert (changed.place, changed.round, changed.voices) == (0, 2, ())
    assert refused(changed, "approve", BOSS) == "forbidden"
    assert refused(chain, "amend", MANAGER) == "forbidden"


ROLES = ("rm", "manager", "compliance")
PEOPLE = [Approver(who=f"{role}-{i}", role=role) for role in ROLES for i in (1, 2)]
LEVELS = st.lists(
    st.builds(
        Level,
        roles=st.lists(st.sampled_from(ROLES), min_size=1, max_size=3, unique=True).map(tuple),
        need=st.sampled_from(("any", "all")),
    ),
    min_size=1,
    max_size=4,
).map(tuple)
MOVES = st.lists(st.tuples(st.sampled_from((*ACTS, "approve", "approve")), st.sampled_from(PEOPLE)), max_size=25)


@settings(max_examples=150, deadline=None)
@given(levels=LEVELS, moves=MOVES)
def test_nothing_is_approved_without_every_level_and_as_many_different_people(
    levels: tuple[Level, ...], moves: list[tuple[str, Approver]]
) -> None:
    standing = Standing(maker="rm-1", levels=levels, since=NOW)
    for act, approver in moves:
        before = standing
        try:
            standing = decide(before, act, approver, NOW, to=before.place)
        except ApprovalRefused:
            continue
        assert before.state in OPEN
    hands = [voice.who for voice in standing.voices]
    assert len(hands) == len(set(hands)) and "rm-1" not in hands
    if standing.state == APPROVED:
        for place, level in enumerate(levels):
            given_by = {voice.role for voice in standing.voices if voice.level == place}
            assert given_by == set(level.roles) if level.need == "all" else given_by & set(level.roles)
