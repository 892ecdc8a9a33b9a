"""Ciphers: the inventory of algorithms and keys, and the rotation of the data key."""

from fastapi import APIRouter, Request, Response

from poc.reference_crm.desk import Desk
from poc.reference_crm.hooks import Inventory, Rotation
from poc.reference_crm.operations import rotation
from poc.reference_crm.routes.http import Who, only, replies, reply


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

    return routes
