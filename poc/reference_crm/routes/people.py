"""People: overview, doubles, merges, households and what customers ask about their own data."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from poc.reference_crm import contracts
from poc.reference_crm.catalogue import CUSTOMERS
from poc.reference_crm.desk import Desk
from poc.reference_crm.models import view_model
from poc.reference_crm.operations import duplicates, households, merging, overviews, subjects
from poc.reference_crm.routes.http import Body, Number, Who, only, read, replies, reply, takes


def router(desk: Desk) -> APIRouter:
    """Return the routes about people."""
    routes = APIRouter(tags=["people"])
    _overview(routes, desk)
    _doubles(routes, desk)
    _households(routes, desk)
    _subjects(routes, desk)
    return routes


def _overview(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/v1/customers/{number}/overview", responses=replies(contracts.Overview))
    async def overview(request: Request, number: Number, who: Who) -> Response:
        only(request)
        return reply(await overviews.overview(desk, who, number))


def _doubles(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/v1/duplicates", responses=replies(contracts.LikelyPairs))
    async def likely_pairs(
        request: Request,
        who: Who,
        cursor: Annotated[str | None, Query(pattern=r"^[0-9]{1,7}$")] = None,
        limit: Annotated[int, Query(ge=1, le=5000)] = 2000,
    ) -> Response:
        only(request, "cursor", "limit")
        return reply(await duplicates.scan(desk, who, skip=int(cursor or 0), limit=limit))

    merged = replies(view_model(CUSTOMERS), also=(409, 413, 415))

    @routes.post("/v1/customers/{number}/merge", responses=merged, openapi_extra=takes(contracts.Drop))
    async def merge(request: Request, number: Number, who: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(who, "customer.merge", f"customers/{number}")
        return reply(await merging.merge(desk, who, number, read(contracts.Drop, body).drop))

    undone, drop = replies(None, 204, also=(409, 413, 415)), takes(contracts.Drop)

    @routes.post("/v1/customers/{number}/unmerge", status_code=204, responses=undone, openapi_extra=drop)
    async def unmerge(request: Request, number: Number, who: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(who, "customer.merge", f"customers/{number}")
        await merging.unmerge(desk, who, number, read(contracts.Drop, body).drop)
        return Response(status_code=204)


def _households(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/v1/households/{number}/roll-up", responses=replies(contracts.RollUp))
    async def roll_up(
        request: Request,
        number: Number,
        who: Who,
        at: Annotated[AwareDatetime | None, Query(description="as of this moment; now if left out")] = None,
    ) -> Response:
        only(request, "at")
        return reply(await households.roll_up(desk, who, number, _moment(at)))


def _moment(at: datetime | None) -> datetime | None:
    return at if at is None or 1900 <= at.year <= 2200 else at.replace(year=min(max(at.year, 1900), 2200), day=1)


def _subjects(routes: APIRouter, desk: Desk) -> None:
    @routes.post(
        "/v1/customers/{number}/subject-requests",
        responses=replies(contracts.SubjectAnswer, also=(409, 413, 415)),
        openapi_extra=takes(contracts.SubjectRequest),
    )
    async def subject_request(request: Request, number: Number, who: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(who, "customer.subject_request", f"customers/{number}")
        asked = read(contracts.SubjectRequest, body)
        return reply(await subjects.ask(desk, who, number, asked.request, asked.details))
