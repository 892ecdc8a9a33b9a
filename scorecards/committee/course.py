"""Course: the questionnaire and its sealed answers, the right of reply, late entrants, and the stages."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from scorecards.committee import process
from scorecards.committee.ballots import fingerprint
from scorecards.committee.events import Event, LogError, canonical
from scorecards.committee.opinions import gathered
from scorecards.committee.process import Artefact, Progress, Stage
from scorecards.committee.reading import digest, optional, rules, table, text, texts
from scorecards.committee.selection import Finding, Paper, Round, Selection
from scorecards.committee.sitting import chair, member, sealed
from scorecards.methods.tables import TableError

OUTCOMES = ("stands", "changed")
#: Demands that only the log itself can show; nobody may attach a file in its place.
SHOWN_BY_LOG = frozenset(
    {
        "PRO-09/conflicts", "PRO-09/weights_sealed", "PRO-09/sealed_first", "PRO-09/anchors_sealed", "PRO-03/typed",
        "PRO-03/sealed", "PRO-06/blind", "PRO-06/agreement", "PRO-12/same_pack",
    }
)  # fmt: skip


# -- questionnaire ---------------------------------------------------------------------------------------------------
def asked(state: Selection, event: Event) -> Selection:
    """The founder fixes the questions by id; afterwards they are the same for all vendors."""
    chair(state, event)
    if state.papers:
        raise TableError("questions.asked: answers came in already; the questions stay as they are")
    ids = texts(event, "questions")
    if not ids:
        raise TableError("questions.asked: questions is empty; ask one at least")
    return replace(state, questions={"ids": ids, "sha256": hashlib.sha256(canonical(list(ids))).hexdigest()})


def answers_sealed(state: Selection, event: Event) -> Selection:
    """A member puts down the fingerprint of a vendor's answers, which nobody reads until all are in."""
    member(state, event)
    vendor = _vendor(state, event)
    if not state.questions:
        raise TableError("answers.sealed: no questions were asked; ask them first")
    if any(one.answers is not None for one in state.papers.values()) and vendor not in state.late:
        raise TableError("answers.sealed: answers lie open already; none comes in after that")
    if vendor in state.papers:
        raise TableError(f"answers.sealed: those of {vendor} are in; they stay as they came")
    fresh = Paper(vendor=vendor, by=event.actor, sealed=sealed(event))
    return replace(state, papers={**state.papers, vendor: fresh})


def answers_withdrawn(state: Selection, event: Event) -> Selection:
    """The founder notes that a vendor will not answer, and why, so that the others need not wait."""
    chair(state, event)
    vendor = _vendor(state, event)
    if vendor in state.papers:
        raise TableError(f"answers.withdrawn: those of {vendor} are in; they stay as they came")
    fresh = Paper(vendor=vendor, by=event.actor, withdrawn=text(event, "reason", least=10))
    return replace(state, papers={**state.papers, vendor: fresh})


def answers_opened(state: Selection, event: Event) -> Selection:
    """Whoever sealed a vendor's answers opens them, after all are in; they must be the ones that were put down."""
    member(state, event)
    vendor, answers = _vendor(state, event), table(event, "answers")
    if waiting := state.asked_vendors:
        raise TableError(f"answers.opened: {', '.join(waiting)} must be in first; nobody reads before all are")
    paper = state.papers[vendor]
    if paper.sealed is None or paper.by != event.actor:
        raise TableError(f"answers.opened: {event.actor} did not seal those of {vendor}; {paper.by} did")
    if fingerprint(answers_said(vendor, answers), text(event, "nonce")) != paper.sealed.commitment:
        raise LogError(f"answers of {vendor}: they are not the ones that were sealed; open the original")
    return replace(state, papers={**state.papers, vendor: replace(paper, answers=answers)})


