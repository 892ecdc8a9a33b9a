"""report(): an assessment becomes one self-contained page of HTML per language, readable on screen and on paper."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from loadtests.quantiles import bound
from loadtests.result import LIMITS, LoadResult
from poc.assessment import Assessment, Subject
from poc.drawing import interval, line_per_second
from poc.words import LANGUAGES, Words, sentence, words
from scenarios.evidence import Evidence, Outcome
from scorecards.criterion import Dimension
from scorecards.rating import Rating
from scorecards.scorecard import Eligible, Score

#: What is told of a bank.
BANK = ("customers", "seed", "profile", "digest")
#: Lines of each list that the page shows; the run folder holds the rest.
FAILURES, UNKNOWNS = 25, 8


class LoadLine(NamedTuple):
    """One class of requests of a load test: how many, median, p99 as seen and as proven (ms)."""

    kind: str
    n: int
    p50: float | None
    p99: float | None
    upper: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the template asks: an assessment seen in one language."""

    assessment: Assessment
    say: Words

    @property
    def language(self) -> str:
        """Return the language's code."""
        return self.say.language

    @property
    def weighting(self) -> str:
        """Return the weighting's name in the reader's language."""
        known = self.assessment.weighting
        return (known.name_zh or known.name) if self.language == "zh" else known.name

    def leads(self) -> list[str]:
        """Return the sentences with which the page opens: who leads, how sure, on what condition."""
        card = self.assessment.scorecard
        if all(one.overall.observed is None for one in card.standings):
            return [self.say("report.lead_nothing")]
        group = self.leaders()
        if not group:
            return [self.say("report.lead_none")]
        first = card.of(group[0])
        told = [self._lead(group, first.overall)]
        told.append(self.say(f"report.{self._sureness(group[0])}"))
        if first.eligible is Eligible.CONDITIONAL:
            still = sum(gate.state.open for gate in first.gates)
            told.append(self.say("report.conditional", leader=self.title(group[0]), count=still))
        return told

    def leaders(self) -> list[str]:
        """Return the targets that lead, several if they are tied, none if no target may win or nothing was seen."""
        card = self.assessment.scorecard
        able = {
            one.target for one in card.standings if one.eligible is not Eligible.NO and one.overall.observed is not None
        }
        return [name for name in card.ranking()[0] if name in able] if able else []

    def _lead(self, group: list[str], score: Score) -> str:
        if len(group) > 1:
            names = ", ".join(self.title(name) for name in group)
            band = f"{self.assessment.scorecard.tie_band:.2f}"
            return self.say("report.lead_tie", leaders=names, weighting=self.weighting, band=band)
        return self.say(
            "report.lead_one",
            leader=self.title(group[0]),
            observed=self.points(score.observed),
            worst=self.points(score.worst),
            best=self.points(score.best),
            coverage=self.percent(score.coverage),
            weighting=self.weighting,
        )

    def _sureness(self, leader: str) -> str:
        others = [one for one in self.assessment.scorecard.standings if one.target != leader]
        if not others:
            return "sure_single"
        worst = self.assessment.scorecard.of(leader).overall.worst
        rivals = [one.overall.best for one in others if one.eligible is not Eligible.NO]
        if not rivals:
            return "sure_alone"
        return "sure_yes" if all(worst > best for best in rivals) else "sure_no"

    def title(self, target: str) -> str:
        """Return what people call a target, with the labels that it must wear."""
        return self.named(self.assessment.subject(target))

    def named(self, subject: Subject) -> str:
        """Return what people call a target, with the labels that it must wear wherever it is shown."""
        worn = [self.label(one) for one in subject.manifest.labels]
        return f"{subject.title} ({', '.join(worn)})" if worn else subject.title

    def provenance(self, subject: Subject) -> str:
        """Return a target's licence, where it was written down, and the day on which it was tested or described."""
        known, day = subject.manifest, f"{subject.manifest.started:%Y-%m-%d}"
        licence = known.settings.get("licence")
        told = [self.say("report.licence", licence=licence)] if licence else []
        return " · ".join([*told, self.say("report.tested" if known.bank else "report.described", day=day)])

    def bank(self, subject: Subject) -> str:
        """Return which bank a target was given; one that is judged on paper was given none."""
        if not (told := subject.manifest.bank):
            return self.say("report.bank_none")
        return self.say("report.bank_text", **{name: told.get(name) for name in BANK})

    def banks(self) -> str:
        """Return the banks that the tested targets were given, as a rule one for all."""
        tested = [one for one in self.assessment.subjects if one.manifest.bank] or self.assessment.subjects[:1]
        return "; ".join(dict.fromkeys(self.bank(one) for one in tested))

    def label(self, label: str) -> str:
        """Return a label in the reader's language; one that nobody translated stays as it is."""
        return self.say.of(f"report.label.{label}", label)

    def dimension(self, one: Dimension) -> str:
        """Return a dimension's title in the reader's language."""
        return one.title_zh if self.language == "zh" else one.title

    def criterion(self, identity: str) -> str:
        """Return a criterion's title in the reader's language."""
        one = self.assessment.catalogue.by_id[identity]
        return one.title_zh if self.language == "zh" else one.title

    def why(self, rating: Rating) -> str:
        """Return the main reason for a rating as a sentence."""
        return self.assessment.catalogue.why[rating.why.value][self.language]

    def sentence(self, piece: Evidence) -> str:
        """Return what a check says."""
        return sentence(piece.check, piece.sentence, self.language)

    def points(self, value: float | None) -> str:
        """Return points from 0 to 5 as text; what was not seen is a dash, never 0."""
        return self.say("report.none") if value is None else f"{value:.2f}"

    def percent(self, share: float) -> str:
        """Return a share as percent."""
        return f"{share:.0%}"

    def milliseconds(self, value: float | None) -> str:
        """Return milliseconds as text."""
        return self.say("report.none") if value is None else f"{value:.0f} ms"

    def shown(self, value: object) -> str:
        """Return an observation as one short line."""
        if isinstance(value, Mapping):
            said = {key: item for key, item in value.items() if item not in ("", [], (), {})}
            value = ", ".join(f"{key}: {self.shown(item)}" for key, item in said.items())
        elif isinstance(value, list | tuple):
            value = ", ".join(self.shown(item) for item in value)
        if isinstance(value, float):
            value = f"{value:.4g}"
        text = self.say("report.none") if value is None else str(value)
        return text if len(text) <= 160 else text[:159] + "…"

    def bar(self, score: Score | Rating) -> Markup:
        """Return an interval as a picture."""
        return interval(score.observed, score.worst, score.best)

    def generator(self, result: LoadResult) -> str:
        """Return how the load generator kept its own time, in the reader's language."""
        late = [
            self.say(f"report.late_{name}", value=f"{value:.1f}", limit=f"{limit:g}")
            for name, limit in LIMITS.items()
            if (value := result.generator.get(name)) is not None and value > limit
        ]
        if result.stopped_early:
            late.append(self.say("report.late_stopped"))
        return "; ".join(late) or self.say("report.generator_well")

    def load_lines(self, result: LoadResult) -> list[LoadLine]:
        """Return a load test's classes."""
        return [_load_line(result, kind) for kind in ("read", "write")]

    def seconds(self, result: LoadResult) -> Markup:
        """Return a load test's p99 by second as a picture."""
        points = {second: figures[2] for second, figures in result.by_second().items()}
        return line_per_second(points, warm_up=result.workload.warm_up)

    def failures(self, subject: Subject) -> list[tuple[Rating, Evidence]]:
        """Return a target's failed checks, the worst first."""
        return list(self.assessment.failures(subject.name))

    def unknowns(self) -> list[tuple[Rating, float]]:
        """Return what most moves the leader's total, rows that were not seen included."""
        ranked = self.assessment.ranked()
        return list(self.assessment.unknowns(ranked[0].name))[:UNKNOWNS] if ranked else []

    def weakened(self, subject: Subject) -> bool:
        """Whether a target is a weakened copy of the lab's."""
        return any(self.is_weakening(label) for label in subject.manifest.labels)

    def is_weakening(self, label: str) -> bool:
        """Whether a label is the one of weakened copies, which has a sentence of its own."""
        return label == "deliberately weakened"


