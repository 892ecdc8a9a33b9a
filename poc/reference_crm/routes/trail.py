"""Trail: the audit trail and the business clock."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import clockwork, trail
from poc.reference_crm.operations.changes import moment
from poc.reference_crm.routes.http import Body, Who, only, read, replies, reply, takes
from poc.reference_crm.schemas import Advance, Entries, Now

Line = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
PARAMETERS = ("subject", "who", "action", "since", "cursor", "limit")


def router(desk: Desk) -> APIRouter:
    """Return the routes of accountability."""
    routes = APIRouter(tags=["accountability"])

    @routes.get("/v1/audit", responses=replies(Entries))
    async def audit(
        request: Request,
        caller: Who,
        subject: Line = None,
        who: Line = None,
        action: Line = None,
        since: Annotated[str | None, Query(max_length=40, description="a moment with offset")] = None,
        cursor: Annotated[str | None, Query(max_length=40)] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Response:
        only(request, *PARAMETERS)
        await desk.authorise(caller, "audit.read")
        begin = None if since is None else moment("since", since)
        found = await trail.read(
            desk, caller, subject=subject, who=who, action=action, since=begin, cursor=cursor, limit=limit
        )
        return reply(found)

    @routes.get("/v1/clock", responses=replies(Now))
    async def now(request: Request, caller: Who) -> Response:
        only(request)
        return reply({"now": desk.clock.now()})

    @routes.post("/v1/clock", responses=replies(Now, also=(413, 415)), openapi_extra=takes(Advance))
    async def advance(request: Request, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "clock.move")
        return reply({"now": await clockwork.advance(desk, caller, read(Advance, body).advance_seconds)})

    return routes
