"""Resilience: what ordeals prove becomes evidence for PER-06: seven invariants over all faults that were pressed.

One fault under which an invariant did not hold decides it. That it holds is claimed only when everything was pressed
that the requirement asks for, each fault for as long as it asks; anything less stays open and says what is missing.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from loadtests.fault import missing
from loadtests.invariants import (
    INVARIANTS,
    Held,
    availability,
    judged,
    noticed_after,
    recovered_after,
    shortness,
)
from loadtests.ordeal import Ordeal
from scenarios.evidence import Evidence, Grade, Outcome

CRITERION, SCENARIO = "PER-06", "faults_under_load"
#: Whose failure nothing makes up for.
HARM = frozenset({"no_confirmed_write_is_lost"})


class Finding(NamedTuple):
    """What all ordeals together say of one invariant."""

    outcome: Outcome
    observed: Mapping[str, str]
    note: str


def harvest(ordeals: Sequence[Ordeal], *, run: str, target: str, proofs: Mapping[str, str]) -> tuple[Evidence, ...]:
    """Return the evidence of some ordeals of one target, none for none.

    ``proofs`` are the SHA-256 of what is stored of them by their faults' names, so that they belong to the run's chain.
    """
    if not ordeals:
        return ()
    held = {one.fault.name: judged(one) for one in ordeals}
    started = datetime.fromtimestamp(min(one.began for one in ordeals), UTC)
    seconds = sum(one.ended - one.began for one in ordeals)
    return tuple(
        Evidence(
            run=run,
            target=target,
            criterion=CRITERION,
            scenario=SCENARIO,
            check=name,
            sentence=(judge.__doc__ or "").partition("\n")[0],
            outcome=found.outcome,
            grade=Grade.WHITE_BOX,
            harm=name in HARM,
            observed={"seen": dict(found.observed), "files_sha256": dict(proofs)},
            expected="holds under every fault that is asked for, each for as long as is asked",
            note=found.note,
            measures=_measures(name, found, ordeals),
            started=started,
            seconds=seconds,
            facts={"faults": [dict(one) for one in table(ordeals)]} if name == "it_recovers_alone" else {},
        )
        for name, judge in INVARIANTS.items()
        for found in (_together(name, ordeals, {fault: all_[name] for fault, all_ in held.items()}),)
    )


def _together(name: str, ordeals: Sequence[Ordeal], held: Mapping[str, Held]) -> Finding:
    observed = {one.fault.name: held[one.fault.name].observed for one in ordeals}
    broken = [fault for fault, one in held.items() if one.holds is False]
    if broken:
        return Finding(Outcome.FAILED, observed, f"broken under {', '.join(broken)}")
    open_ = [f"{one.fault.name}: {held[one.fault.name].note}" for one in ordeals if held[one.fault.name].holds is None]
    if open_ and all(held[one.fault.name].holds is None for one in ordeals):
        return Finding(Outcome.NOT_TESTABLE, observed, open_[0])
    wanting = [f"{what} was not pressed" for what in missing([one.fault for one in ordeals])]
    wanting += [short for one in ordeals if one.fault.stands_for and (short := shortness(one.fault))]
    wanting += open_
    return Finding(Outcome.UNSCORED if wanting else Outcome.PASSED, observed, "; ".join(wanting))


def _measures(name: str, found: Finding, ordeals: Sequence[Ordeal]) -> Mapping[str, float]:
    """Return the time to recover under the worst fault, once everything was pressed that is asked for."""
    after = [recovered_after(one) for one in ordeals]
    if name != "it_recovers_alone" or found.outcome is not Outcome.PASSED or None in after:
        return {}
    return {"recovery_s": max(one for one in after if one is not None)}


def table(ordeals: Sequence[Ordeal]) -> Iterator[Mapping[str, object]]:
    """Yield what each fault did: seconds until it was told of and until all was well, share served, verdict."""
    for one in ordeals:
        served, held = availability(one), judged(one)
        yield {
            "fault": one.fault.name,
            "lasted_s": round(one.lifted - one.struck, 1),
            "told_after_s": _rounded(noticed_after(one)),
            "recovered_after_s": _rounded(recovered_after(one)),
            "served": None if served is None else served[0],
            "served_at_least": None if served is None else served[1],
            "requests": sum(one.requests.values()),
            "hold": sum(each.holds is True for each in held.values()),
            "broken": [name for name, each in held.items() if each.holds is False],
            "open": [name for name, each in held.items() if each.holds is None],
        }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
