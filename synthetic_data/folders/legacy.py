"""Legacy: a bank as three old systems would dump it, defects included, and the sealed list of every defect.

``core_customers.dat``: fixed width in bytes of GB 18030, as a core system writes it; ``core_customers.layout.csv``
tells where each field stands. ``loan_office_accounts.csv``: semicolons, decimal commas and days as dd.mm.yyyy, in UTF-8
but for some lines. ``marketing_sheet.csv``: what a spreadsheet made of a list of customers.
"""

import io
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from synthetic_data.chance import Chance
from synthetic_data.figures import Share
from synthetic_data.folders.faults import FolderError
from synthetic_data.folders.reading import BankFolder
from synthetic_data.folders.spoiling import Defect, Row, spoil
from synthetic_data.folders.vault import Lock, Opener, seal_tables

#: Customers whose rows are dumped unless a caller says otherwise.
CUSTOMERS = 10_000
#: What the sealed list is bound to.
NAME = "legacy"
#: The fields of the core system and how many bytes each takes.
CORE = {
    "cust_no": 9, "name": 48, "id_no": 18, "birth": 8, "sex": 1, "mobile": 16, "branch": 4, "opened": 8, "address": 96
}  # fmt: skip


class Dumped(NamedTuple):
    """Three dumps on disk: rows of each file, and how many defects there are of each kind is in the sealed list."""

    folder: Path
    sealed: Path
    rows: Mapping[str, int]
    defects: int


class _Dump(NamedTuple):
    name: str
    rows: Callable[[BankFolder, int], list[Row]]
    lines: Callable[[Iterable[Row]], Iterator[bytes]]


