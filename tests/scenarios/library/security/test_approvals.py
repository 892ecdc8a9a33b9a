"""Approvals: what a judge makes of the sequences of asking and agreeing."""

import pytest

from scenarios.library.security import approvals
from scenarios.library.security.approval_play import SEQUENCES, Seen, Step, Steps, Twenty
from scenarios.port import Unsupported

ASKED, AGREED, DONE, NO, NO_LONGER = (
    ("pending", False), ("pending", False), ("approved", True), ("refused", False), ("refused", True)
)  # fmt: skip
GOOD = {
    "one_level_is_approved": (ASKED, NO, DONE),
    "levels_follow_the_amount": (ASKED, AGREED, AGREED, AGREED, DONE),
    "parallel_approval_waits_for_all": (ASKED, AGREED, DONE),
    "any_of_several_suffices": (ASKED, NO, DONE),
    "a_veto_ends_it": (ASKED, AGREED, ("rejected", False), NO, NO),
    "a_delegate_may_approve": (ASKED, NO, DONE, ASKED, NO),
    "a_timeout_escalates": (ASKED, AGREED, DONE),
    "a_request_can_be_recalled": (ASKED, NO, ("recalled", False), NO, ASKED, DONE, NO_LONGER),
    "a_request_returns_to_a_step": (ASKED, AGREED, AGREED, AGREED, NO, AGREED, AGREED, DONE),
    "nobody_approves_their_own": (ASKED, NO, ASKED, NO),
    "a_lost_role_cannot_approve": (ASKED, NO),
    "a_change_restarts_approval": (ASKED, AGREED, AGREED, NO, AGREED, DONE),
}


def steps(*outcomes: tuple[str, bool]) -> Steps:
    return tuple(Step("act", outcome, done) for outcome, done in outcomes)


def seen(**changes: object) -> Seen:
    good = Seen(
        sequences={name: steps(*outcomes) for name, outcomes in GOOD.items()},
        levels=(("49999.99", 1, 1), ("50000.00", 2, 2)),
        twenty=Twenty(times_made=1, said_yes=1, one_hand=Step("four clicks", "pending", False)),
        simulated=(("manager",), ("manager", "compliance")),
        changed=(1, 2),
    )
    return good._replace(**changes)  # type: ignore[arg-type]


def with_sequence(name: str, told: object) -> Seen:
    return seen(sequences={**{one: steps(*outcomes) for one, outcomes in GOOD.items()}, name: told})


def test_a_target_that_waits_for_everyone_passes_every_check() -> None:
    assert set(SEQUENCES) == set(GOOD)
    for check in approvals.changes_wait_for_those_who_must_agree.checks:
        assert check.judge(seen()).passed, check.name


@pytest.mark.parametrize("name", GOOD)
def test_what_is_made_too_early_fails_its_sequence(name: str) -> None:
    early = tuple(("approved", True) for _ in GOOD[name])
    judge = getattr(approvals, name)
    assert not judge(with_sequence(name, steps(*early))).passed


def test_own_consent_is_a_harm_and_a_lacking_verb_is_said_of_its_sequence_alone() -> None:
    harms = [check.name for check in approvals.changes_wait_for_those_who_must_agree.checks if check.harm]
    assert harms == ["nobody_approves_their_own"]
    lacking = with_sequence("a_delegate_may_approve", Unsupported("the product offers no delegation"))
    with pytest.raises(Unsupported):
        approvals.a_delegate_may_approve(lacking)
    assert approvals.a_veto_ends_it(lacking).passed


def test_a_recall_that_undoes_the_change_is_as_good_as_a_refused_one() -> None:
    undone = (*GOOD["a_request_can_be_recalled"][:-1], ("recalled", False))
    kept = (*GOOD["a_request_can_be_recalled"][:-1], ("recalled", True))
    assert approvals.a_request_can_be_recalled(with_sequence("a_request_can_be_recalled", steps(*undone))).passed
    assert not approvals.a_request_can_be_recalled(with_sequence("a_request_can_be_recalled", steps(*kept))).passed


@pytest.mark.parametrize(
    "twenty",
    [
        Twenty(times_made=2, said_yes=2, one_hand=Step("four clicks", "pending", False)),
        Twenty(times_made=0, said_yes=1, one_hand=Step("four clicks", "pending", False)),
        Twenty(times_made=1, said_yes=1, one_hand=Step("four clicks", "approved", True)),
    ],
)
def test_a_change_made_twice_never_or_by_one_hand_fails(twenty: Twenty) -> None:
    assert not approvals.a_double_approval_acts_once(seen(twenty=twenty)).passed


def test_a_wrong_level_at_a_bound_fails() -> None:
    assert not approvals.levels_follow_the_amount(seen(levels=(("50000.00", 2, 1),))).passed
    assert not approvals.a_flow_can_be_simulated(seen(simulated=((), ()))).passed
    assert not approvals.flows_change_without_code(seen(changed=(1, 1))).passed
