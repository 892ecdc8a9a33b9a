"""Rows: what a HubSpot account keeps: objects with properties, their versions, and an index that lags behind."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any
from uuid import UUID, uuid5

from poc.lab.standins.serving import Said

NAMESPACE = UUID("8c2f6a2e-5a7c-4f6b-9a55-0f1f4c8d7a10")
#: The property that this account's administrator made unique on every object, and the product's own of a contact.
KEY, ADDRESS = "bank_number", "email"
PAGE, SEARCHED, DEEPEST = 100, 200, 10_000
#: Properties that are compared as numbers; what else is compared is text, days and moments in their written form.
NUMBERS = frozenset({"hs_object_id", "amount", "bank_monthly_income", "bank_balance", "bank_value", "bank_units"})


class No(Exception):
    """A refusal in the documented form: a status line, and a body of which every field may be missing."""

    def __init__(self, code: int, *, message: str, field: str = "", reason: str = "", **more: str) -> None:
        """Say no; ``field`` and ``reason`` become the single error within."""
        super().__init__(message)
        self.context = {"propertyName": [field]} if field else {}
        errors = [{"message": message, "code": reason, "context": self.context}] if reason else []
        trace = str(uuid5(NAMESPACE, message))
        self.told = {"status": "error", "message": message, "correlationId": trace, "errors": errors, **more}
        self.said = Said(status=code, told=self.told)


class Rows:
    """All objects by kind; ``lag`` seconds pass until a search sees a change."""

    def __init__(self, lag: float) -> None:
        """Begin with none."""
        self.lag, self.given = lag, 0
        self.of: dict[str, dict[str, dict[str, Any]]] = {}
        self.unique: dict[tuple[str, str, str], str] = {}

    def one(self, kind: str, number: str, by: str) -> dict[str, Any]:
        """Return an object by its id, or by a unique property."""
        if by not in ("", KEY):
            raise No(400, category="VALIDATION_ERROR", message=f"{by} is not a unique property")
        table = self.of.get(kind, {})
        row = self._keyed(kind, number) if by else table.get(number)
        if row is None:
            raise No(
                404, category="OBJECT_NOT_FOUND", message=f"Object not found.  objectId is usually numeric: {number}"
            )
        return row

    def create(self, kind: str, told: Mapping[str, Any], at: str) -> dict[str, Any]:
        """Put an object on file."""
        new = told["properties"]
        if (twin := self._keyed(kind, new.get(KEY))) is not None:
            words = f"{twin['id']} already has that value."
            raise No(400, message=words, field=KEY, reason="CONFLICTING_UNIQUE_VALUE", category="VALIDATION_ERROR")
        self._checked(kind, new, "")
        for one in told.get("associations") or ():
            self.one("contacts", str(one["to"]["id"]), "")
        self.given += 1
        number = str(100_000 + self.given)
        row: dict[str, Any] = {"id": number, "createdAt": at, "updatedAt": at, "archived": False}
        row |= {"now": {}, "versions": {}}
        self.of.setdefault(kind, {})[number] = row
        self._write(kind, row, {**new, "hs_object_id": number, "createdate": at}, at)
        return self.shown(row, {})

    def update(self, kind: str, row: dict[str, Any], told: Mapping[str, Any], at: str) -> dict[str, Any]:
        """Change properties."""
        self._checked(kind, told["properties"], row["id"])
        self._write(kind, row, told["properties"], at)
        return self.shown(row, {})

    def upsert(self, kind: str, told: Mapping[str, Any], at: str) -> dict[str, Any]:
        """Change the object with a unique value, or create it."""
        if (row := self._keyed(kind, told["id"])) is not None:
            return {**self.update(kind, row, told, at), "new": False}
        return {**self.create(kind, told, at), "new": True}

    def merge(self, kind: str, told: Mapping[str, Any], at: str) -> dict[str, Any]:
        """Make one of two: what the first lacks it takes from the second, which is archived."""
        first, second = self.one(kind, told["primaryObjectId"], ""), self.one(kind, told["objectIdToMerge"], "")
        own = first["now"]
        gained = {name: value for name, value in second["now"].items() if not own.get(name) and name != KEY}
        self.archive(kind, second["id"])
        self._write(kind, first, gained, at)
        return self.shown(first, {})

    def archive(self, kind: str, number: str) -> None:
        """Take an object off file; an id that nobody has is a yes."""
        row = self.of.get(kind, {}).pop(number, None) or {"now": {}}
        for name in (KEY, ADDRESS):
            self.unique.pop((kind, name, row["now"].get(name, "")), None)

    def page(self, kind: str, asked: Mapping[str, str]) -> dict[str, Any]:
        """Return a page of the list, in the order of ids."""
        limit, after = int(asked.get("limit", 10)), asked.get("after", "")
        if not 0 < limit <= PAGE:
            raise No(400, category="VALIDATION_ERROR", message=f"Requested limit {limit}; it must be at most {PAGE}")
        found = [row for number, row in self.of.get(kind, {}).items() if not after or int(number) >= int(after)]
        told: dict[str, Any] = {"results": [self.shown(row, asked) for row in found[:limit]]}
        return told | ({"paging": {"next": {"after": found[limit]["id"]}}} if len(found) > limit else {})

    def search(self, kind: str, asked: Mapping[str, Any], now: float) -> dict[str, Any]:
        """Return a page of what the index sees: filters of a group must all hold, one group must."""
        start, limit = int(asked.get("after") or 0), int(asked.get("limit", 10))
        if not 0 < limit <= SEARCHED or start >= DEEPEST:
            raise No(400, category="VALIDATION_ERROR", message=f"limit is at most {SEARCHED}, after below {DEEPEST}")
        seen = ((row, self._seen(row, now)) for row in self.of.get(kind, {}).values())
        groups = [one["filters"] for one in asked.get("filterGroups") or ()]
        found = [(row, own) for row, own in seen if own and (not groups or any(_all(own, group) for group in groups))]
        for order in reversed(asked.get("sorts") or ()):
            name, down = order["propertyName"], order.get("direction") == "DESCENDING"
            found.sort(key=lambda each: (bool(each[1].get(name)), _typed(name, each[1].get(name))), reverse=down)
        names = {"properties": ",".join(asked.get("properties") or ())}
        rows = [self.shown(row, names, own) for row, own in found[start : start + limit]]
        told: dict[str, Any] = {"total": len(found), "results": rows}
        more = len(found) > start + limit
        return told | ({"paging": {"next": {"after": str(start + limit)}}} if more else {})

    def shown(
        self, row: Mapping[str, Any], asked: Mapping[str, str], seen: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Return an object with the properties that were asked for; what is empty or unknown is null."""
        whole = row["now"] if seen is None else seen
        names = [name for name in asked.get("properties", "").split(",") if name] or sorted(whole)
        told = {name: row[name] for name in ("id", "createdAt", "updatedAt", "archived")}
        told["properties"] = {name: whole.get(name) or None for name in (*names, "hs_object_id")}
        if past := asked.get("propertiesWithHistory"):
            told["propertiesWithHistory"] = {
                name: list(reversed(row["versions"][name])) for name in past.split(",") if name in row["versions"]
            }
        return told

    def _keyed(self, kind: str, number: object) -> dict[str, Any] | None:
        return self.of.get(kind, {}).get(self.unique.get((kind, KEY, str(number)), ""))

    def _checked(self, kind: str, new: Mapping[str, Any], own: str) -> None:
        """Refuse a second contact of an address, and an address that is none."""
        if kind != "contacts" or not (address := str(new.get(ADDRESS) or "")):
            return
        if "@" not in address:
            words = f"Email address {address} is invalid"
            raise No(400, message=words, field="email", reason="INVALID_EMAIL", category="VALIDATION_ERROR")
        if (known := self.unique.get((kind, ADDRESS, address), own)) != own:
            raise No(409, category="CONFLICT", message=f"Contact already exists. Existing ID: {known}")

    def _write(self, kind: str, row: dict[str, Any], new: Mapping[str, Any], at: str) -> None:
        row["updatedAt"] = at
        for name, value in {**new, "hs_lastmodifieddate": at}.items():
            text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            if name in (KEY, ADDRESS):
                self.unique.pop((kind, name, row["now"].get(name, "")), None)
                self.unique |= {(kind, name, text): row["id"]} if text else {}
            row["now"][name] = text
            versions = row["versions"].setdefault(name, [])
            if not versions or versions[-1]["value"] != text:
                versions.append({"value": text, "timestamp": at, "sourceType": "INTEGRATION", "sourceId": "standin"})

    def _seen(self, row: Mapping[str, Any], now: float) -> dict[str, str]:
        """Return the properties as the index has them: those that were written ``lag`` seconds ago."""
        if _seconds(row["updatedAt"]) + self.lag <= now:
            return dict(row["now"])
        shown: dict[str, str] = {}
        for name, versions in row["versions"].items():
            old = [one["value"] for one in versions if _seconds(one["timestamp"]) + self.lag <= now]
            if old:
                shown[name] = old[-1]
        return shown


