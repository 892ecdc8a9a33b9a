"""Handbook: the page about the criteria is what the data says today."""

from pathlib import Path

from scorecards.criterion import Catalogue
from scorecards.frameworks import frameworks
from scorecards.handbook import criteria_markdown
from scorecards.weighting import load_weighting, weightings

DOCS = Path(__file__).parents[2] / "docs"
PAGE, SCORING = DOCS / "criteria.md", DOCS / "scoring.md"


def test_the_page_in_docs_is_up_to_date(rows: Catalogue) -> None:
    """Remedy: python -m scorecards.handbook > docs/criteria.md."""
    assert PAGE.read_text(encoding="utf-8") == criteria_markdown(rows, frameworks())


def test_the_page_names_every_row_and_every_check(rows: Catalogue) -> None:
    text = criteria_markdown(rows, frameworks())
    for one in rows.criteria:
        assert f"### {one.id} {one.title} · {one.title_zh}" in text
        groups = {name for name in one.rubric.checks if name not in text}
        assert not groups, one.id


def test_the_scoring_page_shows_the_shipped_weightings() -> None:
    lines = SCORING.read_text(encoding="utf-8").splitlines()
    for name in weightings():
        shares = [round(100 * share, 1) for share in load_weighting(name).dimensions.values()]
        row = next(line for line in lines if line.startswith(f"| {name} |"))
        assert [float(cell) for cell in row.strip("|").split("|")[1:]] == shares
