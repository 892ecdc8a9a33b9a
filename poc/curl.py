"""curl(): an exchange as text that people read, and as the command line that repeats it."""

import json
import shlex
from contextlib import suppress
from urllib.parse import urlencode

from scenarios.port import Reply, Request

#: Characters of a body that are shown; the run folder holds the rest.
LONGEST = 20_000
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
        words += ["--data-binary", _text(request.body)]
    return shlex.join(words)


def printed(message: Request | Reply) -> str:
    """Return a request or a reply as text: first line, headers, and a body that is laid out if it is JSON."""
    if isinstance(message, Request):
        query = f"?{urlencode(message.query)}" if message.query else ""
        first = f"{message.method} {message.path}{query}"
    else:
        first = str(message.status)
    headers = [f"{name}: {value}" for name, value in message.headers.items()]
    body = _laid_out(message.body)
    return "\n".join([first, *headers, *(["", body] if body else [])])


def _laid_out(body: bytes) -> str:
    text = _text(body)
    with suppress(ValueError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n… {len(text) - LONGEST:,} characters more"


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return f"({len(body):,} bytes that are no text)"
