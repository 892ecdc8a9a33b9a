"""Outbound: the only way out of the service: HTTPS to a checked address, certificate verified, nothing followed.

The name is resolved once, every address it has must be one that may be called, and that very address is connected to:
a name that points elsewhere a moment later (DNS rebinding, CWE-918) gains nothing.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: Seconds for resolving, and for connecting and being answered; bytes of an answer that are read.
RESOLVE_WITHIN, ANSWER_WITHIN, MOST_BYTES = 2.0, 5.0, 4096
#: Bytes of a document that is fetched.
MOST_FETCHED = 256 * 1024


class Undeliverable(Exception):
    """A call out was not made or not accepted; the text says why, in words that may be shown to whoever set it up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Whom the service may call: any public address, and private ones of ``networks``; ``ca`` is trusted besides.

    ``networks`` exist because a bank's own receivers stand in private networks; each is named by the bank.
    """

    networks: Sequence[Network] = ()
    ca: Path | None = None


@cache
def trust(ca: Path | None) -> ssl.SSLContext:
    """Return how receivers must prove themselves: TLS 1.2 at least, a trusted chain, the right name, in date."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca is not None:
        context.load_verify_locations(ca)
    return context


def checked(url: str) -> SplitResult:
    """Return the parts of an address that events may go to; raises Undeliverable for any other."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as bad:
        raise Undeliverable("is no address") from bad
    if parts.scheme != "https":
        raise Undeliverable("must begin with https://")
    if not parts.hostname or port == 0:
        raise Undeliverable("names no host")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Undeliverable("must hold neither a user name nor a fragment")
    return parts


def allowed(address: Address, rules: Rules) -> bool:
    """Tell whether an address may be called: public, or of a network that the bank named."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    real = mapped or address
    if any(real in network for network in rules.networks):
        return True
    return real.is_global and not (real.is_multicast or real.is_reserved)


async def resolved(parts: SplitResult, rules: Rules) -> str:
    """Return an address that a host has, all of which may be called; raises Undeliverable."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_WITHIN):
            found = await loop.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError) as fault:
        raise Undeliverable("names a host that is not known") from fault
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(allowed(ipaddress.ip_address(one.partition("%")[0]), rules) for one in addresses):
        raise Undeliverable("leads into a network that must not be called")
    return addresses[0]


async def post(url: str, body: bytes, headers: Mapping[str, str], rules: Rules) -> int:
    """Send a body and return the status line's number; raises Undeliverable when no answer comes about."""
    parts = checked(url)
    address = await resolved(parts, rules)
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            return await _exchange(parts, address, _written(parts, body, headers), door(parts, rules))
    except ssl.SSLCertVerificationError as no:
        raise Undeliverable(f"certificate not accepted: {no.verify_message}") from no
    except (OSError, EOFError, TimeoutError, ValueError) as fault:
        raise Undeliverable(f"no answer ({type(fault).__name__})") from fault


async def fetch(
    url: str, rules: Rules, *, form: bytes | None = None, headers: Mapping[str, str] | None = None
) -> bytes:
    """Return the document at an address, asked for with a form if one is given; raises Undeliverable.

    It is asked for in HTTP/1.0, whose answer ends where the line ends: nothing is left to interpret (CWE-444).
    """
    parts = checked(url)
    address = await resolved(parts, rules)
    told = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            asked = _written(parts, form or b"", told, opening="POST {} HTTP/1.0" if form else "GET {} HTTP/1.0")
            return await _document(parts, address, asked, door(parts, rules))
    except ssl.SSLCertVerificationError as no:
        raise Undeliverable(f"certificate not accepted: {no.verify_message}") from no
    except (OSError, EOFError, TimeoutError, ValueError) as fault:
        raise Undeliverable(f"no answer ({type(fault).__name__})") from fault


async def _document(parts: SplitResult, address: str, request: bytes, secured: ssl.SSLContext | None) -> bytes:
    name = parts.hostname if secured else None
    reader, writer = await asyncio.open_connection(address, parts.port or 443, ssl=secured, server_hostname=name)
    try:
        writer.write(request)
        await writer.drain()
        answer = b""
        while len(answer) <= MOST_FETCHED and (part := await reader.read(MOST_FETCHED)):
            answer += part
    finally:
        writer.transport.abort()
    head, _, body = answer.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    if len(answer) > MOST_FETCHED or len(words) < 2 or not words[0].startswith(b"HTTP/") or words[1] != b"200":
        raise EOFError
    return body


def door(parts: SplitResult, rules: Rules) -> ssl.SSLContext | None:
    """Return how the line to a receiver is secured; there is no way without."""
    return trust(rules.ca)


async def _exchange(parts: SplitResult, address: str, request: bytes, secured: ssl.SSLContext | None) -> int:
    name = parts.hostname if secured else None
    reader, writer = await asyncio.open_connection(
        address, parts.port or 443, ssl=secured, server_hostname=name, limit=MOST_BYTES
    )
    try:
        writer.write(request)
        await writer.drain()
        words = (await reader.readline()).split(b" ", 2)
        if len(words) < 2 or not words[0].startswith(b"HTTP/"):
            raise EOFError
        return int(words[1])
    finally:
        writer.transport.abort()


def _written(parts: SplitResult, body: bytes, headers: Mapping[str, str], opening: str = "POST {} HTTP/1.1") -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        "User-Agent": "reference-crm",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{opening.format(target)}\r\n{head}\r\n".encode("ascii", "strict") + body
