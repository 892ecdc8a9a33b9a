"""Bulk: many records in one call, what became of a job, taking it back, and exports as streams."""

from collections.abc import AsyncIterator, Iterable
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from poc.reference_crm import contracts
from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import bulk, exports
from poc.reference_crm.routes.bodies import LINES, rows_of
from poc.reference_crm.routes.http import Who, encode, only, replies, reply, takes

Segment = StrEnum("Segment", {segment.replace("-", "_").upper(): segment for segment in KINDS})  # type: ignore[misc]
Job = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]*$", max_length=80)]
JobId = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]*$", max_length=80)]


def router(desk: Desk) -> APIRouter:
    """Return the routes of bulk loads and exports."""
    routes = APIRouter(tags=["bulk"])
    _jobs(routes, desk)
    _load(routes, desk)
    _exports(routes, desk)
    return routes


def _jobs(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/v1/bulk/jobs/{job}", responses=replies(contracts.BulkReport))
    async def job_report(request: Request, job: Job, who: Who) -> Response:
        only(request)
        return reply(await bulk.report(desk, who, job))

    @routes.post("/v1/bulk/jobs/{job}/revert", responses=replies(contracts.BulkReport, also=(409,)))
    async def revert(request: Request, job: Job, who: Who) -> Response:
        only(request)
        return reply(await bulk.revert(desk, who, job))


def _body() -> dict[str, Any]:
    document = takes(contracts.BulkRows)
    line = {"schema": {"type": "string", "description": "one record as JSON a line"}}
    document["requestBody"]["content"][LINES] = line
    return document


def _load(routes: APIRouter, desk: Desk) -> None:
    loaded = replies(contracts.BulkReport, also=(409, 413, 415))

    @routes.post("/v1/bulk/{segment}", responses=loaded, openapi_extra=_body())
    async def load(
        request: Request,
        segment: Segment,
        who: Who,
        dry_run: bool = False,
        job: JobId = None,
        offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
    ) -> Response:
        only(request, "dry_run", "job", "offset")
        await desk.authorise(who, "bulk.load", f"bulk/{segment}")
        rows = await rows_of(request)
        return reply(await bulk.load(desk, who, KINDS[segment], rows, job=job, dry_run=dry_run, offset=offset))


def _exports(routes: APIRouter, desk: Desk) -> None:
    documented = replies(None)
    documented[200] = {"description": "one record as JSON a line", "content": {LINES: {"schema": {"type": "string"}}}}

    @routes.get("/v1/exports/{segment}", responses=documented, response_class=StreamingResponse)
    async def export(request: Request, segment: Segment, who: Who) -> Response:
        only(request)
        kind = KINDS[segment]
        await exports.begin(desk, who, kind)

        async def lines() -> AsyncIterator[bytes]:
            async for batch in exports.lines(desk, who, kind):
                yield _ndjson(batch)

        return StreamingResponse(lines(), media_type=LINES)


def _ndjson(batch: Iterable[dict[str, object]]) -> bytes:
    return b"".join(encode(record) + b"\n" for record in batch)
