"""Health: whether the process answers, and whether it can work."""

import asyncpg
from fastapi import APIRouter, Request, Response

from poc.reference_crm.database import NOBODY
from poc.reference_crm.desk import Desk
from poc.reference_crm.problems import Problem
from poc.reference_crm.routes.http import only, replies, reply
from poc.reference_crm.schemas import Live, Ready


def router(desk: Desk) -> APIRouter:
    """Return the routes of health; they need no sign-in and tell nothing of customers."""
    routes = APIRouter(tags=["health"])

    @routes.get("/health/live", responses=replies(Live))
    async def live(request: Request) -> Response:
        only(request)
        return reply({"status": "live"})

    @routes.get("/health/ready", responses=replies(Ready, also=(503,)))
    async def ready(request: Request) -> Response:
        only(request)
        try:
            async with desk.database.connection(NOBODY) as connection:
                revision = await connection.fetchval("SELECT max(version_num) FROM alembic_version")
                guarded = await connection.fetchval("SELECT row_security_active('customers')")
        except (asyncpg.PostgresError, OSError, Problem):
            return reply({"status": "not ready", "database": "unreachable", "migrations": "unknown"}, 503)
        status, code = ("ready", 200) if guarded else ("not ready", 503)
        database = "ok" if guarded else "row-level security does not bind this role"
        return reply({"status": status, "database": database, "migrations": revision}, code)

    return routes
