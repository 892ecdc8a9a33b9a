"""Approvals: defects in who may agree to a change, and in how often and when it is then made."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from poc.mutants.mutant import Mutant, always, swap
from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.domain.approval import Approver, Loan, Standing, Voice

Decide = Callable[..., Standing]


def _maker_forgotten(voice: Any) -> Any:
    """Return a rule that no longer knows who asked."""
    return lambda standing, *given: voice(replace(standing, maker=""), *given)


def _own_for_another(voice: Any) -> Any:
    def spoken(standing: Standing, approver: Approver, now: datetime) -> Voice:
        if approver.who == standing.maker and approver.lent:
            return voice(replace(standing, maker=""), approver, now)  # type: ignore[no-any-return]
        return voice(standing, approver, now)  # type: ignore[no-any-return]

    return spoken


def _clicks_count(voice: Any) -> Any:
    """Return a rule that hears the same person again and again."""
    return lambda standing, *given: voice(replace(standing, voices=tuple(map(_nameless, standing.voices))), *given)


def _nameless(voice: Voice) -> Voice:
    return replace(voice, who="", on_behalf="")


def _no_loans(voice: Any) -> Any:
    return lambda standing, approver, now: voice(standing, replace(approver, lent=()), now)


def _everybodys_loan(voice: Any) -> Any:
    def lent(standing: Standing, approver: Approver, now: datetime) -> Voice:
        loans = tuple(Loan(owner="", role=role, until=now + timedelta(1)) for role in standing.seats(now))
        return voice(standing, replace(approver, lent=(*approver.lent, *loans)), now)  # type: ignore[no-any-return]

    return lent


def _any_staff(approver: Any) -> Any:
    """Return whoever came once as a manager: a role that was taken away still counts."""

    async def kept(act: Any) -> Approver:
        found: Approver = await approver(act)
        former = await act.connection.fetchval(
            "SELECT before->>'role' FROM audit WHERE action = 'role.change' AND subject = $1 ORDER BY id LIMIT 1",
            f"users/{found.who}",
        )
        return replace(found, role=former or found.role)

    return kept


def _made_twice(carry_out: Any) -> Any:
    """Return an effect that is made once more than asked for."""

    async def again(act: Any, desk: Any, kind: Any, request: Any, row: Any) -> None:
        await carry_out(act, desk, kind, request, row)
        await carry_out(act, desk, kind, request, row)

    return again


class _Whatever(int):
    """A version that is never another one."""

    __hash__ = int.__hash__

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False


def _unlocked(locked: Any) -> Any:
    """Return a look at a request that locks nothing, and have what it saw carried out, however old that is by then."""

    def stale(carry_out: Any) -> Any:
        async def made(act: Any, desk: Any, kind: Any, request: Any, row: Any) -> None:
            await carry_out(act, desk, kind, request, request["seen"])

        return made

    async def look(act: Any, number: str) -> dict[str, Any]:
        request = await act.connection.fetchrow("SELECT * FROM approvals WHERE number = $1", number)
        if request is None:
            return await locked(act, number)  # type: ignore[no-any-return]
        kind = KINDS[request["kind"]]
        select = f"SELECT {kind.columns_sql} FROM {kind.table} WHERE number = $1"
        seen = await act.connection.fetchrow(select, request["record"])
        await asyncio.sleep(0.1)
        return {**request, "revision": _Whatever(request["revision"]), "seen": seen}

    swap("operations.approvals:_carry_out", stale)
    return look


async def _not_made(act: Any, desk: Any, kind: Any, request: Any, row: Any) -> None:
    return None


def _made_at_once(ask: Any) -> Any:
    """Return a wish that is granted before anybody agrees."""

    async def granted(desk: Any, caller: Any, wish: Any) -> dict[str, Any]:
        told: dict[str, Any] = await ask(desk, caller, wish)
        async with desk.database.transaction(desk.policy.scope(caller)) as connection:
            for name, value in wish["changes"].items():
                await connection.execute(
                    f"UPDATE {wish['kind']} SET {name} = $2::text::numeric WHERE number = $1", wish["record"], value
                ) if name == "amount" else None
        return told

    return granted


async def _nothing_in_the_way(*_: Any) -> None:
    return None


def _nobody_needed(simulate: Any) -> Any:
    async def empty(*given: Any) -> dict[str, Any]:
        return {**await simulate(*given), "levels": []}

    return empty


def _first_version(set_up: Any) -> Any:
    """Return a set-up that says yes to a change and keeps what there was."""

    async def kept(desk: Any, caller: Any, form: Any, number: str | None = None) -> dict[str, Any]:
        if number is not None:
            await desk.authorise(caller, "approval.set_up")
            return {"number": number}
        return await set_up(desk, caller, form)  # type: ignore[no-any-return]

    return kept


FOUR_EYES = (
    Mutant(
        name="own_approval",
        defect="Whoever asks may agree, if they hold the role.",
        killed_by=("nobody_approves_their_own",),
        place="domain.approval:_voice",
        make=_maker_forgotten,
        precedent="CWE-863 (the submitter of an approval process is among its approvers)",
    ),
    Mutant(
        name="own_by_loan",
        defect="Whoever asks may agree with a right that a colleague lent to them.",
        killed_by=("nobody_approves_their_own",),
        place="domain.approval:_voice",
        make=_own_for_another,
        precedent="CWE-863 (separation of duties is checked against the user and not against whose stead they act in)",
    ),
    Mutant(
        name="double_click_climbs",
        defect="The same person's second click counts for the next level.",
        killed_by=("a_double_approval_acts_once",),
        place="domain.approval:_voice",
        make=_clicks_count,
        precedent="CWE-837 (an action that must be done once is taken again by a double click)",
    ),
    Mutant(
        name="lost_role_agrees",
        defect="A role that was taken away still agrees.",
        killed_by=("a_lost_role_cannot_approve",),
        place="operations.approvals:approver",
        make=_any_staff,
        precedent="CWE-613 (rights are taken from the moment a task was assigned, not from the moment of decision)",
    ),
    Mutant(
        name="anybody_agrees",
        defect="Any user who sees a request may agree in anybody's stead.",
        killed_by=("any_of_several_suffices", "a_delegate_may_approve"),
        place="domain.approval:_voice",
        make=_everybodys_loan,
        precedent="CWE-862 (the approve action checks that the user may see the record, not that it waits for them)",
    ),
    Mutant(
        name="loans_without_end",
        defect="A right that was lent until a day is lent for ever.",
        killed_by=("a_delegate_may_approve",),
        place="operations.approvals:LENT",
        make=always(
            "SELECT l.owner, u.role, 'infinity'::timestamptz AS until FROM approval_loans AS l"
            " JOIN users AS u ON u.username = l.owner WHERE l.taker = $1 AND $2::timestamptz IS NOT NULL"
        ),
        precedent="CWE-613 (a delegated approver without an end date keeps the right)",
    ),
    Mutant(
        name="loans_in_vain",
        defect="Rights that were lent are ignored.",
        killed_by=("a_delegate_may_approve",),
        place="domain.approval:_voice",
        make=_no_loans,
        precedent="CWE-440 (a setting for delegated approvers that the approval step does not read)",
    ),
)

EFFECT = (
    Mutant(
        name="granted_in_advance",
        defect="The change is made when it is asked for, and agreed to afterwards.",
        killed_by=("one_level_is_approved",),
        place="operations.approvals:ask",
        make=_made_at_once,
        precedent="CWE-841 (the record is saved before the approval that guards it)",
    ),
    Mutant(
        name="flow_walked_around",
        defect="What needs consent can be changed directly.",
        killed_by=("one_level_is_approved",),
        place="operations.approval_flows:stand_in_the_way",
        make=always(_nothing_in_the_way),
        precedent="CWE-288 (an approval that guards the form and not the interface)",
    ),
    Mutant(
        name="agreed_in_vain",
        defect="What was agreed to is never made.",
        killed_by=("one_level_is_approved", "a_double_approval_acts_once"),
        place="operations.approvals:_carry_out",
        make=always(_not_made),
        precedent="CWE-440 (the final action of an approval fails and nobody is told)",
    ),
    Mutant(
        name="agreements_race",
        defect="Agreements that come at once each find the request waiting, and each makes the change.",
        killed_by=("a_double_approval_acts_once",),
        place="operations.approvals:_locked",
        make=_unlocked,
        precedent="CWE-362 (a task's state is read, checked and written without a lock)",
    ),
    Mutant(
        name="effect_doubled",
        defect="The change is made twice over with the last agreement.",
        killed_by=("a_double_approval_acts_once",),
        place="operations.approvals:_carry_out",
        make=_made_twice,
        precedent="CWE-837 (a final action that hangs on the step and on the process)",
    ),
    Mutant(
        name="simulates_nobody",
        defect="Trying a flow out says that nobody is needed.",
        killed_by=("a_flow_can_be_simulated",),
        place="operations.approval_flows:simulate",
        make=_nobody_needed,
        precedent="CWE-684 (a preview that runs without the record's values)",
    ),
    Mutant(
        name="flows_of_yesterday",
        defect="A flow that is changed says yes and stays as it was.",
        killed_by=("flows_change_without_code",),
        place="operations.approval_flows:set_up",
        make=_first_version,
        precedent="CWE-524 (approval rules that are cached until the next restart)",
    ),
)

MUTANTS = (*FOUR_EYES, *EFFECT)
