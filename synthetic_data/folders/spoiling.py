"""Spoiling: the defects that old systems' dumps have, each planted into a row and written down."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from synthetic_data.chance import Chance

Row = dict[str, str]

#: What clerks key when a number is not known.
PLACEHOLDER = "13800000000"
_CHECKS = "0123456789X"
#: The day before the first that spreadsheets count, their leap day of 1900 included.
_SHEETS_BEGAN = date(1899, 12, 30).toordinal()


class Spoilt(NamedTuple):
    """What stands in place of a row: rows, of which the last bears the defect in a field; and the rows used up."""

    field: str
    rows: tuple[Row, ...]
    was: str
    used: int = 1


class Defect(NamedTuple):
    """A planted defect: in which row of a file (1 is the first), which field, what kind, and what would be right."""

    file: str
    row: int
    field: str
    kind: str
    was: str


#: Spoils a row, knowing the one after it (None for the last) and a share of luck; None where it cannot.
Spoil = Callable[[Row, Row | None, float], Spoilt | None]


def spoil(
    file: str, rows: Sequence[Row], shares: Mapping[str, float], chance: Chance
) -> tuple[list[Row], list[Defect]]:
    """Return the rows with defects planted at their shares, and the list of them; a row has one at most."""
    kinds = (*shares, "")
    picked = chance.pick([*shares.values(), max(1e-12, 1 - sum(shares.values()))], len(rows)).tolist()
    luck = chance.shares(len(rows)).tolist()
    made: list[Row] = []
    defects: list[Defect] = []
    at = 0
    while at < len(rows):
        kind = kinds[picked[at]]
        after = rows[at + 1] if at + 1 < len(rows) else None
        done = SPOILS[kind](rows[at], after, luck[at]) if kind else None
        if done is None:
            made.append(rows[at])
            at += 1
            continue
        made.extend(done.rows)
        defects.append(Defect(file, len(made), done.field, kind, done.was))
        at += done.used
    return made, defects


def _instead(row: Row, field: str, value: str) -> Spoilt | None:
    return None if value == row[field] else Spoilt(field, ({**row, field: value},), row[field])


def _check_digit(row: Row, after: Row | None, luck: float) -> Spoilt | None:
    number = row["id_no"]
    if len(number) != 18:
        return None
    others = [digit for digit in _CHECKS if digit != number[-1]]
    return _instead(row, "id_no", number[:-1] + others[int(luck * len(others))])


def _impossible_date(row: Row, after: Row | None, luck: float) -> Spoilt | None:
    field = "birth" if "birth" in row else "opened"
    told = row[field]
    return _instead(row, field, f"{told[:4]}0230" if "." not in told else f"31.02.{told[-4:]}")


def _truncated_name(row: Row, after: Row | None, luck: float) -> Spoilt | None:
    name = row["name"]
    return _instead(row, "name", name[: max(1, (len(name) + 1) // 2)].rstrip())


def _placeholder(row: Row, after: Row | None, luck: float) -> Spoilt | None:
    return _instead(row, "mobile", PLACEHOLDER)


def _duplicate_key(row: Row, after: Row | None, luck: float) -> Spoilt | None:
    again = {**row, "mobile": row["mobile"][:-4] + f"{int(luck * 10_000):04d}"}
    return None if again == row else Spoilt("cust_no", (row, again), row["mobile"])


def _orphan(row: Row, after: Row | None, luck: float) -> Spoilt | None:
    return _instead(row, "cust_no", f"C99{int(luck * 1_000_000):06d}")


def _mixed_units(row: Row, after: Row | None, luck: float) -> Spoilt | None:
    whole, _, cents = row["balance"].partition(",")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    padded = f"{digits}".zfill(5)
    return _instead(row, "balance", f"{sign}{padded[:-4]},{padded[-4:]}{cents}")


def _swapped_date(row: Row, after: Row | None, luck: float) -> Spoilt | None:
    day, month, year = row["opened"].split(".")
    return _instead(row, "opened", f"{month}.{day}.{year}") if int(day) <= 12 else None


def _wrong_encoding(row: Row, after: Row | None, luck: float) -> Spoilt | None:
    return None if row["holder"].isascii() else Spoilt("holder", ({**row, "": "gb18030"},), row["holder"])


def _lost_sign(row: Row, after: Row | None, luck: float) -> Spoilt | None:
    return _instead(row, "balance", row["balance"].lstrip("-"))


def _scientific(row: Row, after: Row | None, luck: float) -> Spoilt | None:
    return _instead(row, "card", f"{float(row['card']):.5E}") if row["card"].isdigit() else None


def _serial_date(row: Row, after: Row | None, luck: float) -> Spoilt | None:
    return _instead(row, "customer since", str(date.fromisoformat(row["customer since"]).toordinal() - _SHEETS_BEGAN))


def _merged_duplicates(row: Row, after: Row | None, luck: float) -> Spoilt | None:
    if after is None:
        return None
    both = {field: row[field] if row[field] == after[field] else f"{row[field]} / {after[field]}" for field in row}
    return Spoilt("customer no", (both,), f"{row['customer no']} {after['customer no']}", 2)


def _shifted_columns(row: Row, after: Row | None, luck: float) -> Spoilt | None:
    address = row["address"]
    middle = max(1, len(address) // 2)
    return Spoilt("address", ({**row, "address": f"{address[:middle]},{address[middle:]}", "": "bare"},), address)


#: How each kind of defect is planted.
SPOILS: Mapping[str, Spoil] = {
    "check_digit": _check_digit,
    "impossible_date": _impossible_date,
    "truncated_name": _truncated_name,
    "placeholder": _placeholder,
    "duplicate_key": _duplicate_key,
    "orphan": _orphan,
    "mixed_units": _mixed_units,
    "swapped_date": _swapped_date,
    "wrong_encoding": _wrong_encoding,
    "lost_sign": _lost_sign,
    "scientific": _scientific,
    "serial_date": _serial_date,
    "merged_duplicates": _merged_duplicates,
    "shifted_columns": _shifted_columns,
}


def count(defects: Iterable[Defect]) -> dict[str, int]:
    """How many defects of each kind there are."""
    found: dict[str, int] = {}
    for defect in defects:
        found[defect.kind] = found.get(defect.kind, 0) + 1
    return found
