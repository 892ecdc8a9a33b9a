"""Wealth: what customers hold, how unequally, and how much of it is borrowed, saved or invested."""

import numpy as np

from synthetic_data.audits.people import ages, here
from synthetic_data.audits.reading import NEVER, Bools, Floats, amounts, counts, days, places, totals, words
from synthetic_data.audits.tally import Clock, Figure, Subject, Tables, Tally, gini, middle, spread, top

PRODUCTS = ("current", "savings", "deposit", "loan", "fund", "wealth")
ASSETS = ("current", "savings", "deposit", "fund", "wealth")
#: Days after which a loan counts as overdue for half a year.
HALF_A_YEAR = 180


def _count(tables: Tables, clock: Clock) -> Tally:
    customers, accounts = tables["customers"], tables["accounts"]
    size, there = customers.num_rows, here(customers)
    owner = places(accounts, "customer", customers.column("number"))
    owner = np.where((days(accounts, "closed") == NEVER) & (owner >= 0) & there[owner], owner, -1)
    product, balance = words(accounts, "product"), amounts(accounts, "balance")
    of = {name: np.where(product.are(name), owner, -1) for name in PRODUCTS}
    held = {name: counts(of[name], size) > 0 for name in PRODUCTS}
    money = {name: totals(of[name], np.abs(balance), size) for name in PRODUCTS}
    assets = np.sum([money[name] for name in ASSETS], axis=0)
    adult = ages(customers, clock) >= 18
    sums = {f"money_{name}": money[name].sum() for name in PRODUCTS}
    sums |= {f"holders_{name}": held[name].sum() for name in PRODUCTS}
    sums |= {
        "customers": there.sum(),
        "adults": (there & adult).sum(),
        "accounts": (owner >= 0).sum(),
        "kinds": np.sum([held[name] for name in PRODUCTS]),
        "savers": (held["current"] | held["savings"] | held["deposit"]).sum(),
        "investors": (held["fund"] | held["wealth"]).sum(),
        "assets": assets.sum(),
    }
    sums |= _by_tier(words(customers, "tier").are("affluent", "private") & there, assets, held["fund"])
    sums |= _by_age(ages(customers, clock), there, held)
    sums |= _by_income(amounts(customers, "monthly_income"), there & adult, held["fund"])
    return Tally(
        sums={name: float(value) for name, value in sums.items() if name != "customers"}
        | {"holders": float(there.sum())},
        spreads={"assets": spread(assets[there]), "debt": spread(money["loan"][held["loan"]])},
    )


def _by_tier(upper: Bools, assets: Floats, fund: Bools) -> dict[str, float]:
    return {"assets_upper": assets[upper].sum(), "upper": upper.sum(), "fund_upper": (fund & upper).sum()}


def _by_age(old: np.ndarray, there: Bools, held: dict[str, Bools]) -> dict[str, float]:
    young, elder = there & (old >= 18) & (old < 35), there & (old >= 60)
    return {
        "young": young.sum(),
        "elder": elder.sum(),
        "loan_young": (held["loan"] & young).sum(),
        "loan_elder": (held["loan"] & elder).sum(),
        "deposit_young": (held["deposit"] & young).sum(),
        "deposit_elder": (held["deposit"] & elder).sum(),
    }


def _by_income(income: Floats, adult: Bools, fund: Bools) -> dict[str, float]:
    """Count fund holders in the fifth of adults with the highest incomes of this part of the bank."""
    if not adult.any():
        return {}
    rich = adult & (income >= np.quantile(income[adult], 0.8))
    return {"fifth": rich.sum(), "fund_fifth": (fund & rich).sum()}


def _count_cards(tables: Tables, clock: Clock) -> Tally:
    cards, customers = tables["cards"], tables["customers"]
    live = words(cards, "state").are("active")
    credit = words(cards, "kind").are("credit")
    return Tally(
        sums={
            "cards": float(live.sum()),
            "credit_cards": float((live & credit).sum()),
            "card_customers": float(here(customers).sum()),
        }
    )


def _count_loans(tables: Tables, clock: Clock) -> Tally:
    """Count loans by what is still owed: the balance of the account that each stands on."""
    loans, accounts = tables["loans"], tables["accounts"]
    owed = np.abs(amounts(accounts, "balance"))[places(loans, "account", accounts.column("number"))]
    late = np.asarray(loans.column("overdue_days"), dtype=np.int64)
    return Tally(
        sums={
            "owed": float(owed.sum()),
            "owed_housing": float(owed[words(loans, "purpose").are("housing")].sum()),
            "owed_late": float(owed[late >= HALF_A_YEAR].sum()),
        }
    )


