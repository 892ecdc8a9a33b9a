"""Readings: an effect as it was measured after going live."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An effect as it was measured: when, how large (a fraction), by whom, and by which run."""

    driver: str
    on: date
    effect: float
    by: str
    run: str = ""
