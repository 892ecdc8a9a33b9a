"""Invariants: seven sentences that must hold whatever broke (PER-06), each judged on what an ordeal left."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import NamedTuple

from loadtests.arithmetic.proportions import clumping, interval
from loadtests.fault import Fault
from loadtests.ordeal import Ordeal, Try

#: How a service may refuse that cannot serve now: RFC 9110 15.6.3 to 15.6.5 and RFC 6585 4; all with Retry-After.
TEMPORARY = frozenset({429, 502, 503, 504})
#: Seconds without any answered read after which reads do not go on; seconds within which they resume after the fault.
READ_GAP, RESUME_WITHIN = 5.0, 60.0
#: Seconds within which everything serves again (PER-06: five minutes), and events have been told.
RECOVER_WITHIN = 300.0
#: Seconds at the end that must have passed without a failure before anybody calls it recovered.
QUIET = 3.0
#: Seconds until an audit entry must be sealed again, and tries below which nothing was really tried.
SEALED_WITHIN, FEWEST = 60.0, 10


class Held(NamedTuple):
    """Whether an invariant held; None: this ordeal cannot tell, ``note`` says why."""

    holds: bool | None
    observed: str
    note: str = ""


def judged(ordeal: Ordeal) -> Mapping[str, Held]:
    """Return the seven invariants by the names of their checks."""
    return {name: judge(ordeal) for name, judge in INVARIANTS.items()}


def no_confirmed_write_is_lost(ordeal: Ordeal) -> Held:
    """Every write that was confirmed is on file after the fault."""
    confirmed = [wish for wish in ordeal.wishes if wish.confirmed]
    if len(confirmed) < FEWEST:
        return Held(None, f"{len(confirmed)} writes were confirmed", f"{FEWEST} at least are needed")
    unread = sum(wish.found is None for wish in confirmed)
    lost = [wish.mark for wish in confirmed if wish.found == 0]
    observed = f"{len(lost)} of {len(confirmed)} confirmed writes are lost{_first(lost)}"
    return Held(False if lost else None if unread else True, observed, f"{unread} could not be read" if unread else "")


def no_effect_happens_twice(ordeal: Ordeal) -> Held:
    """However often a write was repeated under its key, it is on file, noted and told once."""
    repeated = [wish for wish in ordeal.wishes if len(wish.tries) > 1]
    if len(repeated) < FEWEST:
        return Held(None, f"{len(repeated)} writes were repeated", f"{FEWEST} at least are needed")
    twice = [wish.mark for wish in ordeal.wishes if max(wish.found or 0, wish.noted or 0, wish.told or 0) > 1]
    unread = sum(wish.found is None for wish in repeated)
    observed = f"{len(twice)} of {len(repeated)} repeated writes took effect twice{_first(twice)}"
    return Held(False if twice else None if unread else True, observed)


def the_audit_chain_holds(ordeal: Ordeal) -> Held:
    """The audit is as it was sealed, goes on being sealed, and has every confirmed write."""
    trail = ordeal.trail
    if trail.sound is None:
        return Held(None, "the audit was not verified", trail.note)
    noted = [wish for wish in ordeal.wishes if wish.confirmed and wish.noted is not None]
    unseen = [wish.mark for wish in noted if not wish.noted]
    sealed = trail.sealed_after_s is not None and trail.sealed_after_s <= SEALED_WITHIN
    observed = (
        f"{'as sealed' if trail.sound else 'tampered: ' + ', '.join(trail.findings[:3])}; "
        f"{'sealed to its end' if sealed else 'no longer sealed'}; "
        f"{len(unseen)} of {len(noted)} confirmed writes are not in it{_first(unseen)}"
    )
    return Held(trail.sound and sealed and not unseen, observed, trail.note)


def errors_are_told(ordeal: Ordeal) -> Held:
    """Whoever is not served is told so at once, as a fault that passes, and when to come again."""
    failed = [one for one in ordeal.tries if one.failed]
    wrong = [one for one in failed if not _told(one)]
    shapes = sorted({f"{one.status} {one.reason}" if one.status else one.end for one in wrong})
    observed = f"{len(failed)} of {len(ordeal.tries)} tries failed, {len(wrong)} of them without an honest word"
    return Held(not wrong, f"{observed}: {', '.join(shapes)}" if wrong else observed)


def _told(one: Try) -> bool:
    """Whether a failure was told: a broken connection tells it too, silence and a wrong word do not."""
    if one.end == "refused":
        return one.status in TEMPORARY and one.again_in is not None
    return one.end == "lost"


def reads_go_on(ordeal: Ordeal) -> Held:
    """Reads go on while the fault lasts; where it takes their ground away they resume within a minute after it."""
    good = [one.at + one.seconds for one in ordeal.reads if one.end == "ok"]
    if len(good) < FEWEST:
        return Held(False, f"{len(good)} reads were answered in {ordeal.ended - ordeal.began:.0f} s")
    if ordeal.fault.reads == "resume":
        after = [moment for moment in good if moment >= ordeal.lifted]
        wait = min(after) - ordeal.lifted if after else None
        told = f"first read {wait:.1f} s after the fault" if wait is not None else "no read after the fault"
        return Held(wait is not None and wait <= RESUME_WITHIN, told)
    gap = _longest_gap(good, ordeal.struck, min(max(one.at for one in ordeal.reads), ordeal.lifted + 2 * READ_GAP))
    return Held(gap <= READ_GAP, f"{gap:.1f} s at most without an answered read")


def _longest_gap(moments: list[float], first: float, last: float) -> float:
    inside = [first, *sorted(one for one in moments if first < one < last), last]
    return max(later - earlier for earlier, later in pairwise(inside))


def queues_drain(ordeal: Ordeal) -> Held:
    """What waited is worked off: every write's event reaches its receiver, and no request stays open."""
    if not ordeal.listens:
        return Held(None, "nobody could listen for events", "the target sends none, or there is no way back")
    due = [wish for wish in ordeal.wishes if wish.found]
    untold = [wish.mark for wish in due if not wish.told]
    late = "" if ordeal.drained_after_s is None else f", the last {ordeal.drained_after_s:.1f} s after the fault"
    open_ = f"; {ordeal.unanswered} requests were never answered" if ordeal.unanswered else ""
    observed = f"{len(due) - len(untold)} of {len(due)} events arrived{late}{_first(untold)}{open_}"
    return Held(bool(due) and not untold and not ordeal.unanswered, observed)


