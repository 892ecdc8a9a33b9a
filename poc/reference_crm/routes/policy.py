"""Policy: the access policy exported, and rules that administrators set and lift while the service works."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import rules, trail
from poc.reference_crm.policy_forms import KnownCondition, NewCondition, NewRights, Rights
from poc.reference_crm.routes.http import Body, Who, only, read, replies, reply, takes
from poc.reference_crm.schemas import PolicyDocument

RuleNumber = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9-]+$")]
OperationName = Annotated[str, Path(max_length=60, pattern=r"^[a-z_]+\.[a-z_]+$")]


def router(desk: Desk) -> APIRouter:
    """Return the routes of the access policy."""
    routes = APIRouter(tags=["policy"])

    @routes.get("/v1/policy", responses=replies(PolicyDocument))
    async def policy(request: Request, caller: Who) -> Response:
        only(request)
        return reply(await trail.policy(desk, caller))

    @routes.post(
        "/v1/policy/conditions", status_code=201, responses=replies(KnownCondition, 201, also=(409, 413, 415)),
        openapi_extra=takes(NewCondition),
    )  # fmt: skip
    async def set_condition(request: Request, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "policy.set", "policy")
        return reply(await rules.set_condition(desk, caller, read(NewCondition, body).model_dump()), 201)

    @routes.delete("/v1/policy/conditions/{number}", status_code=204, responses=replies(None, 204))
    async def lift_condition(request: Request, number: RuleNumber, caller: Who) -> Response:
        only(request)
        await rules.lift_condition(desk, caller, number)
        return Response(status_code=204)

    @routes.put(
        "/v1/policy/operations/{operation}", responses=replies(Rights, also=(413, 415)), openapi_extra=takes(NewRights)
    )
    async def set_rights(request: Request, operation: OperationName, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "policy.set", f"policy/{operation}")
        return reply(await rules.set_rights(desk, caller, operation, read(NewRights, body).roles))

    @routes.delete("/v1/policy/operations/{operation}", responses=replies(Rights))
    async def as_written(request: Request, operation: OperationName, caller: Who) -> Response:
        only(request)
        return reply(await rules.set_rights(desk, caller, operation, None))

    return routes
