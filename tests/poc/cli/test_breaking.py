"""touchstone load fault: the faults are listed, stored ordeals are judged anew, wrong words are told in one line."""

import json

import pytest

from poc.cli.door import run
from tests.loadtests.ordeals import ordeal, with_wish


def told(capsys, *words):
    code = run(list(words))
    out = capsys.readouterr()
    return code, out.out, out.err


def test_the_faults_are_listed_for_machines_too(capsys):
    code, out, _ = told(capsys, "load", "fault", "list", "--json")
    assert code == 0
    assert {"fault": "kill-worker", "asked_for_as": "application"}.items() <= json.loads(out)[0].items()


@pytest.mark.parametrize(("one", "code"), [(ordeal(), 0), (with_wish(ordeal(), found=0), 99)])
def test_stored_ordeals_are_judged_anew(capsys, tmp_path, one, code):
    one.write(tmp_path / "kept")
    found, out, _ = told(capsys, "load", "fault", "check", str(tmp_path), "--json")
    assert found == code
    assert json.loads(out)["faults"][0]["fault"] == "kill-database"


def test_the_bound_is_told_as_at_least(capsys, tmp_path):
    ordeal().write(tmp_path)
    assert "at least" in told(capsys, "load", "fault", "check", str(tmp_path))[1]


def test_a_place_without_ordeals_is_told_in_one_line(capsys, tmp_path):
    code, _, err = told(capsys, "load", "fault", "check", str(tmp_path))
    assert (code, err.count("\n")) == (2, 1)
