"""Service desk: tickets' clocks and acts, automations and their events."""

from fastapi import APIRouter, Request, Response

from poc.reference_crm import contracts
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import automations, tickets
from poc.reference_crm.routes.http import Body, Number, Who, only, read, replies, reply, takes

WITH_BODY = (409, 413, 415)


def router(desk: Desk) -> APIRouter:
    """Return the routes of service and automation."""
    routes = APIRouter(tags=["service"])
    _tickets(routes, desk)
    _automations(routes, desk)
    return routes


def _tickets(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/v1/tickets/{number}/clock", responses=replies(contracts.TicketClock))
    async def ticket_clock(request: Request, number: Number, who: Who) -> Response:
        only(request)
        return reply(await tickets.clock(desk, who, number))

    acted = replies(contracts.TicketClock, also=WITH_BODY)

    @routes.post("/v1/tickets/{number}/acts", responses=acted, openapi_extra=takes(contracts.TicketAct))
    async def ticket_act(request: Request, number: Number, who: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(who, "ticket.act", f"tickets/{number}")
        asked = read(contracts.TicketAct, body)
        return reply(await tickets.act_on(desk, who, number, asked.act, asked.details))


def _automations(routes: APIRouter, desk: Desk) -> None:
    made = replies(contracts.RecipeId, 201, also=WITH_BODY)

    @routes.post("/v1/automations", status_code=201, responses=made, openapi_extra=takes(contracts.Recipe))
    async def automate(request: Request, who: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(who, "automation.set_up", "automations")
        return reply(await automations.set_up(desk, who, read(contracts.Recipe, body).model_dump()), 201)

    taken = replies(None, 202, also=WITH_BODY)

    @routes.post("/v1/events", status_code=202, responses=taken, openapi_extra=takes(contracts.Happening))
    async def event(request: Request, who: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(who, "automation.trigger", "events")
        happening = read(contracts.Happening, body)
        await automations.take_event(desk, who, happening.event, happening.customer)
        return Response(status_code=202)

    @routes.get("/v1/automations/{number}/fired", responses=replies(contracts.FiredItems))
    async def fired(request: Request, number: Number, who: Who) -> Response:
        only(request)
        return reply(await automations.fired(desk, who, number))
