"""Customers: their records, with second files that differ from the first, and the truth about who is who."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthetic_data import days, identities, numbering, spellings
from synthetic_data.chance import Chance, Floats
from synthetic_data.columns import CELL, STATES, TIERS, Accounts, Codes, Flags, Places
from synthetic_data.domains.employers import firm_of, firm_shares
from synthetic_data.folk import Folk
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown
from synthetic_data.homes import addresses, homes
from synthetic_data.names import vocabulary
from synthetic_data.records import Customer
from synthetic_data.seats import DEFECTS
from synthetic_data.tables import table_of
from synthetic_data.texts import chosen, digits, fill, fixed, glue, numbered, replaced, same, spoken, taken, words
from synthetic_data.truth import DuplicatePair, TwinPair

#: Domains that RFC 2606 keeps for examples: mail to them reaches nobody.
DOMAINS = ("example.com", "example.net", "example.org")

RISKS = ("C1", "C2", "C3", "C4", "C5")
LANGUAGES, GENDERS = ("zh", "en"), ("F", "M")
RETIRES_AT = 60

#: Second files that keep the mobile number, and those that keep the e-mail address.
SAME_MOBILE = ("typo", "script", "order", "moved", "renamed", "latin")
SAME_EMAIL = ("typo", "mobile", "renamed")


def customers(ground: Ground, folk: Folk, _: Accounts) -> Grown:
    """Return the table ``customers``, and as truth ``duplicates`` and ``traps``."""
    defect = fitting(folk)
    numbers = numbered("C", folk.people.index)
    columns = {
        **_about(ground, folk, numbers),
        **_names(ground, folk, defect),
        **_reached(ground, folk, defect),
        **_work(ground, folk),
        "number": numbers,
    }
    table = table_of(Customer, columns)
    pairs, copies = _duplicates(folk, defect, numbers)
    traps, later = _traps(folk, numbers)
    owners = {"customers": np.arange(CELL), "duplicates": copies, "traps": later}
    return Grown({"customers": table}, {"duplicates": pairs, "traps": traps}, owners)


def fitting(folk: Folk) -> Codes:
    """Return what differs in each second file (-1 for first files): as planned, or the nearest that can show.

    Numbers of the old form ended with 1999, and some names are written alike in both scripts.
    """
    defect = folk.seats.defect.copy()
    born_late = days.years(folk.people.birth) >= 2000
    defect[_at(defect, "old_id") & born_late] = DEFECTS.index("moved")
    alike = pc.equal(spellings.traditional(folk.names), spellings.written(folk.names)).to_numpy(zero_copy_only=False)
    defect[_at(defect, "script") & alike] = DEFECTS.index("order")
    return defect


def _at(defect: Codes, *kinds: str) -> Flags:
    return np.isin(defect, [DEFECTS.index(kind) for kind in kinds])


def _about(ground: Ground, folk: Folk, numbers: pa.Array) -> Mapping[str, object]:
    people, tables = folk.people, ground.profile.tables
    guarded = people.minor & (folk.seats.first >= 0)
    return {
        "language": words(people.english, LANGUAGES),
        "gender": words(people.male, GENDERS),
        "birth_date": people.birth,
        "monthly_income": people.income,
        "currency": same(ground.profile.home_currency, CELL),
        "tier": words(people.tier, TIERS),
        "risk_level": words(people.risk, RISKS),
        "aml_rating": words(folk.rating, tuple(tables.aml_rating.shares)),
        "state": words(people.state, STATES),
        "branch": words(people.branch, tuple(b.number for b in ground.branches)),
        "manager": words(people.manager, tuple(s.number for s in ground.staff)),
        "since": people.since,
        "closed_on": people.closed,
        "legal_hold": folk.seats.held,
        "guardian": taken(numbers, np.where(guarded, folk.seats.first, -1)),
    }


def _names(ground: Ground, folk: Folk, defect: Codes) -> Mapping[str, pa.Array]:
    """How names stand on file: of second files wrongly, in another script or in another order."""
    chance = Chance(ground.seed, folk.people.cell, "customers", "names")
    letters = ground.profile.duplicates.characters.value
    spelt = spellings.misspelt(chance, folk.names, letters)
    other = spellings.renamed(chance, folk.names, folk.people.male)
    at = {kind: np.flatnonzero(_at(defect, kind)) for kind in DEFECTS}
    wrong, changed, swapped = spelt.taken(at["typo"]), other.taken(at["renamed"]), folk.names.taken(at["order"])
    name = replaced(
        spellings.written(folk.names),
        (at["typo"], spellings.written(wrong)),
        (at["renamed"], spellings.written(changed)),
        (at["order"], spellings.swapped(swapped)),
        (at["script"], spellings.traditional(folk.names.taken(at["script"]))),
        (at["latin"], spellings.latin(folk.names.taken(at["latin"]))),
    )
    latin = replaced(
        spellings.latin(folk.names),
        (at["typo"], spellings.latin(wrong)),
        (at["renamed"], spellings.latin(changed)),
        (at["order"], spellings.latin_swapped(swapped)),
    )
    return {"name": name, "latin_name": latin}


def _reached(ground: Ground, folk: Folk, defect: Codes) -> Mapping[str, pa.Array]:
    """Numbers and addresses, each by the marks of whoever it was given to first."""
    seed, own, index = ground.seed, folk.owner, folk.people.index
    whose = {
        "mobile": np.where(_at(defect, *SAME_MOBILE), own, np.arange(CELL)),
        "email": np.where(_at(defect, *SAME_EMAIL), own, np.arange(CELL)),
    }
    marks = {field: identities.marks(seed, field, index[at]) for field, at in whose.items()}
    found = homes(ground, folk, _at(defect, "moved"))
    return {
        "national_id": _identities(ground, folk, defect),
        "mobile": fixed(numbering.mobiles(ground.profile.numbering, marks["mobile"])),
        "email": _unless(_emails(folk, marks["email"]), _open(ground, folk, "email")),
        "card_number": fixed(identities.card_numbers(identities.marks(seed, "card_number", index))),
        "address": addresses(ground, folk, found, np.arange(CELL)),
    }


def _identities(ground: Ground, folk: Folk, defect: Codes) -> pa.Array:
    """Identity numbers are unique in any CRM, so that of a second file has its province mistyped or is of the old form:
    birth date and sequence still agree.
    """
    people, old = folk.people, np.flatnonzero(_at(defect, "old_id"))
    marks = identities.marks(ground.seed, "national_id", people.index[folk.owner])
    slips = (people.copies >= 0) & ~_at(defect, "old_id")
    found = numbering.national_ids(ground.profile.numbering, people.birth, people.male, marks, slips)
    return replaced(fixed(found), (old, fixed(identities.old_national_ids(found[old]))))


def _emails(folk: Folk, marks: Places) -> pa.Array:
    """Addresses that reach nobody and name their customers by their digits."""
    local = pc.utf8_lower(pc.replace_substring(spellings.latin(folk.names), " ", ""))
    return glue(local, ".", fixed(digits(marks, 8)), "@", words(marks % len(DOMAINS), DOMAINS))


def _open(ground: Ground, folk: Folk, field: str) -> Flags:
    """Which second files leave a field open."""
    chance = Chance(ground.seed, folk.people.cell, "customers", "missing", field)
    return (folk.people.copies >= 0) & chance.happens(ground.profile.duplicates.missing.value, CELL)


def _unless(column: pa.Array, missing: Flags) -> pa.Array:
    return chosen(missing, pa.scalar("", pa.string()), column)


def _work(ground: Ground, folk: Folk) -> Mapping[str, pa.Array]:
    """Occupation and employer; the young learn, the old rest."""
    people = folk.people
    chance = Chance(ground.seed, people.cell, "customers", "work")
    trade = chance.shares(CELL)[folk.owner]
    firm = firm_shares(ground, people.cell)[:, firm_of(ground, people)]
    line = days.years_later(np.array([days.of_date(ground.as_of)]), -RETIRES_AT)[0]
    life = np.where(people.minor, 1, np.where(people.birth <= line, 2, 0))

    def job(language: str, rows: Places) -> pa.Array:
        known = vocabulary(language)
        pool = (*known.occupations, known.student, known.retired)
        own = np.floor(trade[rows] * len(known.occupations)).astype(int)
        return words(np.where(life[rows] == 0, own, len(known.occupations) - 1 + life[rows]), pool).cast(pa.string())

    def employer(language: str, rows: Places) -> pa.Array:
        known = vocabulary(language)
        named = company_names(language, *firm[:, rows])
        rest = words(np.maximum(life[rows] - 1, 0), (known.school, known.pensioner)).cast(pa.string())
        return chosen(life[rows] > 0, rest, named)

    occupation = spoken(people.english, job)
    return {
        "occupation": _unless(occupation, _open(ground, folk, "occupation")).dictionary_encode(),
        "employer": _unless(spoken(people.english, employer), _open(ground, folk, "employer")),
    }


def company_names(language: str, first: Floats, second: Floats, trade: Floats) -> pa.Array:
    """Return names of companies from shares in [0, 1) that choose the words."""
    known = vocabulary(language)
    parts = {"first": (first, known.company_first), "second": (second, known.company_second)}
    parts["trade"] = (trade, tuple(known.trades.values()))
    pieces = {name: words(np.floor(share * len(pool)).astype(int), pool) for name, (share, pool) in parts.items()}
    return fill(known.company, **pieces)


def _duplicates(folk: Folk, defect: Codes, numbers: pa.Array) -> tuple[pa.Table, Places]:
    copies = np.flatnonzero(folk.people.copies >= 0)
    columns = {
        "kept": taken(numbers, folk.people.copies[copies]),
        "duplicate": taken(numbers, copies),
        "kind": words(defect[copies], DEFECTS),
    }
    return table_of(DuplicatePair, columns), copies


def _traps(folk: Folk, numbers: pa.Array) -> tuple[pa.Table, Places]:
    """Who looks just like the one of the family before, and is somebody else."""
    sat = folk.seats
    kinds = ("twins", "father_son", "namesakes")
    twins = sat.plays("twin") & (sat.rank == 2)
    kind = np.select([twins, sat.plays("son"), sat.plays("namesake") & (sat.rank == 1)], [0, 1, 2], -1)
    later = np.flatnonzero(kind >= 0)
    columns = {
        "first": taken(numbers, sat.last[later]),
        "second": taken(numbers, later),
        "kind": words(kind[later], kinds),
    }
    return table_of(TwinPair, columns), later
