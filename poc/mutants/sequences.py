"""Sequences: defects in the order of an approval: levels, vetoes, recalls, returns, amendments and silence."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from poc.mutants.mutant import Make, Mutant, always
from poc.reference_crm.domain import approval
from poc.reference_crm.domain.approval import Approver, Condition, Standing, Voice

Decide = Callable[..., Standing]


def _only_a_note(*acts: str) -> Make:
    """Return a maker after which some acts leave a request as it was."""

    def make(decide: Decide) -> Decide:
        def noted(standing: Standing, act: str, *given: Any, **more: Any) -> Standing:
            after: Standing = decide(standing, act, *given, **more)
            return standing if act in acts else after

        return noted

    return make


def _first_suffices(agreed: Decide) -> Decide:
    def one(standing: Standing, voice: Voice, now: datetime) -> Standing:
        levels = tuple(replace(level, need="any") for level in standing.levels)
        return replace(agreed(replace(standing, levels=levels), voice, now), levels=standing.levels)

    return one


def _all_must(agreed: Decide) -> Decide:
    def every(standing: Standing, voice: Voice, now: datetime) -> Standing:
        levels = tuple(replace(level, need="all") for level in standing.levels)
        return replace(agreed(replace(standing, levels=levels), voice, now), levels=standing.levels)

    return every


def _first_level_only(agreed: Decide) -> Decide:
    def one(standing: Standing, voice: Voice, now: datetime) -> Standing:
        return replace(agreed(standing, voice, now), state=approval.APPROVED)

    return one


def _exclusive(holds: Any) -> Any:
    """Return a condition whose lower bound is not included."""

    def above(self: Condition, values: Any) -> bool:
        met: bool = holds(self, values)
        return met and not (self.at_least is not None and Decimal(str(values[self.field])) == self.at_least)

    return above


def _always_open(decide: Decide) -> Decide:
    """Return decisions that may be taken on what has ended, too, where it was recalled."""

    def late(standing: Standing, act: str, *given: Any, **more: Any) -> Standing:
        ended = standing.state == approval.RECALLED
        return decide(replace(standing, state=approval.PENDING) if ended else standing, act, *given, **more)

    return late


def _recalled_after_all(decide: Decide) -> Decide:
    def late(standing: Standing, act: str, approver: Approver, now: datetime, **more: Any) -> Standing:
        if act == "recall" and standing.state == approval.APPROVED:
            return replace(standing, state=approval.RECALLED)
        return decide(standing, act, approver, now, **more)

    return late


def _anybody_recalls(decide: Decide) -> Decide:
    def meddled(standing: Standing, act: str, approver: Approver, now: datetime, **more: Any) -> Standing:
        who = standing.maker if act == "recall" else approver.who
        return decide(standing, act, replace(approver, who=who), now, **more)

    return meddled


def _keeps_place(returned: Decide) -> Decide:
    return lambda standing, to, now: replace(standing, since=now)


def _keeps_agreements(restarted: Decide) -> Decide:
    """Return a restart that keeps place and voices: what was agreed to is not what is asked for."""
    return lambda standing, now: replace(standing, state=approval.PENDING, round=standing.round + 1)


def _silence_agrees(get: Any) -> Any:
    """Return a read that agrees by itself to what waited too long."""

    async def told(desk: Any, caller: Any, number: str) -> dict[str, Any]:
        found: dict[str, Any] = await get(desk, caller, number)
        if found["escalated_at"] is None or found["state"] != approval.PENDING:
            return found
        return {**found, "state": approval.APPROVED, "level": 0}

    return told


def _never_passed_on(self: Standing, now: datetime) -> bool:
    return False


MUTANTS = (
    Mutant(
        name="veto_is_a_comment",
        defect="A rejection is noted and ends nothing.",
        killed_by=("a_veto_ends_it",),
        place="domain.approval:decide",
        make=_only_a_note("reject"),
        precedent="CWE-841 (in a parallel step the remaining approvers outvote a rejection)",
    ),
    Mutant(
        name="first_of_all_suffices",
        defect="Where all must agree, the first one suffices.",
        killed_by=("parallel_approval_waits_for_all", "a_veto_ends_it"),
        place="domain.approval:_agreed",
        make=_first_suffices,
        precedent="CWE-841 (a unanimous step is completed by its first response)",
    ),
    Mutant(
        name="all_of_any",
        defect="Where any of several may agree, all of them must.",
        killed_by=("any_of_several_suffices",),
        place="domain.approval:_agreed",
        make=_all_must,
        precedent="CWE-841 (a first-response step waits for everybody who was assigned)",
    ),
    Mutant(
        name="first_level_decides",
        defect="The first agreement carries the change out, whatever levels follow.",
        killed_by=("levels_follow_the_amount", "a_request_returns_to_a_step"),
        place="domain.approval:_agreed",
        make=_first_level_only,
        precedent="CWE-841 (a final action that is attached to the first step)",
    ),
    Mutant(
        name="bound_off_by_one",
        defect="An amount that is exactly the bound needs one level too few.",
        killed_by=("levels_follow_the_amount", "a_flow_can_be_simulated"),
        place="domain.approval:Condition.holds",
        make=_exclusive,
        precedent="CWE-193 (an approval limit compared with greater-than instead of at-least)",
    ),
    Mutant(
        name="recall_is_refused_by_nobody",
        defect="A request that was recalled can still be agreed to.",
        killed_by=("a_request_can_be_recalled",),
        place="domain.approval:decide",
        make=_always_open,
        precedent="CWE-367 (an approver's open form still submits after the request was recalled)",
    ),
    Mutant(
        name="recall_undoes_nothing",
        defect="A change that was carried out can be recalled, and stays as it is.",
        killed_by=("a_request_can_be_recalled",),
        place="domain.approval:decide",
        make=_recalled_after_all,
        precedent="CWE-841 (a recall action open in the final state that sets the state alone)",
    ),
    Mutant(
        name="anybody_recalls",
        defect="Anybody may recall anybody's request.",
        killed_by=("a_request_can_be_recalled",),
        place="domain.approval:decide",
        make=_anybody_recalls,
        precedent="CWE-639 (the recall action takes the request's id and not its owner)",
    ),
    Mutant(
        name="returns_nowhere",
        defect="A request that is sent back to a level stays where it is.",
        killed_by=("a_request_returns_to_a_step",),
        place="domain.approval:_returned",
        make=_keeps_place,
        precedent="CWE-841 (reject to a previous step returns the task to whoever rejected it)",
    ),
    Mutant(
        name="edits_keep_agreements",
        defect="A request that is changed under way keeps what was agreed to.",
        killed_by=("a_change_restarts_approval",),
        place="domain.approval:restarted",
        make=_keeps_agreements,
        precedent="CWE-367 (a record that is edited while its approval is pending is approved as it was not seen)",
    ),
    Mutant(
        name="silence_agrees",
        defect="A request that waited too long counts as agreed to.",
        killed_by=("a_timeout_escalates",),
        place="operations.approvals:get",
        make=_silence_agrees,
        precedent="CWE-636 (a timed-out approval task takes its default outcome, which is approve)",
    ),
    Mutant(
        name="silence_is_waited_out",
        defect="A request that waited too long goes on waiting for the same people.",
        killed_by=("a_timeout_escalates",),
        place="domain.approval:Standing.escalated",
        make=always(_never_passed_on),
        precedent="CWE-440 (an escalation rule without a job that runs it)",
    ),
)
