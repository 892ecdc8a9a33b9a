"""Unguarded: the reference CRM as it would be without rights, row-level security, encryption, masks and audit."""

import sys
from typing import Any

from poc.mutants.mutant import always, swap
from poc.reference_crm import audit, serve


async def _alone(desk: Any, caller: Any, operation: str, select: str, values: Any, entry: Any) -> Any:
    async with desk.database.connection(desk.policy.scope(caller)) as connection:
        return await connection.fetch(select, *values)


async def _together(desk: Any, caller: Any, operation: str, select: str, values: Any, entry: Any) -> Any:
    return await desk.rounds.ask(desk.policy.scope(caller), select, values, ())


def _without_entries(select: str, types: Any) -> str:
    """The statement that answers some who ask together, and enters nobody."""
    columns = ", ".join((f"{audit.TURN} int", *(f"v{place} {form}" for place, form in enumerate(types, start=1))))
    return (
        f"SELECT asked.{audit.TURN}, answer.* FROM json_to_recordset($1::text::json) AS asked({columns}),"
        f" LATERAL ({audit.PARAMETER.sub(audit.VALUE, select)} OFFSET 0) AS answer"
    )


def _shown(gate: Any, kind: Any, row: Any, role: str, *, clear: Any = ()) -> dict[str, object]:
    """A row as it lies there, in the shape that callers expect; what is encrypted is left out."""
    record = {name: value for name, value in dict(row).items() if name != "sealed"}
    revision = record.pop("revision", None)
    return record if "version" in kind.by_name else {**record, "version": revision}


async def _nothing(*_: Any, **__: Any) -> None:
    return None


def strip(*, alone: bool) -> None:
    """Take all four away; the service then runs as the owner of its tables, whom row-level security does not bind.

    ``alone``: each read is a statement of its own, as it would be in a service that enters nothing; else those who ask
    the same at one moment share one, as they do with guards.
    """
    swap("database:SETTINGS", lambda told: {name: value for name, value in told.items() if name != "role"})
    swap("access:Policy.lets", always(lambda policy, caller, *operation: True))
    swap("desk:Desk.read", always(_alone if alone else _together))
    swap("audit:NAMES", always(()))
    swap("audit:with_entries", always(_without_entries))
    swap("masking:Gate.shown", always(_shown))
    swap("masking:Gate.covers", always(lambda gate, kind, role: False))
    swap("audit:write", always(_nothing))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    for name in ("--alone", "--together"):
        if name in arguments:
            arguments.remove(name)
            strip(alone=name == "--alone")
    sys.exit(serve.main(arguments))
