"""The server that does nothing answers everybody alike, in as many bytes as it was told."""

import asyncio
import json

import pytest

from loadtests.null import Answering, answer


@pytest.mark.parametrize("length", [2, 7, 8, 2048])
def test_an_answer_is_json_of_the_length_that_it_says(length: int) -> None:
    head, _, body = answer(length).partition(b"\r\n\r\n")
    json.loads(body)
    assert f"Content-Length: {len(body)}".encode() in head
    assert len(body) == (length if length > 6 else 2)


def test_requests_that_come_together_get_an_answer_each() -> None:
    class Wire(asyncio.WriteTransport):
        written = b""

        def write(self, data: object) -> None:
            self.written += bytes(data)  # type: ignore[call-overload]

    wire, asked = Wire(), Answering(b"yes")
    asked.connection_made(wire)
    asked.data_received(b"GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n")
    assert wire.written == b"yesyes"
