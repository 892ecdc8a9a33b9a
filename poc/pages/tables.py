"""Tables: rows as HTML that is safe, wraps on a phone, and tells its figures to those who cannot see them."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from poc.assessment import Subject
from poc.proceedings import SHAPES as GATES
from poc.report import View
from scenarios.evidence import Outcome
from scorecards.methods.gates import GateState
from scorecards.rating import Rating
from scorecards.rubric import TOP
from scorecards.scorecard import Score

#: A shape beside every word, so that colour never speaks alone.
SHAPES = {
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✕",
    Outcome.UNSUPPORTED: "⊘",
    Outcome.NOT_TESTABLE: "?",
    Outcome.NOT_APPLICABLE: "–",
    Outcome.BLOCKED: "⚠",
    Outcome.UNSCORED: "…",
}


def table(head: Sequence[str | Markup], rows: Iterable[Sequence[str | Markup]], *, total: bool = False) -> Markup:
    """Return a table whose first column names the row; ``total`` sets the first row apart."""
    tops = Markup("").join(Markup('<th scope="col">{}</th>').format(one) for one in head)
    lines = [_line(cells, first and total) for first, cells in zip([True, *[False] * 10_000], rows, strict=False)]
    body = Markup("").join(lines)
    return Markup('<div class="ts-wide"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>').format(
        tops, body
    )


def _line(cells: Sequence[str | Markup], total: bool) -> Markup:
    name, *others = cells
    told = Markup("").join(Markup("<td>{}</td>").format(one) for one in others)
    kind = Markup(' class="total"') if total else ""
    return Markup('<tr{}><th scope="row">{}</th>{}</tr>').format(kind, name, told)


def figures(view: View, score: Score | Rating) -> Markup:
    """Return a score with its interval as picture and figures, and its coverage."""
    return Markup('<div class="score"><b>{}</b>{}<small>{} – {} · {}</small></div>').format(
        view.points(score.observed),
        bar(score),
        view.points(score.worst),
        view.points(score.best),
        view.percent(score.coverage),
    )


def bar(score: Score | Rating) -> Markup:
    """Return an interval from 0 to 5 as a picture: a bar from worst to best, a dot where it was observed."""
    left, wide = 100 * score.worst / TOP, 100 * (score.best - score.worst) / TOP
    dot = Markup("")
    if score.observed is not None:
        dot = Markup('<span class="ts-dot" style="left:{:.1f}%"></span>').format(100 * score.observed / TOP)
    return Markup(
        '<div class="ts-bar"><span class="ts-range" style="left:{:.1f}%;width:{:.1f}%"></span>{}</div>'
    ).format(left, wide, dot)


def leads(view: View) -> Markup:
    """Return the sentences that say who leads, how sure, and on what condition."""
    first, *others = view.leads()
    more = Markup("").join(Markup('<p class="ts-lead more">{}</p>').format(one) for one in others)
    return Markup('<p class="ts-lead">{}</p>').format(first) + more


def who(view: View, subject: Subject) -> Markup:
    """Return a target's title with the labels that it must wear, its licence and the day of its test."""
    worn = Markup("").join(
        Markup('<span class="ts-weak">{}</span>').format(
            view.say("report.weakened") if view.is_weakening(one) else view.label(one)
        )
        for one in subject.manifest.labels
    )
    return escape(subject.title) + worn + Markup("<br><small>{}</small>").format(view.provenance(subject))


def fixed(text: str) -> Markup:
    """Return a figure that stays on one line with its unit."""
    return Markup('<span style="white-space:nowrap">{}</span>').format(text)


def tag(kind: str, text: str) -> Markup:
    """Return a word in a frame."""
    return Markup('<span class="ts-tag ts-{}">{}</span>').format(kind, text)


def gate(view: View, state: GateState) -> Markup:
    """Return how a gate stands, as shape and word."""
    return tag(state.value, f"{GATES[state]} {view.say(f'report.gate_{state.value}')}")


def outcome(view: View, came: Outcome) -> Markup:
    """Return how a check ended, as shape and word."""
    return tag(came.value, f"{SHAPES[came]} {view.say(f'report.outcome_{came.value}')}")
