"""HTTP: what all routes share: who asks, how a body is read, how an answer and its contract are written."""

import re
import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Depends, Path, Request, Response
from pydantic import BaseModel, ValidationError

from poc.reference_crm.access import Caller
from poc.reference_crm.domain.conditions import within
from poc.reference_crm.kinds import NUMBER_PATTERN
from poc.reference_crm.models import errors_of
from poc.reference_crm.operations.records import refuse
from poc.reference_crm.operations.sessions import Doorkeeper, unauthenticated
from poc.reference_crm.problems import Problem, invalid
from poc.reference_crm.schemas import ProblemDocument

Number = Annotated[str, Path(pattern=NUMBER_PATTERN, max_length=40, description="the bank's own key of the record")]

M = TypeVar("M", bound=BaseModel)

BEARER = re.compile(r"Bearer ([A-Za-z0-9_.~+/=-]{16,512})")
TRACE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def trace_of(scope: Mapping[str, Any]) -> str:
    """Return the trace id of a request: the one it carries, or a new one; the same for its whole life."""
    state: dict[str, str] = scope["state"]
    if "trace" not in state:
        sent = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-trace-id"), "")
        state["trace"] = sent if TRACE.fullmatch(sent) else secrets.token_hex(8)
    return state["trace"]


def address_of(request: Request) -> str:
    """Return the address that a request comes from: that of the line, or what a proxy that is trusted says of it.

    Of the addresses that X-Forwarded-For tells, each written by whoever passed the request on, the last that is no
    trusted proxy counts; anybody else may write into that header what they like.
    """
    client = request.scope.get("client")
    address = str(client[0]) if client else "-"
    proxies = request.app.state.desk.settings.proxies
    if not proxies or not within(address, proxies):
        return address
    told = [one.strip() for one in request.headers.get("x-forwarded-for", "").split(",") if one.strip()]
    return next((one for one in reversed(told) if not within(one, proxies)), address)[:64]


def origin_of(request: Request, address: str) -> str:
    """Return where a request comes from and where it went: address and path."""
    return f"{address} {request.method} {request.scope['path']}"[:200]


def token_of(request: Request) -> str:
    """Return the bearer token of a request; raises unauthenticated for none or a malformed one."""
    match = BEARER.fullmatch(request.headers.get("authorization", ""))
    if match is None:
        raise unauthenticated()
    return match.group(1)


async def caller_of(request: Request) -> Caller:
    """Return who asks; raises unauthenticated."""
    doorkeeper: Doorkeeper = request.app.state.doorkeeper
    who = await doorkeeper.who(token_of(request))
    address = address_of(request)
    origin = origin_of(request, address)
    if who.viewer:
        origin = f"{origin} as {who.username}"
        request.scope["state"]["banner"] = f"{who.username}; by={who.viewer}"
    return Caller(
        username=who.username,
        role=who.role,
        branch=who.branch,
        name=who.name,
        trace=trace_of(request.scope),
        origin=origin,
        session=who.session,
        scopes=who.scopes,
        address=address,
        insider=who.insider,
        viewer=who.viewer,
    )


def stranger(request: Request) -> Caller:
    """Return the caller of a request that needs no sign-in."""
    address = address_of(request)
    return Caller(
        username="", role="", branch="", trace=trace_of(request.scope), origin=origin_of(request, address),
        address=address,
    )  # fmt: skip


Who = Annotated[Caller, Depends(caller_of)]
Stranger = Annotated[Caller, Depends(stranger)]


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} must not leave the service")


def encode(value: object) -> bytes:
    """Return a value as JSON; Decimals become text, bytes (ciphertext) cannot pass."""
    return orjson.dumps(value, default=_text)


def reply(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer as JSON."""
    return Response(encode(value), status, dict(headers or {}), media_type="application/json")


async def body_of(request: Request) -> bytes:
    """Return the JSON body of a request as it came; raises invalid (415) for another media type."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise Problem(reason="invalid", status=415, detail="send the body as application/json")
    return await request.body()


Body = Annotated[bytes, Depends(body_of)]


def read(model: type[M], body: bytes) -> M:
    """Return a body as its model; raises invalid with all that is wrong, repeating no value."""
    try:
        return model.model_validate_json(body)
    except ValidationError as fault:
        raise refuse(errors_of(None, fault)) from None


def takes(model: type[BaseModel], *, required: bool = True) -> dict[str, Any]:
    """Return the part of the contract that describes a JSON body which the handler reads itself."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": schema}}}}


def replies(
    model: type[BaseModel] | None, status: int = 200, *, also: Sequence[int] = ()
) -> dict[int | str, dict[str, Any]]:
    """Return the part of the contract that describes the answers: the good one and every refusal."""
    good: dict[str, Any] = {"description": "done"} if model is None else {"model": model, "description": "done"}
    documented: dict[int | str, dict[str, Any]] = {status: good}
    for refused in (400, 401, 403, 404, 405, 422, 423, 429, 503, *also):
        documented[refused] = {"model": ProblemDocument, "description": "refused", "content": PROBLEM}
    return documented


PROBLEM: dict[str, Any] = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}},
}


def only(request: Request, *names: str) -> None:
    """Refuse query parameters that an operation does not know."""
    for name in request.query_params if request.scope["query_string"] else ():
        if name not in names:
            raise invalid("query", f"has no parameter {name[:40]!r} here")
