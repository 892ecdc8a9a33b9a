"""Fresh factor: whether a clear value asks for the second factor anew, in the session that asks for the value."""

from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from scenarios.actors import Actor
from scenarios.answers import OnFile
from scenarios.crm import CRM
from scenarios.library.newcomers import first_branch
from scenarios.library.security.attempts import Attempt, attempt, need
from scenarios.library.security.codes import code, wrong
from scenarios.library.security.staffing import enter, taken_on
from scenarios.port import Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, equal
from synthetic_data.bank import Bank
from synthetic_data.records import Customer


class Seen(NamedTuple):
    """What one session was given of a clear value, and what it had shown by then."""

    enrolled: Attempt[Any]
    unproven: Attempt[OnFile]  # a factor is enrolled, and was not shown in this session
    proven_wrong: Attempt[None]
    after_wrong: Attempt[OnFile]
    after_another: Attempt[OnFile]  # the factor was shown in another session of the same user
    proven: Attempt[None]
    fresh: Attempt[OnFile]


@scenario("SEC-17")
def clear_values_are_asked_for_with_and_without_a_fresh_factor(crm: CRM, bank: Bank) -> Seen | None:
    """A banker with a second factor asks for clear values before and after showing a code of the moment."""
    need(crm, Actor.ADMIN)
    number = next(one.number for one in bank.customers if one.branch == first_branch(crm, bank))
    with taken_on(crm, bank, ("careful", "rm")) as people:
        if not people:
            return None
        credential, role = people["careful"], Actor.RM_A
        view = crm.acting_as(role).holding(enter(crm, credential, role).value)
        enrolled = attempt(view, "enrol one-time codes", lambda one: one.enrol_factor())
        if not enrolled.ok:
            return Seen(enrolled, *(_nothing(role),) * 6)
        secret, now = enrolled.value, crm.clock.now
        view.confirm_factor(code(secret, now(), -1)).value  # noqa: B018 - reading the value raises a refusal
        ask = partial(attempt, view, "unmask", partial(_unmask, number=number))
        unproven = ask()
        proven_wrong = attempt(view, "step up wrongly", lambda one: one.step_up(wrong(secret, now())))
        after_wrong = ask()
        enter(crm, replace(credential, otp=code(secret, now())), role).value  # noqa: B018 - another session, proven
        after_another = ask()
        proven = attempt(view, "step up", lambda one: one.step_up(code(secret, now(), 1)))
        return Seen(enrolled, unproven, proven_wrong, after_wrong, after_another, proven, ask())


def _unmask(view: CRM, number: str) -> Any:
    return view.unmask(Customer, number, ("mobile",), "customer asked us to call back")


def _nothing(actor: Actor) -> Attempt[Any]:
    return Attempt(actor=actor, what="unmask with a second factor", answer=None)


@clear_values_are_asked_for_with_and_without_a_fresh_factor.check
def unmasking_asks_for_a_second_factor(seen: Seen | None) -> Verdict:
    """Who has a second factor gets no clear value before showing it in the same session, and one afterwards."""
    if seen is None:
        raise NotTestable("the product creates no users over its interface, and others' factors are not ours to change")
    if not seen.enrolled.offered:
        raise Unsupported("the product offers no enrolment of a second factor")
    seen.enrolled.value  # noqa: B018 - reading the value raises the refusal
    seen.fresh.value  # noqa: B018 - a value that is never given proves nothing
    given = [one.ok for one in (seen.unproven, seen.proven_wrong, seen.after_wrong, seen.after_another)]
    note = "[before a code, a wrong code, after it, after a code in another session]"
    return equal(given, [False] * 4, note=note)
