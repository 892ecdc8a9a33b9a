"""HubSpot: a stand-in for the CRM objects' v3 interface as its public documents describe it, read in 2026."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, unquote
from uuid import uuid5

import orjson

from loadtests.contracts.published import Allowance, contract
from poc.lab.standins.hubspot_rows import NAMESPACE, No, Rows
from poc.lab.standins.quota import Quota, TurnedAway
from poc.lab.standins.serving import Asked, Said

#: The published contract whose quotas it keeps: custom objects come with Enterprise.
CONTRACT, SESSION_SECONDS = "hubspot-enterprise", 1800.0
OBJECTS, GRANT = "/crm/v3/objects/", "/oauth/v1/token"
#: "A few moments" until a search sees what was written: the documents give no figure, this one is ours.
LAG = 2.0


class HubSpot:
    """One account; ``app`` is the client id, the secret and the refresh token of its app."""

    def __init__(
        self,
        app: tuple[str, str, str],
        *,
        limits: Sequence[Allowance] | None = None,
        lag: float = LAG,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Open an empty account; ``limits`` are the published, ``now`` gives seconds since 1970."""
        self.app, self.now = app, now
        self.quota = Quota(contract(CONTRACT).limits if limits is None else limits, packs=0)
        self.rows = Rows(lag)
        self.tokens: dict[str, float] = {}
        self.lock = Lock()

    def answer(self, asked: Asked) -> Said:
        """Answer with the documented status, body and allowances (what is left of them is not told; searches: none)."""
        with self.lock:
            try:
                said = self._granted(asked) if asked.path == GRANT else self._data(asked)
            except No as no:
                said = no.said
        if asked.path.endswith("/search"):
            return said
        return Said(status=said.status, told=said.told, headers={**self._usage(), **said.headers})

    def _usage(self) -> dict[str, str]:
        burst = next((one for one in self.quota.limits if one.kind == "window"), None)
        told = {"x-hubspot-ratelimit-daily": str(self.quota.size("day"))}
        if burst is not None:
            told["x-hubspot-ratelimit-max"] = str(burst.requests)
            told["x-hubspot-ratelimit-interval-milliseconds"] = str(round(burst.seconds * 1000))
        return told

    def _granted(self, asked: Asked) -> Said:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        if (form.get("client_id"), form.get("client_secret")) != self.app[:2]:
            raise No(400, status="BAD_CLIENT_ID", message="missing or unknown client id")
        if form.get("refresh_token") != self.app[2]:
            raise No(400, status="BAD_REFRESH_TOKEN", message="missing or unknown refresh token")
        token = str(uuid5(NAMESPACE, f"token {len(self.tokens)}"))
        self.tokens[token] = self.now() + SESSION_SECONDS
        whole = {"access_token": token, "refresh_token": self.app[2], "expires_in": int(SESSION_SECONDS)}
        return Said(told={**whole, "token_type": "bearer"})

    def _data(self, asked: Asked) -> Said:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            raise No(401, category="INVALID_AUTHENTICATION", message="Authentication credentials not found.")
        if self.tokens[token] <= self.now():
            raise No(401, category="EXPIRED_AUTHENTICATION", message="The OAuth token used to make this call expired")
        if no := self.quota.turns_away(self.now(), interface=asked.path.replace("/", "."), user=token):
            raise _too_much(no)
        parts = [unquote(part) for part in asked.path.removeprefix(OBJECTS).split("/")]
        if not asked.path.startswith(OBJECTS):
            raise No(404, category="RESOURCE_NOT_FOUND", message="resource not found")
        return self._done(asked.method, parts, asked)

    def _done(self, method: str, parts: list[str], asked: Asked) -> Said:
        at, rows, by = self._moment(), self.rows, asked.query.get("idProperty", "")
        match method, parts:
            case "GET", [kind]:
                return Said(told=rows.page(kind, asked.query))
            case "POST", [kind]:
                return Said(status=201, told=rows.create(kind, orjson.loads(asked.body), at))
            case "POST", [kind, "search"]:
                return Said(told=rows.search(kind, orjson.loads(asked.body), self.now()))
            case "POST", [kind, "merge"]:
                return Said(told=rows.merge(kind, orjson.loads(asked.body), at))
            case "POST", [kind, "batch", "upsert"]:
                return self._batch(kind, orjson.loads(asked.body)["inputs"], at)
            case "GET", [kind, number]:
                return Said(told=rows.shown(rows.one(kind, number, by), asked.query))
            case "PATCH", [kind, number]:
                return Said(told=rows.update(kind, rows.one(kind, number, by), orjson.loads(asked.body), at))
            case "DELETE", [kind, number]:
                rows.archive(kind, number)
                return Said(status=204)
        raise No(405, message=f"{method} is not allowed here")

    def _batch(self, kind: str, inputs: Sequence[Mapping[str, Any]], at: str) -> Said:
        """Answer 200 if every row was taken, else 207 with the errors of those that were not."""
        if len(inputs) > 100:
            raise No(400, category="VALIDATION_ERROR", message="The maximum batch size is 100")
        done, errors = [], []
        for one in inputs:
            try:
                done.append(self.rows.upsert(kind, one, at))
            except No as no:
                context = {"objectWriteTraceId": [one.get("objectWriteTraceId")], **no.context}
                errors.append({**no.told, "context": context})
        told: dict[str, Any] = {"status": "COMPLETE", "results": done, "startedAt": at, "completedAt": at}
        if not errors:
            return Said(told=told)
        return Said(status=207, told={**told, "numErrors": len(errors), "errors": errors})

    def _moment(self) -> str:
        return datetime.fromtimestamp(self.now(), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _too_much(no: TurnedAway) -> No:
    seconds = no.allowance.seconds
    policy = "DAILY" if no.allowance.kind == "day" else "SECONDLY" if seconds == 1 else "TEN_SECONDLY_ROLLING"
    words = f"You have reached your {policy.lower()} limit."
    return No(429, category="RATE_LIMITS", message=words, errorType="RATE_LIMIT", policyName=policy)
