"""Proofs: the audit trail followed and exported, its signed checkpoints, and whether it is as it was sealed."""

from collections.abc import AsyncIterator, Mapping
from io import BytesIO
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from poc.reference_crm.attestations import Statements, Verification
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import sealing, streaming
from poc.reference_crm.problems import Problem, invalid
from poc.reference_crm.proof import as_facts, lines_of
from poc.reference_crm.routes.bodies import LINES
from poc.reference_crm.routes.http import Who, encode, only, replies, reply

Place = Annotated[int, Query(ge=1, le=sealing.LAST)]
Until = Annotated[int | None, Query(ge=1, le=sealing.LAST)]
STREAMED: dict[str, Any] = {
    "description": "one entry as JSON a line",
    "content": {LINES: {"schema": {"type": "string"}}},
}
MEDIA = {"ecs": LINES, "cef": "text/plain"}
FOLLOWED: dict[str, Any] = {
    "description": "one event a line: ECS documents, or CEF in syslog frames (RFC 5424)",
    "content": {media: {"schema": {"type": "string"}} for media in MEDIA.values()},
}
COPY: dict[str, Any] = {"requestBody": {"required": False, "content": {LINES: {"schema": {"type": "string"}}}}}


def router(desk: Desk) -> APIRouter:
    """Return the routes of proof."""
    routes = APIRouter(tags=["accountability"])
    _told(routes, desk)
    _streamed(routes, desk)

    @routes.post("/v1/audit/verification", responses=replies(Verification, also=(413, 415)), openapi_extra=COPY)
    async def verification(request: Request, caller: Who, first: Place = 1, last: Until = None) -> Response:
        only(request, "first", "last")
        await desk.authorise(caller, "audit.read", "audit/verification")
        copy = _copy(request, await request.body())
        return reply(as_facts(await sealing.verified(desk, caller, copy, first=first, last=last)))

    return routes


def _told(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/v1/audit/checkpoints", responses=replies(Statements))
    async def checkpoints(
        request: Request,
        caller: Who,
        after: Annotated[int, Query(ge=0, le=sealing.LAST)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> Response:
        only(request, "after", "limit")
        return reply(await sealing.checkpoints(desk, caller, after=after, limit=limit))

    @routes.get("/v1/audit/export", responses=replies(None) | {200: STREAMED}, response_class=StreamingResponse)
    async def export(request: Request, caller: Who, first: Place = 1, last: Until = None) -> Response:
        only(request, "first", "last")
        await sealing.begin_export(desk, caller, first=first, last=last)

        async def lines() -> AsyncIterator[bytes]:
            async for batch in sealing.exported(desk, first=first, last=last):
                yield b"".join(encode(entry) + b"\n" for entry in batch)

        return StreamingResponse(lines(), media_type=LINES)


def _streamed(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/v1/audit/stream", responses=replies(None) | {200: FOLLOWED}, response_class=StreamingResponse)
    async def stream(
        request: Request,
        caller: Who,
        after: Annotated[int, Query(ge=0, le=sealing.LAST)] = 0,
        seconds: Annotated[float, Query(ge=0, le=3600)] = 0,
        form: Annotated[Literal["ecs", "cef"], Query()] = "ecs",
    ) -> Response:
        only(request, "after", "seconds", "form")
        await streaming.begin(desk, caller, after=after)
        return StreamingResponse(
            streaming.followed(desk, after=after, seconds=seconds, form=form), media_type=MEDIA[form]
        )


def _copy(request: Request, body: bytes) -> list[Mapping[str, Any]] | None:
    """Return the entries of a copy that is to be verified, None for the trail itself."""
    if not body.strip():
        return None
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != LINES:
        raise Problem(reason="invalid", status=415, detail=f"send the copy as {LINES}, as it was exported")
    try:
        return list(lines_of(BytesIO(body)))
    except ValueError as fault:
        raise invalid("body", str(fault)) from None
