"""Direct: the short way from a request to its endpoint, past the layers of the framework that it does not need.

Every endpoint whose parameters are the caller, the body and what path, query and headers say can be asked directly:
the caller and the body come from the same functions and each parameter is checked by the very validator that the
framework made for it. A request that does not pass (a wrong method, an unknown path, a value out of bounds, a parameter
given twice) is left to the framework, which answers as the published contract says; so both ways answer alike.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute
from starlette.types import Scope

from poc.reference_crm.routes.http import body_of, caller_of, stranger

#: Dependencies that are resolved here, by the functions that resolve them there.
RESOLVED: tuple[Callable[..., object], ...] = (caller_of, body_of, stranger)


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """An endpoint that can be asked directly: its dependencies, then the parameters of path, query and headers.

    A parameter is its name at the endpoint and the framework's field, which knows its alias, whether it must be there
    and how to check a value.
    """

    route: APIRoute
    endpoint: Callable[..., Awaitable[Response]]
    dependencies: tuple[tuple[str, Callable[..., Any]], ...]
    path: tuple[Any, ...]
    query: Mapping[str, Any]
    headers: Mapping[bytes, Any]
    needed: frozenset[str]

    def arguments(self, scope: Scope, path_params: Mapping[str, str]) -> dict[str, object] | None:
        """Return what path, query and headers say, checked; None if the framework must have a look."""
        given: dict[str, object] = {}
        for field in self.path:
            if not _take(given, field, path_params[field.alias]):
                return None
        if scope["query_string"] and not self._query(given, scope["query_string"]):
            return None
        if self.headers:
            for name, value in scope["headers"]:
                field = self.headers.get(name)
                if field is not None and (field.name in given or not _take(given, field, value.decode("latin-1"))):
                    return None
        return given if given.keys() >= self.needed else None

    def _query(self, given: dict[str, object], query: bytes) -> bool:
        for name, value in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
            field = self.query.get(name)
            if field is not None and (field.name in given or not _take(given, field, value)):
                return False
        return True

    async def ask(self, request: Request, given: dict[str, object]) -> Response:
        """Return the endpoint's answer; raises what endpoint and dependencies raise."""
        for name, resolve in self.dependencies:
            found = resolve(request)
            given[name] = await found if inspect.isawaitable(found) else found
        return await self.endpoint(request=request, **given)


def _take(given: dict[str, object], field: Any, value: str) -> bool:
    """Put a checked value with the others; False if it does not pass."""
    checked, errors = field.validate(value, {}, loc=())
    given[field.name] = checked
    return not errors


class Shortcuts:
    """Knows by method and path which endpoint can be asked directly."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        """Sort the routes; where two have a path in common the first one wins, as in the framework."""
        self._known: dict[tuple[str, str], Short | None] = {}
        for route in routes:
            if isinstance(route, APIRoute):
                for method in route.methods or ():
                    self._known.setdefault((method, route.path), short(route))

    def find(self, scope: Scope) -> tuple[Short, dict[str, object]] | None:
        """Return the endpoint that a request can be put to directly, and its arguments."""
        method, path = scope["method"], scope["path"]
        if (method, path) in self._known:
            known, params = self._known[method, path], {}
        else:
            parts = path.split("/", 4)
            if len(parts) < 4:
                return None
            params = {"number": parts[3]}
            parts[3] = "{number}"
            known = self._known.get((method, "/".join(parts)))
        if known is None:
            return None
        given = known.arguments(scope, params)
        return None if given is None else (known, given)


def short(route: APIRoute) -> Short | None:
    """Return the short way to a route's endpoint, None if it has parameters that only the framework resolves."""
    asked = route.dependant
    others = (asked.cookie_params, asked.body_params)
    if any(others) or asked.request_param_name != "request" or not _plain(route.endpoint):
        return None
    if {field.alias for field in asked.path_params} - {"number"} or route.path.count("{") > 1:
        return None
    if any(one.call not in RESOLVED for one in asked.dependencies):
        return None
    return Short(
        route=route,
        endpoint=route.endpoint,
        dependencies=tuple((str(one.name), one.call) for one in asked.dependencies if one.call is not None),
        path=tuple(asked.path_params),
        query={field.alias: field for field in asked.query_params},
        headers={field.alias.lower().encode(): field for field in asked.header_params},
        needed=frozenset(
            field.name for field in (*asked.query_params, *asked.header_params) if field.field_info.is_required()
        ),
    )


def _plain(endpoint: Callable[..., Any]) -> bool:
    """Whether an endpoint is asynchronous and answers with a finished response."""
    told = inspect.signature(endpoint).return_annotation
    return inspect.iscoroutinefunction(endpoint) and isinstance(told, type) and issubclass(told, Response)
