"""Minutes: all that a committee did, as the record keeps it: who, with what interests, how they voted and why."""

from collections import Counter
from collections.abc import Mapping

from poc.committee.telling import cleanness, rounds, stages
from scorecards.committee.consensus import apart, together
from scorecards.committee.panel import Member
from scorecards.committee.selection import Asked, Promise, Selection


def minutes(state: Selection) -> dict[str, object]:
    """Return the minutes for machines; shares as fractions, integrity 0 to 100 (None: nothing begun)."""
    opened = {name: own for name, own in state.opened_weights.items() if name in state.voters}
    return {
        "selection": state.name,
        "founder": state.founder,
        "head": state.head,
        "entries": state.events,
        "last_entry": state.at,
        "history": [{"entry": one.place, "at": one.at, "by": one.actor, "role": one.role, "kind": one.kind,
                     "hash": one.hash} for one in state.history],
        "integrity": cleanness(state),
        "stages": stages(state),
        "members": [_member(one, state) for one in state.panel.members],
        "left": dict(state.left),
        "complaints": list(state.panel.complaints(budget=state.budget)),
        "weights_together": together(opened) if opened else None,
        "weights_apart": apart(opened) if opened else None,
        "weights_sealed_before_evidence": state.sealed_first,
        "early_runs": list(early_runs(state)),
        "early_looks": [{"by": one.by, "vendors": list(one.vendors), "at": one.at} for one in state.looks],
        "agreed": dict(state.agreed) or None,
        "evidence": {one.vendor: one.sha256 for one in state.evidence},
        "rounds": rounds(state),
        "notes": [dict(one) for one in state.notes],
        "motions": [_motion(one) for one in state.motions],
        "blocked_gates": dict(state.vetoes),
        "promises": [promise(one, state) for one in state.promises],
        "answers": {vendor: counted(state, vendor) for vendor in state.papers},
        "late_entrants": list(state.late),
        "findings": [
            {"id": one.id, "vendor": one.vendor, "text": one.text, "due": one.due, "reply": one.reply,
             "outcome": one.outcome, "run": one.run}
            for one in state.findings
        ],
    }  # fmt: skip


def early_runs(state: Selection) -> tuple[str, ...]:
    """Return the vendors whose runs began before the last weights were sealed; those who came late could not else."""
    sealed = max((one.at for one in state.weights.values()), default=None)
    if sealed is None:
        return ()
    return tuple(one.vendor for one in state.evidence if one.began < sealed and one.vendor not in state.late)


def counted(state: Selection, vendor: str) -> dict[str, object]:
    """Return how often a vendor answered how; why it did not answer; whether its answers are sealed still."""
    paper = state.papers[vendor]
    kinds = Counter(one["answer"] for one in (paper.answers or {}).values())
    return {"sealed": paper.answers is None and not paper.withdrawn, "withdrawn": paper.withdrawn, "kinds": dict(kinds)}


def promise(one: Promise, state: Selection) -> dict[str, object]:
    """Return a waiver or attestation; ``holds`` is as of the log's last entry."""
    return {
        "kind": one.kind, "about": one.about, "target": one.vendor, "name": one.name, "reason": one.reason,
        "expires": one.expires, "entry": one.entry, "class": one.grade, "points": one.points if one.grade else None,
        "second": one.second, "ended": one.ended, "holds": state.at is not None and one.holds(state.at.date()),
    }  # fmt: skip


def _member(one: Member, state: Selection) -> Mapping[str, object]:
    interests = [
        {"vendor": each.vendor, "kind": each.kind, "recused": each.recused}
        for each in state.panel.conflicts
        if each.member == one.name
    ]
    sealed = state.weights.get(one.name)
    return {
        "name": one.name, "role": one.role, "department": one.department, "expert": one.expert, "veto": list(one.veto),
        "declared": one.name in state.panel.declared, "interests": interests, "may_vote": one.name in state.voters,
        "weights_sealed": None if sealed is None else sealed.at,
        "weights": dict(state.opened_weights.get(one.name, {})),
    }  # fmt: skip


def _motion(one: Asked) -> Mapping[str, object]:
    told: dict[str, object] = {
        "id": one.id, "text": one.text, "vendor": one.vendor, "by": one.by, "withdrawn": one.withdrawn,
    }  # fmt: skip
    if one.result is None:
        return {**told, "passed": None}
    return {
        **told, "passed": one.result.passed, "needed": one.result.needed, "approved": list(one.result.approved),
        "rejected": list(one.result.rejected), "abstained": list(one.result.abstained),
        "dissent": dict(one.result.dissent), "open_vetoes": list(one.result.open_vetoes),
    }  # fmt: skip
