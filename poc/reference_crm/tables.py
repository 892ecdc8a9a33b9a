"""Tables: the database as SQLAlchemy Core; records follow the catalogue of kinds, the rest is written out."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.kinds import Field, Kind

METADATA = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "ix": "%(table_name)s_%(column_0_N_name)s_ix",
        "uq": "%(table_name)s_%(column_0_N_name)s_uq",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
    }
)


def column_type(field: Field) -> TypeEngine[Any]:
    """Return the database type of a field's form."""
    types: dict[str, TypeEngine[Any]] = {
        "text": Text(),
        "date": Date(),
        "moment": DateTime(timezone=True),
        "money": Numeric(18, 2),
        "units": Numeric(18, 4),
        "share": Numeric(9, 6),
        "flag": Boolean(),
        "texts": ARRAY(Text()),
    }
    return types[field.form]


#: Columns that an operation keeps up to date and that are only read over the interface.
DERIVED: dict[str, list[Column[Any]]] = {
    "tickets": [
        Column("due_at", DateTime(timezone=True)),
        Column("breached", Boolean, nullable=False, server_default=sql("false")),
        Column("escalated_at", DateTime(timezone=True)),
        Column("paused_seconds", Integer, nullable=False, server_default=sql("0")),
        Column("root_cause", Text),
    ],
    "opportunities": [Column("walled", Boolean, nullable=False, server_default=sql("false"))],
}


def _columns(kind: Kind) -> list[Column[Any]]:
    columns: list[Column[Any]] = [Column("number", Text, primary_key=True)]
    columns += [Column(field.name, column_type(field), nullable=field.optional) for field in kind.open]
    if kind.branched and "branch" not in kind.by_name:
        columns.append(Column("branch", Text, nullable=False))
    if kind.sealed:
        columns.append(Column("sealed", LargeBinary, nullable=False))
        columns.append(
            Column("restricted", Boolean, nullable=False, server_default=sql("false")),
        )
        columns.append(Column("grams", ARRAY(Text), Computed("name_grams(name)", persisted=True)))
    columns += [Column(f"{name}_index", LargeBinary, nullable=False) for name in kind.indexed]
    columns += DERIVED.get(kind.segment, [])
    moment: dict[str, Any] = {"nullable": False, "server_default": sql("now()")}
    return [
        *columns,
        Column("revision", Integer, nullable=False, server_default=sql("1")),
        Column("created_at", DateTime(timezone=True), **moment),
        Column("updated_at", DateTime(timezone=True), **moment),
    ]


def _table(kind: Kind) -> Table:
    keys = {kind.parent, "customer", "account", "household", "campaign", "source", "target"} & set(kind.by_name)
    indexes = [Index(None, name) for name in sorted(key for key in keys if key)]
    unique = [Index(None, f"{name}_index", unique=name == "national_id") for name in kind.indexed]
    branch = [Index(None, "branch", "number")] if kind.branched else []
    return Table(kind.table, METADATA, *_columns(kind), *indexes, *unique, *branch)


#: The table of each kind of record by its path segment.
RECORDS: dict[str, Table] = {segment: _table(kind) for segment, kind in KINDS.items()}

USERS = Table(
    "users",
    METADATA,
    Column("username", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("branch", Text, nullable=False, server_default=""),
    Column("password", Text, nullable=False),
    Column("former_passwords", ARRAY(Text), nullable=False, server_default=sql("'{}'")),
    Column("disabled", Boolean, nullable=False, server_default=sql("false")),
    Column("failures", Integer, nullable=False, server_default=sql("0")),
    Column("locked_until", DateTime(timezone=True)),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=sql("now()")),
)

#: A sign-in: one access token and one refresh token at a time, resting as SHA-256; ``family`` is one sign-in's chain.
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("access_hash", LargeBinary, primary_key=True),
    Column("refresh_hash", LargeBinary, nullable=False, unique=True),
    Column("family", Text, nullable=False, index=True),
    Column("username", Text, ForeignKey("users.username", ondelete="CASCADE"), nullable=False, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("last_seen_at", DateTime(timezone=True), nullable=False),
    Column("refreshed", Boolean, nullable=False, server_default=sql("false")),
    Column("ended_at", DateTime(timezone=True)),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("before", JSONB),
    Column("after", JSONB),
    Column("result", Text, nullable=False),
    Column("trace", Text, nullable=False),
    Column("forgotten", LargeBinary),
    Index(None, "subject", "id"),
    Index(None, "who", "id"),
    Index(None, "at"),
)

#: One row for each changed field. ``before`` and ``after`` are sealed, so that history holds no clear restricted value.
HISTORY = Table(
    "history",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("branch", Text, nullable=False, server_default=""),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("who", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("before", LargeBinary, nullable=False),
    Column("after", LargeBinary, nullable=False),
    Column("source", Text, nullable=False),
    Column("trace", Text, nullable=False),
    Index(None, "kind", "number", "id"),
)

#: Replies kept under an idempotency key; ``body`` is sealed.
KEYED_REPLIES = Table(
    "keyed_replies",
    METADATA,
    Column("username", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("status", SmallInteger, nullable=False, server_default=sql("0")),
    Column("body", LargeBinary),
    Column("etag", Text),
    Column("at", DateTime(timezone=True), nullable=False),
)

UNMASKINGS = Table(
    "unmaskings",
    METADATA,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("username", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index(None, "username", "at"),
)

DATA_KEYS = Table(
    "data_keys",
    METADATA,
    Column("id", Integer, Identity(always=True), primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=sql("now()")),
)

#: What the service itself must remember, by name: how far the trial clock is ahead.
STATE = Table(
    "state",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
