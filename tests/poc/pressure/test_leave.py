"""Whose permission covers a target is told as it is: here nobody's, elsewhere a paper's, or none's."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from loadtests.permission import Paper, Permission
from loadtests.workload import workload
from poc.pressure.leave import leave_for
from poc.settings import Target

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
TRUSTED = KEY.public_key().public_bytes_raw().hex()


def listed(tmp_path: Path, **change: object) -> Target:
    paper = Permission(
        vendor="Vendor", host="crm.example", purposes=("load",), begins=NOW - timedelta(hours=1),
        expires=NOW + timedelta(days=1), most_per_second=50, signed_by="A. Person",
    )  # fmt: skip
    file = tmp_path / "permission.toml"
    file.write_text(Paper.sign(paper, KEY).text(), "utf-8")
    facts = {"name": "crm", "connector": "reference", "url": "https://crm.example", "permission": file}
    return Target(**{**facts, "permission_key": TRUSTED, **change})  # type: ignore[arg-type]


def test_a_signed_paper_that_covers_the_load_is_told_with_its_bounds(tmp_path: Path) -> None:
    found = leave_for(listed(tmp_path), workload("bank-peak").at(rate=20), NOW)
    assert (found.kind, found.key) == ("signed", TRUSTED)
    assert found.permission is not None
    assert found.permission.most_per_second == 50


@pytest.mark.parametrize(
    ("change", "rate", "later", "why"),
    [
        ({}, 400.0, 0, "420/s are asked: lower the rate"),
        ({}, 20.0, 3, "permits between"),
        ({"permission_key": "0" * 64}, 20.0, 0, "which is not the trusted one"),
        ({"url": "https://other.example"}, 20.0, 0, "permits crm.example, not other.example"),
        ({"permission": None}, 20.0, 0, "nobody signed a permission"),
    ],
)
def test_what_is_not_covered_says_why(
    tmp_path: Path, change: dict[str, object], rate: float, later: int, why: str
) -> None:
    found = leave_for(listed(tmp_path, **change), workload("bank-peak").at(rate=rate), NOW + timedelta(days=later))
    assert found.kind == "refused"
    assert why in found.why
    assert (found.permission is None) is ("permission" in change)


def test_this_machine_needs_nobody_and_who_attests_is_pressed_by_nobody(tmp_path: Path) -> None:
    for url in ("https://127.0.0.1:8443", "https://localhost", "https://[::1]:1"):
        assert leave_for(listed(tmp_path, url=url), None, NOW).kind == "here"
    assert leave_for(listed(tmp_path, load="attested"), None, NOW).kind == "attested"
