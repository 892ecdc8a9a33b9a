"""The raw client reads what servers send, keeps its connection, and never hands one request's answer to another."""

import json
import socketserver
import ssl
import subprocess
import sys
import threading
import time

import pytest

from poc.lab.authority import identity

BIG = 300_000
ASKS = """
import json, ssl, sys
import loadtests.agent
from loadtests.agent.wire import Wire
from scenarios.port import BenchFault
for line in sys.stdin:
    url, authority, asked = json.loads(line)
    wire = Wire(url, ssl.create_default_context(cafile=authority or None), connect_within=5, answer_within=0.6)
    told = []
    for method, path, size in asked:
        try:
            answer = wire.ask(method, path, b"x" * size if size else None, {"X-Told": "a b"})
            seen = answer.body.decode()[:40], len(answer.body), answer.headers.get("x-connection")
            told.append([answer.status, *seen])
        except BenchFault as fault:
            told.append(str(fault))
    print(json.dumps(told), flush=True)
"""


class Served(socketserver.ThreadingTCPServer):
    """Counts its connections and remembers how often each path was asked for."""

    allow_reuse_address = daemon_threads = True
    context: ssl.SSLContext | None = None

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Told)
        self.connections, self.asked = 0, []

    def get_request(self):
        raw, where = super().get_request()
        return (self.context.wrap_socket(raw, server_side=True) if self.context else raw), where

    def handle_error(self, request, client_address):
        pass  # a client that hangs up is what some of these tests are about


class Told(socketserver.StreamRequestHandler):
    """Answers a path in its own odd way."""

    def handle(self):
        self.server.connections += 1
        own = self.server.connections
        while line := self.rfile.readline():
            method, path, _ = line.decode().split()
            told = {}
            while field := self.rfile.readline().strip():
                name, _, value = field.decode().partition(": ")
                told[name.lower()] = value
            body = self.rfile.read(int(told.get("content-length", 0)))
            self.server.asked.append((method, path))
            if not self.answer(path, body, told, f"X-Connection: {own}\r\n".encode()):
                return

    def answer(self, path, body, told, mark):
        ok, begun = b"HTTP/1.1 200 OK\r\n" + mark, f"{len(body)} {told['x-told']}".encode()
        plain = ok + b"Content-Length: %d\r\n\r\n%s" % (len(begun), begun)
        match path:
            case "/chunked":
                self.wfile.write(ok + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                self.wfile.flush()
                self.wfile.write(b"2\r\nde\r\n0\r\n\r\n")
            case "/interim":
                self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + plain)
            case "/until-the-end":
                self.wfile.write(ok + b"\r\nno length")
                return False
            case "/close":
                self.wfile.write(ok + b"Connection: close\r\nContent-Length: 3\r\n\r\nbye")
                return False
            case "/never":
                time.sleep(1.0)
                self.wfile.write(plain)
            case "/half":
                self.wfile.write(ok + b"Content-Length: 9\r\n\r\nhalf")
                return False
            case "/hangs-up-once":
                if self.server.asked.count(self.server.asked[-1]) == 1:
                    return False
                self.wfile.write(plain)
            case "/garbage":
                self.wfile.write(b"SSH-2.0-what\r\n\r\n")
            case "/big":
                self.wfile.write(ok + b"Content-Length: %d\r\n\r\n" % BIG + b"y" * BIG)
            case "/none":
                self.wfile.write(b"HTTP/1.1 204 No Content\r\n" + mark + b"\r\n")
            case _:
                self.wfile.write(plain)
        return True


@pytest.fixture
def served():
    with Served() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def client():
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", ASKS], **pipes) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def asked(served, client):
    def ask(*requests, authority=""):
        url = f"{'https' if authority else 'http'}://127.0.0.1:{served.server_address[1]}"
        client.stdin.write(json.dumps([url, authority, requests]) + "\n")
        client.stdin.flush()
        return json.loads(client.stdout.readline())

    return ask


def test_every_way_to_end_an_answer_is_understood_over_one_kept_connection(served, asked):
    paths = ["/", "/chunked", "/interim", "/none", "/big", "/"]
    told = asked(*(["GET", path, 0] for path in paths), ["POST", "/", BIG])
    assert [one[3] for one in told] == ["1"] * 7
    assert [one[1] for one in told][:4] == ["0 a b", "abcde", "0 a b", ""]
    assert told[4][2] == BIG
    assert told[6][1] == f"{BIG} a b"


def test_who_hangs_up_is_called_again_where_that_does_no_harm(served, asked):
    told = asked(["GET", "/", 0], ["GET", "/close", 0], ["GET", "/until-the-end", 0], ["GET", "/", 0])
    assert [one[1] for one in told] == ["0 a b", "bye", "no length", "0 a b"]
    assert [one[3] for one in told] == ["1", "1", "2", "3"]
    served.asked.clear()
    again = asked(["GET", "/", 0], ["GET", "/hangs-up-once", 0], ["GET", "/", 0], ["POST", "/hangs-up-once", 0])
    assert again[1][1] == "0 a b"
    assert "hung up" in again[3]
    assert served.asked.count(("POST", "/hangs-up-once")) == 1


def test_what_is_no_answer_is_a_fault_and_the_next_request_gets_its_own(served, asked):
    told = asked(["GET", "/never", 0], ["GET", "/", 0], ["GET", "/half", 0], ["GET", "/garbage", 0], ["GET", "/", 0])
    assert "no answer within 0.6 s" in told[0]
    assert "before the answer was whole" in told[2]
    assert "HttpParser" in told[3]
    assert told[1][1] == told[4][1] == "0 a b"


def test_over_tls_the_authority_of_the_target_is_asked_for_and_large_bodies_pass(served, asked, tmp_path):
    papers = identity(tmp_path)
    served.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.context.load_cert_chain(papers.certificate, papers.key)
    told = asked(
        ["GET", "/big", 0],
        ["POST", "/", BIG],
        ["GET", "/close", 0],
        ["GET", "/", 0],
        authority=str(papers.authority),
    )
    assert [one[3] for one in told] == ["1", "1", "1", "2"]
    assert told[0][2] == BIG
    stranger = asked(
        ["GET", "/", 0], authority=ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt"
    )
    assert "CERTIFICATE_VERIFY_FAILED" in stranger[0]


def test_a_path_or_header_that_would_smuggle_a_second_request_is_not_sent(served, asked):
    told = asked(["GET", "/ HTTP/1.1\r\nHost: x\r\n\r\nGET /", 0], ["HEAD", "/", 0])
    assert "line break" in told[0]
    assert "HEAD" in told[1]
    assert served.asked == []
