"""Ciphers: the inventory of algorithms and keys, the rotation of data keys, and the algorithms of fields."""

from fastapi import APIRouter, Request, Response

from poc.reference_crm.desk import Desk
from poc.reference_crm.keyring import Batch, Choice, Chosen, Inventory, Progress, Rotation
from poc.reference_crm.operations import choosing, reencrypting, rotation
from poc.reference_crm.routes.http import Body, Who, only, read, replies, reply, takes


def router(desk: Desk) -> APIRouter:
    """Return the routes of algorithms and keys."""
    routes = APIRouter(tags=["algorithms and keys"])

    @routes.get("/v1/crypto/inventory", responses=replies(Inventory))
    async def inventory(request: Request, caller: Who) -> Response:
        only(request)
        return reply(await rotation.inventory(desk, caller))

    @routes.post("/v1/crypto/rotations", status_code=201, responses=replies(Rotation, 201))
    async def rotate(request: Request, caller: Who) -> Response:
        only(request)
        return reply(await rotation.rotate(desk, caller), 201)

    @routes.put("/v1/crypto/choice", responses=replies(Chosen, also=(413, 415)), openapi_extra=takes(Choice))
    async def choose(request: Request, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "crypto.choose")
        told = read(Choice, body)
        return reply(await choosing.choose(desk, caller, told.use, told.algorithm, told.field))

    @routes.post("/v1/crypto/reencryptions", responses=replies(Progress, also=(413, 415)), openapi_extra=takes(Batch))
    async def reencrypt(request: Request, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "crypto.reencrypt")
        return reply(await reencrypting.reencrypt(desk, caller, read(Batch, body).limit))

    return routes
