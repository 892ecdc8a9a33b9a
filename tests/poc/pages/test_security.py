"""The Security page tells matrix, leaks, findings and the instrument's own trial, in both languages, gaps as gaps."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from poc.words import LANGUAGES, words
from scenarios.evidence import Outcome
from scenarios.store import Store
from tests.poc.pages.sample import pieces, write_sample
from tests.poc.pages.test_pages import shown, text

MATRIX = {
    "matrix": {
        "customer.get": {"RM-A": "+a", "marketing": "+a", "admin": "-d"},
        "kyc.list": {"RM-A": "+d", "marketing": "-a", "admin": "-d"},
        "bulk.load": {"RM-A": "-n", "marketing": "-n", "admin": "-n"},
    },
    "exchanges": {"kyc.list marketing": "x000002", "kyc.list RM-A": "x000003"},
}
CONDITIONS = {
    "conditions": [
        {"kind": "hours", "operation": "customer.get", "wrong": []},
        {"kind": "tier", "operation": "customer.list", "wrong": ["call-centre: customer.list where it must not"]},
    ]
}
LEAKS = {
    "paths": {
        "get": {"looks": 9, "leaks": {}},
        "export": {"looks": 1, "leaks": {"national_id": {"marketing": "x000004"}}},
        "attachment": {"looks": 0, "leaks": {}},
    }
}
TRIAL = {
    "written": "2026-11-23", "version": "0.1.0", "plays": 3, "false_alarms": [],
    "mutants": [
        {"name": "last_rule_wins", "defect": "A later yes.", "precedent": "CWE-696", "killed": True,
         "by": ["SEC-04 conditions_are_obeyed"], "fault": ""},
        {"name": "lives_on", "defect": "Unseen.", "precedent": "CWE-1", "killed": False, "by": [], "fault": ""},
        {"name": "slow_rows", "defect": "Slow.", "precedent": "", "killed": True, "by": ["INT-07 rows"], "fault": ""},
    ],
}  # fmt: skip


def security_page() -> None:
    from poc.pages.security import security

    security()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One assessment; of the leaky copy matrix, conditions and paths were tried."""
    monkeypatch.chdir(tmp_path)
    folder = write_sample(tmp_path / "runs") / "targets" / "leaky"
    model = pieces("sample", "leaky", ("x000001", "x000002"))[0]
    told: dict[str, tuple[str, Mapping[str, object]]] = {
        "nobody_may_too_much": ("SEC-04", MATRIX), "conditions_are_obeyed": ("SEC-04", CONDITIONS),
        "no_secret_leaks": ("SEC-05", LEAKS),
    }  # fmt: skip
    with Store.resume(folder) as store:
        store.add(
            replace(model, criterion=row, check=check, harm=False, outcome=Outcome.FAILED, facts=facts)
            for check, (row, facts) in told.items()
        )
        store.set_state("done")
    (tmp_path / "runs" / "kill-matrix.json").write_text(json.dumps(TRIAL), "utf-8")
    return tmp_path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_what_is_wrong_and_shows_only_that_until_asked(bench: Path, language: str) -> None:
    app, say = shown(security_page, language, target="leaky"), words(language)
    said = text(app)
    assert app.title[0].value == say("security.title")
    assert say("security.matrix_told", decisions=9, right=4, much=1, little=1, none=3) == app.error[0].value
    assert '<th scope="row">kyc.list</th>' in said
    assert '<th scope="row">customer.get</th>' not in said
    assert say("security.leaks_told", paths=3, leaking=1) in [one.value for one in app.error]
    assert say("security.trial_told", date="2026-11-23", version="0.1.0", count=2, killed=1, alarms=0, plays=3) in [
        one.value for one in app.error
    ]


def test_findings_come_worst_first_with_the_line_that_repeats_them(bench: Path) -> None:
    app = shown(security_page, target="leaky")
    labels = [one.label for one in app.expander if "badge" in one.label]
    assert "critical" in labels[0] and "low" in labels[-1]
    assert any("national\\_id" in one and "export" in one for one in labels)
    assert any(
        one.value.startswith("curl --include --request GET https://127.0.0.1:8443/v1/customers/1") for one in app.code
    )


def test_the_whole_matrix_is_one_click_away(bench: Path) -> None:
    app = shown(security_page, target="leaky")
    app.toggle(key="whole").set_value(True).run()
    assert not app.exception
    assert "bulk.load" in text(app)


def test_what_was_not_tried_is_said_to_be_untried(bench: Path) -> None:
    app = shown(security_page, target="reference")
    told = [one.value for one in app.info]
    assert words("en")("security.matrix_none") in told
    assert words("en")("security.leaks_none") in told


def test_a_trial_that_is_none_is_told_in_a_line(bench: Path) -> None:
    (bench / "runs" / "kill-matrix.json").write_text('{"mutants": []}', "utf-8")
    app = shown(security_page, target="leaky")
    assert any("is no trial" in one.value for one in app.error)
