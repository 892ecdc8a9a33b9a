"""Sales: a year of opportunities, and of campaigns with the control group that is held out."""

import numpy as np
import pyarrow as pa

from synthetic_data import days
from synthetic_data.chance import Chance, Ints, spread
from synthetic_data.columns import CELL, PRODUCTS, TIERS, Accounts, Flags, Places
from synthetic_data.domains.contacts import many, year_began
from synthetic_data.domains.families import nth_of
from synthetic_data.domains.permissions import ASKED, answers
from synthetic_data.folk import Folk
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown
from synthetic_data.records import CampaignMember, Opportunity
from synthetic_data.tables import table_of
from synthetic_data.texts import numbered, same, words

#: What is offered to each tier.
SOLD = {
    "mass": ("deposit", "loan", "fund"),
    "affluent": ("fund", "wealth", "loan"),
    "private": ("wealth", "fund", "deposit"),
}
OVER = ("won", "lost")
ARMS = ("target", "control")
#: The least that is worth a sale, in cents.
LEAST = 100_00


def sales(ground: Ground, folk: Folk, _: Accounts) -> Grown:
    """Return the tables ``opportunities`` and ``campaign_members``."""
    opportunities, sold = _opportunities(ground, folk)
    members, reached = _campaigns(ground, folk)
    return Grown(
        {"opportunities": opportunities, "campaign_members": members},
        {},
        {"opportunities": sold, "campaign_members": reached},
    )


def _grown_up(folk: Folk) -> Flags:
    return folk.here & ~folk.people.minor


def _opportunities(ground: Ground, folk: Folk) -> tuple[pa.Table, Places]:
    chance, people = Chance(ground.seed, folk.people.cell, "opportunities"), folk.people
    owner = np.repeat(np.arange(CELL), many(chance, ground.profile.rates.opportunity_a_year.value) * _grown_up(folk))
    rows, today = len(owner), days.of_date(ground.as_of)
    first = year_began(ground, folk, owner)
    opened = chance.whole(first, np.maximum(first, today))
    offered = np.array([[PRODUCTS.index(product) for product in SOLD[tier]] for tier in TIERS])
    product = offered[people.tier[owner], chance.whole(0, offered.shape[1] - 1, rows)]
    stages = tuple(ground.profile.tables.stage.shares)
    stage = chance.pick(list(ground.profile.tables.stage.shares.values()), rows)
    over = np.isin(stage, [stages.index(name) for name in OVER])
    span = chance.whole(14, 120, rows)
    columns = {
        "number": numbered("OP", people.index[owner], nth_of(owner)),
        "customer": numbered("C", people.index[owner]),
        "product": words(product, PRODUCTS),
        "stage": words(stage, stages),
        "amount": _amounts(ground, people.tier[owner].astype(np.int64), product, chance),
        "currency": same(ground.profile.home_currency, rows),
        "owner": words(people.manager[owner], tuple(s.number for s in ground.staff)),
        "opened": opened,
        "closes": np.where(over, np.minimum(opened + span, today), np.maximum(opened, today) + span),
    }
    return table_of(Opportunity, columns), owner


def _amounts(ground: Ground, tier: Ints, product: Ints, chance: Chance) -> Ints:
    """Cents, spread as what customers of the tier hold of the product."""
    pools = [getattr(ground.profile.accounts, name) for name in TIERS]
    curves = [pool[name].points if name in pool else ((0, 0), (1, 0)) for pool in pools for name in PRODUCTS]
    amounts = spread(chance.shares(len(tier)), tier * len(PRODUCTS) + product, curves)
    return np.maximum(np.floor(amounts * 100 + 0.5).astype(np.int64), LEAST)


def _campaigns(ground: Ground, folk: Folk) -> tuple[pa.Table, Places]:
    """Only who consents to marketing on the day is reached; some of those are held out as control."""
    rates, runs = ground.profile.rates, len(ground.campaigns)
    chance, shape = Chance(ground.seed, folk.people.cell, "campaigns"), (CELL, runs)
    reached, held_out, answered = (chance.shares(CELL * runs).reshape(shape) for _ in range(3))
    chosen = _willing(ground, folk) & (reached < rates.campaign_reached.value) & _grown_up(folk)[:, None]
    owner, campaign = np.nonzero(chosen)
    control = held_out[chosen] < rates.campaign_control.value
    likely = np.where(control, rates.response_control.value, rates.response_target.value)
    columns = {
        "number": numbered("CM", folk.people.index[owner], nth_of(owner)),
        "campaign": words(campaign, tuple(c.number for c in ground.campaigns)),
        "customer": numbered("C", folk.people.index[owner]),
        "arm": words(control, ARMS),
        "responded": answered[chosen] < likely,
    }
    return table_of(CampaignMember, columns), owner


def _willing(ground: Ground, folk: Folk) -> Flags:
    """Whether each customer (row) consents to marketing in the app when each campaign (column) starts."""
    told, question = answers(ground, folk.people), ASKED.index(("marketing", "app"))
    starts = np.array([days.of_date(c.starts) for c in ground.campaigns])
    said = told.at[:, question, None] // days.SECONDS < starts
    unsaid = told.withdrawn[:, question, None] & (told.withdrawn_at[:, question, None] // days.SECONDS < starts)
    return told.granted[:, question, None] & said & ~unsaid
