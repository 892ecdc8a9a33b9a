"""Rows: what a Dataverse environment keeps: tables of rows with an id, an alternate key, a row version and lookups."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from poc.lab.standins.odata import text_of
from poc.lab.standins.serving import Said

NAMESPACE = UUID("5d6f7a31-0a86-4f53-92b7-3a4f9f2b7c55")
#: The column that this environment's administrator made an alternate key, in every table.
KEY = "bank_number"
#: Notes on a row that are no columns.
_NOTES = ("@odata.type", "@odata.id")
_NAMED = re.compile(r"(?P<column>\w+)=(?P<value>'(?:[^']|'')*')")
Held = dict[str, Any]


class No(Exception):
    """A refusal in the documented form: a status line, a code and a message."""

    def __init__(self, status: int, code: str, words: str, headers: Mapping[str, str] | None = None) -> None:
        """Say no."""
        super().__init__(words)
        self.said = Said(status=status, told={"error": {"code": code, "message": words}}, headers=headers or {})


class Rows:
    """All tables of an environment."""

    def __init__(self) -> None:
        """Begin with none."""
        self.of: dict[str, dict[str, Held]] = {}
        self.keyed: dict[tuple[str, str], str] = {}
        self.versions = 0

    def all(self, table: str) -> list[Held]:
        """Return the rows of a table in the order of their creation."""
        return list(self.of.get(table, {}).values())

    def named(self, table: str, words: str) -> tuple[str, str]:
        """Return column and value by which an address names a row; raises No for a column that is no key."""
        found = _NAMED.fullmatch(words)
        if found is None:
            return "id", words
        if found["column"] != KEY:
            kind = f"Microsoft.Dynamics.CRM.{table}"
            raise No(400, "0x80060888", f"The key in the request URI is not valid for resource '{kind}'.")
        return KEY, text_of(found["value"])

    def find(self, table: str, column: str, value: str) -> Held | None:
        """Return the row that a key names, None if there is none."""
        number = self.keyed.get((table, value.lower()), "") if column == KEY else value
        return self.of.get(table, {}).get(number)

    def create(self, table: str, told: Mapping[str, Any]) -> Held:
        """Put a row on file; raises No (412) if its alternate key is taken."""
        if self.find(table, KEY, str(told.get(KEY))) is not None:
            words = "Entity Key bank_number violated. A record with the same value for bank_number already exists."
            raise No(412, "0x80060892", words)
        number = str(uuid5(NAMESPACE, f"{table} {told.get(KEY)} {self.versions}"))
        row = {"id": number, **self._bound(told)}
        self.of.setdefault(table, {})[number] = row
        if told.get(KEY):
            self.keyed[table, str(told[KEY]).lower()] = number
        return self._written(row)

    def update(self, table: str, row: Held, told: Mapping[str, Any]) -> None:
        """Change columns."""
        row.update(self._bound(told))
        self._written(row)

    def delete(self, table: str, row: Held) -> None:
        """Take a row off file."""
        del self.of[table][row["id"]]
        self.keyed.pop((table, str(row.get(KEY)).lower()), None)

    def upsert_all(self, table: str, targets: Sequence[Mapping[str, Any]]) -> None:
        """Change or create rows, all or none: the first that cannot be taken refuses the whole batch."""
        if any("@odata.type" not in one for one in targets):
            raise No(400, "0x80040203", "Targets must have @odata.type")
        for one in targets:
            self._bound(one)
        for one in targets:
            column, value = self.named(table, str(one["@odata.id"]).partition("(")[2].removesuffix(")"))
            if (row := self.find(table, column, value)) is None:
                self.create(table, {column: value, **one})
            else:
                self.update(table, row, one)

    def joined(self, table: str, row: Held) -> Held:
        """Return a row with the rows that its lookups lead to."""
        leads = {name: value for name, value in row.items() if isinstance(value, tuple)}
        return row | {name: self.of.get(where, {}).get(number) for name, (where, number) in leads.items()}

    def shown(self, table: str, row: Held, query: Mapping[str, str]) -> Held:
        """Return the columns that ``$select`` names and what ``$expand`` asks for of lookups; the id is always told."""
        whole = self.joined(table, row)
        names = query["$select"].split(",") if "$select" in query else [name for name in row if name != "id"]
        told = {"@odata.etag": row["@odata.etag"], f"{table}id": row["id"]}
        told |= {name: whole.get(name) for name in names if not isinstance(whole.get(name), dict)}
        for stem, field in re.findall(r"(\w+)\(\$select=(\w+)\)", query.get("$expand", "")):
            there = whole.get(stem)
            told[stem] = {field: there.get(field)} if isinstance(there, dict) else None
        return told

    def _written(self, row: Held) -> Held:
        self.versions += 1
        row["@odata.etag"] = f'W/"{1_000_000 + self.versions}"'
        return row

    def _bound(self, told: Mapping[str, Any]) -> Held:
        """Return columns as they are kept: empty text as nothing, a bound lookup as where it leads; raises No (404)."""
        made: Held = {}
        for name, value in told.items():
            stem, at, _ = name.partition("@odata.bind")
            if at:
                where, _, words = str(value).strip("/").partition("(")
                there = self.find(where, *self.named(where, words.removesuffix(")")))
                if there is None:
                    raise No(
                        404, "0x80060891", f"A record with the specified key values does not exist in {where} entity"
                    )
                made[stem] = where, there["id"]
            elif name not in _NOTES:
                made[name] = None if value == "" else value
        return made
