"""Alerts: what was taken for misuse, and the rules by which."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import alerts
from poc.reference_crm.operations.changes import moment
from poc.reference_crm.problems import invalid
from poc.reference_crm.routes.http import Body, Who, only, read, replies, reply, takes
from poc.reference_crm.schemas import AlertRule, AlertRuleChanges, AlertRules, Alerts

RuleName = Annotated[str, Path(pattern=r"^[a-z][a-z-]{1,40}$")]


def router(desk: Desk) -> APIRouter:
    """Return the routes of alerts."""
    routes = APIRouter(tags=["accountability"])

    @routes.get("/v1/alerts", responses=replies(Alerts))
    async def told(
        request: Request,
        caller: Who,
        since: Annotated[str | None, Query(max_length=40, description="a moment with offset")] = None,
    ) -> Response:
        only(request, "since")
        await desk.authorise(caller, "alert.read", "alerts")
        begin = None if since is None else moment("since", since)
        return reply({"items": await alerts.read(desk, caller, begin)})

    @routes.get("/v1/alert-rules", responses=replies(AlertRules))
    async def rules(request: Request, caller: Who) -> Response:
        only(request)
        return reply({"items": await alerts.everyone(desk, caller)})

    @routes.patch(
        "/v1/alert-rules/{rule}", responses=replies(AlertRule, also=(413, 415)), openapi_extra=takes(AlertRuleChanges)
    )
    async def change(request: Request, rule: RuleName, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "alert.set_up", f"alert-rules/{rule}")
        told = read(AlertRuleChanges, body).model_dump(exclude_none=True)
        if not told:
            raise invalid("body", "names nothing to change")
        return reply(await alerts.set_rule(desk, caller, rule, told))

    return routes
