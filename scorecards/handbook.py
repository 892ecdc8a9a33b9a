"""criteria_markdown(): the catalogue as a page for people, made from the data and never written by hand."""

from collections.abc import Iterator

from scorecards.criterion import Catalogue, Criterion
from scorecards.frameworks import Frameworks
from scorecards.rubric import Count, Judged, Ladder, Rubric


def criteria_markdown(catalogue: Catalogue, frameworks: Frameworks) -> str:
    """The criteria with weight, gate, procedure, rubric, sources and the number of clauses they serve, as Markdown."""
    return "\n".join(_page(catalogue, frameworks)) + "\n"


def _page(catalogue: Catalogue, frameworks: Frameworks) -> Iterator[str]:
    beside = len(catalogue.process)
    yield "# Criteria"
    yield ""
    yield (
        f"{len(catalogue.criteria)} rows: {len(catalogue.of_targets)} about a target in {len(catalogue.weighted)} "
        f"dimensions, {beside} about the committee itself, which are shown beside the totals. This page is made from "
        "`scorecards/criteria/*.toml` by `python -m scorecards.handbook`."
    )
    yield ""
    yield (
        "Points go from 0 to 5 on fixed scales. In a ladder each level needs everything below it too. A failed "
        "**harm** makes the row 0 whatever else passed. A **gate** is passed when the worst case reaches "
        f"{catalogue.gate_at:g}, failed when the best case stays below, inconclusive or unknown in between. "
        + ("Only its points above that enter a total." if catalogue.gate_scores == "excess" else "")
    )
    for dimension in catalogue.dimensions:
        yield ""
        yield f"## {dimension.code} {dimension.title} · {dimension.title_zh}"
        for criterion in catalogue.of(dimension.code):
            yield from _row(criterion, len(frameworks.by_criterion.get(criterion.id, ())))


def _row(criterion: Criterion, clauses: int) -> Iterator[str]:
    yield ""
    yield f"### {criterion.id} {criterion.title} · {criterion.title_zh}"
    yield ""
    yield f"Weight {criterion.weight:g}{' · **gate**' if criterion.gate else ''}. {criterion.procedure}"
    yield ""
    yield from _rubric(criterion.rubric)
    if criterion.harms:
        yield f"- harm: {_names(sorted(criterion.harms))}"
    yield f"- sources: {'; '.join(criterion.sources)}{f' · serves {clauses} clauses' if clauses else ''}"


def _rubric(rubric: Rubric) -> Iterator[str]:
    if isinstance(rubric, Count):
        limits = " / ".join(f"{least:.1%}".replace(".0%", "%") for least in rubric.shares)
        yield f"- 5 / 4 / 3 / 2 / 1 points for {limits} of {rubric.expected or 'the'} checks passed"
        if rubric.checks:
            yield f"- checks: {_names(sorted(rubric.checks))}"
    elif isinstance(rubric, Ladder):
        for rung in reversed(rubric.rungs):
            yield f"- {rung.points:g}: {'; '.join(_need(need.text) for need in rung.needs)}"
        for group, members in rubric.groups.items():
            yield f"- {group}: {_names(list(members))}"
    elif isinstance(rubric, Judged):
        for points in range(len(rubric.bands) - 1, -1, -1):
            yield f"- {points}: {rubric.bands[points]} (judged by people)"


def _need(text: str) -> str:
    return " or ".join(f"`{part.strip()}`" for part in text.split("|"))


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    import sys

    from scorecards.criterion import catalogue
    from scorecards.frameworks import frameworks

    sys.stdout.write(criteria_markdown(catalogue(), frameworks()))
