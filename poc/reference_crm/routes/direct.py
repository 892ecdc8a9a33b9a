"""Direct: routes that answer their plainest requests without the framework's resolving of parameters.

Reading one record, one overview or one page is most of what a bank asks, thousands of times a minute, and always in the
same form. Such a request goes straight to its endpoint; any other form (filters, cursors, odd numbers) is resolved and
validated by the framework as the published contract says, so both ways answer alike.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from poc.reference_crm.kinds import NUMBER_PATTERN
from poc.reference_crm.routes.http import caller_of

#: Endpoints that take no more than these, all but the first three with defaults, can be asked plainly.
PLAIN = frozenset({"request", "who", "number", "include", "as_of", "limit", "cursor", "sort"})
NUMBER = re.compile(NUMBER_PATTERN)
LIMIT = re.compile(rb"limit=([1-9][0-9]{0,2})")
LONGEST, MOST = 40, 200

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Direct(APIRoute):
    """A route with a short way for requests in their plainest form."""

    def get_route_handler(self) -> Handler:
        """Return the handler: the short way where the request is plain, the framework's otherwise."""
        resolved = super().get_route_handler()
        names = frozenset(inspect.signature(self.endpoint).parameters)
        if self.methods != {"GET"} or not {"request", "who"} <= names or not names <= PLAIN:
            return resolved
        endpoint: Callable[..., Awaitable[Response]] = self.endpoint

        async def handler(request: Request) -> Response:
            given = plain(request, names)
            if given is None:
                return await resolved(request)
            return await endpoint(request=request, who=await caller_of(request), **given)

        return handler


def plain(request: Request, names: frozenset[str]) -> dict[str, object] | None:
    """Return the arguments of a plain request, None for one that the framework must resolve."""
    given: dict[str, object] = {}
    query: bytes = request.scope["query_string"]
    if query:
        limit = LIMIT.fullmatch(query) if "limit" in names else None
        if limit is None or int(limit[1]) > MOST:
            return None
        given["limit"] = int(limit[1])
    if "number" in names:
        number: str = request.path_params["number"]
        if len(number) > LONGEST or NUMBER.fullmatch(number) is None:
            return None
        given["number"] = number
    return given
