"""Allowance: limits and permission of a listed target, as its settings tell them."""

from pathlib import Path

import pytest

from poc.allowance import allowance
from poc.settings import Limits, SettingsError, Target, Window, keep_target


def test_a_target_of_this_machine_may_be_attacked_and_tells_its_limits(tmp_path: Path) -> None:
    listed = tmp_path / "targets.toml"
    limits = Limits(
        requests_per_second=2.5, requests_per_day=100_000, parallel=4, windows=(Window(requests=100, seconds=20),)
    )
    keep_target(Target(name="near", connector="reference", url="https://127.0.0.1:1", limits=limits), listed)
    seen = allowance("near", listed)
    assert (seen.ground, seen.wrong) == ("loopback", "")
    assert [(name, dict(parts)) for name, parts in seen.limits] == [
        ("second", {"value": "2.5"}), ("day", {"value": "100,000"}), ("parallel", {"value": 4}),
        ("window", {"requests": 100, "seconds": "20"}),
    ]  # fmt: skip


def test_a_target_elsewhere_needs_a_paper_and_a_paper_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    listed, far = tmp_path / "targets.toml", Target(name="far", connector="fxiaoke", url="https://crm.example")
    keep_target(far, listed)
    assert allowance("far", listed).ground == ""
    keep_target(far.model_copy(update={"permission": tmp_path / "none", "permission_key": "0" * 64}), listed)
    assert "cannot read" in allowance("far", listed).wrong
    with pytest.raises(SettingsError, match="unknown target"):
        allowance("nobody", listed)
