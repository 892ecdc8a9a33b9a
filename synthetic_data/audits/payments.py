"""Payments: how much is paid, when, how and in which amounts."""

from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from synthetic_data.audits.people import ages, here
from synthetic_data.audits.reading import Bools, Floats, Ints, amounts, counts, places, seconds, words
from synthetic_data.audits.tally import Clock, Figure, Subject, Tables, Tally, middle, spread

DAY, WEEK = 86_400, 7
#: Days that are kept apart, back from the day on which the bank is seen.
BACK = 731
#: What a customer pays by card, by transfer, by direct debit, in cash.
MIX = {
    "card": ("purchase",),
    "transfer": ("transfer_out", "rent"),
    "debit": ("bill", "instalment"),
    "cash": ("cash_out",),
}
#: Fewer events than this say nothing about how bursty a customer is.
EVENTS = 30
#: Benford's law: how often a number that spans orders of magnitude begins with 1 ... 9 (Benford, 1938).
BENFORD = np.log10(1 + 1 / np.arange(1, 10))


def _count(tables: Tables, clock: Clock) -> Tally:
    customers, moves = tables["customers"], tables["transactions"]
    there = here(customers)
    owner = places(moves, "customer", customers.column("number"))
    local = seconds(moves, "at") + round(clock.offset * 3600)
    kind, amount = words(moves, "kind"), np.abs(amounts(moves, "amount"))
    day = local // DAY
    year = (owner >= 0) & there[owner] & (day > clock.today - 365) & (day <= clock.today)
    bought = kind.are("purchase")
    return (
        _paid(moves, there, year, bought, amount)
        + _timed(local, year & bought, clock)
        + _salaries(owner, local, year & kind.are("salary"), len(there))
        + _bursts(owner, local, year & bought, len(there))
        + _by_age(moves, ages(customers, clock), owner, year & bought)
        + Tally(
            spreads={
                "digits_purchase": digits(amount[bought]),
                "digits_transfer": digits(amount[kind.are("transfer_out", "transfer_in")]),
                "digits": digits(amount[amount > 0]),
                "purchase": spread(amount[bought & year]),
                "daily": _back(day[bought], clock.today, BACK),
                "november": _back(day[bought], _november(clock), 11),
            }
        )
    )


def _paid(moves: pa.Table, there: Bools, year: Bools, bought: Bools, amount: Floats) -> Tally:
    kind, channel = words(moves, "kind"), words(moves, "channel")
    mix = {f"by_{name}": (kind.are(*kinds) & year).sum() for name, kinds in MIX.items()}
    electronic = year & kind.are("purchase", "transfer_out", "bill")
    sums = mix | {
        "paid": sum(mix.values()),
        "payers": there.sum(),
        "moves": year.sum(),
        "purchases": (bought & year).sum(),
        "purchased": amount[bought & year].sum(),
        "purchases_online": (bought & year & channel.are("app", "web")).sum(),
        "ordered_app": (electronic & channel.are("app")).sum(),
        "ordered_web": (electronic & channel.are("web")).sum(),
        "transfers": (year & kind.are("transfer_out")).sum(),
        "transferred": amount[year & kind.are("transfer_out")].sum(),
    }
    return Tally(sums={name: float(value) for name, value in sums.items()})


