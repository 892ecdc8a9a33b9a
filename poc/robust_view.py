"""Robust view: what would turn a choice, as findings with the rows behind them, for the page and the command line."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from poc.deciding import rival
from poc.decision_view import Spoken
from scorecards.robustness.sensitivity import Flip, Swing


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One side from which a choice was looked at: its key, what was found in a sentence, and the table behind it."""

    key: str
    sentence: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def findings(spoken: Spoken) -> tuple[Finding, ...]:
    """Return all sides that there are for a decision, in reading order; none where nobody may win."""
    if spoken.decision.leader is None:
        return ()
    found = [ladder(spoken)]
    if spoken.decision.omissions.members:
        found.append(members(spoken))
    if spoken.decision.runner_up is not None:
        found += [each(spoken) for each in (weights, favoured, scores, swings, left_out)]
    return tuple(found)


def ladder(spoken: Spoken) -> Finding:
    """Return what a recommendation asks for, and which of it holds."""
    decision, say, view = spoken.decision, spoken.view.say, spoken.view
    steps, because = decision.contest.steps, decision.finding.because
    assert decision.leader is not None
    row = decision.contest.vendors.index(decision.leader)
    apart = [decision.middle[decision.leader] - decision.middle[one] for one in decision.tie if one != decision.leader]
    band = f"{decision.contest.tie_band:.2f}"
    told = {
        "few_firsts": (view.percent(steps.recommended), view.percent(decision.finding.first)),
        "own_unknowns": (view.percent(steps.pessimistic), view.percent(decision.pessimistic[decision.leader])),
        "gate_open": (say("report.eligible_yes"), say(f"report.eligible_{decision.contest.eligible[row]}")),
        "views_differ": (say("robust.same"), say("robust.same" if decision.views_agree else "robust.different")),
        "tie": (f"≥ {band}", f"{min(map(abs, apart)):.2f}" if "tie" in because and apart else f"≥ {band}"),
    }
    rows = tuple(
        (say(f"robust.step_{name}"), *figures, say("robust.misses" if name in because else "robust.holds"))
        for name, figures in told.items()
    )
    key = "ladder_all" if not because else "ladder_some"
    sentence = say(f"robust.{key}", leader=spoken.named(decision.leader), held=len(told) - len(because), all=len(told))
    return _finding(spoken, "ladder", sentence, ("condition", "asked", "found", "state"), rows)


def members(spoken: Spoken) -> Finding:
    """Return whom each member's own weights and points put first, and who leads without each."""
    decision, say, view = spoken.decision, spoken.view.say, spoken.view
    pivotal = decision.omissions.pivotal(decision.leader)
    rows = tuple(
        (
            name, spoken.named(one.leader), view.percent(one.share),
            say("report.none") if one.without is None else spoken.named(one.without),
            say("report.none") if one.without_share is None else view.percent(one.without_share),
            say("robust.pivotal" if name in pivotal else "robust.not_pivotal"),
        )
        for name, one in decision.omissions.members.items()
    )  # fmt: skip
    told = {"names": say("decision.comma").join(pivotal)}
    sentence = say("robust.members_pivotal", **told) if pivotal else say("robust.members_none")
    heads = ("member", "puts_first", "in_draws", "without_leads", "without_draws", "state")
    return _finding(spoken, "members", sentence, heads, rows)


def weights(spoken: Spoken) -> Finding:
    """Return between which weights of each dimension the leader stays first."""
    decision, view = spoken.decision, spoken.view
    rows = []
    for code, one in sorted(decision.intervals.items(), key=lambda pair: pair[1].room):
        turned = spoken.named(rival(decision, one)) if one.flips_at is not None else view.say("decision.nobody")
        stays = f"{view.percent(one.low)} – {view.percent(one.high)}"
        rows.append((spoken.dimension(code), view.percent(one.weight), stays, turned))
    heads = ("dimension", "weight", "stays", "then_leads")
    return _finding(spoken, "weights", spoken.flip(), heads, tuple(rows))


def favoured(spoken: Spoken) -> Finding:
    """Return the mean weights of the draws that each system wins (central weights of SMAA-2)."""
    decision, say, view = spoken.decision, spoken.view.say, spoken.view
    central = {name: _by_dimension(spoken, row) for row, name in enumerate(decision.contest.vendors)}
    able = {name: own for name, own in central.items() if np.isfinite(own).all()}
    order = sorted(able, key=lambda name: -_first(spoken, name))
    rows = tuple(
        (spoken.named(name), view.percent(_first(spoken, name)), *(view.percent(share) for share in able[name]))
        for name in order
    )
    others = [name for name in order if name != decision.leader]
    sentence = say("robust.favoured_none", leader=spoken.named(str(decision.leader)))
    if others:
        more = able[others[0]] - decision.contest.outer
        code = decision.contest.dimensions[int(more.argmax())]
        told = {"now": view.percent(float(decision.contest.outer[more.argmax()])),
                "then": view.percent(float(able[others[0]][more.argmax()]))}  # fmt: skip
        key = "favoured_more" if told["now"] != told["then"] else "favoured_same"
        sentence = say(f"robust.{key}", rival=spoken.named(others[0]), dimension=spoken.dimension(code), **told)
    heads = tuple(spoken.dimension(code) for code in decision.contest.dimensions)
    found = _finding(spoken, "favoured", sentence, ("system", "first"), rows)
    return replace(found, head=(*found.head, *heads))


