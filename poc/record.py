"""Record: a decision as one file that machines read and one that people read, the same bytes whenever it is made."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import version
from pathlib import Path

import orjson
import pylopdf_fonts_zh_cn
import typst

from poc import business
from poc.assessment import Assessment, Subject, opened
from poc.business import Worked, case_at, worked
from poc.deciding import decided, facts
from poc.decision_plots import order, ranked
from poc.decision_view import Spoken
from poc.report import View
from poc.words import LANGUAGES, words
from scorecards.deciding.decision import Decision
from scorecards.rubric import TOP

#: What the file says of its own shape; a reader refuses a layout it does not know.
LAYOUT = 1
#: Packages whose versions may change a figure.
COUNTED = ("touchstone-crm", "numpy", "scipy")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """A decision with all it rests on; ``worked`` is the business case beside it, if there is one."""

    assessment: Assessment
    decision: Decision
    worked: Worked | None = None

    def as_object(self) -> dict[str, object]:
        """Return what the file holds; what is not known is null, never 0."""
        seen, weighting = self.assessment, self.assessment.weighting
        return {
            "layout": LAYOUT,
            "assessment": seen.name,
            "question": "which system to choose, if any",
            "alternatives": [*(one.name for one in seen.subjects), "keep what there is", "do nothing"],
            "weighting": {
                "name": weighting.name, "digest": weighting.digest, "because": weighting.because,
                "agreed_by": list(weighting.agreed_by), "agreed_on": weighting.agreed_on,
                "dimensions": dict(weighting.dimensions),
                "waivers": [{"gate": one.gate, "name": one.name, "reason": one.reason, "expires": one.expires}
                            for one in weighting.waivers],
            },
            "evidence": [_evidence(one) for one in seen.subjects],
            "gates": {one.target: {gate.criterion: gate.state.value for gate in one.gates}
                      for one in seen.scorecard.standings},
            "decision": facts(self.decision),
            "conditions": self.conditions(),
            "business_case": None if self.worked is None else business.facts(self.worked),
            "made_with": {name: version(name) for name in COUNTED},
        }  # fmt: skip

    def conditions(self) -> list[str]:
        """Return the criteria whose gates are still open for the leader: each becomes a test, a clause or a risk."""
        if self.decision.leader is None:
            return []
        gates = self.assessment.scorecard.of(self.decision.leader).gates
        return [gate.criterion for gate in gates if gate.state.open]

    def as_json(self) -> bytes:
        """Return the file: keys sorted, so that the same decision has the same bytes."""
        options = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY
        options |= orjson.OPT_APPEND_NEWLINE
        return orjson.dumps(self.as_object(), option=options)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the file."""
        return hashlib.sha256(self.as_json()).hexdigest()

    def as_pdf(self, language: str) -> bytes:
        """Return the record on paper (PDF/A-2b) in a language, fonts embedded."""
        told = orjson.dumps(_Paper(self, language).as_object()).decode()
        paper = typst.compile(
            str(resources.files("poc").joinpath("templates", "record.typ")),
            font_paths=[str(Path(pylopdf_fonts_zh_cn.sans_path()).parent)],
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": told},
            timestamp=int(max(one.manifest.started for one in self.assessment.subjects).timestamp()),
            pdf_standards="a-2b",
        )
        assert isinstance(paper, bytes)
        return paper


def made(place: Path, weighting: str | Path, case: Path | None, *, draws: int, seed: int) -> Record:
    """Return the record of an assessment on disk, with the business case of a TOML file if one is named."""
    seen = opened(place, weighting)
    beside = None if case is None else worked(case_at(case), draws=draws, seed=seed)
    return Record(assessment=seen, decision=decided(seen, draws=draws, seed=seed), worked=beside)


def write(record: Record, folder: Path) -> tuple[Path, ...]:
    """Write ``decision.json`` and a PDF for each language into a folder and return their paths; all or none."""
    files = {"decision.json": record.as_json()}
    files |= {f"decision.{language}.pdf": record.as_pdf(language) for language in LANGUAGES}
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in files.items():
        aside = folder / f"{name}.part"
        aside.write_bytes(content)
        written.append(aside.rename(folder / name))
    return tuple(written)


def _evidence(one: Subject) -> Mapping[str, object]:
    head = (one.folder / "head.json").read_bytes()
    counted = {outcome.value: count for outcome, count in one.counted().items() if count}
    return {
        "target": one.name, "title": one.title, "labels": list(one.manifest.labels), "run": one.manifest.run,
        "started": one.manifest.started, "state": one.state, "head_sha256": hashlib.sha256(head).hexdigest(),
        "code": one.manifest.code, "catalogue": one.manifest.catalogue, "bank": dict(one.manifest.bank),
        "outcomes": counted,
    }  # fmt: skip


