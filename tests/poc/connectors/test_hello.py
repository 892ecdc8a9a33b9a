"""Hello: a suite that our own library lacks is offered all the same, and the server's answer is read."""

import ssl
from collections.abc import Callable

import pytest

from poc.connectors import hello
from poc.connectors.handshakes import attempt
from poc.connectors.wire import HttpsWire
from poc.lab.authority import Identity
from scenarios.port import BenchFault

#: TLS_AES_128_GCM_SHA256, which every library has.
KNOWN = 0x1301


def server_hello(suite: int) -> bytes:
    body = b"\x03\x03" + bytes(32) + b"\x20" + bytes(32) + suite.to_bytes(2) + b"\x00"
    message = b"\x02" + len(body).to_bytes(3) + body
    return b"\x16\x03\x03" + len(message).to_bytes(2) + message


def test_a_server_without_national_suites_refuses_them(wire: HttpsWire) -> None:
    came = wire.handshake("TLSv1.3", suites=":".join(hello.NATIONAL))
    assert (came.accepted, came.note) == (False, "alert 40")


def test_the_hello_is_one_that_a_server_understands(papers: Identity, serve: Callable[[ssl.SSLContext], int]) -> None:
    """Offered along with a suite that the server has, it is answered: the refusal above is for the suite."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(papers.certificate, papers.key)
    answer = hello.said(
        "127.0.0.1", serve(context), hello.hello("127.0.0.1", (hello.NATIONAL["TLS_SM4_GCM_SM3"], KNOWN))
    )
    assert hello.read(answer).note == f"answered with a suite that was not offered ({KNOWN:#06x})"


def test_the_suite_that_a_server_chose_is_read() -> None:
    came = hello.read(server_hello(0x00C6))
    assert (came.accepted, came.version, came.suite) == (True, "TLSv1.3", "TLS_SM4_GCM_SM3")


@pytest.mark.parametrize(
    ("answer", "note"),
    [(b"", "hung up"), (b"HTTP/1.1 400 no", "answered nothing of TLS"), (b"\x16\x03\x03", "nothing")],
)
def test_what_is_no_answer_of_tls_is_a_refusal_with_its_reason(answer: bytes, note: str) -> None:
    came = hello.read(answer)
    assert not came.accepted
    assert note in came.note


def test_a_port_where_nobody_listens_is_our_fault() -> None:
    with pytest.raises(BenchFault, match="check the address"):
        attempt("127.0.0.1", 1, "TLSv1.3", suites="TLS_SM4_GCM_SM3")
