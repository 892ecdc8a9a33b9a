"""SOQL: as much of Salesforce's query language as a stand-in needs: where, group, order, limit, offset."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

_QUERY = re.compile(
    r"SELECT (?P<fields>.+?) FROM (?P<kind>\w+)(?: WHERE (?P<where>.+?))?(?: GROUP BY (?P<group>[\w.]+))?"
    r"(?: ORDER BY (?P<order>[\w.]+)(?P<down> DESC)?)?(?: LIMIT (?P<limit>\d+))?(?: OFFSET (?P<offset>\d+))?",
)
_CONDITION = re.compile(r"([\w.]+) (=|>=|<=|>|<|LIKE) ('(?:[^'\\]|\\.)*'|[^\s']+)(?: AND |$)")
#: What the documents allow at most.
DEEPEST = 2000


class SoqlError(ValueError):
    """A query that is not understood, or asks for more than is allowed."""


def rows_of(asked: str, table: Callable[[str], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return the rows that a query asks for; ``table`` gives all rows of an object. Raises SoqlError."""
    told = _QUERY.fullmatch(asked)
    if told is None:
        raise SoqlError(f"unexpected token in {asked[:80]}")
    tests = _tests(told["where"] or "")
    found = [row for row in table(told["kind"]) if all(test(row) for test in tests)]
    if told["group"]:
        counted = Counter(_value(row, told["group"]) for row in found)
        return [{"word": word, "n": many} for word, many in counted.items()]
    if told["order"]:
        found.sort(key=lambda row: (_value(row, told["order"]) is not None, _value(row, told["order"])))
        if told["down"]:
            found.reverse()
    start = int(told["offset"] or 0)
    if start > DEEPEST:
        raise SoqlError("Maximum SOQL offset allowed is 2000")
    found = found[start : start + int(told["limit"])] if told["limit"] else found[start:]
    return [_picked(row, told["fields"].split(", ")) for row in found]


def _tests(where: str) -> list[Callable[[Mapping[str, Any]], bool]]:
    parts = list(_CONDITION.finditer(where))
    if sum(len(one[0]) for one in parts) != len(where):
        raise SoqlError(f"unexpected token in {where[:80]}")
    return [_test(one[1], one[2], one[3]) for one in parts]


def _test(field: str, operator: str, literal: str) -> Callable[[Mapping[str, Any]], bool]:
    if operator == "LIKE":
        words = re.split(r"(\\.|%|_)", literal[1:-1])
        pattern = re.compile("".join(_like(word) for word in words), re.IGNORECASE)
        return lambda row: pattern.fullmatch(str(_value(row, field) or "")) is not None
    wanted = _read(literal)
    if operator == "=":
        return lambda row: bool(_value(row, field) == wanted)
    way = operator[0] == ">"
    equal = operator.endswith("=")

    def compared(row: Mapping[str, Any]) -> bool:
        value = _value(row, field)
        return value is not None and bool((value > wanted if way else value < wanted) or (equal and value == wanted))

    return compared


def _like(word: str) -> str:
    if word in ("%", "_"):
        return ".*" if word == "%" else "."
    return re.escape(word[1] if len(word) == 2 and word[0] == "\\" else word)


def _read(literal: str) -> object:
    if literal.startswith("'"):
        return re.sub(r"\\(.)", r"\1", literal[1:-1])
    if literal in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[literal]
    return float(literal) if re.fullmatch(r"-?\d+(\.\d+)?", literal) else literal


def _value(row: Mapping[str, Any], path: str) -> Any:
    stem, _, rest = path.partition(".")
    value = row.get(stem)
    return value if not rest else value.get(rest) if isinstance(value, dict) else None


def _picked(row: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    stems = dict.fromkeys(name.partition(".")[0] for name in names)
    return {"attributes": row.get("attributes"), **{stem: row.get(stem) for stem in stems}}
