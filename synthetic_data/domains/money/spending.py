"""Spending: purchases, rent, bills, transfers and cash."""

import numpy as np

from synthetic_data.chance import Bools, Floats, Ints
from synthetic_data.domains.money.amounts import cents, lognormal, lognormals, stepped
from synthetic_data.domains.money.calendar import payday
from synthetic_data.domains.money.directory import BILLERS, OUTSIDERS
from synthetic_data.domains.money.personas import factor
from synthetic_data.domains.money.postings import NOBODY, Postings, post, together
from synthetic_data.domains.money.scene import Scene
from synthetic_data.ledger import MOVES, WAYS

#: Seconds until those who buy in bursts go on: two minutes to three hours, evenly by their logarithm.
_GAPS = ([at / 32 for at in range(33)], [round(120.0 * 90.0 ** (at / 32), 6) for at in range(33)])
#: How much more is paid at once in each tier than in the first.
_TIER_SPENDS = (1.0, 2.2, 5.0)
#: Merchants at which a customer mostly buys, of each category.
_FAVOURITES = 3
_NIGHT_FROM, _NIGHT_LASTS = 23 * 3600, 5 * 3600
_MONTH = 30.44
_WEB = 0.2


def _counts(scene: Scene, name: str, a_month: float, factors: Floats) -> Ints:
    """How often each customer does something in their time of paying, some far more often than others."""
    who = scene.who
    span = np.where(who.pays, who.last - who.first + 1, 0) / _MONTH
    small = scene.people.minor | (scene.people.copies >= 0)
    rates = a_month * span * factors * np.where(small, 0.15, 1.0)
    return scene.chance(name, "counts").counts(np.minimum(rates, 600.0))


def _when(scene: Scene, name: str, where: str, customer: Ints) -> Ints:
    """Days in the customers' time of paying."""
    return scene.calendar.days(scene.chance(name, "days"), where, scene.who.first[customer], scene.who.last[customer])


def _fewer(scene: Scene, name: str, customer: Ints, days: Ints) -> Bools:
    """Which movements happen although their customer is about to leave."""
    lost = 0.9 * scene.told.churn.visibility.value
    skipped = scene.chance(name, "fading").happens(lost, len(customer))
    return ~(scene.fades(customer, days, "activity") & skipped)


def purchases(scene: Scene) -> Postings:
    """Return purchases by card: in bursts, by category, in shops by day and online also in the evening."""
    flows, n = scene.told.flows, len(scene.people)
    busy = factor(scene.ground, scene.who, "purchases") * lognormal(
        scene.chance("purchases", "busy"), flows.purchases_spread.value, n
    )
    customer = np.repeat(np.arange(n), _counts(scene, "purchases", flows.purchases.value / 1.38, busy))
    category, online = _wares(scene, customer)
    at, days = _moments(scene, customer, online)
    kept = _fewer(scene, "purchases", customer, days) & (days <= scene.who.last[customer])
    customer, category, online, at = customer[kept], category[kept], online[kept], at[kept]
    way = np.where(online, _screen(scene, "purchases", len(online)), WAYS.index("pos"))
    return post(
        scene.who.main[customer],
        at,
        -_prices(scene, customer, category),
        "purchase",
        way,
        party=_merchants(scene, customer, category, online),
        category=category,
        origin=np.where(online, customer, NOBODY),
    )


def _screen(scene: Scene, name: str, n: int) -> Ints:
    """Where orders are given: in the app, some on the web."""
    return np.where(scene.chance(name, "screen").happens(_WEB, n), WAYS.index("web"), WAYS.index("app"))


def _wares(scene: Scene, customer: Ints) -> tuple[Ints, Bools]:
    """What is bought, by the habits of each customer, and whether online."""
    told = scene.told.categories
    names = tuple(told)
    weights = np.tile(np.array([c.share for c in told.values()]), (len(scene.people), 1))
    online = np.array([c.online for c in told.values()])
    weights *= 1 + (factor(scene.ground, scene.who, "online")[:, None] - 1) * online
    for name, who, times, others in _habits(scene):
        if name in names:
            weights[:, names.index(name)] *= np.where(who, times, others)
    rising = np.cumsum(weights, axis=1)
    rising /= rising[:, -1:]
    rising += np.arange(len(rising))[:, None]
    shares = scene.chance("purchases", "wares").shares(len(customer))
    category = np.searchsorted(rising.ravel(), shares + customer, side="right") - customer * len(names)
    category = np.clip(category, 0, len(names) - 1)
    return category, scene.chance("purchases", "online").shares(len(customer)) < online[category]


