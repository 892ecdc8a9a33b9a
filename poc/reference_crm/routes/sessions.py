"""Sessions: sign in, renew, sign out, and who am I."""

from fastapi import APIRouter, Request, Response

from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import sessions
from poc.reference_crm.routes.http import Body, Stranger, Who, only, read, replies, reply, takes, token_of
from poc.reference_crm.schemas import Me, Renewal, SignIn, Tokens


def router(desk: Desk) -> APIRouter:
    """Return the routes of sign-in."""
    routes = APIRouter(tags=["sessions"])

    @routes.post("/v1/auth/token", responses=replies(Tokens, also=(413, 415)), openapi_extra=takes(SignIn))
    async def sign_in(request: Request, caller: Stranger, body: Body) -> Response:
        only(request)
        given = read(SignIn, body)
        return reply(await sessions.sign_in(desk, caller, given.username, given.password, given.otp))

    @routes.post("/v1/auth/refresh", responses=replies(Tokens, also=(413, 415)), openapi_extra=takes(Renewal))
    async def renew(request: Request, caller: Stranger, body: Body) -> Response:
        only(request)
        given = read(Renewal, body)
        doorkeeper = request.app.state.doorkeeper
        return reply(await sessions.renew(desk, caller, given.refresh_token, doorkeeper=doorkeeper))

    @routes.post("/v1/auth/logout", status_code=204, responses=replies(None, 204))
    async def sign_out(request: Request, caller: Who) -> Response:
        only(request)
        await sessions.sign_out(desk, caller, token_of(request))
        request.app.state.doorkeeper.forget()
        return Response(status_code=204)

    @routes.get("/v1/me", responses=replies(Me))
    async def me(request: Request, caller: Who) -> Response:
        only(request)
        return reply({"username": caller.username, "role": caller.role, "branch": caller.branch, "name": caller.name})

    return routes
