"""A search comes back from its file as it was found."""

from pathlib import Path

from loadtests.arithmetic.search import Block, Found, Trial
from loadtests.objectives import objective
from poc.pressure.searches import Searched, keep, searches

FOUND = Found(
    low=141.0, high=200.0, confirmed=True,
    trials=(
        Trial(rate=141.0, purpose="confirm", blocks=(Block(500, 2), Block(480, 3)), share=0.005, half=0.003, good=True,
              sure=True),
    ),
)  # fmt: skip


def test_a_search_comes_back_as_it_was_found(tmp_path: Path) -> None:
    made = Searched(target="reference", began=1e9, about=objective("read", "p99 < 200 ms"), found=FOUND)
    keep(made, tmp_path)
    assert searches(tmp_path) == (made,)


def test_a_file_that_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    made = Searched(target="t", began=1e9, about=objective("read", "p99 < 1 s"), found=FOUND)
    (keep(made, tmp_path) / "search.json").write_text("{", "utf-8")
    assert searches(tmp_path) == ()