def _seconds(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()


def _all(own: Mapping[str, str], filters: Sequence[Mapping[str, Any]]) -> bool:
    return all(_holds(own, one) for one in filters)


def _holds(own: Mapping[str, str], wanted: Mapping[str, Any]) -> bool:
    name, operator = wanted["propertyName"], wanted["operator"]
    if operator not in _COMPARE:
        raise No(400, category="VALIDATION_ERROR", message=f"Invalid operator {operator}")
    value = own.get(name)
    return bool(value) and _COMPARE[operator](_typed(name, value), _typed(name, str(wanted["value"])))


def _typed(name: str, value: str | None) -> Any:
    return float(value or 0) if name in NUMBERS else str(value or "")


def _tokens(text: str) -> Iterator[str]:
    yield text.lower()
    yield from text.lower().split()


_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "EQ": lambda a, b: bool(str(a).lower() == str(b).lower()),
    "NEQ": lambda a, b: bool(a != b),
    "GT": lambda a, b: bool(a > b),
    "LT": lambda a, b: bool(a < b),
    "GTE": lambda a, b: bool(a >= b),
    "LTE": lambda a, b: bool(a <= b),
    "CONTAINS_TOKEN": lambda a, b: any(fnmatchcase(token, str(b).lower()) for token in _tokens(str(a))),
}