def _count_deposits(tables: Tables, clock: Clock) -> Tally:
    deposits = tables["deposits"]
    months, placed = np.asarray(deposits.column("months"), dtype=np.int64), amounts(deposits, "principal")
    return Tally(
        sums={
            "placed": float(placed.sum()),
            "placed_short": float(placed[months <= 12].sum()),
            "terms": float(len(months)),
            "months": float(months.sum()),
        }
    )


def _held(name: str) -> Figure:
    return Figure(f"has_{name}", "products", "share", lambda t: t.ratio(f"holders_{name}", "holders"))


def _saved(tally: Tally) -> float | None:
    names = ("current", "savings", "deposit")
    if not (whole := sum(tally.sums.get(f"money_{name}", 0.0) for name in names)):
        return None
    return tally.sums["money_deposit"] / whole


def _against(tally: Tally, name: str) -> float | None:
    """How much more frequent a product is among those under 35 than among those from 60 up."""
    young, elder = tally.ratio(f"{name}_young", "young"), tally.ratio(f"{name}_elder", "elder")
    return young / elder if young is not None and elder else None


WEALTH = Subject(
    {
        "customers": ("number", "state", "birth_date", "tier", "monthly_income"),
        "accounts": ("customer", "product", "balance", "closed"),
    },
    _count,
    (
        Figure("accounts_each", "products", "number", lambda t: t.ratio("accounts", "holders")),
        Figure("products_each", "products", "number", lambda t: t.ratio("kinds", "holders")),
        Figure("has_deposits", "products", "share", lambda t: t.ratio("savers", "holders")),
        _held("deposit"),
        _held("loan"),
        _held("fund"),
        _held("wealth"),
        Figure("has_investments", "products", "share", lambda t: t.ratio("investors", "holders")),
        Figure("time_share", "wealth", "share", _saved),
        Figure("assets_mean", "wealth", "money", lambda t: t.ratio("assets", "holders")),
        Figure("assets_median", "wealth", "money", lambda t: middle(t.spreads.get("assets"))),
        Figure("assets_gini", "wealth", "index", lambda t: gini(t.spreads.get("assets"))),
        Figure("assets_top1", "wealth", "share", lambda t: top(t.spreads.get("assets"), 0.01)),
        Figure("assets_top10", "wealth", "share", lambda t: top(t.spreads.get("assets"), 0.10)),
        Figure("assets_top20", "wealth", "share", lambda t: top(t.spreads.get("assets"), 0.20)),
        Figure("debt_top20", "wealth", "share", lambda t: top(t.spreads.get("debt"), 0.20)),
        Figure("tier_upper_assets", "joint", "share", lambda t: t.ratio("assets_upper", "assets")),
        Figure("tier_upper_mean", "joint", "money", lambda t: t.ratio("assets_upper", "upper")),
        Figure("tier_upper_fund", "joint", "share", lambda t: t.ratio("fund_upper", "upper")),
        Figure("income_top20_fund", "joint", "share", lambda t: t.ratio("fund_fifth", "fifth")),
        Figure("loan_young_to_old", "joint", "index", lambda t: _against(t, "loan")),
        Figure("deposit_young_to_old", "joint", "index", lambda t: _against(t, "deposit")),
    ),
)
CARDS = Subject(
    {"customers": ("state",), "cards": ("kind", "state")},
    _count_cards,
    (
        Figure("cards_each", "products", "number", lambda t: t.ratio("cards", "card_customers")),
        Figure("credit_cards_each", "products", "number", lambda t: t.ratio("credit_cards", "card_customers")),
    ),
)
LOANS = Subject(
    {"accounts": ("number", "balance"), "loans": ("account", "purpose", "overdue_days")},
    _count_loans,
    (
        Figure("debt_housing", "products", "share", lambda t: t.ratio("owed_housing", "owed")),
        Figure("debt_overdue", "products", "share", lambda t: t.ratio("owed_late", "owed")),
    ),
)
DEPOSITS = Subject(
    {"deposits": ("principal", "months")},
    _count_deposits,
    (
        Figure("deposit_short", "products", "share", lambda t: t.ratio("placed_short", "placed")),
        Figure("deposit_months", "products", "number", lambda t: t.ratio("months", "terms")),
    ),
)
