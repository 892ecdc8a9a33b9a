"""Offered: a stand-in is listed, lets its actors in, and says what it is; its quotas are stated once, as published."""

import ast
from pathlib import Path

import pytest

import poc
from loadtests.contracts.published import contract
from poc.connectors.connect import connect, prove
from poc.connectors.verification import STAND_IN, worn
from poc.lab.standins.offered import NAMES, OFFERS, declared, offered
from poc.lab.standins.quota import Quota
from poc.settings import SettingsError, target
from tests.doubles import QuietClock


@pytest.mark.parametrize("name", NAMES)
def test_a_stand_in_is_a_target_that_says_what_it_is(name: str, tmp_path: Path) -> None:
    listed = tmp_path / "targets.toml"
    with offered(name, listed):
        known = target(f"{name}-stand-in", listed)
        crm = connect(known, clock=QuietClock())
        assert STAND_IN in worn(known)
        assert len(crm.credentials) == 10
        prove(crm, known)
    assert "secret" not in listed.read_text("utf-8").replace("secrets_file", "").replace("secrets.toml", "")


def test_an_unknown_stand_in_lists_the_known(tmp_path: Path) -> None:
    with (
        pytest.raises(SettingsError, match="choose dataverse, fxiaoke, hubspot, salesforce"),
        offered("siebel", tmp_path / "t.toml"),
    ):
        pass


@pytest.mark.parametrize("name", NAMES)
def test_a_stand_in_keeps_the_quotas_that_its_vendor_publishes(name: str) -> None:
    offer = OFFERS[name]("first", "second")
    kept = [one for held in vars(offer.vendor).values() if isinstance(held, Quota) for one in held.limits]
    assert sorted(kept, key=str) == sorted(contract(offer.contract).limits, key=str)


def test_quotas_are_stated_in_the_published_contracts_and_nowhere_in_code() -> None:
    stating = {"Allowance", "Limits", "Window"}
    root = Path(poc.__file__).parent
    for path in (*root.glob("lab/standins/*.py"), *root.glob("connectors/*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in stating:
                figures = [
                    one for one in ast.walk(call) if isinstance(one, ast.Constant) and isinstance(one.value, int)
                ]
                assert not figures, f"{path.name}:{call.lineno} states a quota: name the contract of published.toml"


def test_a_caller_holds_himself_to_what_can_be_counted_beforehand() -> None:
    fx, sf, dv = declared("fxiaoke"), declared("salesforce-enterprise"), declared("dataverse")
    assert ([one.per for one in fx.windows], fx.requests_per_day) == (["interface"], contract("fxiaoke").limits[1].pack)
    assert sf.requests_per_day == sf.windows[0].requests
    assert dv.parallel == 52
