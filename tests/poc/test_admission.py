"""Admission: names, roles and hashes are kept, guessing is shut out, and a bad list is told in one line."""

from pathlib import Path

import pytest

from poc.admission import (
    IDLE_S,
    LONGEST_S,
    SHUT_S,
    TRIES,
    AdmissionError,
    Porter,
    Role,
    Visit,
    enlist,
    listed,
    must_sign_in,
    strike,
)

GOOD = "seven green kettles"


@pytest.fixture
def users(tmp_path: Path) -> Path:
    enlist(tmp_path / "users.toml", "lin", Role.VIEWER, GOOD)
    return tmp_path / "users.toml"


def test_who_is_listed_gets_in_with_the_right_password_alone(users: Path) -> None:
    porter = Porter()
    assert porter.admits(listed(users), "lin", GOOD, now=0)
    assert not porter.admits(listed(users), "lin", GOOD + "!", now=0)
    assert not porter.admits(listed(users), "nobody", GOOD, now=0)


def test_the_file_holds_no_password_and_is_its_owners_alone(users: Path) -> None:
    assert GOOD not in users.read_text("utf-8")
    assert "$argon2id$" in users.read_text("utf-8")
    assert users.stat().st_mode & 0o077 == 0


def test_five_wrong_guesses_shut_a_name_out_for_a_quarter_of_an_hour(users: Path) -> None:
    porter = Porter()
    for _ in range(TRIES):
        assert not porter.admits(listed(users), "lin", "a guess that is wrong", now=0)
    assert not porter.admits(listed(users), "lin", GOOD, now=1)
    assert porter.admits(listed(users), "lin", GOOD, now=SHUT_S + 1)


@pytest.mark.parametrize("weak", ["short", "a" * 20, "lin is my name, so", "x" * 300])
def test_a_weak_password_is_refused_and_nothing_changes(users: Path, weak: str) -> None:
    before = users.read_bytes()
    with pytest.raises(AdmissionError, match="lin"):
        enlist(users, "lin", Role.ADMIN, weak)
    assert users.read_bytes() == before


@pytest.mark.parametrize("name", ["../lin", "Lin Wei", "", "a\nb"])
def test_a_name_that_could_be_anything_else_is_refused(users: Path, name: str) -> None:
    with pytest.raises(AdmissionError, match="small letters"):
        enlist(users, name, Role.VIEWER, GOOD)


def test_who_is_removed_is_listed_no_more(users: Path) -> None:
    strike(users, "lin")
    assert listed(users) == {}
    with pytest.raises(AdmissionError, match="'lin' is not in"):
        strike(users, "lin")


@pytest.mark.parametrize("text", ["users = 3", "[users.lin]\nrole = 'king'\nhash = '$argon2id$x'", "[[", "\x00"])
def test_an_unreadable_list_is_told_with_its_remedy(tmp_path: Path, text: str) -> None:
    (tmp_path / "users.toml").write_text(text)
    with pytest.raises(AdmissionError, match="touchstone user"):
        listed(tmp_path / "users.toml")


def test_roles_include_each_other_in_their_order() -> None:
    assert Role.ADMIN.may(Role.VIEWER)
    assert not Role.VIEWER.may(Role.ASSESSOR)
    assert not Role.ASSESSOR.may(Role.ADMIN)


@pytest.mark.parametrize(
    ("address", "due"), [("127.0.0.1", False), ("localhost", False), ("0.0.0.0", True), (None, True)]
)
def test_a_login_is_due_wherever_others_reach(address: str | None, due: bool) -> None:
    assert must_sign_in(address) is due


def test_a_visit_ends_when_it_idles_and_when_it_lasts_too_long() -> None:
    assert Visit(name="lin", began=0, last=0).lives(IDLE_S)
    assert not Visit(name="lin", began=0, last=0).lives(IDLE_S + 1)
    assert not Visit(name="lin", began=0, last=LONGEST_S).lives(LONGEST_S + 1)