def answers_said(vendor: str, answers: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    """Return what is sealed of a vendor's answers (id -> answer, proof, date, remark); raises TableError."""
    words = rules()["answers"]
    for name, one in answers.items():
        if one.get("answer") not in words:
            raise TableError(f"answers of {vendor}: {name} = {one.get('answer')!r}: use {', '.join(words)}")
    return {"vendor": vendor, "answers": {name: dict(one) for name, one in answers.items()}}


# -- late entrants and the right of reply ----------------------------------------------------------------------------
def entrant(state: Selection, event: Event) -> Selection:
    """A vendor comes late, with the reason why; it faces the frozen pack, and nobody's points move."""
    chair(state, event)
    vendor = text(event, "vendor")
    text(event, "reason", least=10)
    if vendor in state.vendors:
        raise TableError(f"entrant.added: {vendor!r} is in already; name a new one")
    late = (*state.late, vendor) if state.evidence else state.late
    panel = replace(state.panel, declared=frozenset()) if late else state.panel  # interests in the newcomer are asked
    return replace(state, vendors=(*state.vendors, vendor), late=late, panel=panel)


def finding_sent(state: Selection, event: Event) -> Selection:
    """A vendor is told a finding against it and may answer for some days, by default as the rules say."""
    member(state, event)
    name = text(event, "id")
    if any(one.id == name for one in state.findings):
        raise TableError(f"finding.sent: {name!r} was sent already; give another id")
    due = event.at + timedelta(days=float(rules()["reply"]["days"]))
    fresh = Finding(id=name, vendor=_vendor(state, event), text=text(event, "text"), due=due)
    return replace(state, findings=(*state.findings, fresh))


def reply_received(state: Selection, event: Event) -> Selection:
    """What a vendor answered to a finding, in its own words."""
    member(state, event)
    found = _finding(state, event)
    if event.at > found.due:
        raise TableError(f"reply.received: {found.id} was due by {found.due:%Y-%m-%d %H:%M}; it came too late")
    return _heard(state, replace(found, reply=text(event, "text")))


def reply_settled(state: Selection, event: Event) -> Selection:
    """What followed from a reply: the finding stands or was changed, and the run that repeated it."""
    member(state, event)
    found, outcome = _finding(state, event), text(event, "outcome")
    if outcome not in OUTCOMES:
        raise TableError(f"reply.settled: outcome = {outcome!r}: use {' or '.join(OUTCOMES)}")
    if not found.reply:
        raise TableError(f"reply.settled: {found.id} has no reply; note it first")
    return _heard(state, replace(found, outcome=outcome, run=text(event, "run")))


# -- stages ----------------------------------------------------------------------------------------------------------
def stage_begun(state: Selection, event: Event) -> Selection:
    """The founder begins a stage: those before it must be done, and its entry demands shown."""
    chair(state, event)
    fresh = process.begin(proven(state), _stage(event), event.at, process.stages())
    return replace(state, progress=_own(fresh))


def stage_ended(state: Selection, event: Event) -> Selection:
    """The founder ends a stage: its exit demands must be shown."""
    chair(state, event)
    return replace(state, progress=_own(process.end(proven(state), _stage(event), event.at)))


def stage_skipped(state: Selection, event: Event) -> Selection:
    """The founder leaves a stage out for a reason, which lowers the integrity of the process."""
    chair(state, event)
    fresh = process.skip(proven(state), _stage(event), text(event, "reason"))
    return replace(state, progress=_own(fresh))


def artefact_shown(state: Selection, event: Event) -> Selection:
    """A member attaches, by its hash, a file that shows a demand met; what the log itself must show is refused."""
    member(state, event)
    stage, demand = text(event, "stage"), text(event, "demand")
    if f"{stage}/{demand}" in SHOWN_BY_LOG:
        raise TableError(f"artefact.shown: {stage}/{demand} is shown by what the committee does, not by a file")
    made = Artefact(
        stage=stage, demand=demand, sha256=digest(event, "sha256"), by=event.actor, at=event.at,
        note=optional(event, "note"),
    )  # fmt: skip
    return replace(state, progress=process.shown(state.progress, made, process.stages()))


def proven(state: Selection) -> Progress:
    """Return the progress with what the log itself shows: interests, seals, blind rounds, agreement, the same pack."""
    if state.at is None:
        return state.progress
    made = tuple(
        Artefact(stage=name.partition("/")[0], demand=name.partition("/")[2], sha256=entry, by="log", at=state.at)
        for name, entry in _from_log(state).items()
        if entry
    )
    return replace(state.progress, artefacts=(*state.progress.artefacts, *made))


def _from_log(state: Selection) -> Mapping[str, str]:
    """Return for each demand that only the log shows the hash of the entry that shows it met, else nothing."""
    names, last = {one.name for one in state.panel.members}, state.last_revealed
    typed = state.head if _all_answered(state) else ""
    seals = [one.hash for one in state.weights.values()]
    late = [one.hash for one in state.evidence if one.vendor in state.late]
    return {
        "PRO-09/conflicts": state.head if names and names <= state.panel.declared else "",
        "PRO-09/weights_sealed": seals[-1] if seals and not state.unsealed else "",
        "PRO-09/sealed_first": seals[-1] if state.sealed_first else "",
        "PRO-09/anchors_sealed": str(state.agreed.get("hash", "")),
        "PRO-03/typed": typed,
        "PRO-03/sealed": typed,
        "PRO-06/blind": last.hash if last else "",
        "PRO-06/agreement": last.hash if last and _agreed(state, last) else "",
        "PRO-12/same_pack": late[-1] if late and len(late) == len(state.late) else "",
    }


def _all_answered(state: Selection) -> bool:
    papers = state.papers.values()
    return bool(papers) and not state.asked_vendors and all(one.answers is not None or one.withdrawn for one in papers)


def _agreed(state: Selection, last: Round) -> bool:
    """Whether the panel agrees at least tentatively, or has scored again after talking."""
    again = sum(one.revealed for one in state.rounds) > 1
    return again or gathered(tuple(last.opened.values())).agreement in ("good", "tentative")


def _own(fresh: Progress) -> Progress:
    """Return a progress without what the log shows by itself: that is worked out anew each time."""
    return replace(fresh, artefacts=tuple(one for one in fresh.artefacts if one.by != "log"))


def _stage(event: Event) -> Stage:
    name = text(event, "stage")
    found = next((one for one in process.stages() if one.id == name), None)
    if found is None:
        raise TableError(f"{event.kind}: stage {name!r} is none; use {', '.join(s.id for s in process.stages())}")
    return found


def _vendor(state: Selection, event: Event) -> str:
    vendor = text(event, "vendor")
    if vendor not in state.vendors:
        raise TableError(f"{event.kind}: {vendor!r} is no vendor here; use {', '.join(state.vendors)}")
    return vendor


def _finding(state: Selection, event: Event) -> Finding:
    name = text(event, "id")
    found = next((one for one in state.findings if one.id == name), None)
    if found is None or found.outcome:
        raise TableError(f"{event.kind}: no finding {name!r} is open; send it first")
    return found


def _heard(state: Selection, fresh: Finding) -> Selection:
    return replace(state, findings=tuple(fresh if one.id == fresh.id else one for one in state.findings))
