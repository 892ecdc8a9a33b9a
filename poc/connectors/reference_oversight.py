"""Reference oversight: tenants, walls, lineage and alerts of the reference CRM."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from poc.connectors.reference_answers import SHAPES
from poc.connectors.replies import fields_of, moment
from scenarios.actors import Credential
from scenarios.answers import Session
from scenarios.oversight import Alert, Origin, Tenant
from scenarios.port import Connector, Request, Steps
from synthetic_data.records import Record

TENANT = "X-Tenant"


class ReferenceOversight(Connector):
    """A tenant is named in a header; deals are what can stand behind a wall."""

    def open_tenant(self, name: str, administrator: Credential) -> Steps[Tenant]:
        """Open a legal entity."""
        told = {"name": name, "username": administrator.username, "password": administrator.secret}
        made = fields_of((yield Request(method="POST", path="/v1/tenants", json=told)))
        return Tenant(name=made["name"], store=made["store"], key=made["key"])

    def tenants(self) -> Steps["tuple[Tenant, ...]"]:
        """List them."""
        items = fields_of((yield Request(method="GET", path="/v1/tenants")))["items"]
        return tuple(Tenant(name=one["name"], store=one["store"], key=one["key"]) for one in items)

    def close_tenant(self, name: str) -> Steps[None]:
        """Close one."""
        yield Request(method="DELETE", path=f"/v1/tenants/{name}")

    def elsewhere(self, session: Session, tenant: str | None) -> Session:
        """Keep the token and name another tenant in the header, or none."""
        return in_tenant(session, tenant)

    def wall_off(self, kind: type[Record], number: str, members: Sequence[str]) -> Steps[None]:
        """Raise a wall."""
        path = f"{SHAPES.of(kind).path}/{number}/wall"
        yield Request(method="PUT", path=path, json={"members": list(members)})

    def take_wall_down(self, kind: type[Record], number: str) -> Steps[None]:
        """Lower it."""
        yield Request(method="DELETE", path=f"{SHAPES.of(kind).path}/{number}/wall")

    def lineage(self, kind: type[Record], number: str) -> Steps["tuple[Origin, ...]"]:
        """Read the lineage of a record."""
        items = fields_of((yield Request(method="GET", path=f"{SHAPES.of(kind).path}/{number}/lineage")))["items"]
        return tuple(
            Origin(
                field=one["field"],
                source=one["source"],
                job=one["job"],
                record=one["origin"].rpartition("/")[2],
                who=one["who"],
                at=moment(one["at"]) if one["at"] else None,
            )
            for one in items
        )

    def alert_rules(self) -> Steps[Mapping[str, Mapping[str, object]]]:
        """Read the rules; name and explanation are no settings."""
        items = fields_of((yield Request(method="GET", path="/v1/alert-rules")))["items"]
        return {one.pop("name"): {key: value for key, value in one.items() if key != "says"} for one in items}

    def watch_for(self, misuse: str, settings: Mapping[str, object]) -> Steps[None]:
        """Set a rule."""
        yield Request(method="PATCH", path=f"/v1/alert-rules/{misuse}", json=dict(settings))

    def alerts(self, *, since: datetime | None = None) -> Steps["tuple[Alert, ...]"]:
        """Read the alerts."""
        query = {"since": since.isoformat()} if since else {}
        items = fields_of((yield Request(method="GET", path="/v1/alerts", query=query)))["items"]
        return tuple(
            Alert(
                rule=one["rule"],
                who=one["who"],
                at=moment(one["at"]),
                told_at=moment(one["told_at"]),
                stopped=one["stopped"],
            )
            for one in items
        )

    def announce_leaver(self, username: str, last_day: date) -> Steps[None]:
        """Enter a last day."""
        yield Request(method="PATCH", path=f"/v1/users/{username}", json={"leaves_on": last_day.isoformat()})


def in_tenant(session: Session, tenant: str | None) -> Session:
    """Return a session whose requests name a tenant, or none."""
    kept = {name: value for name, value in session.headers.items() if name != TENANT}
    return replace(session, headers={**kept, TENANT: tenant} if tenant else kept)
