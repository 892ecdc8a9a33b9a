"""Access: who may do what, whose records a role sees and which fields it sees in clear; read from policy.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

POLICY_FILE = Path(__file__).with_name("policy.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose records a database connection may see: ``reach`` is branch, all or none."""

    reach: str
    branch: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: a signed-in user, and the trace and origin of the request.

    ``session`` is the hash of the token; ``scopes`` are the operations that an API key is confined to, None for a
    user who signed in.
    """

    username: str
    role: str
    branch: str
    name: str = ""
    trace: str = ""
    origin: str = ""
    session: bytes = b""
    scopes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The bank's rules of access. ``operations`` holds every operation with those that follow another resolved."""

    operations: Mapping[str, frozenset[str]]
    follows: Mapping[str, str]
    branch_roles: frozenset[str]
    all_roles: frozenset[str]
    clear: Mapping[str, frozenset[str]]
    export_clear: frozenset[str]
    guarded_by: frozenset[str]
    hidden: frozenset[str]
    hidden_sees: frozenset[str]
    document: Mapping[str, Any]

    def may(self, role: str, operation: str) -> bool:
        """Tell whether a role may do an operation; what is not written is denied."""
        return role in self.operations.get(operation, frozenset())

    def lets(self, caller: Caller, operation: str) -> bool:
        """Tell whether a caller may do an operation: the role may, and so does the key that was shown, if one was."""
        return self.may(caller.role, operation) and (caller.scopes is None or operation in caller.scopes)

    def scope(self, caller: Caller) -> Scope:
        """Return whose records a caller sees."""
        if caller.role in self.all_roles:
            return Scope(reach="all", branch="", role=caller.role)
        if caller.role in self.branch_roles and caller.branch:
            return Scope(reach="branch", branch=caller.branch, role=caller.role)
        return Scope(reach="none", branch="", role=caller.role)

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
    return Policy(
        operations=operations,
        follows=document["follows"],
        branch_roles=frozenset(document["scope"]["branch"]),
        all_roles=frozenset(document["scope"]["all"]),
        clear=clear,
        export_clear=frozenset(masking["export_clear"]),
        guarded_by=frozenset(masking["guarded_by"]),
        hidden=frozenset(masking["hidden"]),
        hidden_sees=frozenset(masking["hidden_sees"]),
        document=document,
    )
