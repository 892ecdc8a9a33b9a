"""Paper: a decision record in the words and tables of one language, and as a PDF that archives take."""

from dataclasses import asdict
from datetime import datetime
from importlib import resources
from pathlib import Path

import orjson
import pylopdf_fonts_zh_cn
import typst

from poc.business import Worked
from poc.decision_plots import evidence, order, ranked, ranks, totals
from poc.decision_view import Spoken
from poc.part import Bar, Part
from poc.proceedings import gate_told, proceedings
from poc.record import Record
from poc.report import View
from poc.words import words
from scorecards.rubric import TOP


def pdf(record: Record, language: str) -> bytes:
    """Return the record on paper (PDF/A-2b) in a language, fonts embedded."""
    paper = Paper(record, language)
    made = typst.compile(
        str(resources.files("poc").joinpath("templates", "record.typ")),
        font_paths=[str(Path(pylopdf_fonts_zh_cn.sans_path()).parent)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": orjson.dumps(paper.as_object()).decode()},
        timestamp=int(paper.seen.timestamp()),
        pdf_standards="a-2b",
    )
    assert isinstance(made, bytes)
    return made


class Paper:
    """The record's words and tables in one language."""

    def __init__(self, record: Record, language: str) -> None:
        self.record = record
        self.view = View(assessment=record.assessment, say=words(language))
        self.spoken = Spoken(view=self.view, decision=record.decision)
        self.say = self.view.say

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
        return f"{self.say('decision.record_hash')} {self.record.digest}"

    def parts(self) -> tuple[Part, ...]:
        """Return the parts in reading order."""
        worked = self.record.worked
        case = () if worked is None else (self.business(worked),)
        state = self.record.committee
        sat = () if state is None else proceedings(state, self.view)
        return (self.totals(), self.ranks(), self.gates(), self.others(), self.next(), *sat, *case, self.evidence())

    def as_object(self) -> dict[str, object]:
        """Return all of it, for a template."""
        seen = self.seen
        return {
            "language": self.view.language,
            "date": {"year": seen.year, "month": seen.month, "day": seen.day},
            "title": self.title,
            "lead": self.spoken.headline(),
            "notes": self.notes,
            "parts": [asdict(one) for one in self.parts()],
            "foot": self.foot,
        }

    def found(self, plot: str) -> str:
        """Return what a plot (totals, ranks, evidence) finds: its title."""
        return {"totals": totals, "ranks": ranks, "evidence": evidence}[plot](self.spoken).title

    def totals(self) -> Part:
        """Return the totals as bars."""
        decision = self.record.decision
        bars: list[Bar] = []
        for name in order(self.spoken):
            low, middle, high = (found[name] for found in (decision.low, decision.middle, decision.high))
            told = f"{middle:.2f} ({low:.2f} – {high:.2f})"
            bars.append(
                Bar(name=self.spoken.named(name), low=low / TOP, middle=middle / TOP, high=high / TOP, told=told)
            )
        keys = ("decision.surely", "decision.unknown", "decision.expected")
        marks = " · ".join(f"{mark} {self.say(key)}" for mark, key in zip("■▨◆", keys, strict=True))
        return Part.of(self.say("decision.total_points"), text=[marks, self.spoken.drawn()], bars=bars)

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
        return Part.of(self.say("decision.ranks_title"), [self.say("decision.ranks_note")], heads, rows)

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

    def business(self, done: Worked) -> Part:
        """Return the case under stress."""

        def money(value: float) -> str:
            return done.money(value, self.say.language)

        rows = [[f"{share:.0%}", *map(money, found)] for share, found in done.stress.items()]
        low, middle, high = done.graded.quantiles()
        told = self.say(
            "business.distribution_found", face=money(done.face.npv[0]), low=money(low), middle=money(middle),
            high=money(high), chance=f"{done.graded.chance_of_gain:.0%}",
        )  # fmt: skip
        text = [self.say("business.example"), told] if done.case.example else [told]
        heads = [self.say("business.claims_at"), "NPV P10", "P50", "P90"]
        return Part.of(f"{self.say('business.title')} · {done.case.name}", text, heads, rows)

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
