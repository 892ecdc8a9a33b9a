"""Cells: 120 of them, all of kinds and fields that exist."""

from dataclasses import fields
from typing import cast

import pytest

from scenarios.actors import Actor
from scenarios.crm import CRM, Answer
from scenarios.library.integration.cells import KIND, _try, wanted
from scenarios.port import Unsupported
from scenarios.verdict import NotTestable
from synthetic_data.records import KINDS
from tests.scenarios.library.answering import no, yes


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


class Desk:
    """A target that answers each actor in its own way."""

    def __init__(self, **said: Answer[object] | Exception) -> None:
        self.said = {Actor[name]: answer for name, answer in said.items()}
        self.actor = Actor.INTEGRATION

    def has(self, actor: Actor) -> bool:
        return actor in self.said

    def acting_as(self, actor: Actor) -> "Desk":
        self.actor = actor
        return self

    def ask(self) -> Answer[object]:
        answer = self.said[self.actor]
        if isinstance(answer, Exception):
            raise answer
        return answer


def tried(**said: Answer[object] | Exception) -> str:
    desk = Desk(**said)
    return _try(cast(CRM, desk), "get Customer", lambda _: desk.ask()).why


def test_a_cell_is_open_if_somebody_may() -> None:
    assert tried(INTEGRATION=yes(1)) == ""
    assert tried(INTEGRATION=no("forbidden", 403), COMPLIANCE=yes(1)) == ""


def test_a_cell_is_closed_if_nobody_may_if_it_breaks_or_if_the_product_lacks_it() -> None:
    assert "forbidden" in tried(INTEGRATION=no("forbidden", 403), COMPLIANCE=no("forbidden", 403))
    assert "server-error" in tried(INTEGRATION=no("server-error", 500), COMPLIANCE=yes(1))
    assert tried(INTEGRATION=Unsupported("the product offers no get")) == "the product offers no get"


def test_without_anybody_to_ask_nothing_is_said_of_the_product() -> None:
    with pytest.raises(NotTestable, match="integration-app"):
        tried()
