"""Approvals: flows set up, tried and taken out of work; changes asked for and decided on."""

from fastapi import APIRouter, Request, Response

from poc.reference_crm import approval_forms as forms
from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import approval_flows, approvals
from poc.reference_crm.operations.changes import moment
from poc.reference_crm.routes.http import Body, Number, Who, only, read, replies, reply, takes

WITH_BODY = (409, 413, 415)


def router(desk: Desk) -> APIRouter:
    """Return the routes of approval."""
    routes = APIRouter(tags=["approvals"])
    _flows(routes, desk)
    _requests(routes, desk)
    return routes


def _flows(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/v1/approval-flows", responses=replies(forms.FlowViews))
    async def flows(request: Request, who: Who) -> Response:
        only(request)
        return reply(await approval_flows.everything(desk, who))

    made = replies(forms.Made, 201, also=WITH_BODY)

    @routes.post("/v1/approval-flows", status_code=201, responses=made, openapi_extra=takes(forms.FlowForm))
    async def set_up(request: Request, who: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(who, "approval.set_up", "approval-flows")
        return reply(await approval_flows.set_up(desk, who, read(forms.FlowForm, body).model_dump()), 201)

    tried = replies(forms.Path, also=WITH_BODY)

    @routes.post("/v1/approval-flows/simulate", responses=tried, openapi_extra=takes(forms.Trial))
    async def simulate(request: Request, who: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(who, "approval.read", "approval-flows")
        trial = read(forms.Trial, body)
        return reply(await approval_flows.simulate(desk, who, trial.kind, trial.values))

    changed = replies(forms.Made, also=WITH_BODY)

    @routes.put("/v1/approval-flows/{number}", responses=changed, openapi_extra=takes(forms.FlowForm))
    async def change(request: Request, number: Number, who: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(who, "approval.set_up", f"approval-flows/{number}")
        return reply(await approval_flows.set_up(desk, who, read(forms.FlowForm, body).model_dump(), number))

    @routes.delete("/v1/approval-flows/{number}", status_code=204, responses=replies(None, 204))
    async def retire(request: Request, number: Number, who: Who) -> Response:
        only(request)
        await approval_flows.retire(desk, who, number)
        return Response(status_code=204)


def _requests(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/v1/approvals", responses=replies(forms.RequestViews))
    async def under_way(request: Request, who: Who) -> Response:
        only(request)
        return reply(await approvals.under_way(desk, who))

    asked = replies(forms.RequestView, 201, also=WITH_BODY)

    @routes.post("/v1/approvals", status_code=201, responses=asked, openapi_extra=takes(forms.Wish))
    async def ask(request: Request, who: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(who, "approval.ask", "approvals")
        return reply(await approvals.ask(desk, who, read(forms.Wish, body).model_dump()), 201)

    @routes.get("/v1/approvals/{number}", responses=replies(forms.RequestView))
    async def one(request: Request, number: Number, who: Who) -> Response:
        only(request)
        return reply(await approvals.get(desk, who, number))

    decided = replies(forms.RequestView, also=WITH_BODY)

    @routes.post("/v1/approvals/{number}/acts", responses=decided, openapi_extra=takes(forms.Decision))
    async def decide(request: Request, number: Number, who: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(who, "approval.decide", f"approvals/{number}")
        told = read(forms.Decision, body)
        return reply(
            await approvals.decide(desk, who, number, told.act, to=told.to, changes=told.changes, note=told.note)
        )

    lent = replies(forms.Made, 201, also=WITH_BODY)

    @routes.post("/v1/approval-loans", status_code=201, responses=lent, openapi_extra=takes(forms.Lend))
    async def lend(request: Request, who: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(who, "approval.lend", "approval-loans")
        told = read(forms.Lend, body)
        return reply(await approvals.lend(desk, who, told.to, moment("until", told.until)), 201)
