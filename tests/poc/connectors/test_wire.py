"""Wire: real TLS on loopback: what is carried, what is refused, and what is a fault of our own bench."""

from collections.abc import Callable
from pathlib import Path

import pytest

from poc.connectors.wire import HttpsWire
from poc.lab.authority import Identity, identity
from scenarios.port import BenchFault, Reply, Request
from scenarios.verdict import NotTestable


def test_a_request_is_carried_with_its_query_and_body(wire: HttpsWire) -> None:
    reply = wire.send(Request(method="PATCH", path="/v1/x", query={"a": "1 2"}, json={"n": 1}))
    assert reply.body == b'PATCH /v1/x?a=1+2 application/json {"n":1}'
    assert (reply.status, reply.seconds > 0, "x-peer" in reply.headers) == (200, True, True)


def test_bytes_are_sent_as_they_are_and_without_a_type_of_ours(wire: HttpsWire) -> None:
    assert wire.send(Request(method="POST", path="/", content=b"\x00raw")).body == b"POST / None \x00raw"


def test_a_refusal_and_a_redirect_are_replies_like_any_other(wire: HttpsWire) -> None:
    assert wire.send(Request(method="GET", path="/missing")).status == 404
    assert wire.send(Request(method="GET", path="/moved")).status == 302


def test_connections_are_kept_and_shared_by_threads(wire: HttpsWire) -> None:
    peers = {wire.send(Request(method="GET", path="/")).headers["x-peer"] for _ in range(5)}
    assert len(peers) == 1


def test_an_address_where_nobody_listens_is_a_fault_of_ours_with_a_remedy(papers: Identity) -> None:
    wire = HttpsWire("https://127.0.0.1:1", ca=papers.authority, timeout=2)
    with pytest.raises(BenchFault, match=r"no reply from https://127\.0\.0\.1:1: ConnectError: .*check the address"):
        wire.send(Request(method="GET", path="/"))
    wire.close()


class Fallen:
    """A voucher for a product that was killed."""

    def vouch(self, request: Request, reply: Reply, again: Callable[[Request], Reply]) -> None:
        """Say nothing: no reply ever comes."""

    def sound(self) -> None:
        """Name what is wrong."""
        raise BenchFault("shop does not run: touchstone target start shop")


def test_no_reply_from_a_product_of_this_machine_names_what_is_wrong_with_it(papers: Identity) -> None:
    wire = HttpsWire("https://127.0.0.1:1", ca=papers.authority, timeout=2, voucher=Fallen())
    with pytest.raises(BenchFault, match="shop does not run: touchstone target start shop"):
        wire.send(Request(method="GET", path="/"))
    wire.close()


def test_a_certificate_of_another_authority_is_not_trusted(port: int, tmp_path: Path) -> None:
    wire = HttpsWire(f"https://127.0.0.1:{port}", ca=identity(tmp_path).authority, timeout=5)
    with pytest.raises(BenchFault, match="check the CA file"):
        wire.send(Request(method="GET", path="/"))
    wire.close()


def test_a_ca_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(BenchFault, match=r"cannot read the certificates .*ca\.pem"):
        HttpsWire("https://127.0.0.1:1", ca=tmp_path / "ca.pem")


def test_a_tls_port_says_nothing_in_clear_and_a_plain_one_does(
    wire: HttpsWire, plain_port: int, papers: Identity
) -> None:
    assert wire.plain("/v1/customers") is None
    clear = HttpsWire("https://127.0.0.1:1", ca=papers.authority, plain_ports=(plain_port,))
    reply = clear.plain("/v1/customers")
    assert reply is not None
    assert (reply.status, reply.body) == (200, b"GET /v1/customers None ")
    clear.close()


def test_what_this_machine_serves_in_clear_has_no_transport_to_judge(plain_port: int) -> None:
    with pytest.raises(NotTestable, match="served in clear"):
        HttpsWire(f"http://127.0.0.1:{plain_port}").handshake("TLSv1.3")
