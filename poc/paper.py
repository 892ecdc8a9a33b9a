"""Paper: a decision record in the words, figures and tables of one language, and as a PDF that archives take."""

from collections.abc import Iterator
from datetime import datetime
from importlib import resources

import orjson
import typst

from poc.business import Worked
from poc.business_plots import cash, claims, distribution, losses, tornado
from poc.case_parts import exchange, ledger, offers, register, results, stress
from poc.committee.plots import heat
from poc.deciding import nearest_flip
from poc.decision_plots import evidence, order, ranked, ranks, sensitivity, totals
from poc.decision_view import Spoken
from poc.offer_plots import against, cost_by_line, cost_by_year
from poc.part import Part
from poc.pictures.fonts import fonts, readable
from poc.pictures.svg import svg
from poc.plots import Plot
from poc.proceedings import gate_told, logged, proceedings
from poc.record import Record
from poc.report import View
from poc.strip import strip
from poc.words import words
from scorecards.committee.consensus import consensus


def pdf(record: Record, language: str) -> bytes:
    """Return the record on paper (PDF/A-2b) in a language, fonts embedded."""
    paper = Paper(record, language)
    made = typst.compile(
        str(resources.files("poc").joinpath("templates", "record.typ")),
        font_paths=[str(fonts())],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": readable(orjson.dumps(paper.as_object()).decode())},
        timestamp=int(paper.seen.timestamp()),
        pdf_standards="a-2b",
    )
    assert isinstance(made, bytes)
    return made