def scores(spoken: Spoken) -> Finding:
    """Return the smallest changes of one rating that bring another level with the leader."""
    decision, say = spoken.decision, spoken.view.say
    possible = [one for one in decision.flips if one.possible]
    rows = tuple(_flip(spoken, one) for one in possible)
    if not possible:
        return _finding(spoken, "scores", say("robust.scores_none"), (), ())
    system, criterion, change, *_ = rows[0]
    sentence = say("robust.scores_found", system=system, criterion=criterion, change=change)
    return _finding(spoken, "scores", sentence, ("system", "criterion", "change", "rests_on"), rows)


def swings(spoken: Spoken) -> Finding:
    """Return how the lead over the runner-up moves with each criterion that is not known exactly."""
    say, told = spoken.view.say, {"runner_up": spoken.named(str(spoken.decision.runner_up))}
    found = moving(spoken)
    if not found:
        return _finding(spoken, "swings", say("robust.swings_none", **told), (), ())
    low, high = f"{found[0].low:+.2f}", f"{found[0].high:+.2f}"
    key = "swings_turn" if found[0].low < 0 < found[0].high else "swings_found"
    criterion = spoken.criterion(spoken.decision.contest.criteria[found[0].name])
    sentence = say(f"robust.{key}", criterion=criterion, low=low, high=high, **told)
    rows = tuple(
        (spoken.criterion(spoken.decision.contest.criteria[one.name]), f"{one.low:+.2f}", f"{one.high:+.2f}")
        for one in found
    )
    return _finding(spoken, "swings", sentence, ("criterion", "lead_low", "lead_high"), rows)


def moving(spoken: Spoken) -> tuple[Swing, ...]:
    """Return the criteria that move the lead at all, widest first."""
    return tuple(one for one in spoken.decision.tornado if one.width > 1e-9)


def left_out(spoken: Spoken) -> Finding:
    """Return what alone, when it is left out, puts another first: a criterion, a dimension, a class of evidence."""
    omitted, say = spoken.decision.omissions, spoken.view.say
    turning = {
        "criterion": [(spoken.criterion(name), now) for name, now in omitted.turning(omitted.criteria).items()],
        "dimension": [(spoken.dimension(code), now) for code, now in omitted.turning(omitted.dimensions).items()],
        "evidence": [(say(f"page.grade_{name}"), now) for name, now in omitted.turning(omitted.grades).items()],
    }
    rows = tuple(
        (say(f"robust.kind_{kind}"), name, spoken.named(now)) for kind, found in turning.items() for name, now in found
    )
    tried = {"criteria": len(omitted.criteria), "dimensions": len(omitted.dimensions), "grades": len(omitted.grades)}
    whole = spoken.named(str(omitted.whole))
    if not rows:
        return _finding(spoken, "left_out", say("robust.left_out_none", leader=whole, **tried), (), ())
    sentence = say("robust.left_out_found", leader=whole, count=len(rows), all=sum(tried.values()), first=rows[0][1])
    return _finding(spoken, "left_out", sentence, ("kind", "left_out", "then_leads"), rows)


# -- parts -----------------------------------------------------------------------------------------------------------
def _finding(
    spoken: Spoken, key: str, sentence: str, heads: Iterable[str], rows: tuple[tuple[str, ...], ...]
) -> Finding:
    told = tuple(spoken.view.say(f"robust.{head}") for head in heads)
    return Finding(key=key, sentence=sentence, head=told, rows=rows)


def _flip(spoken: Spoken, one: Flip) -> tuple[str, ...]:
    table = spoken.decision.contest
    grade = str(table.grades[one.row, one.column])
    return (
        spoken.named(table.vendors[one.row]), spoken.criterion(table.criteria[one.column]), f"{one.change:+.2f}",
        spoken.graded(grade),
    )  # fmt: skip


def _first(spoken: Spoken, name: str) -> float:
    return float(spoken.decision.acceptability.first[spoken.decision.contest.vendors.index(name)])


def _by_dimension(spoken: Spoken, row: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the central weights of one system, summed by dimension; NaN where it never comes first."""
    table = spoken.decision.contest
    central = spoken.decision.acceptability.central[row]
    return np.array([central[table.tree.dimension == place].sum() for place in range(len(table.dimensions))])
