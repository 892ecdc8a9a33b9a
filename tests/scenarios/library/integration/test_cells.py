"""Cells: 120 of them, all of kinds and fields that exist."""

from dataclasses import fields

from scenarios.library.integration.cells import KIND, wanted
from synthetic_data.records import KINDS


def test_there_are_as_many_cells_as_the_row_asks_for() -> None:
    data = wanted()
    per_kind = sum(len(data[verb]) for verb in ("list", "get", "history", "create", "try"))
    per_kind += 2 * len(data["filter_and_sort"]) + len(data["update"])
    assert per_kind + len(data["single"]) == 120


def test_cells_name_kinds_and_fields_that_exist() -> None:
    data = wanted()
    for verb in ("list", "get", "history", "create", "try"):
        assert [KIND[name] for name in data[verb]] == list(KINDS)
    for name, (by, sort) in data["filter_and_sort"].items():
        assert {by, sort} <= {field.name for field in fields(KIND[name])}
    for name, change in data["update"].items():
        assert set(change) <= {field.name for field in fields(KIND[name])}
