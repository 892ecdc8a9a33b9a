"""Settings: what is wrong in a list of targets is named, and no secret is ever in it."""

from pathlib import Path

import pytest

from poc.settings import Login, SettingsError, Target, is_loopback, keep_secrets, keep_target, target, targets
from scenarios.actors import Actor, Credential

GOOD = """
[targets.acme]
connector = "acme"
url = "https://crm.acme.example"
labels = ["not verified live"]

[targets.acme.limits]
requests_per_second = 5

[targets.acme.actors.RM-A]
username = "rm-a"
secret_env = "ACME_RM_A"
branch = "BR01"

[targets.acme.actors.expired-token]
token_env = "ACME_OLD_TOKEN"
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "targets.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_target_is_read_with_its_actors_and_limits(listed: Path) -> None:
    read = target("acme", listed)
    assert (read.name, read.labels, read.limits.requests_per_second) == ("acme", ("not verified live",), 5)
    assert set(read.actors) == {Actor.RM_A, Actor.EXPIRED}


def test_secrets_come_from_the_variables_that_are_named(listed: Path) -> None:
    held = target("acme", listed).credentials({"ACME_RM_A": "open-sesame", "ACME_OLD_TOKEN": "old"})
    assert held[Actor.RM_A] == Credential(username="rm-a", secret="open-sesame", branch="BR01")
    assert held[Actor.EXPIRED].token == "old"


def test_a_variable_that_is_not_set_is_named(listed: Path) -> None:
    with pytest.raises(SettingsError, match=r"target acme, actor RM-A: set the environment variable ACME_RM_A"):
        target("acme", listed).credentials({})


def test_an_unknown_target_lists_the_known_ones(listed: Path) -> None:
    with pytest.raises(SettingsError, match=r"unknown target 'emca': .*targets\.toml knows acme"):
        target("emca", listed)


def test_a_file_that_is_not_there_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"there is no .*targets\.toml"):
        targets(tmp_path / "targets.toml")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("targets = 1", r"write each target as a table"),
        ("[targets]\nacme = 1", r"targets\.acme = 1"),
        ("targets = [", r"is not TOML"),
        ('[targets.acme]\nurl = "https://x.example"', r"targets\.acme\.connector"),
        ('[targets.acme]\nconnector = "x"\nurl = "crm"', r"targets\.acme\.url = 'crm': .*https://host:port"),
        ('[targets.acme]\nconnector = "x"\nurl = "http://crm.example"', r"use https"),
        ('[targets."a/b"]\nconnector = "x"\nurl = "https://x.example"', r"targets\.a/b\.name = 'a/b'"),
        ('[targets.a]\nconnector = "x"\nurl = "https://x.example"\ntimeout = 0', r"targets\.a\.timeout = 0"),
        (
            '[targets.a]\nconnector = "x"\nurl = "https://x.example"\n[targets.a.actors.boss]',
            r"targets\.a\.actors\.boss",
        ),
    ],
)
def test_what_is_wrong_is_named_in_one_line(tmp_path: Path, written: str, told: str) -> None:
    path = tmp_path / "targets.toml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(SettingsError, match=told) as error:
        targets(path)
    assert "\n" not in str(error.value).strip()
    assert str(path) in str(error.value)


@pytest.mark.parametrize(
    "wrong",
    [
        '[targets.a]\nconnector = "x"\nurl = "https://ada:hush-hush@x.example"',
        '[targets.a]\nconnector = "x"\nurl = "https://x.example"\n[targets.a.actors.admin]\nsecret = "hush-hush"',
    ],
)
def test_a_secret_that_was_written_into_the_file_is_refused_and_not_shown(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "targets.toml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        targets(path)
    assert "hush" not in str(error.value)


def made(**more: object) -> Target:
    return Target.model_validate({"name": "lab", "connector": "reference", "url": "https://127.0.0.1:9", **more})


def test_what_is_kept_is_read_back_beside_the_others(listed: Path) -> None:
    lab = made(actors={Actor.ADMIN: Login(username="admin")}, labels=("deliberately weakened",))
    keep_target(lab, listed)
    assert target("lab", listed) == lab
    assert set(targets(listed)) == {"acme", "lab"}


def test_a_labs_secrets_are_kept_in_a_file_of_their_own_that_only_the_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    keep_secrets(
        path, {Actor.ADMIN: Credential(username="admin", secret="hush"), Actor.EXPIRED: Credential(token="old")}
    )
    lab = made(secrets_file=path, actors={Actor.ADMIN: Login(username="admin"), Actor.EXPIRED: Login()})
    assert (path.stat().st_mode & 0o777) == 0o600
    assert lab.credentials({})[Actor.ADMIN].secret == "hush"
    assert lab.credentials({})[Actor.EXPIRED].token == "old"
    assert "hush" not in repr(lab.without_secrets())


def test_a_folder_that_takes_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot write"):
        keep_target(made(), tmp_path / "missing" / "targets.toml")


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("https://127.0.0.1:8", True),
        ("https://localhost", True),
        ("https://[::1]:8", True),
        ("https://10.0.0.1", False),
    ],
)
def test_loopback_is_this_machine_only(url: str, here: bool) -> None:
    assert is_loopback(url) is here
