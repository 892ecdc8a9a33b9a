"""Tenants: the legal entities of the installation, opened and closed by its administrators."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import tenants
from poc.reference_crm.routes.http import Body, Who, only, read, replies, reply, takes
from poc.reference_crm.schemas import NewTenant, Tenant, TenantList

TenantName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9]{1,19}$")]


def router(desk: Desk) -> APIRouter:
    """Return the routes of tenants."""
    routes = APIRouter(tags=["tenants"])
    made = replies(Tenant, 201, also=(409, 413, 415))

    @routes.post("/v1/tenants", status_code=201, responses=made, openapi_extra=takes(NewTenant))
    async def open_(request: Request, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "tenant.open", "tenants")
        given = read(NewTenant, body)
        known = request.app.state.tenants
        opened = await tenants.open_(desk, known, caller, given.name, given.username, given.password)
        return reply(opened, 201)

    @routes.get("/v1/tenants", responses=replies(TenantList))
    async def everyone(request: Request, caller: Who) -> Response:
        only(request)
        return reply({"items": await tenants.everyone(desk, caller)})

    @routes.delete("/v1/tenants/{tenant}", status_code=204, responses=replies(None, 204, also=(409,)))
    async def close(request: Request, tenant: TenantName, caller: Who) -> Response:
        only(request)
        await tenants.close(desk, request.app.state.tenants, caller, tenant)
        return Response(status_code=204)

    return routes
