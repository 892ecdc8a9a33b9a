"""Income: wages and pensions on their paydays, and money brought in from elsewhere by those who are paid there."""

import numpy as np

from synthetic_data.chance import Ints
from synthetic_data.domains.money.amounts import cents, stepped
from synthetic_data.domains.money.calendar import month_of, payday
from synthetic_data.domains.money.postings import Postings, post, together
from synthetic_data.domains.money.scene import Scene
from synthetic_data.ledger import MOVES

#: Wages arrive in a batch in the early morning.
BATCH_BEGINS, BATCH_LASTS = 6 * 3600, 3 * 3600
#: The month (1 ... 12) in which a thirteenth month is paid.
BONUS_MONTH = {"zh": 1, "en": 12}


def wages(scene: Scene) -> Postings:
    """Return wages and pensions, a month's pay in most months; those who are moving away are paid elsewhere at last."""
    who, flows = scene.who, scene.told.flows
    paid = np.flatnonzero((who.payer >= 0) & who.pays)
    customer, month = scene.monthly(paid)
    days = payday(month, scene.known.paydays[who.payer[customer]])
    wobble = 1 + flows.wobble.value * (2 * scene.chance("wages").shares(len(customer)) - 1)
    bonus = (month % 12 + 1 == _bonus_month(scene)) & ~who.pensioner[customer]
    factor = np.where(who.pensioner[customer], 1.0, wobble) + np.where(bonus, flows.bonus.value, 0.0)
    amount = cents(scene.people.income[customer] / 100 * factor)
    kept = scene.lasts(customer, days) & ~scene.fades(customer, days, "salary") & (amount > 0)
    customer, days, amount = customer[kept], days[kept], amount[kept]
    early = BATCH_BEGINS + scene.chance("wages", "moments").whole(0, BATCH_LASTS, len(customer))
    kind = np.where(who.pensioner[customer], MOVES.index("pension"), MOVES.index("salary"))
    return post(
        who.main[customer],
        scene.calendar.moments(days, early),
        amount,
        kind,
        "system",
        party=scene.known.payers + who.payer[customer],
    )


def _bonus_month(scene: Scene) -> int:
    return BONUS_MONTH["en" if scene.ground.profile.home_currency == "EUR" else "zh"]


def topped_up(scene: Scene, flows: Postings) -> Postings:
    """Return the flows of main accounts with the money that their owners bring in, in round sums, to pay for it all.

    Whatever has gone out beyond what came in, and some more, is brought in from an own account at another bank early
    in the month, once it is worth a transfer.
    """
    months = scene.months
    owner = scene.accounts.owner[flows.account]
    main = scene.who.main[owner] == flows.account
    month = month_of(scene.calendar.local_days(flows.at)) - months[0]
    count = len(scene.people)
    place = owner[main] * len(months) + np.clip(month[main], 0, len(months) - 1)
    missing = -np.bincount(place, flows.cents[main].astype(np.float64), count * len(months))
    brought = _carried(np.floor(missing).astype(np.int64).reshape(count, len(months)), _steps(scene))
    return together([flows, _brought(scene, brought)])


def _steps(scene: Scene) -> Ints:
    """The round sum in which each customer moves money: a step or a multiple of it that fits the income."""
    step = round(scene.told.flows.step.value * 100)
    return np.maximum(step, scene.people.income // (10 * step) * step)


def _carried(missing: Ints, steps: Ints) -> Ints:
    """What is brought in each month: nothing until the need is worth a step, then whole steps."""
    brought = np.zeros_like(missing)
    need = np.zeros(len(missing), dtype=np.int64)
    for month in range(missing.shape[1]):
        need = np.maximum(need + missing[:, month], -20 * steps)
        brought[:, month] = np.where(need > steps, -(-need // steps) * steps, 0)
        need -= brought[:, month]
    return brought


def _brought(scene: Scene, brought: Ints) -> Postings:
    customer, month = np.nonzero(brought)
    who = scene.who
    begins = scene.first_of(scene.months[month])
    low = np.maximum(begins, who.first[customer])
    high = np.maximum(low, np.minimum(begins + 6, who.last[customer]))
    kept = who.pays[customer] & (low <= who.last[customer])
    customer, month, low, high = customer[kept], month[kept], low[kept], high[kept]
    days = scene.calendar.days(scene.chance("brought"), "transfer", low, high)
    seconds = scene.calendar.seconds(scene.chance("brought", "moments"), "online", len(days))
    return post(
        who.main[customer],
        scene.calendar.moments(days, seconds),
        stepped(brought[customer, month], 100),
        "transfer_in",
        "app",
        party=scene.known.own + customer,
        origin=customer,
    )
