"""Manifest: what a run was can be told later, and says nothing that it should not."""

import orjson
import pytest

from scenarios.manifest import describe, machine, manifest_of, packages, revision
from tests.doubles import START

MADE = describe(
    run="r",
    target="acme",
    title="Acme",
    started=START,
    bank={"digest": "d", "seed": 7},
    catalogue="c",
    settings={"url": "https://acme.example"},
    labels=["not verified live"],
)


def test_a_manifest_is_read_back_as_it_was_written() -> None:
    assert manifest_of(orjson.loads(orjson.dumps(MADE.as_object()))) == MADE


def test_a_layout_of_another_time_is_refused() -> None:
    with pytest.raises(ValueError, match="layout 2 is not 1"):
        manifest_of({**MADE.as_object(), "layout": 2})


def test_code_packages_and_machine_are_told() -> None:
    assert revision() != "unknown"
    assert packages()["httpx"]
    assert {"processors", "memory_bytes", "python"} <= set(machine())
