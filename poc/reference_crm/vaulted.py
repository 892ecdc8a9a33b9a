"""Vaulted: every column whose values rest encrypted, told as data, so that encryption anew forgets none of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from poc.reference_crm.catalogue import CUSTOMERS
from poc.reference_crm.crypto import KEY_ID, Vault

Row = Mapping[str, Any]


def _sealed(vault: Vault, place: str, owner: str, sealed: bytes) -> bytes:
    return vault.seal(place, vault.open(place, sealed), owner=owner)


def _fields(vault: Vault, place: str, owner: str, sealed: bytes) -> bytes:
    return vault.seal_fields(place, vault.open_fields(place, sealed))


def _merge(vault: Vault, place: str, owner: str, sealed: bytes) -> bytes:
    """Seal what an unmerge needs anew, and in it the restricted fields of the customer who was merged away."""
    body = orjson.loads(vault.open(place, sealed))
    return vault.seal(place, orjson.dumps(body | {"row": fresh_row(vault, body["row"])}))


def fresh_row(vault: Vault, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a customer's row, as ``to_jsonb`` writes it, with its restricted fields sealed as told now."""
    place = f"{CUSTOMERS.table}/{row['number']}"
    fields = vault.open_fields(place, bytes.fromhex(str(row["sealed"]).removeprefix("\\x")))
    return {**row, "sealed": f"\\x{vault.seal_fields(place, fields).hex()}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A table with encrypted columns: its key (column -> type), and where a value rests, told by the row's columns.

    ``owned`` says that the columns kind and field tell whose field a value is, which may have an algorithm of its own;
    ``also`` are columns that the place names beside the key, ``anew`` seals one value anew, ``through`` is a function
    that writes where the service itself may not change anything.
    """

    table: str
    key: Mapping[str, str]
    columns: tuple[str, ...]
    place: str
    owned: bool = False
    also: tuple[str, ...] = ()
    anew: Callable[[Vault, str, str, bytes], bytes] = _sealed
    through: str = ""

    def fresh(self, vault: Vault, row: Row, column: str) -> bytes | None:
        """Return a value of a row sealed as told now."""
        if row[column] is None:
            return None
        owner = f"{row['kind']}.{row['field']}" if self.owned else ""
        return self.anew(vault, self.place.format(**row, column=column), owner, row[column])

    def old(self, vault: Vault) -> tuple[str, list[object]]:
        """Return the condition on rows that another key sealed than would seal them now, and its parameters."""
        now = "$1::bytea"
        parameters: list[object] = [vault.heading(self.table)]
        if self.owned:
            own = {name: number.to_bytes(KEY_ID, "big") for name, number in vault.plan.fields.items()}
            now = f"coalesce(({_OWN}), $1)"
            parameters += [list(own), list(own.values())]
        return " OR ".join(f"substring({name} FROM 1 FOR length({now})) <> {now}" for name in self.columns), parameters


_OWN = "SELECT o.key FROM unnest($2::text[], $3::bytea[]) AS o(name, key) WHERE o.name = kind || '.' || field"

#: All stores. What is not here would stay under its first key for ever: a test holds them against the database.
STORES = (
    Store(table="customers", key={"number": "text"}, columns=("sealed",), place="customers/{number}", anew=_fields),
    Store(
        table="attachments", key={"number": "text"}, columns=("name", "body"), place="attachments/{number}/{column}"
    ),
    Store(
        table="history", key={"id": "bigint"}, columns=("before", "after"), place="history/{kind}/{number}/{field}",
        owned=True, also=("kind", "number", "field"), through="reseal_history",
    ),
    Store(
        table="keyed_replies", key={"username": "text", "key": "text"}, columns=("body",),
        place="keyed_replies/{username}/{key}",
    ),
    Store(
        table="merges", key={"id": "bigint"}, columns=("body",), place="merges/{keep}/{dropped}",
        also=("keep", "dropped"), anew=_merge,
    ),
    Store(table="webhooks", key={"id": "text"}, columns=("secret",), place="webhooks/{id}"),
    Store(table="identity_providers", key={"id": "text"}, columns=("secret",), place="providers/{id}"),
    Store(table="login_journeys", key={"state_hash": "bytea"}, columns=("sealed",), place="journeys/{provider}",
          also=("provider",)),
    Store(table="factors", key={"username": "text"}, columns=("sealed",), place="factors/{username}"),
    Store(table="tenants", key={"name": "text"}, columns=("sealed",), place="tenants/{name}/master-key"),
)  # fmt: skip
#: Columns of bytes that are no ciphertext: digests, blind indexes, public keys, and keys that another key wraps.
OTHERWISE = frozenset(
    {
        "data_keys.wrapped", "sessions.access_hash", "sessions.refresh_hash", "api_keys.digest", "audit.forgotten",
        "keyed_replies.digest", "login_journeys.state_hash", "login_journeys.binding_hash", "passkeys.id",
        "passkeys.public_key", "passkey_challenges.digest", "bulk_rejects.digest", "bulk_rows.digest",
        *(f"customers.{name}_index" for name in CUSTOMERS.indexed),
    }
)  # fmt: skip
