"""Connect: a target's settings become a CRM, or one line says why not."""

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from poc.connectors.connect import GROUP, WallClock, connect, connector, prove, wire_to
from poc.connectors.pacing import PacedWire
from poc.connectors.reference import ReferenceConnector
from poc.connectors.wire import HttpsWire
from poc.settings import Login, SettingsError, Target
from scenarios.actors import Actor, Credential
from scenarios.port import BenchFault
from tests.doubles import Acme, AcmeServer, acme

KNOWN = (
    EntryPoint("acme", "tests.doubles:Acme", GROUP),
    EntryPoint("lost", "tests.doubles:Nobody", GROUP),
    EntryPoint("wrong", "tests.doubles:QuietClock", GROUP),
)


def target(**more: object) -> Target:
    return Target.model_validate({"name": "t", "connector": "reference", "url": "https://127.0.0.1:1", **more})


def test_the_reference_connector_is_found_by_name() -> None:
    assert connector("reference") is ReferenceConnector


def test_a_connector_of_another_package_is_found_by_name() -> None:
    assert connector("acme", KNOWN) is Acme


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nobody", "unknown connector 'nobody': known are acme, lost, wrong"),
        ("lost", "connector 'lost' .* cannot be loaded"),
        ("wrong", "connector 'wrong' .* is no subclass"),
    ],
)
def test_a_connector_that_is_none_is_named(name: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        connector(name, KNOWN)


def test_an_unreachable_address_is_told_before_anything_is_judged() -> None:
    crm = connect(target(timeout=2), credentials={Actor.ADMIN: Credential(username="admin", secret="x" * 12)})
    with pytest.raises(BenchFault, match=r"no reply from https://127\.0\.0\.1:1.*check the address"):
        prove(crm, target())


def test_a_certificate_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"there is no certificate file .*nowhere\.pem"):
        wire_to(target(ca=tmp_path / "nowhere.pem"))


def test_wrong_credentials_name_the_actor_and_the_variable_and_not_the_secret() -> None:
    login = Login(username="rm-a", secret_env="ACME_RM_A")
    crm = acme(password="wrong-password")
    with pytest.raises(SettingsError, match="ACME_RM_A") as told:
        prove(crm, target(actors=dict.fromkeys(crm.credentials, login)))
    assert "refused the credential of integration-app (unauthenticated)" in str(told.value)
    assert "wrong-password" not in str(told.value)


def test_the_leaver_and_the_expired_token_need_not_get_in() -> None:
    server = AcmeServer()
    prove(acme(server, extra={Actor.LEAVER: Credential(username="gone", secret="no")}), target())
    assert len(server.tokens) == 4


def test_declared_limits_are_kept_to() -> None:
    assert isinstance(connect(target(limits={"parallel": 2})).wire, PacedWire)
    assert isinstance(connect(target()).wire, HttpsWire)


def test_the_wall_clock_knows_its_zone() -> None:
    clock = WallClock()
    before = clock.now()
    clock.sleep(0)
    assert before.utcoffset() is not None
    assert clock.now() >= before
