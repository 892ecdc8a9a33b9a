"""Agreed: a target's settings say how hard it may be pressed, and what today's runs have taken counts."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from loadtests.limits import DAY, Limit
from loadtests.permission import PermitError
from loadtests.terms import Terms
from loadtests.workload import workload
from poc.agreed import declared, paced, spent_today, terms
from poc.settings import Limits, SettingsError, Target


def target(**change: object) -> Target:
    return Target.model_validate({"name": "alder", "connector": "reference", "url": "https://crm.example", **change})


def test_every_declared_limit_becomes_one_that_schedules_are_held_against() -> None:
    told = {"requests_per_second": 5, "parallel": 3, "requests_per_day": 1000}
    window = {"requests": 100, "seconds": 20, "per": "interface"}
    limits = Limits.model_validate({**told, "windows": [window]})
    assert set(declared(limits)) == {Limit(5, 1), Limit(3, 0), Limit(1000, DAY), Limit(100, 20, "interface")}
    assert declared(Limits(requests_per_second=0.5)) == (Limit(1, 2),)


def test_a_target_that_declares_limits_is_capped_unless_it_says_otherwise() -> None:
    assert terms(target()).mode == "full"
    assert terms(target(limits={"parallel": 2})).mode == "capped"
    assert terms(target(limits={"parallel": 2}, load="full")).mode == "full"
    assert terms(target(load="attested")).mode == "attested"


def test_a_permission_without_the_key_that_must_have_signed_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="permission needs permission_key"):
        terms(target(permission=tmp_path / "paper.toml"))


def test_pacing_slows_a_workload_to_what_the_contract_carries_and_refuses_what_none_does() -> None:
    slower = paced(workload("bank-peak"), Terms(limits=(Limit(100, 20, "interface"), Limit(10, 0))))
    assert 5 < slower.rate < 20
    assert slower.users == 10
    with pytest.raises(PermitError, match="carries no request of this workload: 5 in a day are declared"):
        paced(workload("bank-peak"), Terms(limits=(Limit(5, DAY),), spent=5))


def test_what_runs_on_file_sent_today_counts_and_what_cannot_be_read_does_not(tmp_path: Path) -> None:
    def filed(name: str, text: str) -> None:
        place = tmp_path / name / "targets" / "alder" / "loads" / "x"
        place.mkdir(parents=True)
        (place / "load.json").write_text(text, "utf-8")

    noon = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
    filed("one", json.dumps({"began": noon, "released": 40}))
    filed("two", json.dumps({"began": noon, "released": 2}))
    filed("yesterday", json.dumps({"began": noon - 86_400, "released": 500}))
    filed("broken", "{")
    assert spent_today(tmp_path, "alder", date(2026, 11, 23)) == 42
