"""Survivorship: which values hold when two files of one person become one."""

from collections.abc import Mapping, Sequence
from datetime import date

#: From lenient to strict.
AML_RATINGS = ("low", "medium", "high")
KYC_LEVELS = ("simplified", "normal", "enhanced")
KYC_STATES = ("verified", "due", "overdue")


def stricter(scale: Sequence[str], values: Sequence[str]) -> str:
    """Return the strictest of some values on a scale."""
    return max(values, key=scale.index)


def merged(kept: Mapping[str, object], dropped: Mapping[str, object]) -> dict[str, object]:
    """Return the values of the survivor that the other file changes; all others stay as they are.

    The stricter rating against money laundering holds, the earlier start, and a legal hold on either is one on both.
    """
    return {
        "aml_rating": stricter(AML_RATINGS, [str(kept["aml_rating"]), str(dropped["aml_rating"])]),
        "since": min(day_of(kept["since"]), day_of(dropped["since"])),
        "legal_hold": bool(kept["legal_hold"]) or bool(dropped["legal_hold"]),
        "guardian": guardian(kept, dropped),
    }


def guardian(kept: Mapping[str, object], dropped: Mapping[str, object]) -> object:
    """Return the guardian on either file, but never the survivor itself."""
    named = kept["guardian"] or dropped["guardian"]
    return None if named in (kept["number"], dropped["number"]) else named


def strictest(files: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Return the findings of several KYC files that hold for all: strictest level, worst state, first due day."""
    return {
        "level": stricter(KYC_LEVELS, [str(one["level"]) for one in files]),
        "status": stricter(KYC_STATES, [str(one["status"]) for one in files]),
        "due_on": min(day_of(one["due_on"]) for one in files),
    }


def day_of(value: object) -> date:
    """Return a date that may stand as text."""
    assert isinstance(value, date | str)
    return date.fromisoformat(value) if isinstance(value, str) else value
