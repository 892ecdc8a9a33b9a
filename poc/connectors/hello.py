"""Hello: offers suites that our own TLS library lacks, and reads from the first answer whether the server takes one.

A server names the suite it has chosen in clear in its first message (ServerHello, RFC 8446, 4.1.3), so that nothing of
the suite itself is needed to learn whether it would be used. No connection comes of it.
"""

import secrets
import socket

from scenarios.crm import Handshake
from scenarios.port import BenchFault

#: Suites of RFC 8998: TLS 1.3 with the ciphers of GB/T 32907 and the hash of GB/T 32905.
NATIONAL = {"TLS_SM4_GCM_SM3": 0x00C6, "TLS_SM4_CCM_SM3": 0x00C7}
#: curveSM2 (RFC 8998), secp256r1, x25519; and sm2sig_sm3, ecdsa_secp256r1_sha256, rsa_pss_rsae_sha256.
GROUPS, SIGNATURES = (0x0029, 0x0017, 0x001D), (0x0708, 0x0403, 0x0804)
SECONDS, LONGEST = 10.0, 4096
_ALERT, _HANDSHAKE, _SERVER_HELLO = 21, 22, 2


def offered(host: str, port: int, names: tuple[str, ...]) -> Handshake:
    """Return whether a server takes one of these suites with TLS 1.3; raises BenchFault when nobody listens."""
    try:
        return read(said(host, port, hello(host, tuple(NATIONAL[name] for name in names))))
    except ConnectionRefusedError as fault:
        raise BenchFault(f"no connection to {host}:{port}: {fault}; check the address and that it is up") from fault
    except OSError as fault:
        return Handshake(accepted=False, note=f"hung up ({type(fault).__name__})")


def said(host: str, port: int, greeting: bytes) -> bytes:
    """Return the first record that a server answers to a hello; raises OSError when no connection comes about."""
    with socket.create_connection((host, port), timeout=SECONDS) as line:
        line.sendall(greeting)
        return _first_record(line)


def hello(host: str, suites: tuple[int, ...]) -> bytes:
    """Return a ClientHello of TLS 1.3 that offers these suites only; key shares for x25519 alone, others on demand."""
    name = host.encode("ascii", "replace")
    extensions = (
        _extension(0x0000, _counted(b"\x00" + _counted(name))),
        _extension(0x000A, _counted(_words(GROUPS))),
        _extension(0x000D, _counted(_words(SIGNATURES))),
        _extension(0x002B, b"\x02\x03\x04"),
        _extension(0x0033, _counted(_words(GROUPS[2:]) + _counted(secrets.token_bytes(32)))),
    )
    body = b"\x03\x03" + secrets.token_bytes(32) + b"\x20" + secrets.token_bytes(32)
    body += _counted(_words(suites)) + b"\x01\x00" + _counted(b"".join(extensions))
    message = b"\x01" + len(body).to_bytes(3) + body
    return bytes((_HANDSHAKE, 3, 1)) + _counted(message)


def read(answer: bytes) -> Handshake:
    """Return what a server's first record says: a suite of ours, or a refusal."""
    kind, body = answer[:1], answer[5:]
    if kind == bytes((_HANDSHAKE,)) and body[:1] == bytes((_SERVER_HELLO,)) and len(body) > 41:
        at = 39 + body[38]  # after type, length, version, random and the session's echo
        chosen = int.from_bytes(body[at : at + 2])
        suite = next((name for name, number in NATIONAL.items() if number == chosen), "")
        if suite:
            return Handshake(accepted=True, version="TLSv1.3", suite=suite)
        return Handshake(accepted=False, note=f"answered with a suite that was not offered ({chosen:#06x})")
    if kind == bytes((_ALERT,)) and len(body) >= 2:
        return Handshake(accepted=False, note=f"alert {body[1]}")
    return Handshake(accepted=False, note="hung up" if not answer else "answered nothing of TLS")


def _first_record(line: socket.socket) -> bytes:
    data = b""
    while len(data) < 5 or len(data) < min(LONGEST, 5 + int.from_bytes(data[3:5])):
        part = line.recv(LONGEST)
        if not part:
            break
        data += part
    return data


def _words(numbers: tuple[int, ...]) -> bytes:
    return b"".join(number.to_bytes(2) for number in numbers)


def _counted(data: bytes) -> bytes:
    return len(data).to_bytes(2) + data


def _extension(kind: int, data: bytes) -> bytes:
    return kind.to_bytes(2) + _counted(data)
