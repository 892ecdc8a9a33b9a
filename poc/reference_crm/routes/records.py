"""Records: create, read, list, change and delete for each kind, stated once for all fourteen."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response

from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.desk import Desk
from poc.reference_crm.kinds import Kind
from poc.reference_crm.models import changes_model, checked, checked_changes, page_model, record_model, view_model
from poc.reference_crm.operations import changes, keyed, listing, records, removal
from poc.reference_crm.problems import Problem, invalid
from poc.reference_crm.routes.http import Body, Number, Who, encode, only, replies, reply, takes

LIST_PARAMETERS = ("limit", "cursor", "sort")
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern=r"^[!-~]+$")]
#: How a version is written.
VERSION = r'^"[0-9]{1,9}"$'
Match = Annotated[
    str | None,
    Header(alias="If-Match", json_schema_extra={"pattern": VERSION}, description='the version that was read: "3"'),
]


def router(desk: Desk) -> APIRouter:
    """Return the routes of all kinds."""
    routes = APIRouter()
    for kind in KINDS.values():
        _add(routes, desk, kind)
    return routes


def _add(routes: APIRouter, desk: Desk, kind: Kind) -> None:
    path, one = f"/v1/{kind.segment}", f"/v1/{kind.segment}/{{number}}"
    tag: dict[str, Any] = {"tags": [kind.segment]}
    view = view_model(kind)
    routes.add_api_route(
        path, _create(desk, kind), methods=["POST"], status_code=201, name=f"create {kind.segment}",
        responses=replies(view, 201, also=(409, 413, 415)), openapi_extra=takes(record_model(kind)), **tag,
    )  # fmt: skip
    routes.add_api_route(
        path, _list(desk, kind), methods=["GET"], name=f"list {kind.segment}",
        responses=replies(page_model(kind)), openapi_extra=_filters(kind), **tag,
    )  # fmt: skip
    routes.add_api_route(
        one, _get(desk, kind), methods=["GET"], name=f"get {kind.segment}", responses=replies(view), **tag
    )
    if "update" in kind.verbs:
        routes.add_api_route(
            one, _update(desk, kind), methods=["PATCH"], name=f"update {kind.segment}",
            responses=replies(view, also=(409, 412, 413, 415, 428)), openapi_extra=takes(changes_model(kind)), **tag,
        )  # fmt: skip
    routes.add_api_route(
        one, _delete(desk, kind), methods=["DELETE"], status_code=204, name=f"delete {kind.segment}",
        responses=replies(None, 204, also=(409,)), **tag,
    )  # fmt: skip


def _filters(kind: Kind) -> dict[str, object]:
    fields = ["number", *(field.name for field in kind.open), *kind.indexed]
    names = ", ".join(fields)
    text = f"Any of these fields may be a parameter that asks for equality: {names}; __gt, __gte, __lt, __lte compare."
    return {
        "description": text,
        "parameters": [
            {
                "name": field.name,
                "in": "query",
                "required": False,
                "schema": {"type": "string", "enum": list(field.choices)},
            }
            for field in kind.open
            if field.choices
        ],
    }


def etag(record: dict[str, object]) -> dict[str, str]:
    """Return the header that names a record's version."""
    return {"ETag": f'"{record.pop("revision", record.get("version"))}"'}


def _create(desk: Desk, kind: Kind) -> Callable[..., Awaitable[Response]]:
    async def create(request: Request, who: Who, body: Body, key: Key = None) -> Response:
        only(request)
        await desk.authorise(who, f"{kind.noun}.create", kind.segment)
        if key is not None:
            kept = await keyed.create_once(desk, who, kind, key, body)
            headers = {"ETag": kept.etag} | ({"Idempotent-Replay": "true"} if kept.replay else {})
            return Response(kept.body, kept.status, headers, media_type="application/json")
        record = await records.create(desk, who, kind, parsed(kind, body))
        return Response(encode(record), 201, {"ETag": '"1"'}, media_type="application/json")

    return create


def parsed(kind: Kind, body: bytes) -> dict[str, object]:
    """Return the checked values of a body; raises invalid with all that is wrong."""
    values = checked(kind, body)
    if isinstance(values, list):
        raise records.refuse(values)
    return values


def _get(desk: Desk, kind: Kind) -> Callable[..., Awaitable[Response]]:
    async def get(
        request: Request,
        number: Number,
        who: Who,
        include: Annotated[str | None, Query(max_length=200)] = None,
        as_of: Annotated[str | None, Query(max_length=40, description="the record as it stood at this moment")] = None,
    ) -> Response:
        only(request, "include", "as_of")
        if as_of is not None:
            record = await records_as_of(desk, who, kind, number, as_of)
            return reply(record)
        wanted = [name for name in (include or "").split(",") if name]
        record = await records.get(desk, who, kind, number, wanted)
        return reply(record, headers=etag(record))

    return get


async def records_as_of(desk: Desk, who: Who, kind: Kind, number: str, text: str) -> dict[str, object]:
    """Return a record as it stood at a moment given as text."""
    return await changes.as_of(desk, who, kind, number, changes.moment("as_of", text))


def _list(desk: Desk, kind: Kind) -> Callable[..., Awaitable[Response]]:
    async def list_(
        request: Request,
        who: Who,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: Annotated[str | None, Query(max_length=4000)] = None,
        sort: Annotated[str | None, Query(max_length=60)] = None,
    ) -> Response:
        query = {name: value for name, value in request.query_params.items() if name not in LIST_PARAMETERS}
        return reply(await listing.page(desk, who, kind, listing.wanted(kind, query, limit, sort, cursor)))

    return list_


def version_of(match: str | None) -> int:
    """Return the version that an If-Match header names; conflict (428) for none, invalid for what can be none."""
    if match is None:
        raise Problem(reason="conflict", status=428, detail="send the version that you read as If-Match")
    if re.fullmatch(VERSION, match) is None:
        raise invalid("If-Match", 'must be the version that was read, such as "3"')
    return int(match.strip('"'))


def _update(desk: Desk, kind: Kind) -> Callable[..., Awaitable[Response]]:
    async def update(request: Request, number: Number, who: Who, body: Body, match: Match = None) -> Response:
        only(request)
        await desk.authorise(who, f"{kind.noun}.update", f"{kind.segment}/{number}")
        values = checked_changes(kind, body)
        if isinstance(values, list):
            raise records.refuse(values)
        if not values:
            raise invalid("body", "names no field to change")
        record = await records.update(desk, who, kind, number, values, version_of(match))
        return reply(record, headers=etag(record))

    return update


def _delete(desk: Desk, kind: Kind) -> Callable[..., Awaitable[Response]]:
    async def delete(request: Request, number: Number, who: Who) -> Response:
        only(request)
        await removal.delete(desk, who, kind, number)
        return Response(status_code=204)

    return delete
