"""OData: the part of the query language that the documents of Dataverse show, over plain rows."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

#: Records over which the product groups, at most (query/aggregate-data).
AGGREGATED = 50_000
Row = Mapping[str, Any]
R = TypeVar("R", bound=Row)
_TEXT = r"'(?:[^']|'')*'"
_TERM = re.compile(
    rf"(?:contains\((?P<within>[\w/]+),(?P<part>{_TEXT})\)|(?P<field>[\w/]+) (?P<way>eq|gt|lt|ge|le) "
    rf"(?P<value>{_TEXT}|[^\s']+))(?: and |$)"
)
_APPLY = re.compile(r"groupby\(\((?P<by>\w+)\),aggregate\(\$count as (?P<name>\w+)\)\)")


class ODataError(ValueError):
    """A query that the documents do not describe."""


def matching(asked: str) -> Callable[[Row], bool]:
    """Return whether a row meets a ``$filter``: comparisons and ``contains``, joined by ``and``; raises ODataError."""
    terms = list(_TERM.finditer(asked))
    if sum(len(one[0]) for one in terms) != len(asked):
        raise ODataError(f"Syntax error in $filter: {asked[:80]}")
    tests = [_test(one) for one in terms]
    return lambda row: all(test(row) for test in tests)


def ordered(rows: Sequence[R], asked: str) -> list[R]:
    """Return rows in the order of an ``$orderby`` of one column; what is empty comes first, as in the product."""
    field, _, way = asked.partition(" ")
    return sorted(rows, key=lambda row: _sortable(value_of(row, field)), reverse=way == "desc")


def grouped(rows: Sequence[Row], asked: str) -> list[dict[str, Any]]:
    """Return rows counted by a column, as ``$apply`` gives them; raises ODataError."""
    if (found := _APPLY.fullmatch(asked)) is None:
        raise ODataError(f"Syntax error in $apply: {asked[:80]}")
    counted = Counter(value_of(row, found["by"]) for row in rows)
    return [{found["by"]: value, found["name"]: many} for value, many in counted.items()]


def value_of(row: Row, path: str) -> Any:
    """Return a column, or a column behind a lookup (``customerid_contact/bank_number``)."""
    stem, slash, field = path.partition("/")
    value = row.get(stem)
    return value if not slash else value.get(field) if isinstance(value, Mapping) else None


def text_of(literal: str) -> str:
    """Return the text of a quoted literal."""
    return literal[1:-1].replace("''", "'")


def _test(term: re.Match[str]) -> Callable[[Row], bool]:
    if term["within"]:
        field, part = term["within"], text_of(term["part"]).lower()
        return lambda row: part in str(value_of(row, field) or "").lower()
    field, way, wanted = term["field"], term["way"], _literal(term["value"])

    def compared(row: Row) -> bool:
        value = value_of(row, field)
        own = value.lower() if isinstance(value, str) else value
        if own is None or wanted is None:
            return way == "eq" and own is wanted
        return bool(_WAYS[way](own, wanted))

    return compared


def _literal(told: str) -> Any:
    if told.startswith("'"):
        return text_of(told).lower()
    if told in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[told]
    return float(told) if re.fullmatch(r"-?\d+(\.\d+)?", told) else told.lower()


def _sortable(value: Any) -> tuple[bool, Any]:
    return value is not None, value.lower() if isinstance(value, str) else value


_WAYS: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": lambda a, b: a == b,
    "gt": lambda a, b: a > b,
    "lt": lambda a, b: a < b,
    "ge": lambda a, b: a >= b,
    "le": lambda a, b: a <= b,
}
