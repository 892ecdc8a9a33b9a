"""Reference approvals: the verbs of approval flows, requests and decisions on the reference CRM."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from poc.connectors.reference_answers import SHAPES, place
from poc.connectors.replies import fields_of
from scenarios.answers import Approval, ApprovalFlow, ApprovalLevel
from scenarios.port import Connector, Request, Steps
from synthetic_data.records import Record


class ReferenceApprovals(Connector):
    """What is asked for, decided and carried out under the bank's approval flows."""

    def set_up_flow(self, flow: ApprovalFlow, number: str | None = None) -> Steps[str]:
        """Set a flow up, or change it."""
        told = {
            "name": flow.name,
            "kind": place(flow.kind),
            "when": _conditions(flow),
            "levels": [_level(flow, level) for level in flow.levels],
        }
        path = "/v1/approval-flows"
        if number is None:
            return str(fields_of((yield Request(method="POST", path=path, json=told)))["number"])
        return str(fields_of((yield Request(method="PUT", path=f"{path}/{number}", json=told)))["number"])

    def retire_flow(self, number: str) -> Steps[None]:
        """Take a flow out of work."""
        yield Request(method="DELETE", path=f"/v1/approval-flows/{number}")

    def simulate_flow(self, kind: type[Record], values: Mapping[str, object]) -> Steps["tuple[ApprovalLevel, ...]"]:
        """Ask who would have to agree."""
        told = {"kind": place(kind), "values": SHAPES.of(kind).changes(values)}
        reply = yield Request(method="POST", path="/v1/approval-flows/simulate", json=told)
        return tuple(
            ApprovalLevel(
                roles=tuple(one["roles"]),
                need=one["need"],
                hours=one["hours"],
                escalate_to=tuple(one["escalate_to"]),
            )
            for one in fields_of(reply)["levels"]
        )

    def propose(self, kind: type[Record], number: str, changes: Mapping[str, object]) -> Steps[Approval]:
        """Ask for a change."""
        told = {"kind": place(kind), "record": number, "changes": SHAPES.of(kind).changes(changes)}
        return _approval(fields_of((yield Request(method="POST", path="/v1/approvals", json=told))))

    def approval(self, number: str) -> Steps[Approval]:
        """Read a request."""
        return _approval(fields_of((yield Request(method="GET", path=f"/v1/approvals/{number}"))))

    def decide(self, number: str, act: str, details: Mapping[str, object] | None = None) -> Steps[Approval]:
        """Decide on a request."""
        told = {"act": act, **(details or {})}
        return _approval(fields_of((yield Request(method="POST", path=f"/v1/approvals/{number}/acts", json=told))))

    def lend_approval(self, username: str, until: datetime) -> Steps[None]:
        """Lend the right to approve."""
        yield Request(method="POST", path="/v1/approval-loans", json={"to": username, "until": until.isoformat()})


def _conditions(flow: ApprovalFlow) -> list[dict[str, Any]]:
    words = [{"field": name, "among": list(values)} for name, values in flow.where.items()]
    bound = [] if flow.at_least is None else [{"field": flow.amount, "at_least": str(flow.at_least)}]
    return [*words, *bound]


def _level(flow: ApprovalFlow, level: ApprovalLevel) -> dict[str, Any]:
    return {
        "roles": list(level.roles),
        "need": level.need,
        "when": [] if level.at_least is None else [{"field": flow.amount, "at_least": str(level.at_least)}],
        "hours": level.hours,
        "escalate_to": list(level.escalate_to),
    }


def _approval(told: Mapping[str, Any]) -> Approval:
    return Approval(
        number=told["number"],
        state=told["state"],
        level=told["level"],
        levels=len(told["levels"]),
        waits_for=tuple(told["waits_for"]),
        agreed=tuple(one["who"] for one in told["agreed"]),
    )
