"""Scanners: what their reports mean, of sound targets and of those with holes; what was not finished is no pass."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import pytest

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.library import catalogue
from scenarios.library.security import scanners
from scenarios.library.security.scanners import SCANNED, Shaken
from scenarios.port import BenchFault, Connector
from scenarios.recording import Nowhere, Recording
from scenarios.verdict import NotTestable
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from tests.doubles import AcmeServer, QuietClock

GCM, CBC = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=3, customers=40).bank


class Scanning(AcmeServer):
    """A wire whose scanner reports what it is given."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        super().__init__()
        self.report = report

    def scan(self, tool: str, *, seconds: float) -> Mapping[str, object]:
        return self.report


def crm(wire: AcmeServer) -> CRM:
    recorder = Recording(Nowhere())
    return CRM(Connector(), wire, credentials={}, recorder=recorder, clock=QuietClock(), actor=Actor.ANONYMOUS)


def ended(**result: object) -> dict[str, object]:
    return {"status": "COMPLETED", "result": result}


def suites(*names: str) -> dict[str, object]:
    return ended(accepted_cipher_suites=[{"cipher_suite": {"name": name}} for name in names])


SOUND = {
    **{look: suites() for look in scanners.OLD},
    "tls_1_2_cipher_suites": suites(GCM),
    "tls_1_3_cipher_suites": suites("TLS_AES_128_GCM_SHA256"),
    "heartbleed": ended(is_vulnerable_to_heartbleed=False),
    "openssl_ccs_injection": ended(is_vulnerable_to_ccs_injection=False),
    "tls_compression": ended(supports_compression=False),
    "session_renegotiation": ended(supports_secure_renegotiation=True, is_vulnerable_to_client_renegotiation_dos=False),
    "robot": ended(robot_result="NOT_VULNERABLE_NO_ORACLE"),
    "certificate_info": ended(
        certificate_deployments=[{"path_validation_results": [{"was_validation_successful": True}]}]
    ),
}


def shaken(bank: Bank, **looks: object) -> Shaken:
    report = {"server_scan_results": [{"scan_status": "COMPLETED", "scan_result": {**SOUND, **looks}}]}
    return scanners.handshakes_are_scanned.play(crm(Scanning(report)), bank)


def found(bank: Bank, **levels: int) -> tuple[scanners.Finding, ...]:
    ones = {
        title.replace("_", " "): [
            {"level": level, "info": "so", "path": f"/{page}", "curl_command": "curl x"} for page in range(2)
        ]
        for title, level in levels.items()
    }
    report = {"infos": {"crawled_pages_nbr": 2}, "vulnerabilities": ones, "anomalies": {}}
    return scanners.the_web_face_is_scanned.play(crm(Scanning(report)), bank)


def test_a_sound_target_passes_every_check(bank: Bank) -> None:
    for one, seen in zip(SCANNED.values(), (shaken(bank), found(bank)), strict=True):
        assert [check.name for check in one.checks if not check.judge(seen).passed] == []


@pytest.mark.parametrize(
    ("look", "told", "check"),
    [
        ("tls_1_0_cipher_suites", suites("TLS_RSA_WITH_AES_128_CBC_SHA"), "scanner_finds_no_old_protocol"),
        ("heartbleed", ended(is_vulnerable_to_heartbleed=True), "scanner_finds_no_known_hole"),
        ("robot", ended(robot_result="VULNERABLE_STRONG_ORACLE"), "scanner_finds_no_known_hole"),
        (
            "session_renegotiation",
            ended(supports_secure_renegotiation=False, is_vulnerable_to_client_renegotiation_dos=False),
            "scanner_finds_no_known_hole",
        ),
        ("tls_1_2_cipher_suites", suites(GCM, CBC), "scanner_finds_no_weak_suite"),
        (
            "certificate_info",
            ended(certificate_deployments=[{"path_validation_results": [{"was_validation_successful": False}]}]),
            "scanner_trusts_the_certificate",
        ),
    ],
)
def test_each_weakness_fails_its_check_alone(bank: Bank, look: str, told: object, check: str) -> None:
    seen = shaken(bank, **{look: told})
    assert [one.name for one in scanners.handshakes_are_scanned.checks if not one.judge(seen).passed] == [check]


def test_a_look_that_came_to_no_end_is_no_pass(bank: Bank) -> None:
    seen = shaken(bank, heartbleed={"status": "ERROR", "error_reason": "TIMEOUT", "result": None})
    with pytest.raises(NotTestable, match="sslyze could not finish heartbleed: TIMEOUT"):
        scanners.scanner_finds_no_known_hole(seen)


def test_a_finding_on_many_pages_is_one_and_carries_its_severity_and_the_line_that_repeats_it(bank: Bank) -> None:
    verdict = scanners.scanner_finds_nothing_critical(found(bank, Headers=1, Redirect=2))
    assert verdict.passed
    assert verdict.measures == {
        "critical_findings": 0.0, "high_findings": 0.0, "medium_findings": 1.0, "low_findings": 1.0
    }  # fmt: skip
    assert isinstance(verdict.observed, dict)
    first = verdict.observed["findings"][0]
    assert (first["severity"], first["title"], first["curl"]) == ("medium", "Redirect", "curl x")


def test_grave_findings_fail(bank: Bank) -> None:
    high, critical = found(bank, Injection=3), found(bank, Execution=4)
    assert scanners.scanner_finds_nothing_critical(high).passed
    assert not scanners.scanner_finds_nothing_high(high).passed
    assert not scanners.scanner_finds_nothing_critical(critical).passed


@pytest.mark.parametrize(
    ("title", "check"),
    [
        ("Clickjacking_Protection", "scanner_misses_no_header"),
        ("Content_Security_Policy_Configuration", "scanner_misses_no_header"),
        ("Secure_Flag_cookie", "scanner_finds_no_bare_cookie"),
    ],
)
def test_a_missing_header_and_a_bare_cookie_fail_checks_of_their_own(bank: Bank, title: str, check: str) -> None:
    seen = found(bank, **{title: 1})
    assert [one.name for one in scanners.the_web_face_is_scanned.checks if not one.judge(seen).passed] == [check]


def test_a_scanner_that_reached_nothing_is_a_fault_of_the_bench(bank: Bank) -> None:
    for one in SCANNED.values():
        with pytest.raises(BenchFault, match="reached no"):
            one.play(crm(Scanning({})), bank)


def test_a_way_without_scanners_is_not_testable(bank: Bank) -> None:
    for one in SCANNED.values():
        with pytest.raises(NotTestable, match="runs no scanners"):
            one.play(crm(AcmeServer()), bank)


def test_they_are_played_only_when_asked_for_under_names_of_their_own_in_both_languages() -> None:
    names = {name for one in SCANNED.values() for name in (one.name, *(check.name for check in one.checks))}
    assert not names & {check.name for one in catalogue() for check in one.checks}
    assert all(one not in catalogue() for one in SCANNED.values())
    told = tomllib.loads(files("scenarios.library").joinpath("zh", "scanners.toml").read_text("utf-8"))
    assert told.keys() == names
