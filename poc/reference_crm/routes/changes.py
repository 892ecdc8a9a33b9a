"""Changes: the history of each kind of record, and one change taken back."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response

from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.desk import Desk
from poc.reference_crm.kinds import Kind
from poc.reference_crm.models import view_model
from poc.reference_crm.operations import changes
from poc.reference_crm.operations.lineage import lineage
from poc.reference_crm.routes.http import Number, Who, only, replies, reply
from poc.reference_crm.routes.records import etag
from poc.reference_crm.schemas import Changes, Lineage


def router(desk: Desk) -> APIRouter:
    """Return the routes of history for all kinds."""
    routes = APIRouter()
    for kind in KINDS.values():
        one = f"/v1/{kind.segment}/{{number}}/history"
        routes.add_api_route(
            one, _read(desk, kind), methods=["GET"], name=f"history {kind.segment}", tags=[kind.segment],
            responses=replies(Changes),
        )  # fmt: skip
        routes.add_api_route(
            f"/v1/{kind.segment}/{{number}}/lineage", _lineage(desk, kind), methods=["GET"],
            name=f"lineage {kind.segment}", tags=[kind.segment], responses=replies(Lineage),
        )  # fmt: skip
        routes.add_api_route(
            one + "/{change}/restore", _restore(desk, kind), methods=["POST"], name=f"restore {kind.segment}",
            tags=[kind.segment], responses=replies(view_model(kind), also=(409,)),
        )  # fmt: skip
    return routes


def _read(desk: Desk, kind: Kind) -> Callable[..., Awaitable[Response]]:
    async def read(request: Request, number: Number, who: Who) -> Response:
        only(request)
        return reply({"items": await changes.read(desk, who, kind, number)})

    return read


def _lineage(desk: Desk, kind: Kind) -> Callable[..., Awaitable[Response]]:
    async def read(request: Request, number: Number, who: Who) -> Response:
        only(request)
        return reply({"items": await lineage(desk, who, kind, number)})

    return read


def _restore(desk: Desk, kind: Kind) -> Callable[..., Awaitable[Response]]:
    async def restore(request: Request, number: Number, change: str, who: Who) -> Response:
        only(request)
        record = await changes.restore(desk, who, kind, number, changes.change_number(change))
        return reply(record, headers=etag(record))

    return restore
