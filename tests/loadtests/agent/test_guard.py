"""Guard: a confined process reaches the target and nothing else, whatever connects and whoever redirects it."""

import json
import subprocess
import sys

#: A confined process tries one address after the other, with plain sockets and with the client of the load agent.
TRIED = """
import gevent.monkey; gevent.monkey.patch_all()
import json, socket, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from geventhttpclient import HTTPClient
from loadtests.agent.guard import confine

class Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(302)
        self.send_header("Location", f"http://127.0.0.1:{other.server_port}/")
        self.end_headers()
    def log_message(self, *words): pass

target, other = (HTTPServer(("127.0.0.1", 0), Elsewhere) for _ in range(2))
for server in (target, other):
    threading.Thread(target=server.serve_forever, daemon=True).start()
confine({("127.0.0.1", target.server_port)})

def tried(make):
    try:
        return make()
    except PermissionError as no:
        return str(no).partition(" ")[2]

def asked(port, follow=1):
    return HTTPClient("127.0.0.1", port).get("/").status_code

pair = socket.socketpair()
print(json.dumps([
    asked(target.server_port),
    tried(lambda: asked(other.server_port)),
    tried(lambda: socket.create_connection(("127.0.0.1", other.server_port))),
    tried(lambda: socket.create_connection(("203.0.113.7", 443))),
    tried(lambda: socket.create_connection(("localhost", other.server_port))),
    tried(lambda: socket.create_connection(("::1", other.server_port))),
    pair[0].send(b"x"),
]))
"""


def test_a_confined_process_connects_to_the_target_and_to_nothing_else():
    done = subprocess.run([sys.executable, "-c", TRIED], capture_output=True, text=True, check=True, timeout=60)
    no = "is not the target: no connection is made"
    answered, *refused, local = json.loads(done.stdout)
    assert answered == 302
    assert refused == [no] * 5
    assert local == 1
