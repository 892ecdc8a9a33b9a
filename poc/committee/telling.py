"""Telling: where a selection stands, as facts for machines: nothing of a round before it is revealed."""

import hashlib
from pathlib import Path

from poc.committee.ledger import LedgerError
from scenarios.store import Store
from scorecards.committee import process
from scorecards.committee.consensus import apart, consensus, together
from scorecards.committee.course import proven
from scorecards.committee.events import canonical
from scorecards.committee.process import State, integrity
from scorecards.committee.selection import Round, Selection


def facts(state: Selection) -> dict[str, object]:
    """Return where a selection stands; points stand here only once a round is revealed."""
    opened = dict(state.opened_weights)
    return {
        "name": state.name,
        "founder": state.founder,
        "vendors": list(state.vendors),
        "late": list(state.late),
        "members": [one.name for one in state.panel.members],
        "invited": sorted(state.invited),
        "may_vote": list(state.voters),
        "complaints": list(state.panel.complaints(budget=state.budget)),
        "weights_sealed": sorted(state.weights),
        "weights_opened": {name: dict(own) for name, own in opened.items()},
        "weights_together": together(opened) if opened else None,
        "weights_apart": apart(opened) if opened else None,
        "evidence": {one.vendor: one.sha256 for one in state.evidence},
        "rounds": rounds(state),
        "motions": {one.id: _ended(one.result) for one in state.motions},
        "blocked_gates": dict(state.vetoes),
        "promises": [f"{one.kind} {one.about} by {one.name} until {one.expires}" for one in state.promises],
        "answers_awaited": list(state.asked_vendors) if state.questions else [],
        "findings": {one.id: one.outcome or ("answered" if one.reply else "sent") for one in state.findings},
        "integrity": cleanness(state),
        "entries": state.events,
        "head": state.head,
    }


def cleanness(state: Selection) -> float | None:
    """Return how cleanly the selection was done so far (0 to 100); None where nothing is under way."""
    progress, known = proven(state), process.stages()
    begun = any(process.under_way(progress, one) for one in known)
    return integrity(progress, known) if begun else None


def stages(state: Selection) -> list[dict[str, object]]:
    """Return every stage: where it stands, who answers for it, what is missing for its next step."""
    progress = proven(state)
    rows: list[dict[str, object]] = []
    for one in process.stages():
        stands = progress.state(one)
        at = "entry" if stands is State.WAITING else "exit"
        missing = progress.missing(one, at=at) if stands in (State.WAITING, State.OPEN) else ()
        waits = [b for b in one.after if b not in progress.ended and b not in progress.skipped]
        rows.append(
            {"stage": one.id, "title": one.title, "owner": one.owner, "state": stands.value,
             "waits_for": waits if stands is State.WAITING else [], "missing": [each.id for each in missing]}
        )  # fmt: skip
    return rows


def disclosed(vendor: str, run: Path) -> dict[str, object]:
    """Return what discloses a run: the hash of its evidence, of the pack it faced, and when it began.

    Every byte of the run is proven first. Raises LedgerError for a run that is of another target.
    """
    store = Store.open(run)
    store.verify()
    manifest = store.manifest
    if manifest.target != vendor:
        raise LedgerError(f"{run} is a run of {manifest.target!r}, not of {vendor!r}; name the vendor's own")
    told = manifest.as_object()
    pack = {name: told.get(name) for name in ("bank", "catalogue")}
    return {
        "vendor": vendor,
        "run": manifest.run,
        "sha256": hashlib.sha256((run / "evidence.jsonl").read_bytes()).hexdigest(),
        "pack": hashlib.sha256(canonical(pack)).hexdigest(),
        "began": manifest.started.isoformat(),
    }


def rounds(state: Selection) -> list[dict[str, object]]:
    """Return every round; points and what follows from them only of those that are revealed."""
    return [_round(one, state) for one in state.rounds]


def _round(one: Round, state: Selection) -> dict[str, object]:
    told: dict[str, object] = {
        "round": one.number, "cells": len(one.cells), "awaited": list(one.awaited), "void": dict(one.void),
        "revealed": one.revealed,
    }  # fmt: skip
    if one.revealed:
        found = consensus(one, state.opened_weights)
        told |= {
            "medians": dict(found.opinions.medians),
            "values": {name: dict(cell.values) for name, cell in found.opinions.cells.items()},
            "discuss": list(found.opinions.to_discuss), "alpha": found.alpha, "agreement": found.opinions.agreement,
            "w": found.w, "icc": found.icc, "leaders": list(found.leaders), "pivotal": list(found.pivotal),
        }  # fmt: skip
    return told


def _ended(result: object) -> str:
    return "open" if result is None else "passed" if getattr(result, "passed", False) else "not passed"
