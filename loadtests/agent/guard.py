"""Guard: this process connects to one place and to nothing else, whatever a connector, a redirect or a name says."""

import sys
from collections.abc import Collection

from loadtests.terms import Place


def confine(places: Collection[Place]) -> None:
    """From now on refuse, for as long as this process lives, every connection to another (address, port).

    An audit hook (PEP 578) sits below all clients, sees each connect of every library that uses Python's sockets, and
    can not be taken out again: a name that resolves to another machine later, or a client that would follow a redirect,
    meets it as well. Local sockets of the operating system (strings) stay open.
    """
    allowed = frozenset(places)

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event != "socket.connect":
            return
        to = arguments[1]
        if isinstance(to, tuple) and (str(to[0]), to[1]) not in allowed:
            raise PermissionError(f"{to[0]}:{to[1]} is not the target: no connection is made")

    sys.addaudithook(watch)
