"""Proceedings: what a committee did, in the words and tables of one language, for the record and the pages alike."""

from collections.abc import Mapping

from poc.committee.minutes import counted, early_runs
from poc.committee.telling import cleanness
from poc.part import Part
from poc.report import View
from poc.words import Words
from scorecards.committee.consensus import apart, together
from scorecards.committee.panel import Member
from scorecards.committee.reading import rules
from scorecards.committee.selection import Asked, Promise, Selection
from scorecards.methods.gates import GateState
from scorecards.methods.tables import TableError
from scorecards.weighting import DIMENSIONS

#: A shape beside every word, so that colour never speaks alone.
SHAPES = {
    GateState.PASSED: "✓", GateState.FAILED: "✕", GateState.INCONCLUSIVE: "◐", GateState.UNKNOWN: "?",
    GateState.WAIVED: "–",
}  # fmt: skip


def proceedings(state: Selection, view: View) -> tuple[Part, ...]:
    """Return the parts of a record that tell of its committee; parts of which there is nothing are left out."""
    found = (told(state, view.say) for told in (_members, _motions, _promises, _answers, _replies))
    return tuple(one for one in found if one.rows or one.text)


def gate_told(view: View, state: GateState | None, target: str, criterion: str) -> str:
    """Return how a gate stands, as shape and word; of a waived one also who answers for it and until when."""
    if state is None:
        return view.say("report.none")
    word = f"{SHAPES[state]} {view.say(f'report.gate_{state.value}')}"
    found = view.assessment.weighting.waiver(criterion, target) if state is GateState.WAIVED else None
    if found is None:
        return word
    return view.say("minutes.waived_by", word=word, name=found.name, expires=found.expires.isoformat())


def integrity_told(state: Selection, say: Words) -> str:
    """Return how cleanly the selection was done, as ``87 / 100``."""
    found = cleanness(state)
    return say("process.not_begun") if found is None else f"{found:.0f} / 100"


def order_told(state: Selection, say: Words) -> list[str]:
    """Return what is to be said of the order of weights and evidence, a sentence each."""
    if state.sealed_first and state.evidence:
        return [say("minutes.sealed_first")]
    early = early_runs(state)
    runs = [say("committee.early_run", vendor=", ".join(early))] if early else []
    looks = [
        say("minutes.early_look", name=one.by, vendors=", ".join(one.vendors), at=f"{one.at:%Y-%m-%d %H:%M}")
        for one in state.looks
    ]
    return [*runs, *looks]


def together_told(state: Selection, say: Words) -> list[str]:
    """Return the committee's weights in a sentence, or why there are none; nothing while none lie open."""
    if not state.opened_weights:
        return []
    try:
        found = together(state.opened_weights)
    except TableError as fault:
        return [str(fault)]
    told = " · ".join(f"{code} {found[code]:.0%}" for code in DIMENSIONS if code in found)
    return [say("committee.weights_together", weights=told, apart=f"{apart(state.opened_weights):.0%}")]


def interests_told(state: Selection, one: Member, say: Words) -> str:
    """Return what a member declared."""
    own = [each for each in state.panel.conflicts if each.member == one.name]
    if one.name not in state.panel.declared:
        return say("committee.not_declared")
    if not own:
        return say("committee.declared_none")
    told = [f"{each.vendor} ({kind_told(each.kind, say)})" for each in own]
    left = [say("committee.recused")] if any(each.recused for each in own) else []
    return " · ".join([*left, *told])


def kind_told(kind: str, say: Words) -> str:
    """Return what a kind of interest is called."""
    return say(f"committee.kind_{kind.replace(' ', '_')}")


def result_told(one: Asked, say: Words) -> str:
    """Return how a motion stands."""
    if one.withdrawn:
        return say("committee.withdrawn")
    if one.result is None:
        return say("committee.open")
    return say("committee.passed" if one.result.passed else "committee.not_passed")


def dissent_told(one: Asked, state: Selection) -> str:
    """Return the dissent in full, or why a motion was taken back, or which gates held it up."""
    if one.withdrawn or one.result is None:
        return one.withdrawn
    blocked = [f"{gate}: {state.vetoes.get(gate, '')}" for gate in one.result.open_vetoes]
    return "; ".join([*(f"{name}: {text}" for name, text in one.result.dissent.items()), *blocked])


def stands_told(one: Promise, state: Selection, say: Words) -> str:
    """Return whether a waiver or attestation holds as of the log's last entry."""
    if one.ended:
        return say("minutes.ended", why=one.ended)
    holds = state.at is not None and one.holds(state.at.date())
    return say("minutes.holds" if holds else "minutes.expired")


