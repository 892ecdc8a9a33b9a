"""Dependencies: locked by hash, the same everywhere, and of licences that a bank may use."""

import re
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HOUSE = Path(__file__).parent.parent
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))


@cache
def locked(name: str) -> dict[str, str]:
    """Names and pinned versions of a lock."""
    text = (HOUSE / "requirements" / f"{name}.lock").read_text("utf-8")
    return {canonicalize_name(n): v for n, v in re.findall(r"^([\w.-]+)(?:\[[^]]*])?==(\S+)", text, re.MULTILINE)}


@pytest.mark.parametrize("name", ["dev", "runtime", "bootstrap"])
def test_every_locked_package_is_pinned_with_a_hash_and_says_not_where_it_comes_from(name: str) -> None:
    text = (HOUSE / "requirements" / f"{name}.lock").read_text("utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert len(blocks) == len(locked(name))
    assert not [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block]
    assert "://" not in text
    assert "index" not in text.replace("--hash", "")


def test_what_the_project_declares_is_locked_within_its_bounds() -> None:
    for lock, wanted in (
        ("runtime", PROJECT["project"]["dependencies"]),
        ("dev", PROJECT["dependency-groups"]["dev"]),
    ):
        for line in wanted:
            wish = Requirement(line)
            version = locked(lock).get(canonicalize_name(wish.name))
            assert version, f"{wish.name} is not in requirements/{lock}.lock: run make lock"
            assert wish.specifier.contains(version, prereleases=True)


def test_laptop_product_and_bootstrap_use_the_same_versions() -> None:
    assert locked("runtime").items() <= locked("dev").items()
    assert locked("bootstrap").items() <= locked("dev").items()
    assert set(locked("bootstrap")) == {"uv"}


@pytest.mark.parametrize("name", sorted(locked("runtime")))
def test_no_runtime_package_is_under_gpl_or_agpl(name: str) -> None:
    try:
        facts = distribution(name).metadata
    except PackageNotFoundError:
        pytest.skip(f"{name} is not installed here")
    classified = [c for c in facts.get_all("Classifier") or [] if c.startswith("License")]
    said = " ".join([facts.get("License-Expression") or "", facts.get("License") or "", *classified])[:400]
    assert not re.search(r"GPL|Affero", said.replace("LGPL", "")), f"{name}: {said}"
