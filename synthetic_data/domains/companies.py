"""Companies: who founds them, who owns and directs them, and whom they employ; and who brings whom to the bank."""

import numpy as np
import pyarrow as pa

from synthetic_data import days, identities, numbering
from synthetic_data.chance import Chance, Floats, Ints
from synthetic_data.columns import CELL, NEVER, Accounts, Places
from synthetic_data.domains.customers import company_names
from synthetic_data.domains.families import kin, nth_of
from synthetic_data.domains.ties import ROLES, Ties, company, merged, nobody, ties
from synthetic_data.folk import Folk
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown
from synthetic_data.homes import addresses, homes
from synthetic_data.names import vocabulary
from synthetic_data.records import Company, Relation
from synthetic_data.tables import table_of
from synthetic_data.texts import fixed, numbered, same, spoken, words

#: What a second owner and an owning company hold, in hundredths; the founder keeps 40 to 50 or 70.
SECOND, HOLDING = 30, 20


def companies(ground: Ground, folk: Folk, _: Accounts) -> Grown:
    """Return the tables ``companies`` and ``relations``."""
    founder = np.flatnonzero(folk.seats.founds)
    bound = merged(kin(ground, folk), _acquaintance(ground, folk), _ownership(ground, folk))
    return Grown(
        {"companies": _companies(ground, folk, founder), "relations": _relations(folk, bound)},
        {},
        {"companies": founder, "relations": bound.owner},
    )


def founded(ground: Ground, folk: Folk) -> Ints:
    """Return for each founder the day on which the company became a customer."""
    chance, since = Chance(ground.seed, folk.people.cell, "companies", "since"), folk.people.since.astype(np.int64)
    first = np.maximum(since, days.of_date(ground.profile.opened.value))
    return chance.whole(first, np.maximum(first, days.of_date(ground.as_of)))


def _acquaintance(ground: Ground, folk: Folk) -> Ties:
    """Introducers and employers, each of those who came before."""
    sat, rates, me = folk.seats, ground.profile.rates, np.arange(CELL)
    chance = Chance(ground.seed, folk.people.cell, "companies", "acquaintance")
    knows, works = chance.happens(rates.introduced.value, CELL), chance.happens(rates.employed_by_client.value, CELL)
    friend = _earlier(np.flatnonzero(folk.here), chance.shares(CELL))
    employer = _earlier(np.flatnonzero(sat.founds), chance.shares(CELL))
    since, never = folk.people.since, np.full(CELL, NEVER)
    works &= sat.plays("single") & folk.here & (employer >= 0)
    return ties(
        (knows & (friend >= 0), friend, me, "introducer", since, never, nobody(CELL)),
        (works, company(employer), me, "employer", since, never, nobody(CELL)),
    )


def _earlier(fit: Places, shares: Floats) -> Places:
    """For each place one of the fit that come before it, -1 if none does."""
    before = np.searchsorted(fit, np.arange(CELL))
    chosen = np.floor(shares * before).astype(np.int64)
    return np.where(before > 0, fit[np.minimum(chosen, len(fit) - 1)] if len(fit) else -1, -1)


def _ownership(ground: Ground, folk: Folk) -> Ties:
    """What founders keep; the rest is another owner's, or nobody knows whose."""
    sat, since, me, never = folk.seats, founded(ground, folk), np.arange(CELL), np.full(CELL, NEVER)
    chance = Chance(ground.seed, folk.people.cell, "companies", "shares")
    kept = chance.whole(40, np.where(sat.company_owner >= 0, 50, 70))
    return ties(
        (
            sat.owns_part_of >= 0,
            me,
            company(sat.owns_part_of),
            "owner",
            since[sat.owns_part_of],
            never,
            np.full(CELL, SECOND),
        ),
        (sat.founds, me, company(me), "owner", since, never, kept),
        (sat.founds, me, company(me), "director", since, never, nobody(CELL)),
        (
            sat.company_owner >= 0,
            company(sat.company_owner),
            company(me),
            "owner",
            since,
            never,
            np.full(CELL, HOLDING),
        ),
    )


def _relations(folk: Folk, bound: Ties) -> pa.Table:
    index = folk.people.index
    numbers = pa.concat_arrays([numbered("C", index), numbered("CO", index)])
    columns = {
        "number": numbered("RL", index[bound.owner], nth_of(bound.owner)),
        "source": numbers.take(pa.array(bound.source)),
        "target": numbers.take(pa.array(bound.target)),
        "role": words(bound.role, ROLES),
        "since": bound.since,
        "until": bound.until,
        "share": bound.share,
    }
    return table_of(Relation, columns)


def _companies(ground: Ground, folk: Folk, founder: Places) -> pa.Table:
    people, terms = folk.people, ground.profile.companies
    chance, rows = Chance(ground.seed, people.cell, "companies"), len(founder)
    first, second, trade = (chance.shares(CELL)[founder] for _ in range(3))
    size, turnover = chance.pick(list(terms.sizes.shares.values()), CELL), chance.along(terms.turnover.points, CELL)
    marks = identities.marks(ground.seed, "company", people.index[founder])
    trades = tuple(vocabulary("zh").trades)

    def name(language: str, mine: Places) -> pa.Array:
        return company_names(language, first[mine], second[mine], trade[mine])

    found = homes(ground, folk, np.zeros(CELL, dtype=np.bool_))
    columns = {
        "number": numbered("CO", people.index[founder]),
        "name": spoken(people.english[founder], name),
        "registration_id": fixed(identities.registration_ids(marks)),
        "industry": words(np.floor(trade * len(trades)).astype(np.int64), trades),
        "size": words(size[founder], tuple(terms.sizes.shares)),
        "annual_turnover": np.floor(turnover[founder] * 100 + 0.5).astype(np.int64),
        "currency": same(ground.profile.home_currency, rows),
        "address": addresses(ground, folk, found, founder),
        "phone": fixed(numbering.landlines(ground.profile.numbering, marks)),
        "branch": words(people.branch[founder], tuple(b.number for b in ground.branches)),
        "manager": words(people.manager[founder], tuple(s.number for s in ground.staff)),
        "since": founded(ground, folk)[founder],
    }
    return table_of(Company, columns)
