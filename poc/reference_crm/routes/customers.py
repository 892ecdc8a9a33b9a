"""Customers: search, unmasking and reports."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from poc.reference_crm.catalogue import CUSTOMERS
from poc.reference_crm.desk import Desk
from poc.reference_crm.models import page_model, view_model
from poc.reference_crm.operations import customers
from poc.reference_crm.routes.http import Body, Number, Who, only, read, replies, reply, takes
from poc.reference_crm.schemas import Counts, Unmasking

Text = Annotated[str, Query(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")]


def router(desk: Desk) -> APIRouter:
    """Return the routes that customers have beyond those of every kind."""
    routes = APIRouter(tags=["customers"])

    @routes.get("/v1/customers/search", responses=replies(page_model(CUSTOMERS)))
    async def search(request: Request, who: Who, q: Text, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Response:
        only(request, "q", "limit")
        return reply({"items": await customers.search(desk, who, q, limit), "next": None})

    @routes.post(
        "/v1/customers/{number}/unmask",
        responses=replies(view_model(CUSTOMERS), also=(413, 415)),
        openapi_extra=takes(Unmasking),
    )
    async def unmask(request: Request, number: Number, who: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(who, "customer.unmask", f"customers/{number}")
        given = read(Unmasking, body)
        return reply(await customers.unmask(desk, who, number, given.fields, given.reason))

    @routes.get("/v1/reports/customers", responses=replies(Counts))
    async def count(request: Request, who: Who, by: Annotated[str, Query(max_length=60)]) -> Response:
        only(request, "by")
        return reply({"groups": await customers.count(desk, who, by)})

    return routes
