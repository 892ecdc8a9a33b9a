"""Verification: a connector that nobody tried on the vendor's system says so, until a user's run lifts it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from poc.connectors.connect import connect, connector
from poc.connectors.verification import NOT_LIVE, STAND_IN, kind, live, verify, version, worn
from poc.connectors.wire import HttpsWire
from poc.lab.standins.fxiaoke import Fxiaoke
from poc.lab.standins.serving import serving
from poc.settings import Login, SettingsError, Target, Verified, keep_target
from poc.settings import target as target_of
from scenarios.actors import Actor
from scenarios.port import BenchFault
from scenarios.verdict import NotTestable
from synthetic_data.records import Household
from tests.doubles import QuietClock

WHO = {Actor.INTEGRATION: Login(username="FSAID_1/1000", secret_env="FX_SECRET")}
CLOUD = Target(name="fx", connector="fxiaoke", url="https://open.fxiaoke.example", actors=WHO)


@dataclass(slots=True)
class Sandbox:
    """The stand-in, reached as if it were the vendor's sandbox."""

    wire: HttpsWire
    clock: QuietClock
    vendor: Fxiaoke


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    monkeypatch.setenv("FX_SECRET", "secret-of-app/permanent-code")
    clock = QuietClock()
    vendor = Fxiaoke(("FSAID_1", "secret-of-app", "permanent-code"), frozenset({"1000"}), now=clock.at)
    with serving(vendor) as url:
        wire = HttpsWire(url)
        yield Sandbox(wire=wire, clock=clock, vendor=vendor)
        wire.close()


def test_a_cloud_that_nobody_met_wears_it_and_the_reference_crm_does_not() -> None:
    assert (kind(CLOUD), live(CLOUD), worn(CLOUD)) == ("cloud", False, (NOT_LIVE,))
    own = Target(name="own", connector="reference", url="https://127.0.0.1:8443", labels=("deliberately weakened",))
    assert (kind(own), live(own), worn(own)) == ("reference", True, ("deliberately weakened",))


def test_a_stand_in_is_never_taken_for_the_vendor() -> None:
    here = CLOUD.model_copy(update={"url": "http://127.0.0.1:9000"})
    assert worn(here) == (STAND_IN, NOT_LIVE)
    with pytest.raises(SettingsError, match="a stand-in cannot speak for the vendor"):
        verify(here)


def test_a_connector_that_is_not_installed_changes_no_label_and_raises_nothing() -> None:
    gone = CLOUD.model_copy(update={"connector": "gone"})
    assert (worn(gone), live(gone)) == ((), False)


def test_a_users_own_run_lifts_the_label_for_that_instance(sandbox: Sandbox, tmp_path: Path) -> None:
    listed = tmp_path / "targets.toml"
    keep_target(CLOUD, listed)
    found, lifted = verify(CLOUD, listed, wire=sandbox.wire, clock=sandbox.clock)
    kept = target_of("fx", listed)
    assert (lifted, [one for one in found if one.kept is False]) == (True, [])
    assert (live(kept), worn(kept)) == (True, ())
    assert kept.verified is not None
    assert kept.verified.url == CLOUD.url
    assert worn(kept.model_copy(update={"url": "https://other.fxiaoke.example"})) == (NOT_LIVE,)


def test_verification_lapses_when_the_connector_changes() -> None:
    then = Verified(on=datetime(2026, 1, 1, tzinfo=UTC), url=CLOUD.url, connector="0" * 64)
    assert worn(CLOUD.model_copy(update={"verified": then})) == (NOT_LIVE,)
    now = then.model_copy(update={"connector": version(connector("fxiaoke"))})
    assert worn(CLOUD.model_copy(update={"verified": now})) == ()


def test_a_broken_promise_takes_a_label_back(sandbox: Sandbox, tmp_path: Path) -> None:
    listed = tmp_path / "targets.toml"
    now = Verified(on=datetime(2026, 1, 1, tzinfo=UTC), url=CLOUD.url, connector=version(connector("fxiaoke")))
    sandbox.vendor.employees = frozenset()
    found, lifted = verify(CLOUD.model_copy(update={"verified": now}), listed, wire=sandbox.wire, clock=sandbox.clock)
    assert not lifted
    assert any("not-found" in one.seen for one in found if one.kept is False)
    assert worn(target_of("fx", listed)) == (NOT_LIVE,)


def test_a_system_that_is_not_there_is_our_trouble_and_changes_nothing(tmp_path: Path, sandbox: Sandbox) -> None:
    nowhere = HttpsWire("http://127.0.0.1:9", timeout=1)
    with pytest.raises(BenchFault):
        verify(CLOUD, tmp_path / "targets.toml", wire=nowhere, clock=sandbox.clock)
    assert not (tmp_path / "targets.toml").exists()
    nowhere.close()


def test_without_the_integration_application_nothing_is_tried() -> None:
    with pytest.raises(SettingsError, match=r"needs \[actors.integration-app\]"):
        verify(CLOUD.model_copy(update={"actors": {}}))


def test_what_was_not_written_is_not_testable_and_never_a_lack_of_the_product(sandbox: Sandbox) -> None:
    crm = connect(CLOUD, wire=sandbox.wire, clock=sandbox.clock)
    with pytest.raises(
        NotTestable, match="offers no merge, as far as its connector was written from https://developer"
    ):
        crm.merge("a", "b")
    with pytest.raises(NotTestable, match="keeps no Household"):
        crm.get(Household, "H1")
