"""Files: a bank to and from a folder of JSON lines, with a manifest that holds its digest."""

import re
import shutil
import tempfile
from dataclasses import fields
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from synthetic_data.bank import ALL_KINDS, Bank, canonical
from synthetic_data.records import Record

FORMAT = 1
MANIFEST = "bank.json"


class BankFileError(ValueError):
    """A bank folder that cannot be written or read; the message names file, line, field, value and remedy."""


class Manifest(BaseModel):
    """What a folder says of the bank inside."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Annotated[int, Field(ge=FORMAT, le=FORMAT)] = FORMAT
    seed: int
    profile: str
    as_of: date
    customers: int
    digest: str
    rows: dict[str, int]


def file_of(kind: type[Record]) -> str:
    """The name of the file that holds a kind: ``CampaignMember`` rests in ``campaign_member.jsonl``."""
    words = "".join(f"_{c.lower()}" if c.isupper() else c for c in kind.__name__)
    return f"{words.lstrip('_')}.jsonl"


def write(bank: Bank, folder: Path) -> None:
    """Write a bank into a folder that does not exist yet, whole or not at all.

    A folder that holds the very same bank is left as it is. Raises ``BankFileError``.
    """
    if folder.exists():
        if (folder / MANIFEST).is_file() and _manifest(folder).digest == bank.digest:
            return
        raise BankFileError(f"folder {folder}: exists and holds something else; choose another or remove it")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as fault:
        raise BankFileError(f"folder {folder}: cannot be made ({fault.strerror}); check path and rights") from fault
    try:
        _fill(draft, bank)
        draft.chmod(0o755)
        draft.rename(folder)
    except OSError as fault:
        raise BankFileError(f"folder {folder}: cannot be written ({fault.strerror}); check disk and rights") from fault
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _fill(folder: Path, bank: Bank) -> None:
    for kind in ALL_KINDS:
        with (folder / file_of(kind)).open("wb") as out:
            out.writelines(canonical(record) + b"\n" for record in bank.of(kind))
    manifest = Manifest(
        seed=bank.seed,
        profile=bank.profile,
        as_of=bank.as_of,
        customers=len(bank.customers),
        digest=bank.digest,
        rows={kind.__name__: len(bank.of(kind)) for kind in ALL_KINDS},
    )
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")


def read(folder: Path) -> Bank:
    """Read a bank from a folder; refuses bad rows and a bank that is not the one of its digest (``BankFileError``)."""
    manifest = _manifest(folder)
    records: dict[type[Record], tuple[Record, ...]] = {kind: _rows(folder / file_of(kind), kind) for kind in ALL_KINDS}
    for kind, found in records.items():
        wanted = manifest.rows.get(kind.__name__, 0)
        if len(found) != wanted:
            raise BankFileError(
                f"{file_of(kind)}: holds {len(found)} rows where {MANIFEST} says {wanted}; generate the bank again"
            )
    bank = Bank(seed=manifest.seed, profile=manifest.profile, as_of=manifest.as_of, records=MappingProxyType(records))
    if bank.digest != manifest.digest:
        raise BankFileError(
            f"{folder}: digest {bank.digest[:12]} is not {manifest.digest[:12]} of {MANIFEST}: "
            "a value was changed; generate the bank again"
        )
    return bank


def _manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        told = path.read_bytes()
        if _is_of_columns(told):
            raise BankFileError(
                f"folder {folder}: holds a bank in columns; `touchstone bank generate` without --format parquet makes "
                "what is poured"
            )
        return Manifest.model_validate_json(told)
    except OSError as fault:
        raise BankFileError(
            f"{path}: cannot be read ({fault.strerror}); point at a folder that `touchstone bank generate` wrote"
        ) from fault
    except ValidationError as fault:
        raise BankFileError(f"{path}: {_first(fault)}; generate the bank again") from fault


def _is_of_columns(manifest: bytes) -> bool:
    """Whether a manifest is that of a folder of Parquet (see ``folders.manifest``)."""
    return bool(re.search(rb'"format":\s*2\b', manifest[:80]))


def _rows(path: Path, kind: type[Record]) -> tuple[Record, ...]:
    reader: TypeAdapter[Record] = TypeAdapter(kind)
    names = frozenset(field.name for field in fields(kind))
    try:
        with path.open("rb") as lines:
            return tuple(_row(path.name, n, line, names, reader) for n, line in enumerate(lines, 1))
    except OSError as fault:
        raise BankFileError(f"{path}: cannot be read ({fault.strerror}); generate the bank again") from fault


def _row(file: str, number: int, line: bytes, names: frozenset[str], reader: TypeAdapter[Record]) -> Record:
    place = f"{file}:{number}"
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as fault:
        raise BankFileError(f"{place}: is no JSON ({fault.msg}); mend or remove the line") from fault
    if not isinstance(row, dict):
        raise BankFileError(f"{place}: {str(row)[:40]!r} is no record; mend or remove the line")
    for stranger in row.keys() - names:
        raise BankFileError(f"{place}: {stranger} = {row[stranger]!r}: no such field; remove it")
    try:
        return reader.validate_python(row)
    except ValidationError as fault:
        raise BankFileError(f"{place}: {_first(fault)}; mend that field") from fault


def _first(fault: ValidationError) -> str:
    told = fault.errors(include_url=False)[0]
    field = ".".join(map(str, told["loc"])) or "the file"
    value = "is missing" if told["type"] == "missing" else f"= {told['input']!r}"
    return f"{field} {value}: {told['msg']}"
