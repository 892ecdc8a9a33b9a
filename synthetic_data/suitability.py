"""Suitability: which assessments count and which orders may be taken, judged for whole columns.

The rules are those of NFRA order 2025-7 (in force 2026-02-01) as a profile sets them: at most two assessments a day and
eight in twelve months; nobody buys above their level but a professional investor; the higher of the bank's and the
issuer's rating counts, as it stood on the day; elder customers get special care; sales in a branch are recorded.
"""

from dataclasses import dataclass

import numpy as np

from synthetic_data import days
from synthetic_data.columns import Cents, Codes, Flags, Places
from synthetic_data.profile_lives import SuitabilityFigures

LEVELS = ("C0", "C1", "C2", "C3", "C4", "C5")
RATINGS = ("R0", "R1", "R2", "R3", "R4", "R5")
NOT_COUNTED = ("none", "third_of_the_day", "ninth_in_twelve_months")
NOT_TAKEN = (
    "none",
    "not_a_customer",
    "no_valid_assessment",
    "professionals_only",
    "above_level",
    "elder_unwarned",
    "unwarned",
    "elder_unrecorded",
    "unrecorded",
    "too_concentrated",
)


def counted(rules: SuitabilityFigures, owner: Places, at: Places) -> Codes:
    """Return for each assessment its place in ``NOT_COUNTED``: 0 where it counts.

    Rows come in the order of their owners and of time (seconds since 1970). Only those that count fill the caps; twelve
    months end with the day of the assessment.
    """
    day = at // days.SECONDS
    earliest = days.months_later(day, -12)
    rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
    reason = np.zeros(len(owner), dtype=np.int8)
    for nth in range(min(rules.a_day.value, rules.twelve_months.value), int(rank.max(initial=-1)) + 1):
        rows = np.flatnonzero(rank == nth)
        today, lately = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
        for back in range(1, nth + 1):
            before = rows - back
            counts = reason[before] == 0
            today += counts & (day[before] == day[rows])
            lately += counts & (day[before] > earliest[rows])
        reason[rows] = np.where(lately >= rules.twelve_months.value, 2, 0)
        reason[rows] = np.where(today >= rules.a_day.value, 1, reason[rows])
    return reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Orders as they are asked for, each with what holds on its day."""

    customer: Flags  # neither gone nor a minor
    level: Codes  # place in LEVELS; 0 without a valid assessment
    rating: Codes  # place in RATINGS; the higher of the two
    professional: Flags
    professionals_only: Flags
    age: Places  # in completed years
    branch: Flags
    acknowledged: Flags
    recorded: Flags
    amount: Cents
    assets: Cents


def judged(rules: SuitabilityFigures, asked: Asked) -> Codes:
    """Return for each order its place in ``NOT_TAKEN``: the first rule that forbids it, 0 where it may be taken."""
    elder = (asked.age >= rules.elder_age.value) & (asked.rating >= RATINGS.index(rules.elder_from.value))
    ordinary = ~asked.professional
    part = asked.amount > np.floor(asked.assets * rules.concentration.value)
    broken = (
        ~asked.customer,
        ordinary & (asked.level == 0),
        ordinary & asked.professionals_only,
        ordinary & (asked.rating > asked.level),
        elder & ~asked.acknowledged,
        ordinary & (asked.rating >= RATINGS.index(rules.warned_from.value)) & ~asked.acknowledged,
        elder & ~asked.recorded,
        asked.branch & ~asked.recorded,
        ordinary & (asked.rating >= RATINGS.index(rules.concentration_from.value)) & part,
    )
    return np.select(broken, range(1, len(NOT_TAKEN)), default=0).astype(np.int8)