def it_recovers_alone(ordeal: Ordeal) -> Held:
    """After the fault all is served again within five minutes, by as many processes as before, untouched by anybody."""
    after = recovered_after(ordeal)
    if after is None:
        return Held(False, "requests still fail at the end, or processes are missing")
    return Held(after <= RECOVER_WITHIN, f"recovered {after:.1f} s after the fault")


def recovered_after(ordeal: Ordeal) -> float | None:
    """Return the seconds from the fault's end to the last failure and the last missing process; None: not recovered."""
    failures = [one.at + one.seconds for one in ordeal.tries if one.failed]
    last = max(failures, default=ordeal.lifted)
    asked = [one for one in ordeal.tries if one.at > last and one.end == "ok"]
    if ordeal.mended is None or not asked or max(one.at for one in asked) - last < QUIET:
        return None
    return max(0.0, last - ordeal.lifted, ordeal.mended - ordeal.lifted)


def noticed_after(ordeal: Ordeal) -> float | None:
    """Return the seconds until the target itself first said that something is wrong; None if it never did."""
    told = [one.at + one.seconds for one in ordeal.tries if one.end == "refused" and one.at >= ordeal.struck]
    return max(0.0, min(told) - ordeal.struck) if told else None


def availability(ordeal: Ordeal) -> tuple[float, float] | None:
    """Return the share of the open load that was served from the fault's begin on, and its lower bound at 95 %.

    Clopper and Pearson's bound at the sample that the clumped failures are worth; None if nobody asked.
    """
    since = int(ordeal.struck - ordeal.pressed)
    seconds = [second for second in sorted(ordeal.requests) if second >= since]
    n = [ordeal.requests[second] for second in seconds]
    bad = [ordeal.failures.get(second, 0) for second in seconds]
    if not sum(n):
        return None
    told = interval(sum(n), sum(bad), clumping(n, bad), len(n))
    return 1 - told.seen, 1 - told.upper


def _first(marks: list[str]) -> str:
    return f" ({', '.join(marks[:3])}{', …' if len(marks) > 3 else ''})" if marks else ""


INVARIANTS: Mapping[str, Callable[[Ordeal], Held]] = {
    one.__name__: one
    for one in (
        no_confirmed_write_is_lost,
        no_effect_happens_twice,
        the_audit_chain_holds,
        errors_are_told,
        reads_go_on,
        queues_drain,
        it_recovers_alone,
    )
}


def shortness(fault: Fault) -> str:
    """Return why nothing good may be claimed from a fault's length, empty if it may."""
    return "" if fault.long_enough else f"{fault.name} lasted {fault.lasts:g} of {fault.asked:g} s"