def _habits(scene: Scene) -> tuple[tuple[str, Bools, float, float], ...]:
    """Categories, who buys more of it, how much more often, and how often all others do."""
    who = scene.who
    return (
        ("fuel", who.car, 2.4, 0.05),
        ("education", who.parent, 2.6, 0.3),
        ("travel", who.traveller, 5.0, 0.7),
    )


def _moments(scene: Scene, customer: Ints, online: Bools) -> tuple[Ints, Ints]:
    """Moments and days: some purchases begin an outing, the others follow within hours."""
    n = len(customer)
    leads = ~scene.chance("purchases", "bursts").happens(scene.told.flows.burst.value, n)
    leads[:1] = True
    leads[1:] |= customer[1:] != customer[:-1]
    days = np.where(online, _when(scene, "online", "online", customer), _when(scene, "purchases", "shop", customer))
    seconds = np.where(
        online,
        scene.calendar.seconds(scene.chance("online", "moments"), "online", n),
        scene.calendar.seconds(scene.chance("purchases", "moments"), "shop", n),
    )
    late = scene.who.night[customer] & scene.chance("purchases", "night").happens(0.6, n)
    seconds = np.where(late & online, (seconds * 211 + _NIGHT_FROM) % _NIGHT_LASTS, seconds)
    at = scene.calendar.moments(days, seconds)
    gaps = np.floor(np.interp(scene.chance("purchases", "gaps").shares(n), *_GAPS)).astype(np.int64)
    gaps = np.cumsum(np.where(leads, 0, gaps))
    leader = np.maximum.accumulate(np.where(leads, np.arange(n), 0))
    at = at[leader] + gaps - gaps[leader]
    return at, scene.calendar.local_days(at)


def _prices(scene: Scene, customer: Ints, category: Ints) -> Ints:
    told = scene.told.categories
    median = np.array([c.median for c in told.values()])[category]
    drawn = lognormals(scene.chance("purchases", "prices"), tuple(c.spread for c in told.values()), category)
    return np.maximum(cents(median * drawn * _ample(scene)[customer]), 100)


def _ample(scene: Scene) -> Floats:
    """How much more than the median each customer pays."""
    return np.array(_TIER_SPENDS)[scene.people.tier] * lognormal(scene.chance("ample"), 0.35, len(scene.people))


def _merchants(scene: Scene, customer: Ints, category: Ints, online: Bools) -> Ints:
    """Whom they buy from: mostly one of a few merchants they are used to, online only from those who sell there."""
    known = scene.known
    best = np.empty(len(customer), dtype=np.int64)
    habit = scene.chance("merchants").whole(0, _FAVOURITES - 1, len(customer))
    seat = (customer * 7 + category * 3 + habit * habit) % 1_000_003
    for code in range(len(scene.told.categories)):
        for online_too in (True, False):
            mine = np.flatnonzero((category == code) & (online == online_too))
            able = np.flatnonzero((known.sells == code) & (known.online if online_too else True))
            best[mine] = able[seat[mine] % len(able)]
    return known.merchants + best


def rent(scene: Scene) -> Postings:
    """Return rents and instalments of mortgages at other banks: the same sum every month."""
    who, flows = scene.who, scene.told.flows
    owes = np.flatnonzero((who.rents | who.mortgage_elsewhere) & who.pays)
    customer, month = scene.monthly(owes)
    chance = scene.chance("rent")
    day = chance.whole(1, 28, len(scene.people))[customer]
    share = flows.rent_of_income.value * (0.6 + 0.8 * chance.shares(len(scene.people)))
    step = round(flows.step.value * 100) // 2
    amount = stepped(cents(scene.people.income / 100 * share), step)[customer]
    days = payday(month, day)
    kept = scene.lasts(customer, days) & (amount > 0)
    customer, days, amount = customer[kept], days[kept], amount[kept]
    return post(
        who.main[customer],
        scene.calendar.moments(days, 9 * 3600 + customer * 7 % 3600),
        -amount,
        "rent",
        "system",
        party=scene.known.outsiders + customer * 3 % OUTSIDERS,
    )


def bills(scene: Scene) -> Postings:
    """Return bills collected from the account: each customer has some billers, who collect each month."""
    flows, n = scene.told.flows, len(scene.people)
    able = np.where(scene.people.minor | (scene.people.copies >= 0), 0.0, flows.bills.value)
    billers = scene.chance("bills").counts(able)
    contract = np.repeat(np.arange(n), np.where(scene.who.pays, billers, 0))
    biller = scene.chance("bills", "billers").whole(0, BILLERS - 1, len(contract))
    usual = scene.chance("bills", "usual").along(flows.bill.points, len(contract))
    day = scene.chance("bills", "days").whole(1, 28, len(contract))
    at, month = scene.monthly(np.arange(len(contract)))
    days = payday(month, day[at])
    kept = scene.lasts(contract[at], days)
    at, days = at[kept], days[kept]
    wobble = lognormal(scene.chance("bills", "amounts"), 0.15, len(at))
    customer = contract[at]
    return post(
        scene.who.main[customer],
        scene.calendar.moments(days, 8 * 3600 + at * 11 % 7200),
        -np.maximum(cents(usual[at] * wobble), 100),
        "bill",
        "system",
        party=scene.known.billers + biller[at],
    )


