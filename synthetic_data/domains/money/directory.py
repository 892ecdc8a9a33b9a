"""Directory: everybody whom customers of a cell pay or are paid by: accounts, merchants, payers, and those outside."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from synthetic_data.chance import Bools, Chance, Ints
from synthetic_data.columns import Accounts, People
from synthetic_data.domains.customers import company_names
from synthetic_data.domains.employers import firm_count, firm_shares
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown
from synthetic_data.ledger import Merchant, Payer
from synthetic_data.tables import table_of
from synthetic_data.texts import beside, digits, fixed, numbered, words

#: Merchants that sell everywhere; the first cell keeps them on file, so every bank has them.
EVERYWHERE = 40
#: Accounts at other banks that the customers of a cell have to do with, besides one of their own for each.
OUTSIDERS = 3_000
BILLERS = 12
#: Who pays pensions.
PENSION = 0


class _Names(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    first: tuple[str, ...]
    pension: str
    categories: dict[str, tuple[str, ...]]


@cache
def _names(language: str) -> _Names:
    text = resources.files("synthetic_data").joinpath("vocabulary", "merchants.toml").read_text(encoding="utf-8")
    return _Names.model_validate(tomllib.loads(text)[language])


def language_of(ground: Ground) -> str:
    """Return the language of a bank's surroundings: English where most customers are spoken to in English."""
    return "en" if ground.profile.rates.english.value > 0.5 else "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Counterparties by their places: accounts of the cell, merchants, payers, billers, accounts at other banks."""

    numbers: pa.Array  # the number of each
    merchants: int  # place of the first merchant
    payers: int
    billers: int
    own: int  # place of the first customer's own account at another bank
    outsiders: int
    sells: Ints  # category of each merchant
    online: Bools  # whether a merchant sells online
    paydays: Ints  # of each payer

    @property
    def merchant_count(self) -> int:
        """How many merchants the cell knows."""
        return len(self.sells)


def directory(ground: Ground, people: People, accounts: Accounts) -> Directory:
    """Return the counterparties of a cell."""
    flows = ground.profile.money.flows
    local, payers = round(flows.merchants.value), firm_count(ground)
    first = len(accounts)
    sells, online = _wares(ground, people.cell, local)
    rows = (EVERYWHERE + local, payers, BILLERS, len(people), OUTSIDERS)
    starts = np.cumsum((first, *rows)).tolist()
    outside = Chance(ground.seed, people.cell, "directory", "outsiders").whole(0, 10**12 - 1, sum(rows[2:]))
    numbers = pa.concat_arrays(
        [
            account_numbers(people, accounts),
            numbered("MC", _merchant_index(people.cell, local)),
            numbered("PY", people.cell * payers + np.arange(payers)),
            fixed(beside(len(outside), "X62", digits(outside, 12))),
        ]
    )
    paydays = np.array([int(day) for day in flows.paydays.shares])
    drawn = Chance(ground.seed, people.cell, "directory", "paydays").pick(tuple(flows.paydays.shares.values()), payers)
    return Directory(
        numbers=numbers,
        merchants=starts[0],
        payers=starts[1],
        billers=starts[2],
        own=starts[3],
        outsiders=starts[4],
        sells=sells,
        online=online,
        paydays=paydays[drawn],
    )


def account_numbers(people: People, accounts: Accounts) -> pa.Array:
    """Return the numbers of a cell's accounts."""
    return numbered("AC", people.index[accounts.owner], accounts.nth)


def _merchant_index(cell: int, local: int) -> Ints:
    return np.concatenate([np.arange(EVERYWHERE), EVERYWHERE + cell * local + np.arange(local)])


def _wares(ground: Ground, cell: int, local: int) -> tuple[Ints, Bools]:
    """What merchants sell: each category in turn first, so that none is missing, then by what is bought."""
    categories = ground.profile.money.categories
    shares = np.array([c.share for c in categories.values()])
    found = []
    for where, count in ((Chance(ground.seed, 0, "merchants", "everywhere"), EVERYWHERE),
                         (Chance(ground.seed, cell, "merchants", "local"), local)):  # fmt: skip
        found.append(np.concatenate([np.arange(len(shares)), where.pick(np.sqrt(shares), count - len(shares))]))
    sells = np.concatenate(found)
    everywhere = np.arange(len(sells)) < EVERYWHERE
    return sells, everywhere & np.array([c.online > 0 for c in categories.values()])[sells]


def trade(ground: Ground, people: People, known: Directory) -> Grown:
    """Return the merchants and payers of a cell; they hang on its first customer, so that no cut loses them."""
    begins = 0 if people.cell == 0 else EVERYWHERE
    sells, online = known.sells[begins:], known.online[begins:]
    places = np.arange(begins, known.merchant_count)
    categories = tuple(ground.profile.money.categories)
    merchants = table_of(
        Merchant,
        {
            "number": known.numbers.slice(known.merchants + begins, len(places)),
            "name": pa.array(_merchant_names(ground, people.cell, known, begins), pa.string()),
            "category": words(sells, categories),
            "online": online,
        },
    )
    payers = table_of(
        Payer,
        {
            "number": known.numbers.slice(known.payers, len(known.paydays)),
            "name": _payer_names(ground, people.cell),
            "payday": known.paydays,
        },
    )
    owners = {"merchants": np.zeros(len(places), np.int64), "payers": np.zeros(len(known.paydays), np.int64)}
    return Grown({"merchants": merchants, "payers": payers}, {}, owners)


def _merchant_names(ground: Ground, cell: int, known: Directory, begins: int) -> list[str]:
    told, categories = _names(language_of(ground)), tuple(ground.profile.money.categories)
    count = known.merchant_count
    heads = Chance(ground.seed, cell, "merchants", "heads").whole(0, len(told.first) - 1, count)
    tails = Chance(ground.seed, cell, "merchants", "tails").whole(0, 2**20, count)
    forms = [told.categories[categories[code]] for code in known.sells.tolist()]
    return [
        form[tail % len(form)].format(first=told.first[head])
        for form, head, tail in list(zip(forms, heads.tolist(), tails.tolist(), strict=True))[begins:]
    ]


def _payer_names(ground: Ground, cell: int) -> pa.Array:
    """Employers by the names that their staff give in their files; the first pays pensions."""
    language = language_of(ground)
    named = company_names(language, *firm_shares(ground, cell))
    return pa.concat_arrays([pa.array([_names(language).pension], pa.string()), named.slice(1)])
