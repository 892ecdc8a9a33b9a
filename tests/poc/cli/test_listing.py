"""touchstone target and connector: what is there, and what is wrong with it."""

import json
from pathlib import Path

import pytest

from poc.cli.door import run
from poc.cli.faults import BAD_INPUT, FINE, OUR_FAULT

TARGETS = """
[targets.ours]
connector = "reference"
url = "https://127.0.0.1:8443"
labels = ["deliberately weakened"]
"""


def test_the_reference_connector_is_found_by_its_entry_point(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["connector", "list", "--json"]) == FINE
    found = {row["connector"]: row for row in json.loads(capsys.readouterr().out)}
    assert found["reference"]["verbs"] > 30


def test_targets_are_listed_with_their_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "targets.toml"
    file.write_text(TARGETS, "utf-8")
    assert run(["target", "list", "--targets", str(file), "--json"]) == FINE
    (ours,) = (one for one in json.loads(capsys.readouterr().out)["targets"] if one["name"] == "ours")
    assert (ours["kind"], ours["labels"]) == ("reference", ["deliberately weakened"])


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (TARGETS.replace("https", "ftp"), "targets.ours.url"),
        (TARGETS.replace("reference", "nobody"), "'nobody'"),
        (TARGETS + "colour = 'red'\n", "colour"),
        ("[targets", "not TOML"),
    ],
)
def test_a_wrong_setting_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str, named: str
) -> None:
    file = tmp_path / "targets.toml"
    file.write_text(wrong, "utf-8")
    assert run(["target", "check", "ours", "--targets", str(file)]) == BAD_INPUT
    told = capsys.readouterr().err
    assert named in told
    assert told.count("\n") == 1


def test_a_missing_list_of_targets_says_how_to_get_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["target", "check", "ours", "--targets", str(tmp_path / "none.toml")]) == BAD_INPUT
    assert "none.toml" in capsys.readouterr().err


def test_without_a_list_of_targets_it_is_told_what_could_be_put_on_trial(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["target", "list", "--targets", str(tmp_path / "none.toml"), "--json"]) == FINE
    found = {one["name"]: one for one in json.loads(capsys.readouterr().out)["targets"]}
    assert (found["reference"]["kind"], found["fxiaoke"]["kind"]) == ("reference", "cloud")
    assert (found["fxiaoke"]["installable"], found["fxiaoke"]["verified_live"]) == (False, False)
    amagi = found["amagi-crm"]
    assert (amagi["kind"], amagi["licence"], amagi["version"]) == ("product", "MIT", "0.1.0")
    assert amagi["settings_source"]


def test_a_product_that_is_not_installed_says_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert run(["target", "start", "amagi-crm"]) == OUR_FAULT
    assert capsys.readouterr().err == ("touchstone: amagi-crm is not installed: touchstone target install amagi-crm\n")
    assert run(["target", "install", "siebel"]) == BAD_INPUT
    assert "known are amagi-crm" in capsys.readouterr().err


def test_a_cloud_that_nobody_met_says_so_in_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "targets.toml"
    file.write_text(
        "[targets.fx]\nconnector = 'fxiaoke'\nurl = 'https://open.fxiaoke.example'\n"
        "[targets.here]\nconnector = 'fxiaoke'\nurl = 'http://127.0.0.1:9000'\n",
        "utf-8",
    )
    assert run(["target", "list", "--targets", str(file), "--json"]) == FINE
    found = {one["name"]: one for one in json.loads(capsys.readouterr().out)["targets"]}
    cloud, here = found["fx"], found["here"]
    assert (cloud["kind"], cloud["verified_live"], cloud["labels"]) == ("cloud", False, ["not verified live"])
    assert (here["kind"], here["labels"]) == ("stand-in", ["stand-in", "not verified live"])


def test_a_stand_in_cannot_be_verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "targets.toml"
    file.write_text("[targets.here]\nconnector = 'fxiaoke'\nurl = 'http://127.0.0.1:9000'\n", "utf-8")
    assert run(["target", "verify", "here", "--targets", str(file)]) == BAD_INPUT
    assert "cannot speak for the vendor" in capsys.readouterr().err
