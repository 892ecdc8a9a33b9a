"""Actors: thirteen, and none of them shows a secret."""

from scenarios.actors import Actor, Credential


def test_there_are_thirteen() -> None:
    assert len(Actor) == 13


def test_a_credential_does_not_show_its_secret() -> None:
    told = repr(Credential(username="ada", secret="open-sesame", token="abcdef"))
    assert told == "Credential(ada)"
    assert "abcdef" not in repr(Credential(token="abcdef"))
