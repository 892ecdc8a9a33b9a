"""Manifest: what a bank folder says of itself: whose bank it is, and the digest of every file and of the whole."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from synthetic_data.columns import CELL
from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.order import Order, versions

FORMAT = 2
MANIFEST = "bank.json"
#: Where a folder keeps what is not finished, and the receipts of what is, until the bank is whole.
GROWING = ".growing"


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


T = TypeVar("T", bound=_Told)
#: A table names a folder of its own inside the bank's, never one beside it.
Table = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]


class File(_Told):
    """A Parquet file: its rows, its bytes, its SHA-256."""

    rows: Annotated[int, Field(ge=0)]
    bytes: Annotated[int, Field(ge=0)]
    sha256: str


class Sealed(_Told):
    """A sealed file of truth: its own SHA-256, and that of what is inside, which is the same for every sealing."""

    bytes: Annotated[int, Field(ge=0)]
    sha256: str
    content: str


class Part(_Told):
    """A finished partition: its files by table."""

    number: Annotated[int, Field(ge=0)]
    customers: Annotated[int, Field(ge=1)]
    files: dict[Table, File]
    schemas: dict[str, str]
    truth: Sealed | None = None

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(file.rows for file in self.files.values())


class Manifest(_Told):
    """What a folder says of the bank inside. ``lock`` is what the truth is sealed with; it opens nothing."""

    format: Annotated[int, Field(ge=FORMAT, le=FORMAT)] = FORMAT
    state: Literal["growing", "whole"]
    seed: int
    profile: str
    profile_digest: str
    as_of: date
    customers: Annotated[int, Field(ge=1)]
    months: int
    tables: tuple[str, ...] | None
    cells: int
    cell: int = CELL
    versions: dict[str, str]
    identity: str
    lock: str | None = None
    schemas: dict[str, str] = Field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    digest: str = ""

    @classmethod
    def of(cls, order: Order, lock: str | None) -> "Manifest":
        """The manifest of a folder in which nothing is finished yet."""
        return cls(
            state="growing",
            seed=order.seed,
            profile=order.profile.name,
            profile_digest=order.profile_digest,
            as_of=order.profile.as_of,
            customers=order.customers,
            months=order.months,
            tables=order.tables,
            cells=order.cells,
            versions=versions(),
            identity=order.identity,
            lock=lock,
        )

    @property
    def rows(self) -> dict[str, int]:
        """Rows of every table, in the order in which the tables were made."""
        names = dict.fromkeys(name for part in self.parts for name in part.files)
        return {name: sum(p.files[name].rows for p in self.parts if name in p.files) for name in names}

    def finished(self, parts: tuple[Part, ...]) -> "Manifest":
        """The manifest of a folder in which all partitions are finished."""
        ordered = tuple(sorted(parts, key=lambda part: part.number))
        update = {"state": "whole", "parts": ordered, "digest": self._digest(ordered), "schemas": schemas_of(ordered)}
        return self.model_copy(update=update)

    def _digest(self, parts: tuple[Part, ...]) -> str:
        """SHA-256 over what the bank is and the content of all its files, the truth's included."""
        total = hashlib.sha256(f"{self.identity} {self.customers} {self.tables}\n".encode())
        for part in parts:
            for name, file in sorted(part.files.items()):
                total.update(f"{part.number} {name} {file.sha256}\n".encode())
            if part.truth:
                total.update(f"{part.number} {part.truth.content}\n".encode())
        return total.hexdigest()


def schemas_of(parts: tuple[Part, ...]) -> dict[str, str]:
    """The digest of every table's schema, as the first partition that has the table tells it."""
    return {name: digest for part in reversed(parts) for name, digest in part.schemas.items()}


def part_name(number: int) -> str:
    """The name of a partition: ``part-00007``."""
    return f"part-{number:05d}"


def file_of(folder: Path, table: str, number: int) -> Path:
    """Where a table's partition rests."""
    return folder / table / f"{part_name(number)}.parquet"


def sealed_file_of(truth: Path, number: int) -> Path:
    """Where a partition's truth rests."""
    return truth / f"{part_name(number)}.sealed"


def load(folder: Path) -> Manifest:
    """Read a folder's manifest; raises ``FolderError`` in one line."""
    if (folder / "customer.jsonl").exists():
        raise FolderError(f"folder {folder}: holds a bank of records; generate one with --format parquet")
    return _read(folder / MANIFEST, Manifest, "point at a folder of Parquet that `touchstone bank generate` wrote")


def load_part(path: Path) -> Part:
    """Read the receipt of a finished partition."""
    return _read(path, Part, "remove it, so that the partition is made again")


def keep(path: Path, told: Manifest | Part) -> None:
    """Write a manifest or a receipt, whole or not at all."""
    draft = path.with_name(f"{path.name}.draft")
    draft.write_text(told.model_dump_json(indent=1) + "\n", encoding="utf-8")
    draft.replace(path)


def _read(path: Path, kind: type[T], remedy: str) -> T:
    try:
        return kind.model_validate_json(path.read_bytes())
    except OSError as fault:
        raise FolderError(f"{path}: cannot be read ({fault.strerror}); {remedy}") from fault
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        field = ".".join(map(str, first["loc"])) or "the file"
        raise FolderError(f"{path}: {field} = {str(first['input'])[:40]!r}: {first['msg']}; {remedy}") from fault
