"""Users: added, listed, given another role and shut out by the administrator."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from poc.reference_crm.desk import Desk
from poc.reference_crm.operations import users, viewing
from poc.reference_crm.problems import invalid
from poc.reference_crm.routes.http import Body, Who, only, read, replies, reply, takes
from poc.reference_crm.schemas import NewUser, NewView, User, UserChanges, Users, View

Username = Annotated[str, Path(max_length=80, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.@-]*$")]


def router(desk: Desk) -> APIRouter:
    """Return the routes of users."""
    routes = APIRouter(tags=["users"])

    @routes.post(
        "/v1/users", status_code=201, responses=replies(User, 201, also=(409, 413, 415)), openapi_extra=takes(NewUser)
    )
    async def add(request: Request, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "user.add")
        return reply(await users.add(desk, caller, read(NewUser, body).model_dump()), 201)

    @routes.get("/v1/users", responses=replies(Users))
    async def everyone(request: Request, caller: Who) -> Response:
        only(request)
        return reply({"items": await users.everyone(desk, caller)})

    @routes.patch("/v1/users/{username}", responses=replies(User, also=(413, 415)), openapi_extra=takes(UserChanges))
    async def change(request: Request, username: Username, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "user.assign")
        given = read(UserChanges, body)
        wanted = {name: getattr(given, name) for name in given.model_fields_set if getattr(given, name) is not None}
        if not wanted:
            raise invalid("body", "names nothing to change")
        changed = await users.change(desk, caller, username, wanted)
        request.app.state.doorkeeper.forget()
        return reply(changed)

    viewed = replies(View, 201, also=(413, 415))

    @routes.post("/v1/users/{username}/views", status_code=201, responses=viewed, openapi_extra=takes(NewView))
    async def view_as(request: Request, username: Username, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "user.view_as", f"users/{username}")
        given = read(NewView, body)
        return reply(await viewing.view_as(desk, caller, username, given.reason, given.seconds), 201)

    return routes