class _Paper:
    """The record's words and tables in one language."""

    def __init__(self, record: Record, language: str) -> None:
        self.record = record
        self.view = View(assessment=record.assessment, say=words(language))
        self.spoken = Spoken(view=self.view, decision=record.decision)
        self.say = self.view.say

    def as_object(self) -> dict[str, object]:
        spoken = self.spoken
        seen = max(one.manifest.started for one in self.record.assessment.subjects)
        parts = [self._totals(), self._ranks(), self._gates(), self._others(), self._next(), self._evidence()]
        if self.record.worked is not None:
            parts.insert(5, self._business(self.record.worked))
        return {
            "language": self.view.language,
            "date": {"year": seen.year, "month": seen.month, "day": seen.day},
            "title": f"{self.say('decision.record')} · {self.record.assessment.name}",
            "lead": spoken.headline(),
            "notes": [*spoken.reasons(), spoken.tie(), spoken.flip(), spoken.methods()],
            "parts": parts,
            "foot": f"{self.say('decision.record_hash')} {self.record.digest}",
        }

    def _totals(self) -> dict[str, object]:
        decision, bars = self.record.decision, []
        for name in order(self.spoken):
            low, middle, high = (found[name] for found in (decision.low, decision.middle, decision.high))
            told = f"{middle:.2f} ({low:.2f} – {high:.2f})"
            bars.append({"name": self.spoken.named(name), "low": low / TOP, "middle": middle / TOP,
                         "high": high / TOP, "told": told})  # fmt: skip
        keys = ("decision.surely", "decision.unknown", "decision.expected")
        marks = " · ".join(f"{mark} {self.say(key)}" for mark, key in zip("■▨◆", keys, strict=True))
        return _part(self.say("decision.total_points"), text=[marks, self.spoken.drawn()], bars=bars)

    def _ranks(self) -> dict[str, object]:
        names, decision = ranked(self.spoken), self.record.decision
        heads = [self.say("decision.target"), *(self.say("decision.rank", rank=at + 1) for at in range(len(names)))]
        rows = [
            [self.spoken.named(name),
             *(f"{share:.1%}" for share in
               decision.acceptability.ranks[decision.contest.vendors.index(name)][: len(names)])]
            for name in names
        ]  # fmt: skip
        return _part(self.say("decision.ranks_title"), [self.say("decision.ranks_note")], heads, rows)

    def _gates(self) -> dict[str, object]:
        ranked, card = self.record.assessment.ranked(), self.record.assessment.scorecard
        held = {one.name: {gate.criterion: gate.state for gate in card.of(one.name).gates} for one in ranked}
        every = list(dict.fromkeys(row for gates in held.values() for row in gates))
        rows = [
            [f"{row} {self.view.criterion(row)}",
             *(self.say(f"report.gate_{held[one.name][row].value}") if row in held[one.name] else "–"
               for one in ranked)]
            for row in every
        ]  # fmt: skip
        return _part(self.say("decision.gates"), [], [self.say("decision.what"), *(one.title for one in ranked)], rows)

    def _others(self) -> dict[str, object]:
        rows = [
            [self.spoken.method(one.method), self.spoken.listed(one.leaders) or self.say("decision.nobody")]
            for one in self.record.decision.crosschecks
        ]
        heads = [self.say("decision.method"), self.say("decision.leads")]
        return _part(self.say("decision.crosscheck"), [], heads, rows)

    def _next(self) -> dict[str, object]:
        sentence, rows = self.spoken.measure()
        heads = [self.say(f"decision.{name}") for name in ("target", "what", "worth")]
        return _part(self.say("decision.next"), [sentence], heads if rows else [], rows, widths=[3, 5, 4])

    def _business(self, done: Worked) -> dict[str, object]:
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
        return _part(f"{self.say('business.title')} · {done.case.name}", text, heads, rows)

    def _evidence(self) -> dict[str, object]:
        weighting = self.record.assessment.weighting
        weights = ", ".join(f"{code} {share:.0%}" for code, share in weighting.dimensions.items())
        text = [f"{self.say('report.weighting')}: {self.view.weighting} ({weights}); SHA-256 {weighting.digest}"]
        rows = [
            [self.spoken.named(one.name), f"{one.manifest.started:%Y-%m-%d %H:%M} UTC", one.manifest.run]
            for one in self.record.assessment.subjects
        ]
        heads = [self.say("decision.target"), self.say("decision.seen_on"), self.say("decision.seen_in")]
        return _part(
            self.say("decision.rests_on"), [*text, self.say("decision.disclaimer")], heads, rows, widths=[4, 3, 5]
        )


def _part(
    title: str,
    text: Sequence[str] = (),
    head: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
    bars: Sequence[Mapping[str, object]] = (),
    widths: Sequence[int] = (),
) -> dict[str, object]:
    """Return a part of the paper; unless ``widths`` say else, the first column has twice the room of the others."""
    room = list(widths) or [2, *[1] * (len(head) - 1)]
    return {"title": title, "text": list(text), "head": list(head), "rows": [list(row) for row in rows],
            "widths": room if head else [], "bars": list(bars)}  # fmt: skip
