"""Attachments: documents handed in, listed, downloaded and taken off file."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from poc.reference_crm.catalogue import CUSTOMERS, TICKETS
from poc.reference_crm.desk import Desk
from poc.reference_crm.domain.documents import FORMS
from poc.reference_crm.kinds import Kind
from poc.reference_crm.operations import attachments
from poc.reference_crm.papers import Attachment, Attachments, NewAttachment
from poc.reference_crm.problems import invalid
from poc.reference_crm.routes.http import Body, Number, Who, only, read, replies, reply, takes

Reason = Annotated[str | None, Query(min_length=8, max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
DOWNLOAD: dict[str, Any] = {
    "description": "the document, to be saved and not shown",
    "content": {one.media_type: {"schema": {"type": "string", "format": "binary"}} for one in FORMS},
}


def router(desk: Desk) -> APIRouter:
    """Return the routes of documents."""
    routes = APIRouter(tags=["attachments"])
    for kind in (CUSTOMERS, TICKETS):
        path = f"/v1/{kind.segment}/{{number}}/attachments"
        routes.add_api_route(
            path, _add(desk, kind), methods=["POST"], status_code=201, name=f"attach to {kind.segment}",
            responses=replies(Attachment, 201, also=(413, 415)), openapi_extra=takes(NewAttachment),
        )  # fmt: skip
        routes.add_api_route(
            path, _list(desk, kind), methods=["GET"], name=f"attachments of {kind.segment}",
            responses=replies(Attachments),
        )  # fmt: skip

    @routes.get("/v1/attachments/{number}/content", responses=replies(None) | {200: DOWNLOAD}, response_class=Response)
    async def download(request: Request, number: Number, who: Who, reason: Reason = None) -> Response:
        only(request, "reason")
        document = await attachments.read(desk, who, number, reason)
        return Response(document.content, 200, {"Content-Disposition": saved_as(document.name)}, document.media_type)

    @routes.delete("/v1/attachments/{number}", status_code=204, responses=replies(None, 204))
    async def remove(request: Request, number: Number, who: Who) -> Response:
        only(request)
        await attachments.remove(desk, who, number)
        return Response(status_code=204)

    return routes


def _add(desk: Desk, kind: Kind) -> Callable[..., Awaitable[Response]]:
    async def add(request: Request, number: Number, who: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(who, f"{kind.noun}.update", f"{kind.segment}/{number}")
        told = read(NewAttachment, body)
        made = await attachments.add(
            desk, who, kind, number, name=told.name, content=_decoded(told.content), data_class=told.data_class
        )
        return reply(made, 201)

    return add


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except binascii.Error:
        raise invalid("content", "is not base64: send the bytes of the file written out in it") from None


def _list(desk: Desk, kind: Kind) -> Callable[..., Awaitable[Response]]:
    async def every(request: Request, number: Number, who: Who) -> Response:
        only(request)
        return reply({"items": await attachments.every(desk, who, kind, number)})

    return every


def saved_as(name: str) -> str:
    """Return the header that has a browser save a document under its name, in both forms of RFC 6266."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
