"""Documents: by what customers prove who they are, one after the other, each until it expires."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthetic_data import days, identities
from synthetic_data.affairs import IdentityDocument
from synthetic_data.chance import Chance
from synthetic_data.columns import NEVER, Accounts, Flags, People, Places
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown
from synthetic_data.tables import table_of
from synthetic_data.texts import beside, digits, fixed, numbered, words

#: Most documents of one customer.
LONGEST = 8
#: Begins the serial of a document, so that it looks like nobody's.
SERIAL = "X0"
#: Years that a document of a foreigner is valid where a domestic one holds for life.
PASSPORT = 10
#: Days before its end in which a document is renewed.
EARLY = 60


def documents(ground: Ground, people: People, accounts: Accounts) -> Grown:
    """Return the table ``identity_documents`` of first files."""
    told, chance = ground.profile.lives.documents, Chance(ground.seed, people.cell, "documents")
    who = np.flatnonzero(people.copies < 0)
    foreign = people.english[who] & (ground.profile.rates.english.value < 0.5)
    kinds = ("id_card", *told.foreign_kinds.shares)
    drawn = chance.pick(list(told.foreign_kinds.shares.values()), len(who)) + 1
    kind = np.where(foreign, drawn, 0)
    rows, issued, expires, seen = _chain(ground, people, who, foreign, chance)
    nth = np.arange(len(rows)) - np.searchsorted(rows, rows)
    marks = identities.marks(ground.seed, "documents", people.index[rows])
    serial = fixed(beside(len(rows), SERIAL, digits(marks, 8), digits(nth, 1)))
    at = np.searchsorted(who, rows)
    bears = (kind[at] == 0) & (ground.profile.rates.english.value < 0.5)
    table = table_of(
        IdentityDocument,
        {
            "number": numbered("ID", people.index[rows], nth),
            "customer": numbered("C", people.index[rows]),
            "kind": words(kind[at], kinds),
            "serial": pc.if_else(pa.array(bears), pa.scalar(None, pa.string()), serial),
            "issued": issued,
            "expires": expires,
            "seen_on": seen,
        },
    )
    return Grown({"identity_documents": table}, {}, {"identity_documents": rows})


def _valid(ground: Ground, birth: Places, issued: Places, foreign: Flags) -> Places:
    """The day on which a document issued on a day expires, NEVER for those valid for life."""
    age = days.years(issued) - days.years(birth)
    age = age - (days.years_later(birth, age) > issued)
    points = ground.profile.lives.documents.validity.points
    step = np.searchsorted([at for at, _ in points], age, side="right") - 1
    term = np.array([years for _, years in points])[np.maximum(step, 0)]
    term = np.where(foreign & (term == 0), PASSPORT, term)
    return np.where(term == 0, NEVER, days.years_later(issued, term))


def _chain(
    ground: Ground, people: People, who: Places, foreign: Flags, chance: Chance
) -> tuple[Places, Places, Places, Places]:
    """The documents of each, oldest first: whose, issued, expires, seen by the bank."""
    today, birth = days.of_date(ground.as_of), people.birth[who].astype(np.int64)
    end = np.minimum(people.closed[who], today).astype(np.int64)
    seen = people.since[who].astype(np.int64)
    issued = np.maximum(seen - chance.whole(10, 1_700, len(who)), birth + 5)
    late = chance.happens(ground.profile.lives.documents.overdue.value, len(who))
    live = np.ones(len(who), dtype=np.bool_)
    parts = []
    for _ in range(LONGEST):
        expires = _valid(ground, birth, issued, foreign)
        parts.append(np.stack([who, issued, expires, seen])[:, live])
        fresh = expires - chance.whole(1, EARLY, len(who))
        # Who is late has let the document expire that ended last.
        lapsed = late & (_valid(ground, birth, np.minimum(fresh, today), foreign) > today)
        live = live & (fresh < end) & ~lapsed
        issued = np.where(live, fresh, issued)
        seen = np.where(live, np.minimum(fresh + chance.whole(1, 40, len(who)), today), seen)
    rows, issued, expires, seen = np.concatenate(parts, axis=1)
    order = np.argsort(rows, kind="stable")
    return rows[order], issued[order], expires[order], seen[order]
