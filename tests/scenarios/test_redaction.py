"""Redaction: no secret is in what is kept, and equal secrets look equal."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios.port import Reply, Request
from scenarios.redaction import PLACEHOLDER, Redactor, secrets_of


def login(password: str) -> Request:
    return Request(method="POST", path="/login", json={"user": "ada", "password": password})


@settings(max_examples=60)
@given(st.text(min_size=1, max_size=40).filter(lambda text: text.isprintable()))
def test_a_password_is_never_in_what_is_kept(password: str) -> None:
    kept = Redactor().request(login(password)).body
    assert len(PLACEHOLDER.findall(kept)) == 1
    assert kept.count(b'"') == login("x").body.count(b'"')


def test_the_rest_of_a_body_stays_byte_for_byte() -> None:
    kept = Redactor().request(login("open-sesame-1")).body
    assert PLACEHOLDER.sub(b"open-sesame-1", kept) == login("open-sesame-1").body


def test_a_token_is_known_wherever_it_turns_up_later() -> None:
    redactor = Redactor()
    granted = redactor.reply(Reply(status=200, headers={}, body=b'{"access_token": "abcdef123456", "expires_in": 9}'))
    used = redactor.request(Request(method="GET", path="/x", headers={"Authorization": "Bearer abcdef123456"}))
    leaked = redactor.reply(Reply(status=200, headers={"x-echo": "abcdef123456"}, body=b"see abcdef123456!"))
    (placeholder,) = PLACEHOLDER.findall(granted.body)
    assert used.headers["Authorization"] == f"Bearer {placeholder.decode()}"
    assert leaked.headers["x-echo"] == placeholder.decode()
    assert leaked.body == b"see " + placeholder + b"!"


def test_different_secrets_look_different_and_another_run_shows_others() -> None:
    one, other = Redactor(), Redactor()
    assert one.clean(b'"token":"aaaaaaaa"') != one.clean(b'"token":"bbbbbbbb"')
    assert one.clean(b'"token":"aaaaaaaa"') != other.clean(b'"token":"aaaaaaaa"')


def test_what_was_known_before_is_taken_out_of_any_text() -> None:
    redactor = Redactor()
    redactor.learn(["correct horse", ""])
    assert "horse" not in redactor.text("the password is: correct horse")


def test_a_short_secret_goes_only_where_its_name_says_what_it_is() -> None:
    kept = Redactor().clean(b'{"password":"ada","user":"ada"}')
    assert kept.endswith(b',"user":"ada"}')
    assert kept.count(b"ada") == 1


def test_a_kind_of_token_is_no_secret() -> None:
    assert Redactor().clean(b'{"token_type":"Bearer"}') == b'{"token_type":"Bearer"}'


def test_forms_queries_cookies_and_basic_credentials_are_covered() -> None:
    basic = base64.b64encode(b"ada:open-sesame-1").decode()
    kept = Redactor().request(
        Request(
            method="POST",
            path="/token",
            query={"access_token": "abcdef123456", "page": "2"},
            headers={"Cookie": "sid=abcdef999; lang=zh", "authorization": f"Basic {basic}"},
            content=b"grant_type=password&password=open-sesame-1&client_secret=s3cr3t-s3cr3t",
        )
    )
    told = repr((kept.query, kept.headers, kept.body))
    assert not [secret for secret in ("abcdef", basic, "open-sesame", "s3cr3t") if secret in told]
    assert kept.query["page"] == "2"
    assert kept.headers["authorization"].startswith("Basic [secret-")


def test_a_cookie_keeps_its_attributes() -> None:
    reply = Reply(status=200, headers={"set-cookie": "sid=abcdef999; Path=/; Max-Age=60; HttpOnly"}, body=b"")
    kept = Redactor().reply(reply).headers["set-cookie"]
    assert "abcdef999" not in kept
    assert kept.endswith("; Path=/; Max-Age=60; HttpOnly")


def test_every_cookie_is_covered_where_several_are_set_at_once() -> None:
    told = "a=abcdef999; expires=Tue, 24 Nov 2026 04:00:00 GMT; Path=/; SameSite=Lax, sid=uvwxyz888; HttpOnly; Path=/"
    kept = Redactor().reply(Reply(status=200, headers={"set-cookie": told}, body=b"")).headers["set-cookie"]
    assert not [secret for secret in ("abcdef999", "uvwxyz888") if secret in kept]
    assert "expires=Tue, 24 Nov 2026 04:00:00 GMT; Path=/; SameSite=Lax, sid=" in kept


@pytest.mark.parametrize("again", [1, 2])
def test_taking_secrets_out_twice_changes_nothing(again: int) -> None:
    redactor = Redactor()
    once = redactor.request(login("open-sesame-1"))
    for _ in range(again):
        assert redactor.request(once) == once


def test_secrets_of_a_request_are_told_in_order() -> None:
    told = Request(method="POST", path="/", json={"old_password": "a", "x": 1, "new_password": "b"})
    assert secrets_of(told) == (b"a", b"b")


@pytest.mark.parametrize("headers", [{"x-echo": "{}", "set-cookie": "sid=abcdef999"}, {"a": "b", "x-form": "token={}"}])
def test_a_header_that_repeats_a_secret_is_cleaned_wherever_it_stands(headers: dict[str, str]) -> None:
    said = {name: value.format("abcdef999") for name, value in headers.items()}
    kept = Redactor().reply(Reply(status=200, headers=said, body=b"")).headers
    assert list(kept) == list(said)
    assert "abcdef999" not in repr(kept)