def about_told(one: Promise, say: Words) -> str:
    """Return what a promise is and what it is about: a waiver of a gate, or what was looked at and its points."""
    if one.kind == "waiver":
        return say("minutes.waiver", about=one.about)
    if not one.grade:
        return say("minutes.attestation", about=one.about)
    return say("minutes.attestation_points", about=one.about, grade=one.grade, points=f"{one.points:g}")


def kinds_told(say: Words) -> Mapping[str, str]:
    """Return the kinds of answers with what each means."""
    return {name: one["text_zh" if say.language == "zh" else "text"] for name, one in rules()["answers"].items()}


# -- parts -----------------------------------------------------------------------------------------------------------
def _members(state: Selection, say: Words) -> Part:
    log = say("committee.log", count=state.events, head=state.head)
    text = [
        say("minutes.integrity", integrity=integrity_told(state, say)), *order_told(state, say),
        *together_told(state, say), log,
    ]  # fmt: skip
    rows = [
        [one.name, one.role, interests_told(state, one, say), _weights(state, one.name)] for one in state.panel.members
    ]
    heads = [say(f"committee.{name}") for name in ("member", "role", "interests", "weights")]
    return Part.of(f"{say('committee.title')} · {state.name}", text, heads, rows, widths=[2, 2, 3, 5])


def _weights(state: Selection, name: str) -> str:
    own = state.opened_weights.get(name, {})
    whole = sum(own.values())
    return ", ".join(f"{code} {value / whole:.0%}" for code, value in own.items()) if whole > 0 else "–"


def _motions(state: Selection, say: Words) -> Part:
    rows = []
    for one in state.motions:
        sides = (one.result.approved, one.result.rejected, one.result.abstained) if one.result else ((), (), ())
        counts = [str(len(side)) if one.result else "–" for side in sides]
        rows.append([f"{one.id} {one.text}", *counts, result_told(one, say), dissent_told(one, state)])
    heads = [say(f"committee.{name}") for name in ("motion", "approve", "reject", "abstain", "result", "dissent")]
    return Part.of(say("committee.motions"), [], heads if rows else [], rows, widths=[6, 2, 2, 2, 3, 6])


def _promises(state: Selection, say: Words) -> Part:
    rows = [
        [about_told(one, say), one.vendor or say("minutes.all"), ", ".join(filter(None, (one.name, one.second))),
         one.reason, one.expires.isoformat(), stands_told(one, state, say)]
        for one in state.promises
    ]  # fmt: skip
    heads = [say(f"minutes.{name}") for name in ("what", "target", "answers_for_it", "reason", "until", "state")]
    return Part.of(say("minutes.promises"), [], heads if rows else [], rows, widths=[5, 3, 3, 6, 3, 3])


def _answers(state: Selection, say: Words) -> Part:
    kinds, rows = kinds_told(say), []
    for vendor in state.papers:
        found = counted(state, vendor)
        given = found["kinds"]
        assert isinstance(given, dict)
        note = say("minutes.answers_sealed") if found["sealed"] else str(found["withdrawn"])
        rows.append([vendor, *(str(given.get(kind, 0)) if given else "–" for kind in kinds), note])
    heads = [say("minutes.target"), *kinds, say("minutes.note")]
    text = [" · ".join(f"{kind}: {told}" for kind, told in kinds.items()), say("minutes.answers_text")] if rows else []
    return Part.of(say("minutes.answers"), text, heads if rows else [], rows, widths=[4, *[2] * len(kinds), 5])


def _replies(state: Selection, say: Words) -> Part:
    rows = [
        [f"{one.id} · {one.vendor}: {one.text}", one.reply or "–",
         say(f"committee.outcome_{one.outcome}") if one.outcome else "–"]
        for one in state.findings
    ]  # fmt: skip
    heads = [say("process.finding"), say("committee.reply"), say("minutes.state")]
    return Part.of(say("process.findings"), [], heads if rows else [], rows, widths=[5, 5, 2])


def logged(state: Selection, say: Words) -> Part:
    """Return the log entry by entry: when, who, what kind of act, and the head of its hash."""
    rows = [
        [str(one.place), f"{one.at:%Y-%m-%d %H:%M}", f"{one.actor} ({one.role})" if one.role else one.actor,
         say(f"minutes.did_{one.kind.replace('.', '_')}"), one.hash[:12]]
        for one in state.history
    ]  # fmt: skip
    heads = [say(f"minutes.{name}") for name in ("entry", "at", "by", "did", "hash")]
    text = [say("minutes.log_text", count=state.events, head=state.head)]
    return Part.of(say("minutes.log"), text, heads, rows, widths=[1, 3, 4, 5, 3])
