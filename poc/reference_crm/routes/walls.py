"""Walls: insider lists of deals, kept by those who may."""

from fastapi import APIRouter, Request, Response

from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import walls
from poc.reference_crm.routes.http import Body, Number, Who, only, read, replies, reply, takes
from poc.reference_crm.schemas import Members, Wall

KIND = KINDS["opportunities"]


def router(desk: Desk) -> APIRouter:
    """Return the routes of walls."""
    routes = APIRouter(tags=["opportunities"])
    path = "/v1/opportunities/{number}/wall"

    @routes.put(path, responses=replies(Wall, also=(413, 415)), openapi_extra=takes(Members))
    async def raise_(request: Request, number: Number, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "wall.set", f"opportunities/{number}")
        wall = await walls.raise_(desk, caller, KIND, number, read(Members, body).members)
        request.app.state.doorkeeper.forget()
        return reply(wall)

    @routes.delete(path, status_code=204, responses=replies(None, 204))
    async def lower(request: Request, number: Number, caller: Who) -> Response:
        only(request)
        await walls.lower(desk, caller, KIND, number)
        request.app.state.doorkeeper.forget()
        return Response(status_code=204)

    return routes
