"""Passkeys: made, listed and removed by their owner, and shown at the door."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from poc.reference_crm.desk import Desk
from poc.reference_crm.gates import AddedPasskey, Ceremony, NewPasskey, Passkeys, Shown
from poc.reference_crm.operations import passkeys
from poc.reference_crm.routes.http import Body, Stranger, Who, only, read, replies, reply, takes
from poc.reference_crm.schemas import Tokens

PasskeyId = Annotated[str, Path(pattern=r"^(?:[0-9a-f]{2}){1,1023}$", max_length=2046)]


def router(desk: Desk) -> APIRouter:
    """Return the routes of passkeys."""
    routes = APIRouter(tags=["sessions"])

    @routes.post("/v1/me/passkeys/challenge", responses=replies(Ceremony, also=(409,)))
    async def ask(request: Request, caller: Who) -> Response:
        only(request)
        return reply(await passkeys.ask(desk, caller))

    @routes.post(
        "/v1/me/passkeys", status_code=201, responses=replies(AddedPasskey, 201, also=(409, 413, 415)),
        openapi_extra=takes(NewPasskey),
    )  # fmt: skip
    async def add(request: Request, caller: Who, body: Body) -> Response:
        only(request)
        given = read(NewPasskey, body)
        told = given.credential.model_dump(exclude_none=True)
        return reply(await passkeys.add(desk, caller, given.label, told), 201)

    @routes.get("/v1/me/passkeys", responses=replies(Passkeys))
    async def everyone(request: Request, caller: Who) -> Response:
        only(request)
        return reply({"items": await passkeys.everyone(desk, caller)})

    @routes.delete("/v1/me/passkeys/{number}", status_code=204, responses=replies(None, 204))
    async def remove(request: Request, number: PasskeyId, caller: Who) -> Response:
        only(request)
        await passkeys.remove(desk, caller, number)
        return Response(status_code=204)

    @routes.post("/v1/auth/passkey/challenge", responses=replies(Ceremony))
    async def challenge(request: Request) -> Response:
        only(request)
        return reply(await passkeys.challenge(desk))

    @routes.post("/v1/auth/passkey", responses=replies(Tokens, also=(413, 415)), openapi_extra=takes(Shown))
    async def sign_in(request: Request, caller: Stranger, body: Body) -> Response:
        only(request)
        told = read(Shown, body).credential.model_dump(exclude_none=True)
        return reply(await passkeys.sign_in(desk, caller, told))

    return routes
