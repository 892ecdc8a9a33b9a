"""Environment: whole or not there; what hinders it is one line; uv is told what pip knows."""

import sys
from pathlib import Path

import pytest

from poc.lab.environment import WHOLE, Environment, EnvironmentFault, for_uv


def silent(name: str, done: int, total: int) -> None:
    return


def test_a_list_of_nothing_makes_a_whole_environment_and_a_broken_one_leaves_nothing(tmp_path: Path) -> None:
    listed = tmp_path / "packages.lock"
    listed.write_text("", "utf-8")
    one = Environment(name="nothing", place=tmp_path / "nothing", mark="1")
    one.make(listed, Path(sys.executable), silent)
    assert (one.whole, (one.bin / "python").exists()) == (True, True)
    listed.write_text("nothing-of-this-name==1 --hash=sha256:abc\n", "utf-8")
    with pytest.raises(EnvironmentFault, match=r"nothing could not be installed: .*try again"):
        one.make(listed, Path(sys.executable), silent)
    assert (one.place.exists(), one.remove()) == (False, False)


def test_an_environment_of_another_version_is_not_whole(tmp_path: Path) -> None:
    one = Environment(name="nothing", place=tmp_path, mark="2")
    (tmp_path / WHOLE).write_text("1\n", "utf-8")
    assert (one.found, one.whole) == ("1", False)


def test_uv_is_told_where_pip_fetches_from_unless_it_knows() -> None:
    told = for_uv({"PIP_INDEX_URL": "https://mirror.example", "PIP_CERT": "/ca.pem", "HOME": "/root"})
    assert (told["UV_DEFAULT_INDEX"], told["SSL_CERT_FILE"], told["HOME"]) == (
        "https://mirror.example",
        "/ca.pem",
        "/root",
    )
    assert for_uv({"PIP_CERT": "/a", "SSL_CERT_FILE": "/b"})["SSL_CERT_FILE"] == "/b"
