"""Audits: what an audit of a bank says in a language, and the one page of HTML that it becomes."""

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from poc.audit_plots import plots
from poc.words import Words
from synthetic_data.audits.audit import FAR, NEAR, UNMEASURED, UNPUBLISHED, Audit, Finding

#: A shape beside every verdict, so that colour never speaks alone.
SHAPES = {NEAR: "✓", FAR: "✕", UNPUBLISHED: "–", UNMEASURED: "?"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditView:
    """What the pages ask: an audit seen in one language."""

    audit: Audit
    say: Words

    def lead(self) -> str:
        """Return the sentence that sums it up."""
        near, far = self.audit.counted(NEAR), self.audit.counted(FAR)
        return self.say(
            "audit.lead",
            near=near,
            far=far,
            told=near + far,
            unpublished=self.audit.counted(UNPUBLISHED),
            unmeasured=self.audit.counted(UNMEASURED),
        )

    def topics(self) -> list[tuple[str, list[Finding]]]:
        """Return the findings by what they are about."""
        found = sorted(self.audit.findings, key=lambda one: [*self._topics()].index(one.topic))
        return [(self.say(f"audit.topic.{topic}"), list(some)) for topic, some in groupby(found, lambda one: one.topic)]

    def _topics(self) -> dict[str, None]:
        return dict.fromkeys(one.topic for one in self.audit.findings)

    def name(self, finding: Finding) -> str:
        """Return what is measured."""
        return self.say(f"audit.name.{finding.key}")

    def found(self, finding: Finding) -> str:
        """Return what was measured."""
        return self.value(finding.found, finding.unit)

    def published(self, finding: Finding) -> str:
        """Return what is published, with its relation."""
        known = finding.published
        told = self.value(known.value, finding.unit)
        if known.value is None or known.relation == "near":
            return told
        return self.say(f"audit.{known.relation}", value=told)

    def within(self, finding: Finding) -> str:
        """Return how near is near."""
        known = finding.published
        return f"± {self.value(known.within, finding.unit)}" if known.value is not None and known.within else ""

    def verdict(self, finding: Finding) -> str:
        """Return the verdict as shape and word."""
        return f"{SHAPES[finding.verdict]} {self.say(f'audit.verdict_of.{finding.verdict}')}"

    def source(self, finding: Finding) -> str:
        """Return where the published figure is from, and what to bear in mind."""
        known = finding.published
        told = self.say("audit.none") if known.value is None else known.source
        why = known.why_zh if self.say.language == "zh" else known.why
        return f"{told} ({why})" if why else told

    def value(self, value: float | None, unit: str) -> str:
        """Return a measured value in its unit."""
        if value is None:
            return self.say("audit.unknown")
        match unit:
            case "share":
                return f"{value:.2%}" if abs(value) < 0.01 else f"{value:.1%}"
            case "money":
                return f"{value:,.0f}"
            case "years" | "hours":
                return self.say(f"audit.{unit}", value=f"{value:.1f}")
            case "index":
                return f"{value:.3f}" if abs(value) < 0.1 else f"{value:.2f}"
        return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def page(view: AuditView) -> str:
    """Return an audit as one page of HTML that needs nothing else: the plotting library is inside."""
    drawn = plots(view.audit, view.say)
    figures = [
        (
            plot.title,
            Markup(plot.figure.to_html(full_html=False, include_plotlyjs=nth == 0, config={"displaylogo": False})),
        )
        for nth, plot in enumerate(drawn)
    ]
    return _template().render(view=view, say=view.say, audit=view.audit, figures=figures)


def write(view: AuditView, path: Path) -> None:
    """Write the page to a file, whole or not at all; raises ``OSError``."""
    draft = path.with_name(path.name + ".part")
    try:
        draft.write_text(page(view), encoding="utf-8")
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


@cache
def _template() -> Template:
    shelf = Environment(loader=PackageLoader("poc"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return shelf.get_template("audit.html.j2")
