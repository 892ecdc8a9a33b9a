"""Reference conditions: rules of access of the reference CRM, set, lifted and exported over its interface."""

from collections.abc import Sequence
from datetime import time

from poc.connectors.replies import fields_of
from scenarios.conditions import AccessCondition
from scenarios.port import Connector, Request, Steps

POLICY = "/v1/policy"


class ReferenceConditions(Connector):
    """The reference CRM's rules of access, each a request."""

    def set_condition(self, condition: AccessCondition) -> Steps[str]:
        """Set it."""
        hours = condition.hours
        told = {
            "name": condition.name,
            "operations": list(condition.operations),
            "roles": list(condition.roles),
            "hours": None if hours is None else {"opens": f"{hours[0]:%H:%M}", "closes": f"{hours[1]:%H:%M}"},
            "networks": list(condition.networks),
            "tier_up_to": condition.tier_up_to,
        }
        return str(fields_of((yield Request(method="POST", path=f"{POLICY}/conditions", json=told)))["number"])

    def lift_condition(self, number: str) -> Steps[None]:
        """Lift it."""
        yield Request(method="DELETE", path=f"{POLICY}/conditions/{number}")

    def conditions(self) -> Steps[Sequence[AccessCondition]]:
        """Read them out of the exported policy."""
        told = fields_of((yield Request(method="GET", path=POLICY)))["conditions"]
        return tuple(
            AccessCondition(
                name=one["name"],
                operations=tuple(one["operations"]),
                roles=tuple(one["roles"]),
                hours=None if not one["hours"] else (_hour(one["hours"]["opens"]), _hour(one["hours"]["closes"])),
                networks=tuple(one["networks"]),
                tier_up_to=one["tier_up_to"],
            )
            for one in told
        )

    def set_rights(self, operation: str, roles: Sequence[str] | None) -> Steps[None]:
        """Set them, or have the policy file speak again."""
        path = f"{POLICY}/operations/{operation}"
        if roles is None:
            yield Request(method="DELETE", path=path)
        else:
            yield Request(method="PUT", path=path, json={"roles": list(roles)})


def _hour(text: str) -> time:
    return time.fromisoformat(text)
