"""Agreed: how hard a target may be pressed: mode, permission, limits of its contract, and what today has taken."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

from loadtests.limits import DAY, Limit, fitting
from loadtests.permission import PermitError
from loadtests.terms import Terms
from loadtests.workload import Workload
from poc.settings import Limits, Target


def terms(target: Target, spent: int = 0) -> Terms:
    """Return what was agreed about a target; ``spent`` requests of today were made before. Raises SettingsError."""
    return Terms(
        mode=target.load_mode,
        paper=target.paper(),
        trusted_key=target.permission_key or "",
        limits=declared(target.limits),
        spent=spent,
    )


def declared(limits: Limits) -> tuple[Limit, ...]:
    """Return declared limits in the form in which schedules are held against them; a rate is a window of a second."""
    found = [Limit(window.requests, window.seconds, window.per) for window in limits.windows]
    if (rate := limits.requests_per_second) is not None:
        found.append(Limit(int(rate), 1) if rate >= 1 else Limit(1, 1 / rate))
    if limits.parallel is not None:
        found.append(Limit(limits.parallel, 0))
    if limits.requests_per_day is not None:
        found.append(Limit(limits.requests_per_day, DAY))
    return tuple(found)


def paced(asked: Workload, agreed: Terms) -> Workload:
    """Return a workload slowed down to what the contract carries; raises PermitError if that is nothing at all."""
    slower = fitting(asked, agreed.limits, agreed.spent)
    if slower is None:
        told = ", ".join(limit.told() for limit in agreed.limits)
        raise PermitError(f"the contract carries no request of this workload: {told} are declared")
    return slower


def spent_today(runs: Path, target: str, today: date) -> int:
    """Return how many requests the load runs on file sent to a target today (UTC), at least."""
    return sum(_released(head, today) for head in runs.glob(f"*/targets/{target}/loads/*/load.json"))


def _released(head: Path, today: date) -> int:
    try:
        told = json.loads(head.read_text(encoding="utf-8"))
        began = datetime.fromtimestamp(told["began"], UTC).date()
        return int(told["released"]) if began == today else 0
    except (OSError, ValueError, KeyError, TypeError):
        return 0
