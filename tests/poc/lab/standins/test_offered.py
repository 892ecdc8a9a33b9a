"""Offered: a stand-in is listed, lets its actors in, and says what it is."""

from pathlib import Path

import pytest

from poc.connectors.connect import connect, prove
from poc.connectors.verification import STAND_IN, worn
from poc.lab.standins.offered import NAMES, offered
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
    with pytest.raises(SettingsError, match="choose fxiaoke or salesforce"), offered("siebel", tmp_path / "t.toml"):
        pass
