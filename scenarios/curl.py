"""curl(): the command line that sends a request again."""

import shlex
from urllib.parse import urlencode

from scenarios.port import Request

#: Headers that curl writes itself.
ITS_OWN = frozenset({"host", "content-length", "connection", "accept-encoding", "user-agent"})


def curl(request: Request, url: str) -> str:
    """Return the command line that sends a request again; secrets are placeholders, as they are stored."""
    query = f"?{urlencode(request.query)}" if request.query else ""
    words = ["curl", "--include", "--request", request.method, f"{url}{request.path}{query}"]
    for name, value in request.headers.items():
        if name.lower() not in ITS_OWN:
            words += ["--header", f"{name}: {value}"]
    if request.body:
        words += ["--data-binary", text_of(request.body)]
    return shlex.join(words)


def text_of(body: bytes) -> str:
    """Return a body as text; of one that is no text, its length."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return f"({len(body):,} bytes that are no text)"