class Paper:
    """The record's words, figures and tables in one language."""

    def __init__(self, record: Record, language: str) -> None:
        self.record = record
        self.view = View(assessment=record.assessment, say=words(language))
        self.spoken = Spoken(view=self.view, decision=record.decision)
        self.say = self.view.say
        self.digest = record.digest

    @property
    def seen(self) -> datetime:
        """Return when the youngest run began: the moment that all files bear, so that made again they are the same."""
        return max(one.manifest.started for one in self.record.assessment.subjects)

    @property
    def title(self) -> str:
        """Return the record's title."""
        return f"{self.say('decision.record')} · {self.record.assessment.name}"

    @property
    def notes(self) -> list[str]:
        """Return what stands below the headline, a sentence each."""
        spoken = self.spoken
        return [*spoken.reasons(), spoken.tie(), spoken.flip(), spoken.methods()]

    @property
    def foot(self) -> str:
        """Return what binds every page to the record."""
        return f"{self.say('decision.record_hash')} {self.digest}"

    @property
    def source(self) -> str:
        """Return the line below every figure: which evidence it shows, and the head of the record's hash."""
        return self.say(
            "decision.source", name=self.record.assessment.name, date=f"{self.seen:%Y-%m-%d}",
            hash=self.digest[:12],
        )  # fmt: skip

    def parts(self) -> tuple[Part, ...]:
        """Return the parts in reading order: the choice, the money, the people, what all rests on."""
        worked, state = self.record.worked, self.record.committee
        case = () if worked is None else self.business(worked)
        sat = () if state is None else (*self.apart(), *proceedings(state, self.view), logged(state, self.say))
        return (*self.choice(), *case, *sat)

    def as_object(self) -> dict[str, object]:
        """Return all of it, for a template; figures are still pictures there."""
        seen = self.seen
        return {
            "language": self.view.language,
            "date": {"year": seen.year, "month": seen.month, "day": seen.day},
            "title": self.title,
            "lead": self.spoken.headline(),
            "strip": [one._asdict() for one in strip(self.spoken)],
            "notes": self.notes,
            "parts": [_told(one) for one in self.parts()],
            "source": self.source,
            "foot": self.foot,
        }

    # -- the choice --------------------------------------------------------------------------------------------------
    def choice(self) -> Iterator[Part]:
        """Walk over what says who leads and why, in the order in which a manager looks."""
        yield from (self.gates(), self.totals(), self.ranks())
        if self.record.worked is not None and (front := against(self.record.worked, self.spoken)) is not None:
            yield Part.of(self.say("business.front")).showing(*front)
        yield Part.of(self.say("decision.sensitivity")).showing(*self.weight())
        yield from (self.others(), self.next())
        yield from self.conditions()
        yield from (self.mix(), self.evidence())

    def totals(self) -> Part:
        """Return the totals by dimension, and in figures."""
        decision = self.record.decision
        heads = [self.say("decision.target"), self.say("file.worst"), self.say("decision.expected"),
                 self.say("file.best"), self.say("file.covered")]  # fmt: skip
        rows = [
            [self.spoken.named(name), f"{decision.low[name]:.2f}", f"{decision.middle[name]:.2f}",
             f"{decision.high[name]:.2f}", f"{decision.coverage[name]:.0%}"]
            for name in order(self.spoken)
        ]  # fmt: skip
        part = Part.of(self.say("decision.total_points"), [self._dimensions(), self.spoken.drawn()], heads, rows)
        return part.showing(*totals(self.spoken))

    def _dimensions(self) -> str:
        codes = self.record.decision.contest.dimensions
        return " · ".join(f"{code} {self.spoken.dimension(code)}" for code in codes)

    def ranks(self) -> Part:
        """Return how often each takes each rank."""
        names, decision = ranked(self.spoken), self.record.decision
        heads = [self.say("decision.target"), *(self.say("decision.rank", rank=at + 1) for at in range(len(names)))]
        rows = [
            [self.spoken.named(name),
             *(f"{share:.1%}" for share in
               decision.acceptability.ranks[decision.contest.vendors.index(name)][: len(names)])]
            for name in names
        ]  # fmt: skip
        part = Part.of(self.say("decision.ranks_title"), [self.say("decision.ranks_note")], heads, rows)
        return part.showing(*ranks(self.spoken))

    def weight(self) -> Plot:
        """Return the totals as one weight moves: the one of which the smallest change turns the choice."""
        found = nearest_flip(self.record.decision)
        return sensitivity(self.spoken, found[0] if found else self.record.decision.contest.dimensions[0])

    def gates(self) -> Part:
        """Return the gates, a column a system."""
        ranked, card = self.record.assessment.ranked(), self.record.assessment.scorecard
        held = {one.name: {gate.criterion: gate.state for gate in card.of(one.name).gates} for one in ranked}
        every = list(dict.fromkeys(row for gates in held.values() for row in gates))
        rows = [
            [f"{row} {self.view.criterion(row)}",
             *(gate_told(self.view, held[one.name].get(row), one.name, row) for one in ranked)]
            for row in every
        ]  # fmt: skip
        return Part.of(
            self.say("decision.gates"), [], [self.say("decision.what"), *(self.view.named(one) for one in ranked)], rows
        )

    def others(self) -> Part:
        """Return whom other methods put first."""
        rows = [
            [self.spoken.method(one.method), self.spoken.listed(one.leaders) or self.say("decision.nobody")]
            for one in self.record.decision.crosschecks
        ]
        heads = [self.say("decision.method"), self.say("decision.leads")]
        return Part.of(self.say("decision.crosscheck"), [], heads, rows)

    def next(self) -> Part:
        """Return what to measure next."""
        sentence, rows = self.spoken.measure()
        heads = [self.say(f"decision.{name}") for name in ("target", "what", "worth")]
        return Part.of(self.say("decision.next"), [sentence], heads if rows else [], rows, widths=[3, 5, 4])

    def conditions(self) -> Iterator[Part]:
        """Walk over the one part that lists the leader's open gates, if there are any."""
        leader, found = self.record.decision.leader, self.record.conditions()
        if leader is not None and found:
            text = self.say("decision.conditions_text", leader=self.spoken.named(leader))
            rows = [[f"{row} {self.view.criterion(row)}"] for row in found]
            yield Part.of(self.say("decision.conditions"), [text], [self.say("decision.what")], rows)

    def mix(self) -> Part:
        """Return which classes of evidence the weight rests on."""
        return Part.of(self.say("file.evidence_mix")).showing(*evidence(self.spoken))

    def evidence(self) -> Part:
        """Return what all rests on."""
        weighting = self.record.assessment.weighting
        weights = ", ".join(f"{code} {share:.0%}" for code, share in weighting.dimensions.items())
        text = [f"{self.say('report.weighting')}: {self.view.weighting} ({weights}); SHA-256 {weighting.digest}"]
        rows = [
            [self.spoken.named(one.name), f"{one.manifest.started:%Y-%m-%d %H:%M} UTC", one.manifest.run]
            for one in self.record.assessment.subjects
        ]
        heads = [self.say("decision.target"), self.say("decision.seen_on"), self.say("decision.seen_in")]
        return Part.of(
            self.say("decision.rests_on"), [*text, self.say("decision.disclaimer")], heads, rows, widths=[4, 3, 5]
        )

    # -- the money ---------------------------------------------------------------------------------------------------
    def business(self, done: Worked) -> Iterator[Part]:
        """Walk over the business case: what it comes to, what it rests on, what it costs, what is kept out of it."""
        say, example = self.say, [self.say("business.example")] if done.case.example else []
        first = results(done, say)
        title = f"{say('business.title')} · {done.case.named(say.language)}"
        yield Part.of(title, [*example, *first.text], first.head, first.rows).showing(*distribution(done, say))
        yield Part.of(say("business.claims")).showing(*claims(done, say))
        yield from (ledger(done, say), stress(done, say))
        yield Part.of(say("business.moves")).showing(*tornado(done, say))
        yield Part.of(say("business.cash")).showing(*cash(done, say))
        yield Part.of(say("business.cost")).showing(*cost_by_line(done, say))
        yield Part.of(say("business.cost_by_year")).showing(*cost_by_year(done, say))
        if done.offers:
            yield offers(done, say)
        if done.case.exchange:
            yield exchange(done, say)
        for one in done.case.risks:
            yield Part.of(say("business.risks"), [say("business.risks_text")]).showing(*losses(done, one, say))
        if entries := done.benefits():
            yield register(done, entries, say)

    # -- the people --------------------------------------------------------------------------------------------------
    def apart(self) -> Iterator[Part]:
        """Walk over the one part that shows where members differed, once points lie open."""
        state = self.record.committee
        if state is not None and (last := state.last_revealed) is not None:
            found = consensus(last, state.opened_weights).opinions
            yield Part.of(self.say("file.points_apart")).showing(*heat(found, self.say))


def _told(part: Part) -> dict[str, object]:
    return {
        "title": part.title, "found": part.found, "picture": "" if part.figure is None else svg(part.figure),
        "text": part.text, "head": part.head, "rows": part.rows, "widths": part.widths,
    }  # fmt: skip
