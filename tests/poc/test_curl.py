"""An exchange is printed as it was stored, and its command line survives any character."""

import shlex

from poc.curl import curl, printed
from scenarios.port import Reply, Request


def test_a_command_line_holds_method_address_headers_and_body() -> None:
    request = Request(
        method="POST", path="/v1/notes", query={"q": "a b&c"}, json={"text": "it's $HOME"}, headers={"x-a": "1"}
    )
    words = shlex.split(curl(request, "https://127.0.0.1:1"))
    assert words[:5] == ["curl", "--include", "--request", "POST", "https://127.0.0.1:1/v1/notes?q=a+b%26c"]
    assert words[5:] == ["--header", "x-a: 1", "--data-binary", '{"text":"it\'s $HOME"}']


def test_headers_that_curl_writes_itself_are_left_to_it() -> None:
    assert "Content-Length" not in curl(Request(method="GET", path="/", headers={"Content-Length": "3"}), "http://h")


def test_json_is_laid_out_and_keeps_its_characters() -> None:
    reply = Reply(status=200, headers={"a": "b"}, body='{"name":"王"}'.encode())
    assert printed(reply) == '200\na: b\n\n{\n  "name": "王"\n}'


def test_bytes_that_are_no_text_are_counted() -> None:
    assert "(2 bytes that are no text)" in printed(Reply(status=200, headers={}, body=b"\xff\xfe"))


def test_a_long_body_is_cut_and_says_so() -> None:
    assert printed(Reply(status=200, headers={}, body=b"a" * 20_005)).endswith("… 5 characters more")
