"""Factors: a user enrols a second factor, confirms it, and shows it afresh; an administrator takes a lost one away."""

from fastapi import APIRouter, Request, Response

from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import factors, stepping_up
from poc.reference_crm.routes.http import Body, Who, only, read, replies, reply, takes
from poc.reference_crm.routes.users import Username
from poc.reference_crm.schemas import Enrolled, Proof


def router(desk: Desk) -> APIRouter:
    """Return the routes of second factors."""
    routes = APIRouter(tags=["sessions"])
    done, code = replies(None, 204, also=(409, 413, 415)), takes(Proof)

    @routes.post("/v1/me/factor", status_code=201, responses=replies(Enrolled, 201, also=(409,)))
    async def enrol(request: Request, caller: Who) -> Response:
        only(request)
        return reply(await factors.enrol(desk, caller), 201)

    @routes.post("/v1/me/factor/confirm", status_code=204, responses=done, openapi_extra=code)
    async def confirm(request: Request, caller: Who, body: Body) -> Response:
        only(request)
        await factors.confirm(desk, caller, read(Proof, body).otp)
        return Response(status_code=204)

    @routes.post("/v1/me/step-up", status_code=204, responses=done, openapi_extra=code)
    async def step_up(request: Request, caller: Who, body: Body) -> Response:
        only(request)
        await stepping_up.step_up(desk, caller, read(Proof, body).otp)
        return Response(status_code=204)

    @routes.delete("/v1/users/{username}/factor", status_code=204, responses=replies(None, 204))
    async def take_away(request: Request, username: Username, caller: Who) -> Response:
        only(request)
        await factors.take_away(desk, caller, username)
        request.app.state.doorkeeper.forget()
        return Response(status_code=204)

    return routes
