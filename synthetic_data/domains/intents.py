"""Intents: messages and dialogues in the customers' own words; what they ask for is sealed."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from synthetic_data import days
from synthetic_data.affairs import Message, Turn
from synthetic_data.chance import Chance
from synthetic_data.columns import STATES, Accounts, Flags, People, Places
from synthetic_data.findings import MessageIntent, TurnIntent
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown
from synthetic_data.phrases import DIFFICULTIES, by_intent, intents, one_of, rivals, said, speech
from synthetic_data.tables import table_of
from synthetic_data.texts import glue, numbered, spoken, words

#: Months of messages.
MONTHS = 24
#: Hours in UTC between which people write.
EARLIEST, LATEST = 0, 14 * 3600
#: Seconds from one turn of a dialogue to the next, at least and at most.
PACE = (15, 90)
#: Turns of a dialogue at most; a dialogue in which nothing else is turned to leaves two of them out.
TURNS = 9
THANKS = "thanks"


def messages(ground: Ground, people: People, accounts: Accounts) -> Grown:
    """Return the table ``messages`` and as truth ``message_intents``."""
    told, chance = ground.profile.lives.intents, Chance(ground.seed, people.cell, "messages")
    who, at = _moments(ground, people, told.message_a_year.value, chance)
    intent = chance.whole(0, len(intents()) - 1, len(who))
    difficulty = chance.pick([told.difficulty.shares[name] for name in DIFFICULTIES], len(who))
    numbers = numbered("MG", people.index[who], _rank(who), 3)
    channels = ground.profile.tables.channel.shares
    texts = _written(ground, people, who, at, intent, difficulty)
    table = table_of(
        Message,
        {
            "number": numbers,
            "customer": numbered("C", people.index[who]),
            "channel": words(chance.pick(list(channels.values()), len(who)), tuple(channels)),
            "language": words(people.english[who].astype(np.int8), ("zh", "en")),
            "at": at,
            "text": texts,
        },
    )
    hard = difficulty == DIFFICULTIES.index("hard")
    truth = table_of(
        MessageIntent,
        {
            "number": numbers,
            "intent": words(intent, intents()),
            "rival": words(np.where(hard, rivals()[intent], -1), intents()),
            "difficulty": words(difficulty, DIFFICULTIES),
        },
    )
    return Grown({"messages": table}, {"message_intents": truth}, {"messages": who, "message_intents": who})


def _moments(ground: Ground, people: People, a_year: float, chance: Chance) -> tuple[Places, Places]:
    """Who writes and when, in the order of customers and time."""
    today = days.of_date(ground.as_of)
    first = np.maximum(people.since.astype(np.int64), today - MONTHS * 30)
    here = (people.state <= STATES.index("dormant")) & ~people.minor & (people.copies < 0)
    years = np.where(here, np.maximum(today - first, 0) / 365, 0.0)
    who = np.repeat(np.arange(len(people)), chance.counts(a_year * years))
    day = chance.whole(first[who], np.maximum(first[who], today - 1))
    at = day * days.SECONDS + chance.whole(EARLIEST, LATEST, len(who))
    return who, at[np.argsort((who << 34) + at, kind="stable")]


def _rank(owner: Places) -> Places:
    return np.arange(len(owner)) - np.searchsorted(owner, owner)


def _written(ground: Ground, people: People, who: Places, at: Places, intent: Places, difficulty: Places) -> pa.Array:
    currency = ground.profile.home_currency

    def say(language: str, rows: Places) -> pa.Array:
        chance, told = Chance(ground.seed, people.cell, "messages", language), speech(language)
        day = at[rows] // days.SECONDS
        body = said(chance, language, currency, intent[rows], difficulty[rows], day)
        return glue(one_of(chance, told.openers, len(rows)), body, one_of(chance, told.closers, len(rows)))

    return spoken(people.english[who], say)


class _Talks(NamedTuple):
    """Dialogues before they are written down."""

    who: Places
    at: Places
    intent: Places
    other: Places  # what is turned to, where something is
    difficulty: Places
    switches: Flags


def dialogues(ground: Ground, people: People, accounts: Accounts) -> Grown:
    """Return the table ``turns`` of dialogues, and as truth ``turn_intents`` of what customers want with theirs."""
    told, chance = ground.profile.lives.intents, Chance(ground.seed, people.cell, "dialogues")
    who, at = _moments(ground, people, told.dialogue_a_year.value, chance)
    n, kinds = len(who), len(intents())
    intent = chance.whole(0, kinds - 1, n)
    talks = _Talks(
        who=who,
        at=at,
        intent=intent,
        other=(intent + chance.whole(1, kinds - 1, n)) % kinds,
        difficulty=chance.pick([told.difficulty.shares[name] for name in DIFFICULTIES], n),
        switches=chance.happens(told.switch.value, n),
    )
    kept = np.repeat(talks.switches[:, None], TURNS, axis=1) | (np.arange(TURNS) < 5) | (np.arange(TURNS) > 6)
    talk, step = np.nonzero(kept)
    place = np.flatnonzero(kept.ravel())
    texts = spoken(people.english[who], lambda language, rows: _lines(ground, people, talks, language, rows))
    # ``texts`` holds for each dialogue its turns in a list; flattened, they stand in the order of dialogues and turns.
    lines = texts.flatten().take(pa.array(place))
    nth = np.arange(len(talk)) - np.searchsorted(talk, talk)
    return _tables(people, talks, talk, step, nth, lines, chance)


def _lines(ground: Ground, people: People, talks: _Talks, language: str, rows: Places) -> pa.Array:
    """All nine turns of each dialogue as a list."""
    chance, told = Chance(ground.seed, people.cell, "dialogues", language), speech(language)
    currency, n, day = ground.profile.home_currency, len(rows), talks.at[rows] // days.SECONDS
    intent, other, difficulty = talks.intent[rows], talks.other[rows], talks.difficulty[rows]
    turns = [
        one_of(chance, told.greeting, n),
        said(chance, language, currency, intent, difficulty, day),
        by_intent(chance, language, "agent", intent),
        by_intent(chance, language, "follow", intent),
        one_of(chance, told.assure, n),
        glue(one_of(chance, told.turning, n), said(chance, language, currency, other, difficulty, day)),
        by_intent(chance, language, "agent", other),
        one_of(chance, told.thanks, n),
        one_of(chance, told.farewell, n),
    ]
    order = np.arange(TURNS * n).reshape(TURNS, n).T.ravel()
    flat = pa.concat_arrays(turns).take(pa.array(order))
    return pa.ListArray.from_arrays(pa.array(np.arange(n + 1, dtype=np.int32) * TURNS), flat)


def _tables(
    people: People, talks: _Talks, talk: Places, step: Places, nth: Places, lines: pa.Array, chance: Chance
) -> Grown:
    who, rank = talks.who[talk], _rank(talks.who)[talk]
    numbers = numbered("TN", people.index[who], rank * 100 + nth, 4)
    named = numbered("DG", people.index[who], rank)
    pause = np.cumsum(chance.whole(*PACE, len(talk)))
    begins = pause[np.searchsorted(talk, talk)]
    speaks = step % 2 == 1
    table = table_of(
        Turn,
        {
            "number": numbers,
            "customer": numbered("C", people.index[who]),
            "dialogue": named,
            "nth": (nth + 1).astype(np.int32),
            "speaker": words(speaks.astype(np.int8), ("agent", "customer")),
            "language": words(people.english[who].astype(np.int8), ("zh", "en")),
            "at": talks.at[talk] + pause - begins,
            "text": lines,
        },
    )
    mine = np.flatnonzero(speaks)
    meant = np.where(step == 5, talks.other[talk], talks.intent[talk])
    meant = np.where(step == 7, len(intents()), meant)
    truth = table_of(
        TurnIntent,
        {
            "number": numbers.take(pa.array(mine)),
            "dialogue": named.take(pa.array(mine)),
            "intent": words(meant[mine], (*intents(), THANKS)),
            "switched": step[mine] == 5,
        },
    )
    return Grown({"turns": table}, {"turn_intents": truth}, {"turns": who, "turn_intents": who[mine]})
