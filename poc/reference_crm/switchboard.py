"""Switchboard: finds the route of a request among those that share its first path segments, instead of among all."""

from collections import defaultdict

from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Router
from starlette.types import Receive, Scope, Send


def key_of(path: str) -> str:
    """Return what the routes of one noun have in common: ``/v1/customers`` of ``/v1/customers/7``."""
    parts = path.split("/", 3)
    return "/".join(parts[:3])


class Switchboard:
    """Stands before a router whose routes all begin with fixed segments; what it does not find the router answers."""

    def __init__(self, router: Router) -> None:
        """Sort the router's routes by their first segments, keeping their order."""
        self._router = router
        self._routes: dict[str, list[BaseRoute]] = defaultdict(list)
        for route in router.routes:
            self._routes[key_of(getattr(route, "path", ""))].append(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to its route."""
        if scope["type"] != "http":
            await self._router.app(scope, receive, send)
            return
        allowed: set[str] = set()
        for route in self._routes.get(key_of(scope["path"]), ()):
            match, found = route.matches(scope)
            if match == Match.FULL:
                scope.update(found)
                await route.handle(scope, receive, send)
                return
            if match == Match.PARTIAL:
                allowed |= set(getattr(route, "methods", None) or ())
        if allowed:
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(allowed))})
        await self._router.app(scope, receive, send)
