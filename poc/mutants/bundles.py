"""Bundles: weakened copies with several defects at once, for a demonstration that has something to tell apart."""

from collections.abc import Mapping
from dataclasses import dataclass

#: The label that every weakened copy wears wherever it is shown.
WEAKENED = "deliberately weakened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A weakened copy: its name among the targets, what people call it, and its mutants by name."""

    name: str
    title: str
    mutants: tuple[str, ...]


#: What the demonstration puts beside the reference CRM: products that sell well and serve, until one looks closely.
BUNDLES: Mapping[str, Bundle] = {
    one.name: one
    for one in (
        Bundle(
            name="leaky",
            title="Leaky copy",
            mutants=(
                "sort_oracle", "counts_by_anything", "clear_history", "unmasks_without_reason", "exports_in_silence",
                "logout_says_yes", "short_hsts",
            ),
        ),
        Bundle(
            name="careless",
            title="Careless copy",
            mutants=(
                "no_check_digits", "last_writer_wins", "joint_twice", "no_holidays", "merge_leaves_talks", "acts_twice",
                "second_of_standstill",
            ),
        ),
    )
}  # fmt: skip
