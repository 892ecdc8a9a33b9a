"""strip(): the verdict at one glance: who leads, how often it comes first, who is tied, its gates, what is known."""

from collections import Counter
from typing import NamedTuple

from poc.decision_view import Spoken
from poc.proceedings import SHAPES
from scorecards.methods.gates import GateState


class Tile(NamedTuple):
    """One figure of the strip: what it is, the figure, and what it is to be held against."""

    label: str
    value: str
    note: str


def strip(spoken: Spoken) -> tuple[Tile, ...]:
    """Return the five figures that a manager looks at first."""
    say, decision, percent = spoken.view.say, spoken.decision, spoken.view.percent
    leader = decision.leader
    tied = decision.tie if len(decision.tie) > 1 else ()
    return (
        Tile(say("decision.strip_leader"), say("decision.nobody") if leader is None else spoken.named(leader),
             say(f"decision.verdict_{decision.finding.verdict.value}")),
        Tile(say("decision.strip_first"), "–" if leader is None else percent(decision.finding.first),
             say("decision.strip_needed", needed=percent(decision.contest.steps.recommended))),
        Tile(say("decision.strip_tie"), str(len(tied)) if tied else say("decision.strip_untied"),
             say("decision.strip_band", band=f"{decision.contest.tie_band:.2f}")),
        Tile(say("decision.strip_gates"), "–" if leader is None else gates_counted(spoken, leader),
             say("decision.strip_gates_note")),
        Tile(say("decision.strip_coverage"), "–" if leader is None else percent(decision.coverage[leader]),
             say("decision.strip_coverage_note")),
    )  # fmt: skip


def gates_counted(spoken: Spoken, target: str) -> str:
    """Return a system's gates, passed, failed, torn and unknown, a shape each."""
    found = Counter(gate.state for gate in spoken.view.assessment.scorecard.of(target).gates)
    return "  ".join(f"{SHAPES[state]} {found[state]}" for state in GateState if found[state])
