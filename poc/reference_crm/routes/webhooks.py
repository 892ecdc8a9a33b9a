"""Webhooks: set up, listed, taken away, and what became of their deliveries."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from poc.reference_crm.desk import Desk
from poc.reference_crm.hooks import Deliveries, NewWebhook, Webhook, Webhooks
from poc.reference_crm.operations import webhooks
from poc.reference_crm.routes.http import Body, Who, only, read, replies, reply, takes

WebhookId = Annotated[str, Path(max_length=40, pattern=r"^W-[0-9a-f]{16}$")]


def router(desk: Desk) -> APIRouter:
    """Return the routes of webhooks."""
    routes = APIRouter(tags=["webhooks"])

    @routes.post(
        "/v1/webhooks", status_code=201, responses=replies(Webhook, 201, also=(409, 413, 415)),
        openapi_extra=takes(NewWebhook),
    )  # fmt: skip
    async def register(request: Request, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "webhook.register")
        given = read(NewWebhook, body)
        return reply(await webhooks.register(desk, caller, given.url, given.events), 201)

    @routes.get("/v1/webhooks", responses=replies(Webhooks))
    async def everyone(request: Request, caller: Who) -> Response:
        only(request)
        return reply({"items": await webhooks.everyone(desk, caller)})

    @routes.delete("/v1/webhooks/{number}", status_code=204, responses=replies(None, 204))
    async def remove(request: Request, number: WebhookId, caller: Who) -> Response:
        only(request)
        await webhooks.remove(desk, caller, number)
        return Response(status_code=204)

    @routes.get("/v1/webhooks/{number}/deliveries", responses=replies(Deliveries))
    async def deliveries(request: Request, number: WebhookId, caller: Who) -> Response:
        only(request)
        return reply({"items": await webhooks.deliveries(desk, caller, number)})

    return routes
