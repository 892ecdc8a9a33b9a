"""Headroom: the highest rate that a search found becomes a finding for PER-01: what room is there above the peak?"""

from collections.abc import Iterator

from loadtests.arithmetic.search import Found
from loadtests.findings import Finding
from loadtests.objectives import Objective
from scenarios.evidence import Outcome

CRITERION, SCENARIO = "PER-01", "throughput_search"
#: What PER-01 searches: one request in a hundred fails, or is slower than a second.
SCOPE, PROMISE = "all", "p99 < 1 s"
#: Peaks that it must carry, and those that earn all points: beyond, nobody asks.
ASKED, TOP = 3.0, 5.0


def headroom(found: Found | None, promise: Objective, peak: float, ended: str = "") -> Iterator[Finding]:
    """Yield the finding of a search; ``peak`` is the forecast in requests a second.

    ``ended`` says why a search broke off (``found`` None) or went no further: what lies beyond is then unknown, and
    counts against nobody.
    """
    share = None if found is None else found.low / peak
    ended = ended or ("" if found is None else found.ended)
    outcome, note = Outcome.BLOCKED, ended or "no rate was found"
    if found is not None and share is not None:
        unknown = found.high is None and share < TOP
        outcome = Outcome.PASSED if share >= ASKED else Outcome.FAILED
        note = ""
        if unknown:
            outcome = Outcome.UNSCORED
            note = f"nothing broke the promise up to {found.low:.0f}/s; {ended or 'the generator makes no more'}"
    measures = {"knee_per_peak": share} if share is not None and outcome.decided else {}
    yield Finding(
        check="there_is_room_above_the_peak",
        sentence="At three times the peak 99 of 100 requests still are answered well, and within a second.",
        outcome=outcome,
        observed={
            "promise": promise.name,
            "holds_at": None if found is None else found.low,
            "broken_at": None if found is None else found.high,
            "forecast_peak": peak,
            "trials": 0 if found is None else len(found.trials),
        },
        expected=f"holds at {ASKED:g} times the forecast peak, confirmed over a minute",
        note=note,
        measures=measures,
    )
