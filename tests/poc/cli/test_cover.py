"""What a committee has not weighed yet no command shows, unless a member looks and is named for it."""

import io
import json
from pathlib import Path

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE
from poc.committee.holding import VARIABLE
from tests.poc.committee.seats import PASS, founded
from tests.poc.pages.sample import TARGETS, write_sample

NAMES = tuple(name for name, _, _ in TARGETS)
LOOKING = (
    ["score"], ["decide", "--draws", "500"], ["report"], ["record", "--draws", "500"],
    ["record", "pack", "--draws", "500"], ["load", "check", "runs/sample/targets/reference"],
    ["load", "history", "reference"], ["load", "compare", "runs/sample", "runs/sample"],
)  # fmt: skip


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    write_sample(tmp_path / "runs")
    return tmp_path


def test_every_command_that_looks_is_covered_and_writes_nothing(
    bench: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, (first, _) = founded(bench / "committees" / "crm", 2, NAMES)
    first.seal_weights({"SEC": 1})
    before = sorted(bench.rglob("*"))
    for words in LOOKING:
        assert run(words) == BAD_INPUT, words
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.count("\n") == 1
        assert "still to seal: m1." in told.err
        assert "touchstone committee look crm" in told.err
    assert sorted(bench.rglob("*")) == before


def test_a_member_looks_all_the_same_and_is_named_for_it(
    bench: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    chair, (first, second) = founded(bench / "committees" / "crm", 2, NAMES)
    monkeypatch.setattr("sys.stdin", io.StringIO(PASS + "\n"))
    assert run(["committee", "look", "crm", "--as", "m1", "--json"]) == FINE
    told = json.loads(capsys.readouterr().out)["look"]
    assert [one.by for one in chair.ledger.state().looks] == ["m1"]
    assert run(["score"]) == BAD_INPUT, "one look uncovered it for everybody"
    monkeypatch.setenv(*told.split()[0].split("=", 1))
    assert run(["score", "--json"]) == FINE
    monkeypatch.setenv(VARIABLE, "0" * 64)
    assert run(["score"]) == BAD_INPUT
    monkeypatch.delenv(VARIABLE)
    for own in (first, second):
        own.seal_weights({"SEC": 1})
    assert run(["score", "--json"]) == FINE
    assert not chair.ledger.state().sealed_first


def test_a_committee_on_others_and_a_log_that_does_not_hold_cover_nothing(bench: Path) -> None:
    founded(bench / "committees" / "others", 1, ("somebody else",))
    founded(bench / "committees" / "torn", 1, NAMES)
    log = bench / "committees" / "torn" / "log.jsonl"
    log.write_text(log.read_text("utf-8").replace('"CRM"', '"XRM"'), "utf-8")
    assert run(["score", "--json"]) == FINE
