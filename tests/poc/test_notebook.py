"""The notebook's tables hold what the scorecard holds, and each notebook runs from its first cell to its last."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from poc import notebook
from tests.poc.pages.sample import write_sample

HOUSE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("bench") / "runs")


def test_scores_keep_what_was_not_seen_as_missing(place: Path) -> None:
    table = notebook.scores(notebook.assessment(place))
    assert len(table) == 3 * 8
    assert table.loc[("leaky", "VEN"), "observed"] != 0
    assert table["observed"].isna().any()


def test_ratings_have_a_row_for_every_target_and_criterion(place: Path) -> None:
    seen = notebook.assessment(place)
    table = notebook.ratings(seen, "zh")
    assert len(table) == 3 * len(seen.catalogue.of_targets)
    assert table.loc[("leaky", "SEC-02"), "title"] == "传输加密"


def test_harms_come_first_among_the_failures(place: Path) -> None:
    table = notebook.failures(notebook.assessment(place))
    assert list(table["harm"]) == [True, False]


def test_every_shipped_weighting_has_a_leader(place: Path) -> None:
    table = notebook.under_all_weightings(notebook.assessment(place))
    assert table["leads"].notna().all()
    assert "seed-core" in table.index


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", ["assessment", "churn", "weighting"])
def test_a_notebook_runs_and_carries_no_outputs(place: Path, name: str) -> None:
    read = nbformat.read(HOUSE / "notebooks" / f"{name}.ipynb", as_version=4)
    code = [cell for cell in read.cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code)
    read.cells.insert(0, nbformat.v4.new_code_cell(f"import sys; sys.path.insert(0, {str(HOUSE)!r})"))
    NotebookClient(
        read, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(place.parents[1])}}
    ).execute()
