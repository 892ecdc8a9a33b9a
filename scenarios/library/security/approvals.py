"""Approvals: whether what must be agreed to waits for those whom the bank named, and is then done exactly once."""

from scenarios.crm import CRM
from scenarios.library.security.approval_play import AT_ONCE, Seen, Step, Steps, Told, Twenty, played
from scenarios.scenario import scenario
from scenarios.verdict import Verdict, equal, holds, none_of
from synthetic_data.bank import Bank

#: What must come of each act, in order: the request's state (or refused), and whether the change is made by then.
PENDING, APPROVED, REFUSED, AFTER = ("pending", False), ("approved", True), ("refused", False), ("refused", True)
UNDONE = ("recalled", False)


@scenario("SEC-06")
def changes_wait_for_those_who_must_agree(crm: CRM, bank: Bank) -> Seen:
    """Sales wait for one to four levels of consent, in twelve sequences, and twenty agreements come at once."""
    return played(crm, bank)


def _told(part: Told[Steps]) -> Steps:
    if isinstance(part, Exception):
        raise part
    return part


def _went(seen: Seen, name: str, *wanted: tuple[str, bool]) -> Verdict:
    """Compare a sequence with what must have come of each of its acts."""
    steps = _told(seen.sequences[name])
    right = [(step.outcome, step.done) for step in steps] == list(wanted)
    return holds(right, observed=[str(step) for step in steps], expected=[_line(*one) for one in wanted])


def _line(outcome: str, done: bool) -> str:
    return f"{outcome}{', the change is made' if done else ''}"


@changes_wait_for_those_who_must_agree.check
def one_level_is_approved(seen: Seen) -> Verdict:
    """A change that one person must agree to is made with the agreement, and cannot be made past it."""
    return _went(seen, "one_level_is_approved", PENDING, REFUSED, APPROVED)


@changes_wait_for_those_who_must_agree.check
def levels_follow_the_amount(seen: Seen) -> Verdict:
    """Amount and tier decide, to the cent, how many of four levels must agree, and all of them must."""
    if isinstance(seen.levels, Exception):
        raise seen.levels
    steps = _went(seen, "levels_follow_the_amount", PENDING, PENDING, PENDING, PENDING, APPROVED)
    wrong = [f"{what}: {told} levels instead of {wanted}" for what, wanted, told in seen.levels if told != wanted]
    return steps if not steps.passed else none_of(wrong, what="wrong number of levels")


@changes_wait_for_those_who_must_agree.check
def parallel_approval_waits_for_all(seen: Seen) -> Verdict:
    """Where two must agree side by side, the change waits for both."""
    return _went(seen, "parallel_approval_waits_for_all", PENDING, PENDING, APPROVED)


@changes_wait_for_those_who_must_agree.check
def any_of_several_suffices(seen: Seen) -> Verdict:
    """Where one of several must agree, one of them suffices and nobody else does."""
    return _went(seen, "any_of_several_suffices", PENDING, REFUSED, APPROVED)


@changes_wait_for_those_who_must_agree.check
def a_veto_ends_it(seen: Seen) -> Verdict:
    """One rejection ends the request, whoever agreed before or agrees after."""
    return _went(seen, "a_veto_ends_it", PENDING, PENDING, ("rejected", False), REFUSED, REFUSED)


@changes_wait_for_those_who_must_agree.check
def a_delegate_may_approve(seen: Seen) -> Verdict:
    """A colleague approves in one's stead once the right was lent, not before, and no longer than it was lent."""
    return _went(seen, "a_delegate_may_approve", PENDING, REFUSED, APPROVED, PENDING, REFUSED)


@changes_wait_for_those_who_must_agree.check
def a_timeout_escalates(seen: Seen) -> Verdict:
    """Silence passes the request on to those whom the bank named, and agrees to nothing."""
    return _went(seen, "a_timeout_escalates", PENDING, PENDING, APPROVED)


@changes_wait_for_those_who_must_agree.check
def a_request_can_be_recalled(seen: Seen) -> Verdict:
    """Who asked, and nobody else, takes a request back; once carried out, that is refused or undoes the change."""
    steps = _told(seen.sequences["a_request_can_be_recalled"])
    late = UNDONE if steps and (steps[-1].outcome, steps[-1].done) == UNDONE else AFTER
    return _went(
        seen, "a_request_can_be_recalled", PENDING, REFUSED, ("recalled", False), REFUSED, PENDING, APPROVED, late
    )


@changes_wait_for_those_who_must_agree.check
def a_request_returns_to_a_step(seen: Seen) -> Verdict:
    """A request that is sent back to a level is agreed to again from there, by everybody."""
    back = (PENDING, REFUSED, PENDING, PENDING, APPROVED)
    return _went(seen, "a_request_returns_to_a_step", PENDING, PENDING, PENDING, *back)


@changes_wait_for_those_who_must_agree.harm
def nobody_approves_their_own(seen: Seen) -> Verdict:
    """Who asks never agrees, neither in haste, by a double click, nor with a right that was lent."""
    steps = _told(seen.sequences["nobody_approves_their_own"])
    wrong = [step for step in steps if step.outcome == "approved" or step.done]
    return none_of(wrong, what="change agreed to by who asked", note=f"{len(steps)} acts")


@changes_wait_for_those_who_must_agree.check
def a_lost_role_cannot_approve(seen: Seen) -> Verdict:
    """Who lost the role agrees to nothing more, even in a session that began before."""
    return _went(seen, "a_lost_role_cannot_approve", PENDING, REFUSED)


@changes_wait_for_those_who_must_agree.check
def a_change_restarts_approval(seen: Seen) -> Verdict:
    """A request that is changed under way must be agreed to from the first level, as it is now."""
    return _went(seen, "a_change_restarts_approval", PENDING, PENDING, PENDING, REFUSED, PENDING, APPROVED)


@changes_wait_for_those_who_must_agree.check
def a_double_approval_acts_once(seen: Seen) -> Verdict:
    """Twenty agreements at once make the change once, and one hand's clicks count for one level."""
    twenty = seen.twenty
    if isinstance(twenty, Exception):
        raise twenty
    once = twenty.times_made == 1 and not twenty.one_hand.done and twenty.one_hand.outcome == "pending"
    return holds(
        once,
        observed={"times made": twenty.times_made, "said yes": twenty.said_yes, "one hand": str(twenty.one_hand)},
        expected=f"made once by {AT_ONCE} agreements, and pending after one hand's four",
        times_made=twenty.times_made,
    )


@changes_wait_for_those_who_must_agree.check
def a_flow_can_be_simulated(seen: Seen) -> Verdict:
    """Who would have to agree can be read before anything is asked for, to the boundary."""
    if isinstance(seen.simulated, Exception):
        raise seen.simulated
    return equal([list(levels) for levels in seen.simulated], [["manager"], ["manager", "compliance"]])


@changes_wait_for_those_who_must_agree.check
def flows_change_without_code(seen: Seen) -> Verdict:
    """A flow is set up and changed over the interface, and the next request follows it."""
    if isinstance(seen.changed, Exception):
        raise seen.changed
    return equal(list(seen.changed), [1, 2], note="levels before and after the change")


__all__ = ["Seen", "Step", "Twenty", "changes_wait_for_those_who_must_agree"]