def transfers(scene: Scene) -> Postings:
    """Return what customers send each other and people at other banks; inside the cell both sides are booked."""
    flows, n = scene.told.flows, len(scene.people)
    sent = _counts(scene, "transfers", flows.transfers.value, factor(scene.ground, scene.who, "transfers"))
    customer = np.repeat(np.arange(n), sent)
    days = _when(scene, "transfers", "transfer", customer)
    kept = _fewer(scene, "transfers", customer, days)
    customer, days = customer[kept], days[kept]
    seconds = scene.calendar.seconds(scene.chance("transfers", "moments"), "online", len(customer))
    at, amount = scene.calendar.moments(days, seconds), _gifts(scene, customer)
    friend, inside = _friends(scene, customer, days)
    party = np.where(inside, scene.who.main[friend], scene.known.outsiders + (customer * 3 + friend % 3) % OUTSIDERS)
    mine = scene.who.main[customer]
    back = ~inside & scene.chance("transfers", "back").happens(0.35, len(customer))
    sign = np.where(back, 1, -1)
    kind = np.where(back, MOVES.index("transfer_in"), MOVES.index("transfer_out"))
    out = post(
        mine,
        at,
        sign * amount,
        kind,
        _screen(scene, "transfers", len(mine)),
        party=party,
        origin=np.where(back, NOBODY, customer),
    )
    came = post(party[inside], at[inside] + 1, amount[inside], "transfer_in", "app", party=mine[inside])
    return together([out, came])


def _gifts(scene: Scene, customer: Ints) -> Ints:
    """Amounts sent: rather round, some of them thought lucky."""
    flows, n = scene.told.flows, len(customer)
    plain = cents(flows.transfer_median.value * lognormal(scene.chance("gifts"), flows.transfer_spread.value, n)
                  * _ample(scene)[customer])  # fmt: skip
    step = round(flows.step.value * 100)
    even = scene.chance("gifts", "even").happens(0.35, n)
    plain = np.where(even & (plain > 2 * step), stepped(plain, step), np.maximum(plain, 100))
    values = np.array([int(key) * 100 for key in flows.lucky.shares])
    lucky = values[scene.chance("gifts", "lucky").pick(tuple(flows.lucky.shares.values()), n)]
    return np.where(scene.chance("gifts", "which").happens(0.12, n), lucky, plain)


def _friends(scene: Scene, customer: Ints, days: Ints) -> tuple[Ints, Bools]:
    """To whom: one of three friends who came before, and whether the friend banks here on that day."""
    which = scene.chance("friends").whole(0, 2, len(customer))
    pool = scene.chance("friends", "pool").shares(3 * len(scene.people)).reshape(-1, 3)
    friend = np.floor(pool[customer, which] * customer).astype(np.int64)
    wanted = scene.chance("friends", "inside").happens(scene.told.flows.transfers_inside.value, len(customer))
    inside = wanted & (friend != customer) & scene.lasts(friend, days) & scene.lasts(friend, days + 1)
    return friend, inside


def cash(scene: Scene) -> Postings:
    """Return cash drawn at machines, and now and then paid in at the counter, always below what must be reported."""
    flows, n = scene.told.flows, len(scene.people)
    step = round(flows.cash_step.value * 100)
    customer = np.repeat(
        np.arange(n), _counts(scene, "cash", flows.cash.value, factor(scene.ground, scene.who, "cash"))
    )
    days = _when(scene, "cash", "shop", customer)
    kept = _fewer(scene, "cash", customer, days)
    customer, days = customer[kept], days[kept]
    paid_in = scene.chance("cash", "in").happens(0.15, len(customer))
    office = scene.calendar.seconds(scene.chance("cash", "office"), "office", len(customer))
    street = scene.calendar.seconds(scene.chance("cash", "street"), "shop", len(customer))
    amount = stepped(
        cents(6 * flows.cash_step.value * lognormal(scene.chance("cash", "amounts"), 0.8, len(customer))), step
    )
    amount = np.minimum(amount, round(scene.told.risk.cash_report.value * 100) // 4)
    return post(
        scene.who.main[customer],
        scene.calendar.moments(days, np.where(paid_in, office, street)),
        np.where(paid_in, amount, -amount),
        np.where(paid_in, MOVES.index("cash_in"), MOVES.index("cash_out")),
        np.where(paid_in, WAYS.index("branch"), WAYS.index("atm")),
    )
