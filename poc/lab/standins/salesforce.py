"""Salesforce: a stand-in for the REST API of Financial Services Cloud as its public documents describe it."""

import time
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, unquote

import orjson

from loadtests.contracts.published import Allowance, contract
from poc.lab.standins.quota import Quota
from poc.lab.standins.serving import Asked, Said
from poc.lab.standins.soql import SoqlError, rows_of

#: The published contract whose quotas it keeps, without further licences.
CONTRACT = "salesforce-enterprise"
DATA, SESSION_SECONDS, BATCH = "/services/data/v62.0", 7200.0, 2000
_KEY = "Number__c"


class _No(Exception):
    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.status, self.code = status, code


class Salesforce:
    """One organisation; ``app`` is the client id and secret of its connected app."""

    def __init__(
        self,
        app: tuple[str, str],
        *,
        limits: Sequence[Allowance] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Open an empty organisation; ``limits`` are the published, ``now`` gives seconds since 1970."""
        self.app, self.now = app, now
        self.quota = Quota(contract(CONTRACT).limits if limits is None else limits)
        self.rows: dict[str, dict[str, dict[str, Any]]] = {}
        self.sessions: dict[str, float] = {}
        self.given = 0
        self.lock = Lock()

    def answer(self, asked: Asked) -> Said:
        """Answer with the documented status, body and usage."""
        with self.lock:
            try:
                said = self._token(asked) if asked.path == "/services/oauth2/token" else self._data(asked)
            except _No as no:
                told = [{"message": str(no), "errorCode": no.code}]
                said = Said(status=no.status, told=told)
            usage = {"sforce-limit-info": f"api-usage={self.quota.used}/{self.quota.size('window')}"}
        return Said(status=said.status, told=said.told, headers={**usage, **said.headers})

    def _token(self, asked: Asked) -> Said:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        if (form.get("client_id"), form.get("client_secret")) != self.app:
            return Said(status=400, told={"error": "invalid_client", "error_description": "invalid client credentials"})
        self.given += 1
        token = f"00Dstandin!{self.given:024d}"
        self.sessions[token] = self.now() + SESSION_SECONDS
        return Said(told={"access_token": token, "token_type": "Bearer", "issued_at": str(round(self.now() * 1000))})

    def _data(self, asked: Asked) -> Said:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if self.sessions.get(token, 0.0) <= self.now():
            raise _No(401, "INVALID_SESSION_ID", "Session expired or invalid")
        if self.quota.turns_away(self.now(), interface=asked.path, user=token):
            raise _No(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        self.sessions[token] = self.now() + SESSION_SECONDS
        parts = [unquote(part) for part in asked.path.removeprefix(DATA).strip("/").split("/")]
        match asked.method, parts:
            case "GET", ["query"]:
                return self._query(asked.query.get("q", ""))
            case "POST", ["sobjects", kind]:
                return self._create(kind, orjson.loads(asked.body))
            case "PATCH", ["composite", "sobjects", kind, name] if name == _KEY:
                return Said(told=[self._upserted(kind, one) for one in orjson.loads(asked.body)["records"]])
            case method, ["sobjects", kind, *where] if len(where) in (1, 2):
                return self._row(method, kind, self._found(kind, where), asked)
        raise _No(404, "NOT_FOUND", "The requested resource does not exist")

    def _query(self, asked: str) -> Said:
        try:
            found = rows_of(asked, lambda kind: list(self.rows.get(kind, {}).values()))
        except SoqlError as error:
            raise _No(400, "MALFORMED_QUERY", str(error)) from None
        return Said(told={"totalSize": len(found), "done": True, "records": found[:BATCH]})

    def _create(self, kind: str, told: dict[str, Any]) -> Said:
        if (twin := self._numbered(kind, told.get(_KEY))) is not None:
            words = f"duplicate value found: {_KEY} duplicates value on record with id: {twin['Id']}"
            raise _No(400, "DUPLICATE_VALUE", words)
        table = self.rows.setdefault(kind, {})
        self.given += 1
        number = f"001{self.given:012d}AAA"
        table[number] = {"attributes": {"type": kind}, "Id": number, **self._linked(told)}
        return Said(status=201, told={"id": number, "success": True, "errors": []})

    def _upserted(self, kind: str, told: dict[str, Any]) -> dict[str, object]:
        fresh = {name: value for name, value in told.items() if name != "attributes"}
        try:
            if (row := self._numbered(kind, told.get(_KEY))) is None:
                made = self._create(kind, fresh).told
                assert isinstance(made, dict)
                return {**made, "created": True}
            row.update(self._linked(fresh))
        except _No as no:
            errors = [{"statusCode": no.code, "message": str(no), "fields": []}]
            return {"success": False, "errors": errors}
        return {"id": row["Id"], "success": True, "errors": [], "created": False}

    def _row(self, method: str, kind: str, row: dict[str, Any], asked: Asked) -> Said:
        etag = f'"{sha256(orjson.dumps(row, default=str)).hexdigest()[:27]}--gzip"'
        if method == "GET":
            return Said(told=row, headers={"etag": etag} if kind == "Account" else {})
        if method == "PATCH":
            wanted = asked.headers.get("if-match")
            if wanted is not None and kind == "Account" and wanted != etag:
                return Said(status=412)
            row.update(self._linked(orjson.loads(asked.body)))
            return Said(status=204)
        if method == "DELETE":
            del self.rows[kind][row["Id"]]
            return Said(status=204)
        raise _No(405, "METHOD_NOT_ALLOWED", f"HTTP Method '{method}' not allowed")

    def _found(self, kind: str, where: list[str]) -> dict[str, Any]:
        row = self.rows.get(kind, {}).get(where[0]) if len(where) == 1 else self._numbered(kind, where[1])
        if row is None or (len(where) == 2 and where[0] != _KEY):
            raise _No(404, "NOT_FOUND", "The requested resource does not exist")
        return row

    def _numbered(self, kind: str, number: object) -> dict[str, Any] | None:
        return next((row for row in self.rows.get(kind, {}).values() if row.get(_KEY) == number), None)

    def _linked(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row as it is kept: empty text as nothing; a relation by external ID must lead to a record."""
        for name, value in told.items():
            if isinstance(value, dict) and name != "attributes":
                number = value.get(_KEY)
                if not any(row.get(_KEY) == number for table in self.rows.values() for row in table.values()):
                    words = f"Foreign key external ID: {number} not found for field {_KEY} in entity {name}"
                    raise _No(400, "INVALID_FIELD", words)
        return {name: None if value == "" else value for name, value in told.items()}
