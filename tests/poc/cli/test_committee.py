"""touchstone committee and process: a selection is walked through by words alone, and refusals are one line."""

import io
import json
from pathlib import Path

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE
from tests.poc.committee.seats import PASS
from tests.poc.pages.sample import write_sample


def test_a_selection_is_walked_through_by_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = ["--place", str(tmp_path / "c"), "--json"]
    runs = write_sample(tmp_path / "runs")

    def done(*words: str, who: str = "", code: int = FINE) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(PASS + "\n"))
        assert run([*words, *(["--as", who] if who else []), *place]) == code, capsys.readouterr()
        told = capsys.readouterr()
        assert PASS not in told.out + told.err
        return told.out if code == FINE else told.err

    weights = tmp_path / "w.toml"
    weights.write_text("[weights]\nSEC = 26\nUX = 8\n", "utf-8")
    points = tmp_path / "p.toml"
    points.write_text('[scores]\n"reference/UX-01" = 4\n', "utf-8")
    done("committee", "found", "crm", "--vendor", "reference", who="chair")
    done("committee", "say", "crm", "member.invited", "name=lin", "role=expert", "expert=true", who="chair")
    done("committee", "join", "crm", who="lin")
    done("committee", "say", "crm", "interests.declared", "interests=[]", who="lin")
    refused = done(
        "committee", "disclose", "crm", "reference", str(runs / "targets/reference"), who="chair", code=BAD_INPUT
    )
    assert refused.count("\n") == 1
    assert "lin must seal first" in refused
    done("committee", "seal", "crm", str(weights), who="lin")
    done("committee", "disclose", "crm", "reference", str(runs / "targets/reference"), who="chair")
    done("committee", "say", "crm", "round.begun", 'cells=["reference/UX-01"]', who="chair")
    done("committee", "seal", "crm", str(points), who="lin")
    assert json.loads(done("committee", "status", "crm"))["rounds"][0]["revealed"] is False
    done("committee", "open", "crm", "weights", who="lin")
    done("committee", "open", "crm", "scores", who="lin")
    status = json.loads(done("committee", "status", "crm"))
    assert status["rounds"][0]["medians"] == {"reference/UX-01": 4}
    assert status["rounds"][0]["alpha"] is None
    assert 0 < status["integrity"] < 100, "the run began before weights were sealed, and no rubric was agreed on"
    done("process", "show", "crm", "PRO-01", "coverage", str(weights), who="lin")
    stages = {one["stage"]: one for one in json.loads(done("process", "status", "crm"))}
    assert stages["PRO-01"]["state"] == "waiting"
    head = json.loads(done("committee", "verify", "crm"))["head"]
    done("committee", "verify", "crm", "--head", head)
    assert "not at" in done("committee", "verify", "crm", "--head", "0" * 64, code=BAD_INPUT)
