"""Leads: who may become a customer or want more, how likely that is, and what becomes of it."""

import numpy as np

from synthetic_data import days, identities, spellings
from synthetic_data.affairs import Lead
from synthetic_data.chance import Chance
from synthetic_data.columns import PRODUCTS, STATES, Accounts, People
from synthetic_data.findings import LeadOutcome
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown
from synthetic_data.tables import NONE, table_of
from synthetic_data.texts import beside, digits, fixed, numbered, words

STAGES = ("new", "contacted", "qualified", "converted", "lost")
#: Days after which it is known what became of a lead.
SETTLED = 90
#: How far back leads are kept.
OLDEST = 540
#: How much likelier the wealthy are to follow up on what they asked for, by tier.
KEENER = np.array((1.0, 1.2, 1.35))
#: Spread of a lead's own probability around that of its source, as a factor.
SPREAD = ((0.0, 0.3), (0.5, 0.9), (0.9, 1.8), (1.0, 2.6))


def leads(ground: Ground, people: People, accounts: Accounts) -> Grown:
    """Return the table ``leads`` and as truth ``lead_outcomes``."""
    told, chance = ground.profile.lives.leads, Chance(ground.seed, people.cell, "leads")
    today = days.of_date(ground.as_of)
    here = (people.copies < 0) & ~people.minor & (people.state == STATES.index("active")) & (people.since < today - 120)
    who = np.flatnonzero(here & chance.happens(told.per_hundred.value / 100, len(people)))
    n = len(who)
    source = chance.pick(list(told.sources.shares.values()), n)
    mean = np.array([told.convert.shares[name] for name in told.sources.shares])[source]
    likely = np.floor(np.minimum(mean * KEENER[people.tier[who]] * chance.along(SPREAD, n), 0.95) * 1e6).astype(
        np.int64
    )
    converts = chance.happens(likely / 1e6, n)
    created = today - chance.whole(2, np.minimum(OLDEST, today - people.since[who] - 5), n)
    settled = created + chance.whole(5, SETTLED, n)
    over = settled < today
    stage = np.where(over, np.where(converts, 3, 4), chance.whole(0, 2, n))
    numbers = numbered("LD", people.index[who])
    names = spellings.drawn(chance, people.english[who], chance.happens(0.5, n))
    contact = fixed(
        beside(n, "lead.", digits(identities.marks(ground.seed, "lead", people.index[who]), 8), "@example.com")
    )
    hour = chance.whole(3_600, 12 * 3_600, n)
    table = table_of(
        Lead,
        {
            "number": numbers,
            "customer": numbered("C", people.index[who]),
            "name": spellings.written(names),
            "contact": contact,
            "source": words(source, tuple(told.sources.shares)),
            "interest": words(chance.whole(1, len(PRODUCTS) - 1, n), PRODUCTS),
            "stage": words(stage, STAGES),
            "owner": words(people.manager[who], tuple(s.number for s in ground.staff)),
            "created": created * days.SECONDS + hour,
            "closed": np.where(over, settled * days.SECONDS + hour, NONE),
        },
    )
    truth = table_of(LeadOutcome, {"number": numbers, "probability": likely, "converts": converts})
    return Grown({"leads": table}, {"lead_outcomes": truth}, {"leads": who, "lead_outcomes": who})
