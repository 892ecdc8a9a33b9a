"""Single sign-on: identity providers set up and dropped, a browser sent there, and what it brings back."""

from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Path, Query, Request, Response

from poc.reference_crm.desk import Desk
from poc.reference_crm.gates import Arrived, Link, NewProvider, Provider, Providers
from poc.reference_crm.operations import journeys, providers
from poc.reference_crm.problems import Problem, invalid
from poc.reference_crm.routes.http import Body, Stranger, Who, only, read, replies, reply, takes

ProviderId = Annotated[str, Path(pattern=r"^P-[0-9a-f]{16}$")]
#: What ties a journey to the browser that began it: sent back by that browser only, read by no script.
COOKIE = "__Host-sso"
FORM = "application/x-www-form-urlencoded"
AWAY: dict[int | str, dict[str, Any]] = {
    303: {"description": "go to the provider", "headers": {"Location": {"schema": {"type": "string"}}}}
}
POSTED = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "properties": {"SAMLResponse": {"type": "string"}, "RelayState": {"type": "string"}},
                    "required": ["SAMLResponse", "RelayState"],
                }
            }
        },
    }
}


def router(desk: Desk) -> APIRouter:
    """Return the routes of single sign-on."""
    routes = APIRouter(tags=["sessions"])

    @routes.post(
        "/v1/identity-providers", status_code=201, responses=replies(Provider, 201, also=(409, 413, 415)),
        openapi_extra=takes(NewProvider),
    )  # fmt: skip
    async def trust(request: Request, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "provider.trust")
        return reply(await providers.trust(desk, caller, read(NewProvider, body).model_dump()), 201)

    @routes.get("/v1/identity-providers", responses=replies(Providers))
    async def everyone(request: Request, caller: Who) -> Response:
        only(request)
        return reply({"items": await providers.everyone(desk, caller)})

    @routes.delete("/v1/identity-providers/{provider}", status_code=204, responses=replies(None, 204))
    async def drop(request: Request, provider: ProviderId, caller: Who) -> Response:
        only(request)
        await providers.drop(desk, caller, provider)
        request.app.state.doorkeeper.forget()
        return Response(status_code=204)

    @routes.put(
        "/v1/identity-providers/{provider}/subjects", status_code=204, responses=replies(None, 204, also=(413, 415)),
        openapi_extra=takes(Link),
    )  # fmt: skip
    async def link(request: Request, provider: ProviderId, caller: Who, body: Body) -> Response:
        only(request)
        await desk.authorise(caller, "provider.trust")
        given = read(Link, body)
        await providers.link(desk, caller, provider, given.subject, given.username)
        return Response(status_code=204)

    journeys_of(desk, routes)
    return routes


def journeys_of(desk: Desk, routes: APIRouter) -> None:
    """Add the way to a provider and the two ways back."""

    @routes.get("/v1/auth/sso/{provider}", status_code=303, responses={**replies(None, 303, also=(409,)), **AWAY})
    async def begin(
        request: Request, provider: ProviderId, return_to: Annotated[str, Query(max_length=500)] = "/"
    ) -> Response:
        only(request, "return_to")
        way = await journeys.begin(desk, provider, return_to)
        # a SAML provider sends the browser back with a POST from its own place, which Lax would not let the cookie on
        cookie = f"{COOKIE}={way.binding}; Path=/; Secure; HttpOnly; SameSite=None; Max-Age={journeys.WITHIN}"
        headers = {"Location": way.url, "Set-Cookie": cookie, "Cache-Control": "no-store"}
        return Response(status_code=303, headers=headers)

    @routes.get("/v1/auth/sso/{provider}/callback", responses=replies(Arrived))
    async def callback(
        request: Request,
        provider: ProviderId,
        caller: Stranger,
        state: Annotated[str, Query(max_length=200)],
        code: Annotated[str, Query(max_length=4000)] = "",
    ) -> Response:
        binding = request.cookies.get(COOKIE, "")
        told = await journeys.finish_oidc(desk, caller, provider, state=state, code=code, binding=binding)
        request.app.state.doorkeeper.forget()
        return reply(told, headers={"Cache-Control": "no-store"})

    @routes.post("/v1/auth/sso/{provider}/acs", responses=replies(Arrived, also=(413, 415)), openapi_extra=POSTED)
    async def acs(request: Request, provider: ProviderId, caller: Stranger) -> Response:
        only(request)
        form = await form_of(request, "SAMLResponse", "RelayState")
        binding = request.cookies.get(COOKIE, "")
        told = await journeys.finish_saml(
            desk, caller, provider, relay=form["RelayState"], response=form["SAMLResponse"], binding=binding
        )
        request.app.state.doorkeeper.forget()
        return reply(told, headers={"Cache-Control": "no-store"})


async def form_of(request: Request, *names: str) -> dict[str, str]:
    """Return these entries of a posted form; raises invalid for another form (415) and for one that is not whole."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Problem(reason="invalid", status=415, detail=f"send the body as {FORM}")
    try:
        told = parse_qs((await request.body()).decode("ascii"), max_num_fields=10)
    except ValueError:
        raise invalid("body", "is no form") from None
    for name in names:
        if len(told.get(name, ())) != 1:
            raise invalid(name, "is needed once")
    return {name: told[name][0] for name in names}