def _load_line(result: LoadResult, kind: str) -> LoadLine:
    histogram = result.histogram(kind=kind)
    proven, median = bound(histogram, 0.99), histogram.quantile(0.5)
    return LoadLine(kind, proven.n, None if median is None else median / 1000, proven.seen, proven.upper)


def render(assessment: Assessment, language: str) -> str:
    """Return an assessment as one page of HTML that needs nothing but itself."""
    loader = PackageLoader("poc", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    view = View(assessment=assessment, say=words(language))
    other = next(one for one in LANGUAGES if one != language)
    return environment.get_template("report.html.j2").render(
        view=view, say=view.say, a=assessment, other=other, limit=FAILURES, Outcome=Outcome
    )


def as_csv(assessment: Assessment) -> str:
    """Return a scorecard as CSV, a line for each target and dimension; what was not seen is empty, never 0."""
    text = StringIO()
    rows = assessment.scorecard.rows()
    sheet = csv.DictWriter(text, fieldnames=list(rows[0]) if rows else ["target"])
    sheet.writeheader()
    sheet.writerows({name: _as_text(value) for name, value in row.items()} for row in rows)
    return text.getvalue()


def _as_text(value: object) -> object:
    """Return what a spreadsheet takes for text, never for a formula (OWASP: CSV injection); figures stay figures."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def write(assessment: Assessment, folder: Path) -> tuple[Path, ...]:
    """Write ``report.en.html`` and ``report.zh.html`` into a folder and return their paths; all or none."""
    pages = {language: render(assessment, language) for language in LANGUAGES}
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for language, page in pages.items():
        path = folder / f"report.{language}.html"
        aside = path.with_suffix(".part")
        aside.write_text(page, encoding="utf-8")
        aside.rename(path)
        written.append(path)
    return tuple(written)