def dump(bank: BankFolder, out: Path, *, customers: int = CUSTOMERS) -> Dumped:
    """Write the three dumps of a bank's first customers to a new folder, and the list of defects beside it, sealed.

    The list opens with the two keys of the bank. Raises ``FolderError`` for a folder that exists, for a bank without
    truth or without customers and accounts; then nothing is left behind.
    """
    if customers < 1:
        raise FolderError(f"customers: {customers} is below 1; ask for one or more")
    if bank.manifest.lock is None:
        raise FolderError(f"folder {bank.path}: was grown without truth, so no list of defects can be sealed")
    sealed = out.with_name(f"{out.name}.truth")
    for taken in (out, sealed):
        if taken.exists():
            raise FolderError(f"'{taken}' exists already; choose another with --out, or move it away")
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        rows, defects = _written(bank, draft, customers)
        seal_tables({"defects": _parquet(defects)}, NAME, Lock.parse(bank.manifest.lock), draft / "sealed")
        (draft / "sealed").rename(sealed)
        draft.chmod(0o755)
        draft.rename(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Dumped(out, sealed, rows, len(defects))


def defects_of(sealed: Path, keys: tuple[bytes, bytes]) -> pa.Table:
    """Open the list of defects: file, row, field, kind, and what would be right."""
    return Opener(keys).tables(sealed, NAME)["defects"]


def _written(bank: BankFolder, draft: Path, customers: int) -> tuple[dict[str, int], list[Defect]]:
    found: list[Defect] = []
    rows: dict[str, int] = {}
    for each in DUMPS:
        clean = each.rows(bank, customers)
        chance = Chance(bank.manifest.seed, 0, "legacy", each.name)
        shares = shares_of(each.name.partition(".")[0])
        made, defects = spoil(each.name, clean, {kind: share.value for kind, share in shares.items()}, chance)
        with (draft / each.name).open("wb") as file:
            file.writelines(each.lines(made))
        rows[each.name] = len(made)
        found += defects
    starts = [1 + sum(list(CORE.values())[:nth]) for nth in range(len(CORE))]
    layout = [f"{name},{start},{width}\r\n" for (name, width), start in zip(CORE.items(), starts, strict=True)]
    (draft / "core_customers.layout.csv").write_text("field,first byte,bytes\r\n" + "".join(layout), newline="")
    return rows, found


def _parquet(defects: list[Defect]) -> bytes:
    columns = zip(*defects, strict=True) if defects else ([] for _ in Defect._fields)
    sink = io.BytesIO()
    pq.write_table(pa.table(dict(zip(Defect._fields, map(list, columns), strict=True))), sink)
    return sink.getvalue()


@cache
def shares_of(dump: str) -> dict[str, Share]:
    """The share of rows that have each kind of defect in a dump."""
    text = resources.files("synthetic_data").joinpath("folders", "legacy.toml").read_text(encoding="utf-8")
    try:
        return TypeAdapter(dict[str, dict[str, Share]]).validate_python(tomllib.loads(text))[dump]
    except ValidationError as fault:
        raise FolderError(f"legacy.toml: {fault.errors()[0]['loc']}: {fault.errors()[0]['msg']}") from fault


def _people(bank: BankFolder, customers: int) -> Iterator[dict[str, object]]:
    left = customers
    for piece in bank.pieces("customers"):
        yield from piece.slice(0, left).to_pylist()
        left -= piece.num_rows
        if left <= 0:
            return


def _core(bank: BankFolder, customers: int) -> list[Row]:
    return [
        {
            "cust_no": str(who["number"]),
            "name": str(who["name"]),
            "id_no": str(who["national_id"]),
            "birth": f"{_day(who['birth_date']):%Y%m%d}",
            "sex": "1" if who["gender"] == "M" else "2",
            "mobile": str(who["mobile"]),
            "branch": str(who["branch"]),
            "opened": f"{_day(who['since']):%Y%m%d}",
            "address": str(who["address"]),
        }
        for who in _people(bank, customers)
    ]


def _core_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    for row in rows:
        yield b"".join(_padded(row[field], width) for field, width in CORE.items()) + b"\r\n"


def _padded(text: str, width: int) -> bytes:
    """A text in so many bytes; one that is longer loses its last characters, whole ones."""
    while len(raw := text.encode("gb18030")) > width:
        text = text[:-1]
    return raw.ljust(width)


def _accounts(bank: BankFolder, customers: int) -> list[Row]:
    names = {str(who["number"]): str(who["name"]) for who in _people(bank, customers)}
    rows: list[Row] = []
    for piece in bank.pieces("accounts"):
        for one in piece.to_pylist():
            if one["customer"] not in names:
                return rows
            rows.append(
                {
                    "acct_no": one["number"],
                    "cust_no": one["customer"],
                    "holder": names[one["customer"]],
                    "product": one["product"],
                    "currency": one["currency"],
                    "balance": _comma(one["balance"]),
                    "opened": f"{_day(one['opened']):%d.%m.%Y}",
                    "closed": f"{_day(one['closed']):%d.%m.%Y}" if one["closed"] else "",
                }
            )
    return rows


def _account_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    yield b"acct_no;cust_no;holder;product;currency;balance;opened;closed\n"
    for row in rows:
        yield (";".join(text for field, text in row.items() if field) + "\n").encode(row.get("", "utf-8"))


def _sheet(bank: BankFolder, customers: int) -> list[Row]:
    return [
        {
            "customer no": str(who["number"]),
            "name": str(who["name"]),
            "card": str(who["card_number"]),
            "mobile": str(who["mobile"]),
            "customer since": _day(who["since"]).isoformat(),
            "address": str(who["address"]),
            "tier": str(who["tier"]),
        }
        for who in _people(bank, customers)
    ]


def _sheet_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbfcustomer no,name,card,mobile,customer since,address,tier\r\n"
    for row in rows:
        bare = "" in row
        cells = (text if bare else _quoted(text) for field, text in row.items() if field)
        yield (",".join(cells) + "\r\n").encode()


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text


def _comma(amount: Decimal) -> str:
    return str(amount).replace(".", ",")


def _day(value: object) -> date:
    assert isinstance(value, date)
    return value


#: The three dumps.
DUMPS = (
    _Dump("core_customers.dat", _core, _core_lines),
    _Dump("loan_office_accounts.csv", _accounts, _account_lines),
    _Dump("marketing_sheet.csv", _sheet, _sheet_lines),
)
