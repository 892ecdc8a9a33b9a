"""Fxiaoke: a stand-in for 纷享销客's Open API v2 as its public documents describe it, read in 2026."""

import time
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any
from uuid import UUID

import orjson

from loadtests.contracts.published import Allowance, contract
from poc.lab.standins.quota import Quota
from poc.lab.standins.serving import Asked, Said

#: The published contract whose quotas it keeps; a token lives for two hours and has a gate of its own.
CONTRACT, TOKEN_SECONDS = "fxiaoke", 7200.0
GRANT, TOKEN = "/oauth2.0/token", ".token"
_OBJECTS = frozenset({"AccountObj", "ContactObj", "NewOpportunityObj", "CasesObj", "ActiveRecordObj"})
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "EQ": lambda a, b: a == b,
    "LIKE": lambda a, b: a is not None and str(b) in str(a),
    "GT": lambda a, b: a is not None and a > b,
    "LT": lambda a, b: a is not None and a < b,
    "GTE": lambda a, b: a is not None and a >= b,
    "LTE": lambda a, b: a is not None and a <= b,
}


class _No(Exception):
    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


class Fxiaoke:
    """Every answer is a 200; what is wrong stands in errorCode. ``credentials`` are appId, appSecret, permanentCode."""

    def __init__(
        self,
        credentials: tuple[str, str, str],
        employees: frozenset[str],
        *,
        limits: Sequence[Allowance] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Open an empty tenant that bought one pack; ``limits`` are the published, ``now`` gives seconds since 1970."""
        self.credentials, self.employees, self.now = credentials, employees, now
        known = contract(CONTRACT).limits if limits is None else limits
        self.quota = Quota([one for one in known if one.only != TOKEN])
        self.grants = Quota([one for one in known if one.only == TOKEN])
        self.rows: dict[str, dict[str, dict[str, Any]]] = {}
        self.tokens: dict[str, float] = {}
        self.traces: set[str] = set()
        self.lock = Lock()

    def answer(self, asked: Asked) -> Said:
        """Answer 200, whatever happened."""
        with self.lock:
            trace = f"E-O.standin.{len(self.traces)}"
            try:
                told = self._told(asked)
            except _No as no:
                return Said(told={"errorCode": no.code, "errorMessage": no.words, "traceId": trace})
        return Said(
            told={"errorCode": 0, "errorMessage": "OK", "errorDescription": "success", "traceId": trace, **told}
        )

    def _told(self, asked: Asked) -> dict[str, object]:
        self._traced(asked.query.get("thirdTraceId", ""))
        told = _read(asked)
        if asked.path == GRANT:
            return self._granted(told)
        self._admit(asked)
        return self._done(asked.path, told.get("data") or {})

    def _traced(self, trace: str) -> None:
        try:
            fresh = UUID(trace).version == 4 and trace not in self.traces
        except ValueError:
            fresh = False
        if not fresh:
            raise _No(15002, "thirdTraceId must be a UUID of version 4 that was not used before")
        self.traces.add(trace)

    def _granted(self, told: Mapping[str, Any]) -> dict[str, object]:
        if self.grants.turns_away(self.now(), interface=TOKEN):
            raise _No(14001, "接口调用超过限制")
        given = (told.get("appId"), told.get("appSecret"), told.get("permanentCode"))
        if given[:2] != self.credentials[:2]:
            raise _No(20006, "appId或appSecret错误")
        if given != self.credentials:
            raise _No(20015, "永久授权码错误")
        token = f"{len(self.traces):08d}FXTOKEN"
        self.tokens[token] = self.now() + TOKEN_SECONDS
        return {"accessToken": token, "expiresIn": int(TOKEN_SECONDS), "ea": "standin", "appId": given[0]}

    def _admit(self, asked: Asked) -> None:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if self.tokens.get(token, 0.0) <= self.now() or asked.headers.get("x-fs-ea") != "standin":
            raise _No(20016, "the cropId,cropAccessToken or authorization is error")
        user = asked.headers.get("x-fs-userid", "")
        if user not in self.employees:
            raise _No(30027, "员工不存在")
        if no := self.quota.turns_away(self.now(), interface=asked.path, user=user):
            raise _No(30002, "当天访问频次超限") if no.allowance.kind == "day" else _No(14001, "接口调用超过限制")

    def _done(self, path: str, data: Mapping[str, Any]) -> dict[str, object]:
        acts = {"create": self._create, "get": self._get, "query": self._query, "update": self._update}
        acts |= {"invalid": self._invalid, "delete": self._delete}
        stem, _, act = path.rpartition("/")
        custom = stem == "/cgi/crm/custom/v2/data"
        if act not in acts or not (custom or stem == "/cgi/crm/v2/data"):
            raise _No(10006, f"the request uri=[{path}], apiName=[null] is not exists")
        name = str((data.get("object_data") or data).get("dataObjectApiName", ""))
        if custom != name.endswith("__c") or not (custom or name in _OBJECTS):
            raise _No(15002, f"参数不合法 dataObjectApiName={name}")
        return acts[act](self.rows.setdefault(name, {}), data)

    def _create(self, table: dict[str, dict[str, Any]], data: Mapping[str, Any]) -> dict[str, object]:
        number = f"{len(table) + 1:024x}"
        moment = round(self.now() * 1000)
        own = {"_id": number, "version": "1", "life_status": "normal", "create_time": moment}
        table[number] = {**data["object_data"], **own, "last_modified_time": moment}
        return {"dataId": number}

    def _get(self, table: dict[str, dict[str, Any]], data: Mapping[str, Any]) -> dict[str, object]:
        return {"data": _one(table, data.get("objectDataId"))}

    def _query(self, table: dict[str, dict[str, Any]], data: Mapping[str, Any]) -> dict[str, object]:
        asked = data.get("search_query_info") or {}
        offset, limit = int(asked.get("offset", 0)), int(asked.get("limit", 20))
        if offset > 10_000:
            raise _No(10013, "offset out of range 10000")
        if not 0 < limit <= 100:
            raise _No(32000, "limit")
        found = [row for row in table.values() if all(_meets(row, one) for one in asked.get("filters", ()))]
        for order in reversed(asked.get("orders", ())):
            name = order["fieldName"]
            found.sort(key=lambda row: (row.get(name) is not None, row.get(name)), reverse=not order["isAsc"])
        total = len(found) if data.get("find_explicit_total_num") else 0
        page = found[offset : offset + limit]
        return {"data": {"dataList": page, "offset": offset, "limit": limit, "total": total}}

    def _update(self, table: dict[str, dict[str, Any]], data: Mapping[str, Any]) -> dict[str, object]:
        told = data["object_data"]
        row = _one(table, told.get("_id"))
        row.update(told, version=str(int(row["version"]) + 1), last_modified_time=round(self.now() * 1000))
        return {}

    def _invalid(self, table: dict[str, dict[str, Any]], data: Mapping[str, Any]) -> dict[str, object]:
        _one(table, data.get("object_data_id"))["life_status"] = "invalid"
        return {}

    def _delete(self, table: dict[str, dict[str, Any]], data: Mapping[str, Any]) -> dict[str, object]:
        for number in data.get("idList", ()):
            if _one(table, number)["life_status"] != "invalid":
                raise _No(32000, "只能删除已作废的数据")
        for number in data.get("idList", ()):
            del table[number]
        return {}


def _read(asked: Asked) -> dict[str, Any]:
    if asked.method != "POST" or not asked.body:
        raise _No(12004, "POST的数据包为空")
    told = orjson.loads(asked.body)
    if not isinstance(told, dict):
        raise _No(32000, "参数错误")
    return told


def _one(table: dict[str, dict[str, Any]], number: object) -> dict[str, Any]:
    if number not in table:
        raise _No(32000, f"数据不存在 {number}")
    return table[str(number)]


def _meets(row: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    return _COMPARE[wanted["operator"]](row.get(wanted["field_name"]), wanted["field_values"][0])
