"""Dataverse: a stand-in for the Web API of Dynamics 365 as its public documents describe it, read in 2026."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, quote, unquote

import orjson

from loadtests.contracts.published import Allowance, contract
from poc.lab.standins.dataverse_rows import No, Rows
from poc.lab.standins.odata import AGGREGATED, ODataError, grouped, matching, ordered
from poc.lab.standins.quota import Quota, TurnedAway
from poc.lab.standins.serving import Asked, Said

#: The published contract whose quotas it keeps; a token of the identity platform lives for an hour.
CONTRACT, SESSION_SECONDS = "dataverse", 3599.0
DATA, TENANT = "/api/data/v9.2/", "00000000-0000-0000-0000-0000000000aa"
PAGE_ROWS = 5000
#: What a request is taken to work, in seconds: the documents give no figure, this one is ours.
WORK = 0.02
#: Codes of the three service protection limits (api-limits).
CODES: Mapping[str, str] = {"window": "0x80072322", "work": "0x80072321", "at_once": "0x80072326"}


class Dataverse:
    """One environment and the identity platform that it sends callers to; ``apps`` are client ids and their secrets."""

    def __init__(
        self,
        apps: Mapping[str, str],
        *,
        limits: Sequence[Allowance] | None = None,
        work: float = WORK,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Open an empty environment; ``limits`` are the published, ``now`` gives seconds since 1970."""
        self.apps, self.work, self.now = apps, work, now
        self.quota = Quota(contract(CONTRACT).limits if limits is None else limits)
        self.rows = Rows()
        self.tokens: dict[str, tuple[str, float]] = {}
        self.lock = Lock()

    def answer(self, asked: Asked) -> Said:
        """Answer with the documented status, body and headers."""
        with self.lock:
            try:
                if asked.path == f"/{TENANT}/oauth2/v2.0/token":
                    return self._granted(asked)
                return self._data(asked)
            except No as no:
                return no.said
            except ODataError as error:
                return No(400, "0x80060888", str(error)).said

    def _granted(self, asked: Asked) -> Said:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        known = self.apps.get(form.get("client_id", ""))
        if known is None or not form.get("scope", "").endswith("/.default"):
            told = {"error": "unauthorized_client", "error_description": "AADSTS700016: the application was not found"}
            return Said(status=400, told=told)
        if form.get("client_secret") != known:
            told = {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."}
            return Said(status=401, told=told)
        token = f"standin.{len(self.tokens):08d}"
        self.tokens[token] = form["client_id"], self.now() + SESSION_SECONDS
        return Said(told={"token_type": "Bearer", "expires_in": int(SESSION_SECONDS), "access_token": token})

    def _data(self, asked: Asked) -> Said:
        here = f"http://{asked.headers.get('host', '127.0.0.1')}"
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        user, until = self.tokens.get(token, ("", 0.0))
        if until <= self.now():
            words = f"Bearer authorization_uri={here}/{TENANT}/oauth2/authorize, resource_id={here}/"
            return Said(status=401, headers={"www-authenticate": words})
        if no := self.quota.turns_away(self.now(), interface=asked.path, user=user, takes=self.work):
            raise _too_much(no)
        path = unquote(asked.path.removeprefix(DATA))
        table, _, rest = path.partition("(")
        if rest:
            return self._one(asked, table, self.rows.named(table, rest.removesuffix(")")))
        return self._many(asked, path, here)

    def _many(self, asked: Asked, path: str, here: str) -> Said:
        table, _, action = path.partition("/")
        match asked.method, action:
            case "GET", "":
                if "$apply" in asked.query:
                    return self._counted(table, asked.query["$apply"])
                return self._page(asked, table, here)
            case "POST", "":
                row = self.rows.create(table, orjson.loads(asked.body))
                where = f"{here}{DATA}{table}({row['id']})"
                return Said(status=204, headers={"odata-version": "4.0", "odata-entityid": where})
            case "POST", "Microsoft.Dynamics.CRM.UpsertMultiple":
                self.rows.upsert_all(table, orjson.loads(asked.body)["Targets"])
                return Said(status=204)
        raise No(405, "0x80060888", f"{asked.method} is not supported on {path}")

    def _one(self, asked: Asked, table: str, at: tuple[str, str]) -> Said:
        """Answer for a row that is named by id or alternate key; a PATCH that finds none creates it."""
        row, match = self.rows.find(table, *at), asked.headers.get("if-match")
        if asked.method == "PATCH" and row is None and match is None:
            self.rows.create(table, orjson.loads(asked.body))
            return Said(status=204)
        if row is None:
            raise No(
                404, "0x80060891" if at[0] != "id" else "0x80040217", f"{table} With {at[0]} = {at[1]} Does Not Exist"
            )
        if match not in (None, "*", row["@odata.etag"]):
            raise No(
                412, "0x80060882", "The version of the existing record doesn't match the RowVersion property provided."
            )
        match asked.method:
            case "GET":
                shown = self.rows.shown(table, row, asked.query)
                return Said(told=shown, headers={"odata-version": "4.0", "etag": row["@odata.etag"]})
            case "PATCH":
                self.rows.update(table, row, orjson.loads(asked.body))
                return Said(status=204)
            case "DELETE":
                self.rows.delete(table, row)
                return Said(status=204)
        raise No(405, "0x80060888", f"{asked.method} is not supported on a row")

    def _page(self, asked: Asked, table: str, here: str) -> Said:
        """Return a page; the address of the next one holds the query, and must be sent as it is."""
        query = asked.query
        if "$skip" in query:
            raise ODataError("Skip Clause is not supported in CRM")
        found = [self.rows.joined(table, row) for row in self.rows.all(table)]
        found = list(filter(matching(query["$filter"]), found)) if "$filter" in query else found
        found = ordered(found, query["$orderby"]) if "$orderby" in query else found
        prefer = asked.headers.get("prefer", "")
        size = min(int(prefer.partition("odata.maxpagesize=")[2] or PAGE_ROWS), PAGE_ROWS)
        if "maxpagesize" not in prefer and "$top" in query:
            found = found[: int(query["$top"])]
        start = int(query.get("$skiptoken", "0"))
        shown = [self.rows.shown(table, row, query) for row in found[start : start + size]]
        told: dict[str, Any] = {"@odata.context": f"{here}{DATA}$metadata#{table}", "value": shown}
        if len(found) > start + size:
            kept = [(name, value) for name, value in query.items() if name != "$skiptoken"]
            words = "&".join(f"{name}={quote(value)}" for name, value in kept)
            told["@odata.nextLink"] = f"{here}{DATA}{table}?{words}&$skiptoken={start + size}"
        return Said(told=told, headers={"odata-version": "4.0", "preference-applied": f"odata.maxpagesize={size}"})

    def _counted(self, table: str, asked: str) -> Said:
        rows = self.rows.all(table)
        if len(rows) > AGGREGATED:
            raise No(400, "0x8004e023", "The maximum record limit is exceeded. Reduce the number of records.")
        return Said(told={"value": grouped([self.rows.joined(table, row) for row in rows], asked)})


def _too_much(no: TurnedAway) -> No:
    words = f"{no.allowance.kind}: exceeded the limit of {no.allowance.told(0, 1)}"
    after = {"retry-after": str(max(1, math.ceil(no.wait)))}
    return No(429, CODES.get(no.allowance.kind, CODES["window"]), words, after)
