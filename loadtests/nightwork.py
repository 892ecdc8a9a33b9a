"""Nightwork: a batch beside online load becomes findings for PER-08: is it felt, and is it done by the morning?"""

from collections.abc import Iterator, Mapping

from loadtests.findings import Finding
from loadtests.judging import Judgement, judge
from loadtests.result import LoadResult
from scenarios.evidence import Outcome

#: Items of a whole batch: calls of 500 rows that make a million.
WHOLE = 2000
#: What a verdict on a promise is worth as evidence.
OUTCOMES: Mapping[str, Outcome] = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "inconclusive": Outcome.UNSCORED,
    "invalid": Outcome.BLOCKED,
}


def nightwork(result: LoadResult) -> Iterator[Finding]:
    """Yield the findings of a workload with a batch: those of its promises of slowdown and of the end of the batch."""
    judged = {one.objective.form: one for one in judge(result).judgements}
    yield _felt(judged.get("slowdown")).claimed(_short(result))
    yield _done(result, judged.get("done")).claimed(_short(result))


def _short(result: LoadResult) -> str:
    done = result.batch.get("done") or 0.0
    return "" if done >= WHOLE else f"{done:.0f} items were worked off, a whole batch has {WHOLE}"


def _felt(one: Judgement | None) -> Finding:
    outcome, note = _outcome(one, "slowdown <= 20 %")
    measures = {}
    if one is not None and outcome.decided:
        figure = one.upper if outcome is Outcome.PASSED else one.lower
        measures = {} if figure is None else {"online_p99_growth_share": max(figure, 0.0)}
    return Finding(
        check="online_work_hardly_feels_the_batch",
        sentence="While a batch runs, the p99 of online reads grows by a fifth at most.",
        outcome=outcome,
        observed=None if one is None else {"growth_share": one.seen, "lower": one.lower, "upper": one.upper},
        expected="upper bound of the growth <= 0.2" if one is None else one.objective.text,
        note=note,
        measures=measures,
    )


def _done(result: LoadResult, one: Judgement | None) -> Finding:
    outcome, note = _outcome(one, "done within 3600 s")
    worked = result.batch.get("worked") or 0.0
    if one is not None and outcome is Outcome.UNSCORED and worked > one.objective.allowed:
        outcome, note = Outcome.FAILED, f"not done after {worked:.0f} s"
    return Finding(
        check="the_batch_is_done_in_time",
        sentence="The batch is done within an hour while customers are served.",
        outcome=outcome,
        observed=dict(result.batch),
        expected="done within 3600 s" if one is None else one.objective.text,
        note=note,
    )


def _outcome(one: Judgement | None, form: str) -> tuple[Outcome, str]:
    if one is None:
        return Outcome.BLOCKED, f"the workload promises no '{form}': add it to its objectives"
    return OUTCOMES[one.verdict], one.note
