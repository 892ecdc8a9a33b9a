"""Access: who may do what, whose records a role sees and which fields it sees in clear; read from policy.toml."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from poc.reference_crm.domain.conditions import Condition, closed_tiers
from poc.reference_crm.policy_forms import condition_of

POLICY_FILE = Path(__file__).with_name("policy.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose records a database connection may see: ``reach`` is branch, all or none.

    ``closed`` names the tiers of customers that it may not see, separated by commas; ``insider`` is the user's name
    where any wall lists it.
    """

    reach: str
    branch: str
    role: str
    closed: str = ""
    insider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: a signed-in user, and the trace and origin of the request.

    ``session`` is the hash of the token; ``scopes`` are the operations that an API key is confined to, None for a
    user who signed in; ``address`` is where the request came from as the service saw it;
    ``insider`` says whether any wall lists them; ``viewer`` is the administrator who looks through their eyes.
    """

    username: str
    role: str
    branch: str
    name: str = ""
    trace: str = ""
    origin: str = ""
    session: bytes = b""
    scopes: frozenset[str] | None = None
    address: str = ""
    insider: bool = False
    viewer: str = ""

    @property
    def author(self) -> str:
        """Return who answers for what is done: whoever looks through the user's eyes, else the user."""
        return self.viewer or self.username


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The bank's rules of access. ``operations`` holds every operation with those that follow another resolved.

    ``conditions`` holds, for operations of which any speaks, what must hold beside the role; ``tiers`` are those of
    customers from the lowest to the highest.
    """

    operations: Mapping[str, frozenset[str]]
    follows: Mapping[str, str]
    branch_roles: frozenset[str]
    all_roles: frozenset[str]
    clear: Mapping[str, frozenset[str]]
    export_clear: frozenset[str]
    guarded_by: frozenset[str]
    hidden: frozenset[str]
    hidden_sees: frozenset[str]
    conditions: Mapping[str, tuple[Condition, ...]]
    zone: ZoneInfo
    tiers: tuple[str, ...]
    document: Mapping[str, Any]

    def may(self, role: str, operation: str) -> bool:
        """Tell whether a role may do an operation; what is not written is denied."""
        return role in self.operations.get(operation, frozenset())

    def lets(self, caller: Caller, operation: str) -> bool:
        """Tell whether a caller may do an operation: the role may, and so does the key that was shown, if one was."""
        return self.may(caller.role, operation) and (caller.scopes is None or operation in caller.scopes)

    def unmet(self, caller: Caller, operation: str, at: datetime) -> Condition | None:
        """Return the first condition of an operation that a caller does not meet at a moment, None if all are met."""
        for one in self.conditions.get(operation, ()):
            met = one.holds(branch=caller.branch, address=caller.address, at=at, zone=self.zone)
            if caller.role in one.roles and not met:
                return one
        return None

    def scope(self, caller: Caller, operation: str = "") -> Scope:
        """Return whose records a caller sees, where conditions narrow an operation by tier: by that operation."""
        closed = ""
        if operation in self.conditions:
            closed = ",".join(closed_tiers(self.conditions[operation], caller.role, self.tiers))
        insider = caller.username if caller.insider else ""
        if caller.role in self.all_roles:
            return Scope(reach="all", branch="", role=caller.role, closed=closed, insider=insider)
        if caller.role in self.branch_roles and caller.branch:
            return Scope(reach="branch", branch=caller.branch, role=caller.role, closed=closed, insider=insider)
        return Scope(reach="none", branch="", role=caller.role)

    def amended(self, rights: Mapping[str, frozenset[str]], conditions: Iterable[Condition]) -> "Policy":
        """Return the policy with rights of some operations set anew and with further conditions."""
        followers = {name: rights[leader] for name, leader in self.follows.items() if leader in rights}
        further = {name: (*self.conditions.get(name, ()), *found) for name, found in self._by_operation(conditions)}
        return replace(
            self, operations={**self.operations, **followers, **rights}, conditions={**self.conditions, **further}
        )

    def _by_operation(self, conditions: Iterable[Condition]) -> Iterable[tuple[str, tuple[Condition, ...]]]:
        told = tuple(conditions)
        for name in self.operations:
            known = {name, self.follows.get(name, name)}
            found = tuple(one for one in told if known & one.operations)
            if found:
                yield name, found

    def sees_clear(self, role: str, field: str) -> bool:
        """Tell whether a role sees a restricted field in clear on ordinary reads."""
        return field in self.clear.get(role, frozenset())


def load_policy(restricted: frozenset[str], path: Path = POLICY_FILE) -> Policy:
    """Read the policy from a TOML file; ``restricted`` are the fields that "all" stands for."""
    document = tomllib.loads(path.read_text("utf-8"))
    operations = {name: frozenset(roles) for name, roles in document["operations"].items()}
    operations |= {name: frozenset(roles) for name, roles in document["operations_of_this_product"].items()}
    operations |= {name: operations[leader] for name, leader in document["follows"].items()}
    masking = document["masking"]
    clear = {role: restricted if fields == "all" else frozenset(fields) for role, fields in masking["clear"].items()}
    written = document["conditions"]
    policy = Policy(
        operations=operations,
        follows=document["follows"],
        branch_roles=frozenset(document["scope"]["branch"]),
        all_roles=frozenset(document["scope"]["all"]),
        clear=clear,
        export_clear=frozenset(masking["export_clear"]),
        guarded_by=frozenset(masking["guarded_by"]),
        hidden=frozenset(masking["hidden"]),
        hidden_sees=frozenset(masking["hidden_sees"]),
        conditions={},
        zone=ZoneInfo(written["timezone"]),
        tiers=tuple(written["tiers"]),
        document=document,
    )
    return policy.amended({}, [condition_of(number, told) for number, told in written["rules"].items()])
