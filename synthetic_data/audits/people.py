"""People: age, gender, names, households, tiers and how long customers stay."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthetic_data.audits.reading import NEVER, Bools, Ints, days, encoded, flags, present, words
from synthetic_data.audits.tally import Clock, Figure, Subject, Tables, Tally

#: Age groups that offices of statistics publish, and the years of a step of the pyramid. Children are a share of all,
#: the other groups of those from 15 up, for few children are customers anywhere.
AGES = {"15_59": (15, 59), "15_64": (15, 64), "60_up": (60, 200), "65_up": (65, 200)}
PYRAMID = 10
YEAR = 365.25


def here(customers: pa.Table) -> Bools:
    """Return who is a customer today: neither closed nor dead."""
    return words(customers, "state").are("active", "dormant")


def ages(customers: pa.Table, clock: Clock) -> Ints:
    """Return full years of life on a day."""
    today = clock.today
    return np.floor((today - days(customers, "birth_date")) / YEAR).astype(np.int64)


def _count(tables: Tables, clock: Clock) -> Tally:
    customers = tables["customers"]
    there, old = here(customers), ages(customers, clock)
    male = words(customers, "gender").are("M")
    sums = {f"age_{name}": ((old >= low) & (old <= high) & there).sum() for name, (low, high) in AGES.items()}
    sums |= _staying(customers, clock) | {
        "customers": there.sum(),
        "male": (male & there).sum(),
        "children": (there & (old < 15)).sum(),
        "from_15": (there & (old >= 15)).sum(),
        "years": old[there].sum(),
        "files": len(there),
    }
    return Tally(
        sums={name: float(value) for name, value in sums.items()},
        spreads={
            "years": np.bincount(np.clip(old[there], 0, 119), minlength=120).astype(np.float64),
            "pyramid_male": _pyramid(old[there & male]),
            "pyramid_female": _pyramid(old[there & ~male]),
        },
        words={
            "surname": _surnames(customers, there),
            "tier": words(customers, "tier").counted(there),
            "risk": words(customers, "risk_level").counted(there),
            "aml": words(customers, "aml_rating").counted(there),
            "state": words(customers, "state").counted(),
            "language": words(customers, "language").counted(there),
        },
    )


def _staying(customers: pa.Table, clock: Clock) -> dict[str, float]:
    """Count who was a customer a year ago and has left since, and how long those of today have been here."""
    today = clock.today
    since, left = days(customers, "since"), days(customers, "closed_on")
    a_year_ago = (since <= today - 365) & (left > today - 365)
    there = here(customers)
    return {
        "a_year_ago": float(a_year_ago.sum()),
        "left_since": float((a_year_ago & (left <= today)).sum()),
        "new_since": float((there & (since > today - 365)).sum()),
        "tenure": float((today - since[there]).sum()) / YEAR,
        "held_back": float((flags(customers, "legal_hold") & (left != NEVER)).sum()),
        "left_ever": float((left <= today).sum()),
    }


def _pyramid(old: Ints) -> np.ndarray:
    return np.bincount(np.clip(old // PYRAMID, 0, 9), minlength=10).astype(np.float64)


def _surnames(customers: pa.Table, there: Bools) -> dict[str, int]:
    """Count surnames: the first character of a Chinese name, the last word of any other."""
    chinese = words(customers, "language").are("zh")
    first = pc.utf8_slice_codeunits(customers.column("name"), 0, 1)
    last = pc.list_element(pc.split_pattern(pc.utf8_reverse(customers.column("name")), " ", max_splits=1), 0)
    found = Counter(encoded(first.filter(pa.array(there & chinese))).counted())
    backwards = encoded(last.filter(pa.array(there & ~chinese))).counted()
    return dict(found + Counter({name[::-1]: count for name, count in backwards.items()}))


def _count_households(tables: Tables, clock: Clock) -> Tally:
    """Count the members of households on the day; trusts are none."""
    today = clock.today
    kinds, memberships = tables["households"], tables["memberships"]
    family = pc.is_in(
        memberships.column("household"),
        value_set=kinds.column("number").filter(pa.array(words(kinds, "kind").are("family"))).combine_chunks(),
    )
    now = (days(memberships, "since") <= today) & (days(memberships, "until") > today) & np.asarray(family)
    _, sizes = np.unique(encoded(memberships.column("household")).codes[now], return_counts=True)
    return Tally(
        sums={"households": float(len(sizes)), "members": float(sizes.sum())},
        spreads={"household_size": np.bincount(np.minimum(sizes, 9), minlength=10).astype(np.float64)},
    )


def _count_companies(tables: Tables, clock: Clock) -> Tally:
    relations = tables["relations"]
    owners = words(relations, "role").are("owner") & ~present(relations, "until")
    return Tally(
        sums={"companies": float(tables["companies"].num_rows), "owners": float(owners.sum())},
        words={"size": words(tables["companies"], "size").counted()},
    )


def _median_age(tally: Tally) -> float | None:
    found = tally.spreads.get("years")
    if found is None or not found.sum():
        return None
    return float(np.searchsorted(np.cumsum(found), found.sum() / 2))


def _sized(tally: Tally, size: int) -> float | None:
    found = tally.spreads.get("household_size")
    return None if found is None or not found.sum() else float(found[size] / found.sum())


def _aged(name: str) -> Figure:
    return Figure(f"age_{name}", "people", "share", lambda t: t.ratio(f"age_{name}", "from_15"))


PEOPLE = Subject(
    {
        "customers": (
            "name",
            "language",
            "gender",
            "birth_date",
            "tier",
            "risk_level",
            "aml_rating",
            "state",
            "since",
            "closed_on",
            "legal_hold",
        )
    },
    _count,
    (
        Figure("male", "people", "share", lambda t: t.ratio("male", "customers")),
        Figure("age_0_14", "people", "share", lambda t: t.ratio("children", "customers")),
        *(_aged(name) for name in AGES),
        Figure("age_mean", "people", "years", lambda t: t.ratio("years", "customers")),
        Figure("age_median", "people", "years", _median_age),
        Figure("surname_top1", "people", "share", lambda t: t.top_share("surname", 1)),
        Figure("surname_top5", "people", "share", lambda t: t.top_share("surname", 5)),
        Figure("surname_top10", "people", "share", lambda t: t.top_share("surname", 10)),
        Figure("surname_top100", "people", "share", lambda t: t.top_share("surname", 100)),
        Figure("tier_affluent_up", "wealth", "share", lambda t: t.share_of("tier", "affluent", "private")),
        Figure("tier_private", "wealth", "share", lambda t: t.share_of("tier", "private")),
        Figure("risk_careful", "conduct", "share", lambda t: t.share_of("risk", "C1", "C2")),
        Figure("aml_high", "conduct", "share", lambda t: t.share_of("aml", "high")),
        Figure("dormant", "conduct", "share", lambda t: t.share_of("state", "dormant")),
        Figure("churn_year", "conduct", "share", lambda t: t.ratio("left_since", "a_year_ago")),
        Figure("new_year", "conduct", "share", lambda t: t.ratio("new_since", "customers")),
        Figure("tenure_mean", "conduct", "years", lambda t: t.ratio("tenure", "customers")),
    ),
)
HOUSEHOLDS = Subject(
    {"households": ("number", "kind"), "memberships": ("household", "since", "until")},
    _count_households,
    (
        Figure("household_size", "people", "number", lambda t: t.ratio("members", "households")),
        Figure("household_of_two", "people", "share", lambda t: _sized(t, 2)),
    ),
)
COMPANIES = Subject(
    {"companies": ("size",), "relations": ("role", "until")},
    _count_companies,
    (
        Figure("company_not_large", "people", "share", lambda t: t.share_of("size", "micro", "small", "medium")),
        Figure("company_micro_small", "people", "share", lambda t: t.share_of("size", "micro", "small")),
        Figure("company_owners", "people", "number", lambda t: t.ratio("owners", "companies")),
    ),
)
