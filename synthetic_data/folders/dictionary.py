"""Dictionary: every field of the bank with its type, its words and its grade, read from the records themselves."""

import dataclasses
import inspect
import io
import tokenize
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Annotated, Literal, NamedTuple

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

from synthetic_data import affairs, ledger, records
from synthetic_data.folders.faults import FolderError
from synthetic_data.records import Record
from synthetic_data.tables import schema_of

#: Where the nouns of a bank are defined.
_NOUNS = (records, ledger, affairs)
_ORDER = ("none", "C1", "C2", "C3")
#: Kinds whose plural is not their name and an s.
_PLURALS = {"Staff": "staff"}
#: What is told of a field that nobody has graded yet.
UNGRADED = "not graded"

Class = Literal["none", "C1", "C2", "C3"]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class _Grade(_Data):
    zh: str
    class_: Annotated[Class, Field(alias="class")]
    level: Annotated[int, Field(ge=1, le=5)] | None = None
    sensitive: bool = False
    basis: Literal["named", "reading"] = "reading"


class _Class(_Data):
    level: Annotated[int, Field(ge=1, le=5)]
    grade: str
    zh: str
    en: str


class _Kind(_Data):
    zh: str
    floor: Class = "none"
    sensitive: bool = False
    fields: dict[str, _Grade] = Field(default_factory=dict)


class _Grades(_Data):
    classes: dict[Class, _Class]
    grades: dict[str, str]
    fields: dict[str, _Grade]
    kinds: dict[str, _Kind]


class Entry(NamedTuple):
    """A field of a table: what it is called and means, its type, and how it is graded (see ``grades.toml``)."""

    table: str
    table_zh: str
    table_en: str
    field: str
    zh: str
    en: str
    type: str
    nullable: bool
    class_: str
    level: int | None
    grade: str
    sensitive: bool | None
    basis: str


def kinds() -> tuple[type, ...]:
    """Every kind of record that a bank keeps on file; what is only true of it is not among them."""
    found = (value for room in _NOUNS for value in vars(room).values() if _is_noun(room.__name__, value))
    return tuple(kind for kind in found if not (kind.__doc__ or "").startswith("Truth:"))


def _is_noun(room: str, value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Record) and value.__module__ == room and value is not Record


def table_name(kind: type) -> str:
    """The name of the table that holds a kind: ``CampaignMember`` rests in ``campaign_members``."""
    if kind.__name__ in _PLURALS:
        return _PLURALS[kind.__name__]
    word = "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__).lstrip("_")
    if word.endswith("y"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "ch")) else f"{word}s"


@cache
def entries() -> tuple[Entry, ...]:
    """The dictionary of every kind, in the order of their definition."""
    return entries_of({table_name(kind): schema_of(kind) for kind in kinds()})


def entries_named(tables: Sequence[str]) -> tuple[Entry, ...]:
    """The dictionary of some tables by their names, of all if none is named; ``FolderError`` for one that is not."""
    known = dict.fromkeys(entry.table for entry in entries())
    for name in tables:
        if name not in known:
            raise FolderError(f"table: no bank has {name!r}; there are {', '.join(known)}")
    return tuple(entry for entry in entries() if not tables or entry.table in tables)


def entries_of(schemas: Mapping[str, pa.Schema]) -> tuple[Entry, ...]:
    """The dictionary of some tables by their schemas."""
    return tuple(entry for name, schema in schemas.items() for entry in _of_table(name, schema))


def _of_table(name: str, schema: pa.Schema) -> Iterator[Entry]:
    kind = _kinds_by_table().get(name)
    said = _comments(kind) if kind else {}
    about = _grades().kinds.get(kind.__name__) if kind else None
    for field in schema:
        grade = _graded(kind.__name__ if kind else "", field.name)
        level = _grades().classes[grade.class_] if grade else None
        yield Entry(
            table=name,
            table_zh=about.zh if about else "",
            table_en=(kind.__doc__ or "").strip().partition("\n")[0] if kind else "",
            field=field.name,
            zh=grade.zh if grade else "",
            en=said.get(field.name) or field.name.replace("_", " "),
            type=_type_name(field.type),
            nullable=field.nullable,
            class_=grade.class_ if grade else UNGRADED,
            level=(grade.level or level.level) if grade and level else None,
            grade=level.grade if level else UNGRADED,
            sensitive=grade.sensitive if grade else None,
            basis=grade.basis if grade else "",
        )


def _graded(kind: str, field: str) -> _Grade | None:
    """The grade of a field: its own in this kind, or its usual one raised to the floor of the kind."""
    grades = _grades()
    about = grades.kinds.get(kind)
    if about and field in about.fields:
        return about.fields[field]
    usual = grades.fields.get(field)
    if usual is None or about is None or _ORDER.index(about.floor) <= _ORDER.index(usual.class_):
        return usual
    return usual.model_copy(update={"class_": about.floor, "level": None, "sensitive": about.sensitive})


def as_table(found: Iterable[Entry], language: str) -> pa.Table:
    """The dictionary as a table whose heads and words are in a language, ``zh`` or ``en``."""
    rows = [_row(entry, language) for entry in found]
    return pa.Table.from_pylist(rows) if rows else pa.table({})


def _row(entry: Entry, language: str) -> dict[str, object]:
    if language == "zh":
        return {
            "表": entry.table,
            "表名": entry.table_zh,
            "字段": entry.field,
            "中文名": entry.zh,
            "取值": entry.en,
            "类型": entry.type,
            "可空": entry.nullable,
            "JR/T 0171 类别": entry.class_,
            "JR/T 0197 级别": entry.level,
            "金规〔2024〕24号 分级": _grades().grades.get(entry.grade, "未分级"),
            "敏感个人信息": entry.sensitive,
            "依据": {"named": "标准列明", "reading": "自行判断"}.get(entry.basis, ""),
        }
    return {
        "table": entry.table,
        "holds": entry.table_en,
        "field": entry.field,
        "means": entry.en,
        "chinese": entry.zh,
        "type": entry.type,
        "nullable": entry.nullable,
        "class (JR/T 0171)": entry.class_,
        "level (JR/T 0197)": entry.level,
        "grade (NFRA 2024 no. 24)": entry.grade,
        "sensitive (PIPL 28)": entry.sensitive,
        "basis": entry.basis,
    }


def _type_name(wanted: pa.DataType) -> str:
    return "word" if pa.types.is_dictionary(wanted) else str(wanted)


@cache
def _grades() -> _Grades:
    text = resources.files("synthetic_data").joinpath("folders", "grades.toml").read_text(encoding="utf-8")
    return _Grades.model_validate(tomllib.loads(text))


@cache
def _kinds_by_table() -> dict[str, type]:
    return {table_name(kind): kind for kind in kinds()}


@cache
def _comments(kind: type) -> dict[str, str]:
    """What is said beside each field where its kind is defined."""
    said: dict[str, str] = {}
    for base in reversed(kind.__mro__[:-1]):
        if dataclasses.is_dataclass(base):
            said |= dict(_beside(inspect.getsource(base)))
    return said


def _beside(source: str) -> Iterator[tuple[str, str]]:
    first = ""
    for token in tokenize.generate_tokens(io.StringIO(inspect.cleandoc(source)).readline):
        if token.type == tokenize.NEWLINE or token.type == tokenize.NL:
            first = ""
        elif token.type == tokenize.NAME and not first:
            first = token.string
        elif token.type == tokenize.COMMENT and first:
            yield first, token.string.lstrip("# ")
