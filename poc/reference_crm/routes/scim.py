"""SCIM: an identity provider brings, finds, shuts out and removes users (RFC 7644), with a key of its own."""

import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import provisioning
from poc.reference_crm.problems import Problem, invalid
from poc.reference_crm.routes.http import Who, encode, only, read, replies
from poc.reference_crm.routes.users import Username
from poc.reference_crm.schemas import BranchNumber, Line, Name, Role, Strict

MEDIA = "application/scim+json"
FILTER = r'^userName eq "[^"\\]{1,80}"$'
Uri = Annotated[str, StringConstraints(max_length=120)]


class RoleValue(BaseModel):
    """A role by its name."""

    model_config = Strict
    value: Role


class BankPart(BaseModel):
    """What a bank adds to a user."""

    model_config = Strict
    branch: BranchNumber = ""


class NewScimUser(BaseModel):
    """A user to be, as a provider sends one; attributes that this service does not keep are passed over."""

    model_config = ConfigDict(extra="ignore", strict=True, hide_input_in_errors=True, populate_by_name=True)
    schemas: Annotated[list[Uri], Field(min_length=1, max_length=10)]
    userName: Name
    displayName: Line = ""
    active: bool = True
    password: Annotated[str, StringConstraints(max_length=200)] = ""
    roles: Annotated[list[RoleValue], Field(min_length=1, max_length=1)]
    bank: BankPart = Field(default=BankPart(), alias=provisioning.BANK)


class Replace(BaseModel):
    """One change of a user: whether they are active."""

    model_config = Strict
    op: Literal["replace", "Replace"]
    path: Literal["active"]
    value: bool


class Patch(BaseModel):
    """Changes of a user (RFC 7644 3.5.2)."""

    model_config = Strict
    schemas: Annotated[list[Uri], Field(min_length=1, max_length=10)]
    Operations: Annotated[list[Replace], Field(min_length=1, max_length=10)]


class ScimUser(BaseModel):
    """A user as a SCIM resource."""

    schemas: list[str]
    id: str
    userName: str
    displayName: str
    active: bool
    roles: list[dict[str, str]]
    meta: dict[str, Any]


class ScimUsers(BaseModel):
    """A list of users."""

    schemas: list[str]
    totalResults: int
    startIndex: int
    itemsPerPage: int
    Resources: list[ScimUser]


async def scim_body(request: Request) -> bytes:
    """Return the body of a request in SCIM's media type or plain JSON; raises invalid (415) for another."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in (MEDIA, "application/json"):
        raise Problem(reason="invalid", status=415, detail=f"send the body as {MEDIA}")
    return await request.body()


ScimBody = Annotated[bytes, Depends(scim_body)]


def _told(value: object, status: int = 200) -> Response:
    return Response(encode(value), status, media_type="application/json")


def _taken(model: type[BaseModel]) -> dict[str, Any]:
    """Return the part of the contract that describes a SCIM body, its parts written out in place."""
    schema = model.model_json_schema()
    parts = schema.pop("$defs", {})

    def whole(value: Any) -> Any:
        if isinstance(value, list):
            return [whole(one) for one in value]
        if not isinstance(value, dict):
            return value
        named = parts.get(str(value.get("$ref", "")).rpartition("/")[2], {})
        return {name: whole(one) for name, one in {**named, **value}.items() if name != "$ref"}

    content = {media: {"schema": whole(schema)} for media in (MEDIA, "application/json")}
    return {"requestBody": {"required": True, "content": content}}


def router(desk: Desk) -> APIRouter:
    """Return the routes of provisioning."""
    routes = APIRouter(tags=["provisioning"], prefix="/scim/v2/Users")
    _reading(routes, desk)
    made, changed = replies(ScimUser, 201, also=(409, 413, 415)), replies(ScimUser, also=(413, 415))

    @routes.post("", status_code=201, responses=made, openapi_extra=_taken(NewScimUser))
    async def bring(request: Request, caller: Who, body: ScimBody) -> Response:
        only(request)
        await desk.authorise(caller, "user.add")
        given = read(NewScimUser, body)
        user = {"username": given.userName, "name": given.displayName, "password": given.password}
        user |= {"role": given.roles[0].value, "branch": given.bank.branch}
        return _told(await provisioning.bring(desk, caller, user, active=given.active), 201)

    @routes.patch("/{username}", responses=changed, openapi_extra=_taken(Patch))
    async def change(request: Request, username: Username, caller: Who, body: ScimBody) -> Response:
        only(request)
        await desk.authorise(caller, "user.assign")
        wanted = read(Patch, body).Operations[-1].value
        told = await provisioning.activate(desk, caller, username, active=wanted)
        request.app.state.doorkeeper.forget()
        return _told(told)

    @routes.delete("/{username}", status_code=204, responses=replies(None, 204, also=(409,)))
    async def remove(request: Request, username: Username, caller: Who) -> Response:
        only(request)
        await provisioning.remove(desk, caller, username)
        request.app.state.doorkeeper.forget()
        return Response(status_code=204)

    return routes


def _reading(routes: APIRouter, desk: Desk) -> None:
    @routes.get("", responses=replies(ScimUsers))
    async def find(
        request: Request, caller: Who, filter: Annotated[str | None, Query(max_length=120, pattern=FILTER)] = None
    ) -> Response:
        only(request, "filter")
        if filter is not None and re.fullmatch(FILTER, filter) is None:
            raise invalid("filter", 'must be of the form userName eq "name"')
        name = None if filter is None else filter.partition('"')[2][:-1]
        return _told(await provisioning.find(desk, caller, name))

    @routes.get("/{username}", responses=replies(ScimUser))
    async def get(request: Request, username: Username, caller: Who) -> Response:
        only(request)
        return _told(await provisioning.get(desk, caller, username))