def _timed(local: Ints, rows: Bools, clock: Clock) -> Tally:
    at = local[rows]
    weekday, hour = (at // DAY + 3) % WEEK, at % DAY // 3600
    left = _days_left(at // DAY)
    return Tally(
        sums={"timed": float(len(at)), "month_end": float((left < 3).sum())},
        spreads={
            "weekday": np.bincount(weekday, minlength=WEEK).astype(np.float64),
            "hour": np.bincount(hour, minlength=24).astype(np.float64),
        },
    )


def _days_left(day: Ints) -> Ints:
    """Return how many days of the month follow each day."""
    months = day.astype("M8[D]").astype("M8[M]")
    return np.asarray(((months + 1).astype("M8[D]") - 1).astype(np.int64) - day)


def _salaries(owner: Ints, local: Ints, rows: Bools, size: int) -> Tally:
    day = local[rows] // DAY
    of_month = (day - day.astype("M8[D]").astype("M8[M]").astype("M8[D]").astype(np.int64)) + 1
    paid = np.zeros(size, dtype=np.bool_)
    paid[owner[rows]] = True
    return Tally(
        sums={
            "salaries": float(len(day)),
            "salaries_workday": float(((day + 3) % WEEK < 5).sum()),
            "salaried": float(paid.sum()),
        },
        spreads={"salary_day": np.bincount(of_month, minlength=32).astype(np.float64)},
    )


def _bursts(owner: Ints, local: Ints, rows: Bools, size: int) -> Tally:
    """Take the times between purchases of one customer, and each customer's burstiness.

    B = (r - 1) / (r + 1), r the deviation of the times over their mean: -1 for a clock, 0 for pure chance, towards 1
    for bursts (Goh and Barabasi, EPL 81, 2008, 48002).
    """
    who, at = owner[rows], local[rows]
    order = np.lexsort((at, who))
    who, at = who[order], at[order]
    same = who[1:] == who[:-1]
    gaps, whose = np.diff(at)[same].astype(np.float64) / 3600, who[1:][same]
    number = counts(whose, size)
    total, squares = (np.bincount(whose, weights=w, minlength=size) for w in (gaps, gaps**2))
    many = number >= EVENTS
    mean = total[many] / number[many]
    deviation = np.sqrt(np.maximum(squares[many] / number[many] - mean**2, 0))
    bursty = (deviation - mean) / (deviation + mean) if many.any() else np.zeros(0)
    return Tally(
        sums={"bursty": float(bursty.sum()), "bursty_customers": float(many.sum())},
        spreads={"gaps": spread(gaps)},
    )


def _by_age(moves: pa.Table, old: Ints, owner: Ints, rows: Bools) -> Tally:
    online = words(moves, "channel").are("app", "web")
    age = np.where(owner >= 0, old[owner], -1)
    sums: dict[str, float] = {}
    for name, low, high in (("young", 18, 35), ("elder", 60, 200)):
        among = rows & (age >= low) & (age < high)
        sums |= {f"bought_{name}": float(among.sum()), f"online_{name}": float((among & online).sum())}
    return Tally(sums=sums)


def digits(values: Floats) -> NDArray[np.float64]:
    """Return how many amounts begin with 1 ... 9."""
    some = values[values >= 0.01]
    first = np.floor(some / 10 ** np.floor(np.log10(some) + 1e-12) + 1e-9).astype(np.int64)
    return np.bincount(np.clip(first, 1, 9), minlength=10)[1:].astype(np.float64)


def distance(found: NDArray[np.float64] | None) -> float | None:
    """Return the mean absolute deviation of first digits from Benford's law (Nigrini, Benford's Law, 2012, ch. 7)."""
    if found is None or not found.sum():
        return None
    return float(np.abs(found / found.sum() - BENFORD).mean())


def _back(day: Ints, last: int, size: int) -> NDArray[np.float64]:
    """Count rows by day, for so many days up to a last one."""
    at = day - (last - size + 1)
    return np.bincount(at[(at >= 0) & (at < size)], minlength=size).astype(np.float64)


def _november(clock: Clock) -> int:
    """Return the last 11 November by the day on which the bank is seen, as days since 1970."""
    here = clock.as_of
    year = here.year if (here.month, here.day) >= (11, 11) else here.year - 1
    return date(year, 11, 11).toordinal() - date(1970, 1, 1).toordinal()


def _weekend(tally: Tally) -> float | None:
    found = tally.spreads.get("weekday")
    return None if found is None or not found[:5].sum() else float(found[5:].mean() / found[:5].mean())


def _hours(tally: Tally, low: int, high: int) -> float | None:
    found = tally.spreads.get("hour")
    return None if found is None or not found.sum() else float(found[low:high].sum() / found.sum())


def _month_end(tally: Tally) -> float | None:
    """How much more is bought on each of the last three days of a month than on an average day."""
    share = tally.ratio("month_end", "timed")
    return None if share is None else share / (3 * 12 / 365)


def _eleventh(tally: Tally) -> float | None:
    """Purchases on 11 November over those on an average day of the ten before it."""
    found = tally.spreads.get("november")
    return None if found is None or not found[:10].sum() else float(found[10] / found[:10].mean())


def _first_digit(tally: Tally) -> float | None:
    found = tally.spreads.get("digits")
    return None if found is None or not found.sum() else float(found[0] / found.sum())


def _payday(tally: Tally) -> float | None:
    found = tally.spreads.get("salary_day")
    return None if found is None or not found.sum() else float(found.max() / found.sum())


def _online_by_age(tally: Tally) -> float | None:
    young, elder = tally.ratio("online_young", "bought_young"), tally.ratio("online_elder", "bought_elder")
    return young / elder if young is not None and elder else None


def _of_two(tally: Tally, one: str, other: str) -> float | None:
    first, second = tally.sums.get(one, 0.0), tally.sums.get(other, 0.0)
    return first / (first + second) if first + second else None


PAYMENTS = Subject(
    {
        "customers": ("number", "state", "birth_date"),
        "transactions": ("customer", "at", "kind", "channel", "amount"),
    },
    _count,
    (
        Figure("payments_each", "payments", "number", lambda t: t.ratio("moves", "payers")),
        Figure("purchases_each", "payments", "number", lambda t: t.ratio("purchases", "payers")),
        Figure("purchase_mean", "payments", "money", lambda t: t.ratio("purchased", "purchases")),
        Figure("purchase_median", "payments", "money", lambda t: middle(t.spreads.get("purchase"))),
        Figure("transfer_mean", "payments", "money", lambda t: t.ratio("transferred", "transfers")),
        Figure("purchase_online", "payments", "share", lambda t: t.ratio("purchases_online", "purchases")),
        Figure("mix_card", "payments", "share", lambda t: t.ratio("by_card", "paid")),
        Figure("mix_transfer", "payments", "share", lambda t: t.ratio("by_transfer", "paid")),
        Figure("mix_debit", "payments", "share", lambda t: t.ratio("by_debit", "paid")),
        Figure("mix_cash", "payments", "share", lambda t: t.ratio("by_cash", "paid")),
        Figure("mobile_share", "payments", "share", lambda t: _of_two(t, "ordered_app", "ordered_web")),
        Figure("benford_all", "payments", "index", lambda t: distance(t.spreads.get("digits"))),
        Figure("benford_purchase", "payments", "index", lambda t: distance(t.spreads.get("digits_purchase"))),
        Figure("benford_transfer", "payments", "index", lambda t: distance(t.spreads.get("digits_transfer"))),
        Figure("benford_one", "payments", "share", _first_digit),
        Figure("burstiness", "time", "index", lambda t: t.ratio("bursty", "bursty_customers")),
        Figure("gap_median", "time", "hours", lambda t: middle(t.spreads.get("gaps"))),
        Figure("weekend", "time", "index", _weekend),
        Figure("night", "time", "share", lambda t: _hours(t, 0, 6)),
        Figure("evening", "time", "share", lambda t: _hours(t, 18, 23)),
        Figure("month_end", "time", "index", _month_end),
        Figure("eleventh", "time", "index", _eleventh),
        Figure("salaried", "payments", "share", lambda t: t.ratio("salaried", "payers")),
        Figure("salary_workday", "time", "share", lambda t: t.ratio("salaries_workday", "salaries")),
        Figure("salary_peak", "time", "share", _payday),
        Figure("online_young_to_old", "joint", "index", _online_by_age),
    ),
)
