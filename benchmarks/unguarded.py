"""Unguarded: the reference CRM as it would be without rights, row-level security, encryption, masks and audit."""

import sys
from typing import Any

from poc.mutants.mutant import always, swap
from poc.reference_crm import serve


async def _read(desk: Any, caller: Any, operation: str, select: str, values: Any, entry: Any) -> Any:
    async with desk.database.connection(desk.policy.scope(caller)) as connection:
        return await connection.fetch(select, *values)


def _shown(gate: Any, kind: Any, row: Any, role: str, *, clear: Any = ()) -> dict[str, object]:
    """A row as it lies there, in the shape that callers expect; what is encrypted is left out."""
    record = {name: value for name, value in dict(row).items() if name != "sealed"}
    revision = record.pop("revision", None)
    return record if "version" in kind.by_name else {**record, "version": revision}


async def _nothing(*_: Any, **__: Any) -> None:
    return None


def strip() -> None:
    """Take all four away; the service then runs as the owner of its tables, whom row-level security does not bind."""
    swap("database:SETTINGS", lambda told: {name: value for name, value in told.items() if name != "role"})
    swap("access:Policy.lets", always(lambda policy, caller, *operation: True))
    swap("desk:Desk.read", always(_read))
    swap("masking:Gate.shown", always(_shown))
    swap("masking:Gate.covers", always(lambda gate, kind, role: False))
    swap("audit:write", always(_nothing))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if "--unguarded" in arguments:
        arguments.remove("--unguarded")
        strip()
    sys.exit(serve.main(arguments))
