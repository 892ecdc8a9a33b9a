"""API keys: issued, listed and withdrawn by the administrator."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import api_keys
from poc.reference_crm.problems import invalid
from poc.reference_crm.routes.http import Body, Who, only, read, replies, reply, takes
from poc.reference_crm.schemas import IssuedKey, Keys, NewKey

KeyId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


def router(desk: Desk) -> APIRouter:
    """Return the routes of API keys."""
    routes = APIRouter(tags=["users"])
    made = replies(IssuedKey, 201, also=(413, 415))

    @routes.post("/v1/keys", status_code=201, responses=made, openapi_extra=takes(NewKey))
    async def issue(request: Request, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "key.issue")
        given = read(NewKey, body)
        if given.expires_in > desk.settings.longest_key_days * 86_400:
            raise invalid("expires_in", f"must be at most {desk.settings.longest_key_days} days in seconds")
        key = await api_keys.issue(desk, caller, given.username, given.label, given.scopes, given.expires_in)
        return reply(key, 201)

    @routes.get("/v1/keys", responses=replies(Keys))
    async def everyone(request: Request, caller: Who) -> Response:
        only(request)
        return reply({"items": await api_keys.everyone(desk, caller)})

    @routes.delete("/v1/keys/{key_id}", status_code=204, responses=replies(None, 204))
    async def end(request: Request, key_id: KeyId, caller: Who) -> Response:
        only(request)
        await api_keys.end(desk, caller, key_id)
        request.app.state.doorkeeper.forget()
        return Response(status_code=204)

    return routes
