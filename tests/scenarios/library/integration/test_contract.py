"""Contract: open cells, lying replies, pages that repeat or leave out, and errors that mislead."""

import pytest

from scenarios.fuzzing import FuzzReport, Violation
from scenarios.library.integration import contract as c
from scenarios.library.integration.cells import Cell
from scenarios.verdict import NotProven


def cells(closed: int, *, name: str = "get") -> c.Cells:
    return c.Cells(tuple(Cell(f"{name} {i}", "not offered" if i < closed else "") for i in range(100)))


@pytest.mark.parametrize(("closed", "passed"), [(0, True), (5, True), (6, False)])
def test_ninety_five_cells_of_a_hundred_must_open(closed: int, passed: bool) -> None:
    verdict = c.verbs_cover_the_cells(cells(closed))
    assert verdict.passed is passed
    assert verdict.measures["cells_share"] == 1 - closed / 100


def test_a_kind_that_cannot_be_listed_is_out_of_reach() -> None:
    assert c.records_can_be_reached(cells(3)).passed
    assert not c.records_can_be_reached(cells(1, name="list")).passed


CONTRACT = {"openapi": "3.1.0", "info": {"version": "1.0.0"}, "paths": {f"/{i}": {} for i in range(20)}}
BROKEN = Violation(rule="Server error", operation="GET /x", status=500, detail="-", curl="curl -X GET /x")


@pytest.mark.parametrize(("broken", "passed"), [(0, True), (5, True), (6, False)])
def test_one_reply_in_a_hundred_may_break_the_contract(broken: int, passed: bool) -> None:
    verdict = c.replies_keep_the_contract(
        c.Published(CONTRACT, FuzzReport(calls=500, operations=9, violations=(BROKEN,) * broken))
    )
    assert verdict.passed is passed
    assert verdict.measures == {"violations_share": broken / 500, "generated_calls": 500}


def test_too_few_calls_prove_nothing() -> None:
    with pytest.raises(NotProven, match="499 calls"):
        c.replies_keep_the_contract(c.Published(CONTRACT, FuzzReport(calls=499, operations=9)))


@pytest.mark.parametrize(
    ("contract", "passed"),
    [(CONTRACT, True), ({**CONTRACT, "info": {"version": ""}}, False), ({**CONTRACT, "paths": {}}, False), ({}, False)],
)
def test_a_contract_has_paths_and_a_version(contract: dict[str, object], passed: bool) -> None:
    assert (
        c.a_machine_contract_is_published(c.Published(contract, FuzzReport(calls=500, operations=9))).passed is passed
    )


def paged(*numbers: str, missing: tuple[str, ...] = (), products: tuple[str, ...] | None = None) -> c.Paged:
    return c.Paged(numbers, products or ("loan",) * len(numbers), frozenset(numbers), missing, 1, True)


@pytest.mark.parametrize(
    ("seen", "passed"),
    [
        (paged("A1", "A2", "A3"), True),
        (paged("A1", "A2", "A2"), False),
        (paged("A1", "A3", missing=("A2",)), False),
        (paged("A1", "A2", products=("loan", "fund")), False),
    ],
)
def test_pages_show_all_once_and_in_order(seen: c.Paged, passed: bool) -> None:
    assert c.deep_pages_are_exact(seen).passed is passed


@pytest.mark.parametrize(
    ("said", "passed"), [("not-found", True), ("invalid", False), ("yes", False), ("server-error", False)]
)
def test_a_refusal_says_what_is_wrong(said: str, passed: bool) -> None:
    seen = c.Refusals({"unknown number": said}, {"unknown number": ("not-found",)})
    assert c.errors_are_told_apart(seen).passed is passed
