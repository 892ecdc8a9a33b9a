"""printed(): an exchange as text that people read; the command line that repeats it is beside the exchange."""

import json
from contextlib import suppress
from urllib.parse import urlencode

from scenarios.curl import curl as curl
from scenarios.curl import text_of
from scenarios.port import Reply, Request

#: Characters of a body that are shown; the run folder holds the rest.
LONGEST = 20_000


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
    text = text_of(body)
    with suppress(ValueError):
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\n… {len(text) - LONGEST:,} characters more"
