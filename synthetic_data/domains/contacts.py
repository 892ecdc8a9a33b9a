"""Contacts: a year of talks with customers, and of tickets; nothing with those who have left or died."""

import numpy as np
import pyarrow as pa

from synthetic_data import days, identities
from synthetic_data.chance import Chance, Ints
from synthetic_data.columns import CELL, TIERS, Accounts, Places
from synthetic_data.domains.families import nth_of
from synthetic_data.folk import Folk
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown
from synthetic_data.names import vocabulary
from synthetic_data.records import Interaction, Ticket
from synthetic_data.seats import STATES
from synthetic_data.tables import table_of
from synthetic_data.texts import digits, fixed, glue, numbered, words

#: Of ten talks three begin with the bank.
OUTGOING = 0.3
DIRECTIONS = ("in", "out")
#: Channels that agents of the whole bank answer, not the customer's own banker.
ANSWERED = ("call", "web")
#: The age from which some no longer use app and website.
ELDER = 60
LANGUAGES = ("zh", "en")


def contacts(ground: Ground, folk: Folk, _: Accounts) -> Grown:
    """Return the tables ``interactions`` and ``tickets``."""
    talks, spoke = _interactions(ground, folk)
    tickets, asked = _tickets(ground, folk)
    return Grown({"interactions": talks, "tickets": tickets}, {}, {"interactions": spoke, "tickets": asked})


def year_began(ground: Ground, folk: Folk, owner: Places) -> Ints:
    """Return for each row the first day of the year on which its owner was a customer."""
    return np.maximum(days.of_date(ground.year_began), folk.people.since[owner].astype(np.int64))


def moments(chance: Chance, first: Ints, last: int) -> Ints:
    """Return moments of days from first to last, between 01:00 and 13:00 UTC (a working day in China)."""
    day = chance.whole(first, np.maximum(first, last))
    return day * days.SECONDS + 3600 + chance.whole(0, 12 * 3600 - 1, len(day))


def many(chance: Chance, rate: float) -> Ints:
    """Return how many of something happen to each customer: the whole part of the rate for sure, the rest by chance."""
    sure = int(rate)
    return sure + chance.happens(rate - sure, CELL).astype(np.int64)


def _by_age(ground: Ground, folk: Folk, owner: Ints, channel: Ints, channels: tuple[str, ...]) -> Ints:
    """Return the channels once people of 60 and more have telephoned, or come, instead of using app or website."""
    chance = Chance(ground.seed, folk.people.cell, "interactions", "age")
    born_by = days.years_later(np.array([days.of_date(ground.as_of)]), -ELDER)[0]
    online = np.isin(channel, [channels.index(name) for name in ("app", "web") if name in channels])
    leaves = chance.happens(ground.profile.rates.elder_offline.value, len(owner)) & online
    comes = chance.happens(0.5, len(owner))
    instead = np.where(comes, channels.index("branch"), channels.index("call"))
    return np.where(leaves & (folk.people.birth[owner] <= born_by), instead, channel)


def _interactions(ground: Ground, folk: Folk) -> tuple[pa.Table, Places]:
    chance, people = Chance(ground.seed, folk.people.cell, "interactions"), folk.people
    twice = [round(2 * getattr(ground.profile.contacts, tier).value) for tier in TIERS]
    expected = chance.whole(0, np.array(twice)[people.tier])
    expected = np.where(folk.seats.state == STATES.index("dormant"), 1, expected) * folk.here
    owner = np.repeat(np.arange(CELL), expected)
    at = moments(chance, year_began(ground, folk, owner), days.of_date(ground.as_of))
    at = at[np.lexsort((at, owner))]
    rows, channels = len(owner), tuple(ground.profile.tables.channel.shares)
    channel = chance.pick(list(ground.profile.tables.channel.shares.values()), rows)
    channel = _by_age(ground, folk, owner, channel, channels)
    topic = topics(chance, rows)
    answered = np.isin(channel, [place for place, name in enumerate(channels) if name in ANSWERED])
    agents = np.array([place for place, one in enumerate(ground.staff) if one.role == "agent"])
    agent = agents[chance.whole(0, len(agents) - 1, rows)]
    staff = np.where(answered, agent, people.manager[owner])
    columns = {
        "number": numbered("IN", people.index[owner], nth_of(owner)),
        "customer": numbered("C", people.index[owner]),
        "channel": words(channel, channels),
        "direction": words(chance.happens(OUTGOING, rows), DIRECTIONS),
        "at": at,
        "subject": subjects(folk, owner, topic),
        "text": said(ground, folk, owner, topic),
        "staff": words(staff, tuple(s.number for s in ground.staff)),
    }
    return table_of(Interaction, columns), owner


def _tickets(ground: Ground, folk: Folk) -> tuple[pa.Table, Places]:
    chance, people, tables = Chance(ground.seed, folk.people.cell, "tickets"), folk.people, ground.profile.tables
    owner = np.repeat(np.arange(CELL), many(chance, ground.profile.rates.ticket_a_year.value) * folk.here)
    rows = len(owner)
    topic = topics(chance, rows)
    categories = tuple(topic.category for topic in vocabulary("zh").topics)
    columns = {
        "number": numbered("TK", people.index[owner], nth_of(owner)),
        "customer": numbered("C", people.index[owner]),
        "category": words(topic, categories),
        "severity": words(chance.pick(list(tables.severity.shares.values()), rows), tuple(tables.severity.shares)),
        "subject": subjects(folk, owner, topic),
        "text": said(ground, folk, owner, topic),
        "opened_at": moments(chance, year_began(ground, folk, owner), days.of_date(ground.as_of)),
        "status": words(
            chance.pick(list(tables.ticket_status.shares.values()), rows), tuple(tables.ticket_status.shares)
        ),
        "complaint": chance.happens(ground.profile.rates.complaint.value, rows),
    }
    return table_of(Ticket, columns), owner


def topics(chance: Chance, rows: int) -> Ints:
    """Return what each row is about, a place in the topics of the vocabulary, the same in every language."""
    return chance.whole(0, len(vocabulary("zh").topics) - 1, rows)


def subjects(folk: Folk, owner: Places, topic: Ints) -> pa.Array:
    """Return the subject of each row in the language of its owner."""
    pool = [topic.subject for language in LANGUAGES for topic in vocabulary(language).topics]
    return words(_spoken(folk, owner, topic), pool)


def said(ground: Ground, folk: Folk, owner: Places, topic: Ints) -> pa.Array:
    """Return the text of each row in the language of its owner, with the owner's mark in it."""
    pool = [topic.text.partition("{mark}") for language in LANGUAGES for topic in vocabulary(language).topics]
    code = _spoken(folk, owner, topic)
    marks = identities.marks(ground.seed, "text", folk.people.index)
    mark = glue(identities.TEXT_MARK, fixed(digits(marks[owner], 8)))
    before, after = ([part[place] for part in pool] for place in (0, 2))
    return glue(words(code, before), mark, words(code, after))


def _spoken(folk: Folk, owner: Places, topic: Ints) -> Ints:
    return topic + folk.people.english[owner] * len(vocabulary("zh").topics)
