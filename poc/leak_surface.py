"""leak_surface(): how many combinations of actor, path and field leak, beside the bank's present system (SEC-22)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from scenarios.evidence import Evidence, Outcome

CRITERION, SCENARIO, CHECK = "SEC-22", "the_leak_surface_is_counted", "the_leak_surface_is_smaller"
SENTENCE = "Fewer combinations of actor, path and field leak than in the bank's present system."
#: The check of SEC-05 that keeps the map of leaks.
MAP = "no_secret_leaks"


def leak_surface(pieces: Iterable[Evidence], baseline: int | None) -> Evidence | None:
    """Return the evidence for SEC-22 that follows from a run's map of leaks, None while the run holds none.

    ``baseline`` is the count for the bank's present system; without one nothing is claimed. ``reduction_share`` is
    1 - count / baseline, below zero where more leaks than before. House method: a combination counts once, however
    many customers it shows.
    """
    source = next((piece for piece in pieces if piece.check == MAP), None)
    if source is None or source.outcome is Outcome.BLOCKED:
        return None
    told = replace(
        source, criterion=CRITERION, scenario=SCENARIO, check=CHECK, sentence=SENTENCE, harm=False, facts={},
        measures={}, observed=None, expected=None, supersedes=None,
    )  # fmt: skip
    if not source.outcome.decided or "paths" not in source.facts:
        note = f"the paths were not searched: {source.note or source.outcome.value}"
        return replace(told, outcome=Outcome.NOT_TESTABLE, note=note)
    count = leaking(source.facts["paths"])
    if baseline is None:
        note = "no count of the bank's present system is given: set baseline_leaks, counted by a run on that system"
        return replace(told, outcome=Outcome.NOT_TESTABLE, observed={"leaking": count}, note=note)
    if not baseline:
        note = "nothing leaks in the bank's present system, so there is nothing to be smaller than"
        return replace(told, outcome=Outcome.NOT_TESTABLE, observed={"leaking": count}, note=note)
    share = 1 - count / baseline
    return replace(
        told,
        outcome=Outcome.PASSED if share > 0 else Outcome.FAILED,
        observed={"leaking": count, "baseline": baseline, "reduction_share": round(share, 4)},
        expected=f"fewer than {baseline}",
        note="",
        measures={"reduction_share": share, "leaking": float(count)},
    )


def leaking(paths: Any) -> int:
    """Return how many combinations of actor, path and field a map of leaks holds."""
    return sum(len(seen_by) for path in paths.values() for seen_by in path["leaks"].values())
