"""Story: what a bank in columns knows of one customer, in the order of time."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import NamedTuple

import pyarrow.compute as pc
import pyarrow.parquet as pq

from synthetic_data.columns import CELL
from synthetic_data.folders.manifest import file_of
from synthetic_data.folders.reading import BankFolder

#: The lanes of a story, from the top.
LANES = ("life", "contacts", "service", "sales", "papers", "money_in", "money_out")
#: Most customers that a search tells.
MOST_FOUND = 20
Row = Mapping[str, object]


class StoryError(ValueError):
    """A customer that cannot be told of; the text names them and the remedy."""


class Moment(NamedTuple):
    """Something that happened: when, in which lane, what kind (a key of the words), details, and money if any."""

    at: datetime
    lane: str
    kind: str
    details: tuple[str, ...] = ()
    amount: Decimal | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A customer, what they hold, and everything that happened, the oldest first."""

    customer: Row
    accounts: tuple[Row, ...]
    moments: tuple[Moment, ...]


def found(bank: BankFolder, asked: str, most: int = MOST_FOUND) -> tuple[Row, ...]:
    """Return customers by number (C00000001, or 1) or by a part of the name, in their order."""
    wanted = asked.strip()
    if not wanted:
        return ()
    if number := re.fullmatch(r"[Cc]?0*(\d{1,8})", wanted):
        row = _customer(bank, f"C{int(number[1]):08d}")
        return (row,) if row else ()
    hits: list[Row] = []
    columns = ["number", "name", "latin_name", "tier", "state", "birth_date"]
    for piece in bank.pieces("customers", columns):
        like = pc.or_(*(pc.match_substring(piece.column(name), wanted, ignore_case=True) for name in columns[1:3]))
        hits += piece.filter(like).slice(0, most - len(hits)).to_pylist()
        if len(hits) >= most:
            break
    return tuple(hits)


def story(bank: BankFolder, number: str) -> Story:
    """Return a customer's story; raises ``StoryError`` when the bank has no customer of that number."""
    customer = _customer(bank, number)
    if customer is None:
        raise StoryError(f"customer {number}: is not in {bank.path.name}; it has {bank.manifest.customers:,} customers")
    moments = [moment for table, tell in TELLERS.items() for row in _rows(bank, table, number) for moment in tell(row)]
    return Story(
        customer=customer,
        accounts=tuple(_rows(bank, "accounts", number)),
        moments=tuple(sorted([*_stay(customer), *moments], key=lambda moment: moment.at)),
    )


def _customer(bank: BankFolder, number: str) -> Row | None:
    return next(iter(_rows(bank, "customers", number, key="number")), None)


def _rows(bank: BankFolder, table: str, number: str, key: str = "customer") -> list[Row]:
    """The rows of a table that belong to a customer: they rest in one partition, which the number tells."""
    digits = number.removeprefix("C")
    part = (int(digits) - 1) // (bank.manifest.cells * CELL) if digits.isdecimal() else -1
    path = file_of(bank.path, table, part)
    if part < 0 or table not in bank.tables or not path.is_file():
        return []
    rows: list[Row] = pq.read_table(path, filters=[(key, "==", number)]).to_pylist()
    return rows


# -- what each table tells -------------------------------------------------------------------------------------------
def _stay(customer: Row) -> Iterator[Moment]:
    yield Moment(_at(customer["since"]), "life", "joined")
    if customer.get("closed_on"):
        yield Moment(_at(customer["closed_on"]), "life", "left")


def _life(row: Row) -> Iterator[Moment]:
    yield Moment(_at(row["happened"]), "life", f"life_{row['kind']}")


def _membership(row: Row) -> Iterator[Moment]:
    yield Moment(_at(row["since"]), "life", "household", (str(row["role"]),))
    if row["until"]:
        yield Moment(_at(row["until"]), "life", "household_left", (str(row["role"]),))


def _interaction(row: Row) -> Iterator[Moment]:
    kind = "contact_out" if row["direction"] == "out" else "contact_in"
    yield Moment(_at(row["at"]), "contacts", kind, (str(row["channel"]),), text=str(row["subject"]))


def _message(row: Row) -> Iterator[Moment]:
    yield Moment(_at(row["at"]), "contacts", "message", (str(row["channel"]),), text=str(row["text"]))


def _ticket(row: Row) -> Iterator[Moment]:
    kind = "complaint" if row["complaint"] else "ticket"
    details = (str(row["severity"]), str(row["status"]))
    yield Moment(_at(row["opened_at"]), "service", kind, details, text=str(row["subject"]))


def _opportunity(row: Row) -> Iterator[Moment]:
    yield Moment(_at(row["opened"]), "sales", "opportunity", (str(row["product"]), str(row["stage"])), _money(row))


def _order(row: Row) -> Iterator[Moment]:
    yield Moment(_at(row["at"]), "sales", "order", (str(row["route"]),), _money(row), text=str(row["product"]))


def _consent(row: Row) -> Iterator[Moment]:
    kind = "consent_yes" if row["granted"] else "consent_no"
    yield Moment(_at(row["at"]), "papers", kind, (str(row["purpose"]), str(row["channel"])))


def _assessment(row: Row) -> Iterator[Moment]:
    yield Moment(_at(row["at"]), "papers", "assessment", (str(row["level"]),))


def _kyc(row: Row) -> Iterator[Moment]:
    yield Moment(_at(row["verified_on"]), "papers", "kyc", (str(row["level"]),))


def _payment(row: Row) -> Iterator[Moment]:
    amount = _money(row)
    lane = "money_out" if amount is not None and amount < 0 else "money_in"
    details = (str(row["channel"]), *([str(row["category"])] if row["category"] else []))
    yield Moment(_at(row["at"]), lane, f"move_{row['kind']}", details, amount, text=str(row["account"]))


TELLERS: Mapping[str, Callable[[Row], Iterator[Moment]]] = {
    "life_events": _life,
    "memberships": _membership,
    "interactions": _interaction,
    "messages": _message,
    "tickets": _ticket,
    "opportunities": _opportunity,
    "orders": _order,
    "consents": _consent,
    "suitability_assessments": _assessment,
    "kyc_files": _kyc,
    "transactions": _payment,
}


def _at(told: object) -> datetime:
    if isinstance(told, datetime):
        return told if told.tzinfo else told.replace(tzinfo=UTC)
    if isinstance(told, date):
        return datetime.combine(told, time(12), UTC)
    raise StoryError(f"time {told!r}: is none; verify the bank with `touchstone bank verify`")


def _money(row: Row) -> Decimal | None:
    amount = row["amount"]
    return amount if isinstance(amount, Decimal) else None
