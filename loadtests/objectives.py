"""Objectives: what is promised of latency and availability, in words such as ``p99 < 200 ms``, read from a workload."""

import re
from dataclasses import dataclass
from typing import Literal

#: What can be promised, and how it is written.
FORMS = (
    "p99 < 200 ms, availability >= 99.9 %, availability >= 99.9 % with 50 % of the budget left, achieved >= 99 %, "
    "rate >= 390/s, slowdown <= 20 %, done within 3600 s"
)
_NUMBER = r"(\d+(?:\.\d+)?)"
_LATENCY = re.compile(rf"p{_NUMBER} ?<=? ?{_NUMBER} ?(ms|s)")
_AVAILABLE = re.compile(rf"availability ?>= ?{_NUMBER} ?%(?: with {_NUMBER} ?% of the budget left)?")
_ACHIEVED = re.compile(rf"achieved ?>= ?{_NUMBER} ?%")
_RATE = re.compile(rf"rate ?>= ?{_NUMBER} ?/ ?s")
_SLOWDOWN = re.compile(rf"slowdown ?<= ?{_NUMBER} ?%")
_DONE = re.compile(rf"done within {_NUMBER} ?s")


class ObjectiveError(ValueError):
    """An objective that cannot be read; the text names it and the forms there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One promise about one class of requests.

    ``scope`` is read, write, all, batch or the name of a step. ``latency`` and ``availability`` are proportions: at
    most ``allowed`` (a share) of the requests may be slower than ``limit_ms``, or fail. For the others ``allowed``
    is the figure itself: a share achieved, requests a second, a slowdown as a share, seconds.
    """

    scope: str
    text: str
    form: Literal["latency", "availability", "achieved", "rate", "slowdown", "done"]
    allowed: float
    limit_ms: float | None = None

    @property
    def name(self) -> str:
        """Return scope and text: what tells it from the others of its workload."""
        return f"{self.scope} {self.text}"

    @property
    def proportion(self) -> bool:
        """Whether a share of requests is promised, which chance blurs and a sample must prove."""
        return self.form in ("latency", "availability")


def objective(scope: str, text: str) -> Objective:
    """Read a promise; raises ObjectiveError."""
    told = " ".join(text.split())
    if found := _LATENCY.fullmatch(told):
        share, limit = _share(found[1], told), float(found[2]) * (1000 if found[3] == "s" else 1)
        if limit <= 0:
            raise ObjectiveError(f"objective {told!r}: the limit must be above 0")
        return Objective(scope=scope, text=told, form="latency", allowed=share, limit_ms=limit)
    if found := _AVAILABLE.fullmatch(told):
        spare = 1 - float(found[2] or 0) / 100
        if spare <= 0:
            raise ObjectiveError(f"objective {told!r}: a budget that must be left whole allows no failure at all")
        return Objective(scope=scope, text=told, form="availability", allowed=_share(found[1], told) * spare)
    if found := _SLOWDOWN.fullmatch(told):
        return Objective(scope=scope, text=told, form="slowdown", allowed=float(found[1]) / 100)
    if found := _ACHIEVED.fullmatch(told):
        return Objective(scope=scope, text=told, form="achieved", allowed=float(found[1]) / 100)
    if found := _RATE.fullmatch(told):
        return Objective(scope=scope, text=told, form="rate", allowed=float(found[1]))
    if found := _DONE.fullmatch(told):
        return Objective(scope=scope, text=told, form="done", allowed=float(found[1]))
    raise ObjectiveError(f"objective {told!r} of {scope} cannot be read: write it as one of {FORMS}")


def _share(percent: str, told: str) -> float:
    """Return the share that may break a promise, free of binary dust: 0.01 for 99."""
    share = round(1 - float(percent) / 100, 12)
    if not 0 < share < 1:
        raise ObjectiveError(f"objective {told!r}: {percent} must lie between 0 and 100, both excluded")
    return share
