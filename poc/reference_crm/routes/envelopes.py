"""Envelopes: a caller's public key, and customers encrypted to it."""

from fastapi import APIRouter, Request, Response

from poc.reference_crm.desk import Desk
from poc.reference_crm.hooks import PayloadKey
from poc.reference_crm.operations import envelopes
from poc.reference_crm.routes.http import Body, Number, Who, encode, only, read, replies, takes

JOSE = "application/jose"


def router(desk: Desk) -> APIRouter:
    """Return the routes of payload encryption."""
    routes = APIRouter(tags=["payload encryption"])

    @routes.put(
        "/v1/payload-key", status_code=204, responses=replies(None, 204, also=(413, 415)),
        openapi_extra=takes(PayloadKey),
    )  # fmt: skip
    async def register(request: Request, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "payload.register_key")
        await envelopes.register(desk, caller, read(PayloadKey, body).model_dump())
        return Response(status_code=204)

    @routes.get(
        "/v1/customers/{number}/sealed", response_class=Response,
        responses=replies(None, also=(409,)) | {200: {"description": "a compact JWE", "content": {JOSE: {}}}},
    )  # fmt: skip
    async def sealed(request: Request, number: Number, caller: Who) -> Response:
        only(request)
        return Response(await envelopes.sealed(desk, caller, number, encode), media_type=JOSE)

    return routes
