"""Permissions: what customers have consented to, and what the bank knows of who they are."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from synthetic_data import days
from synthetic_data.chance import Chance, Ints
from synthetic_data.columns import CELL, NEVER, Accounts, Flags, People, Places
from synthetic_data.domains.contacts import moments
from synthetic_data.domains.families import nth_of
from synthetic_data.folk import Folk
from synthetic_data.ground import Ground
from synthetic_data.grown import Grown
from synthetic_data.records import Consent, KycFile
from synthetic_data.tables import table_of
from synthetic_data.texts import numbered, words

#: Years until a file is looked at again, by level of due diligence (common practice; an assumption of this bank).
FRESH = {"simplified": 5, "normal": 3, "enhanced": 1}
LEVELS = tuple(FRESH)
#: The share of files that were looked at in time.
IN_TIME = 0.96
STATUSES = ("verified", "due", "overdue")
DOCUMENTS = ("id_card", "residence_permit")

#: The days on which the text of the consent has changed.
VERSIONS = {"1.0": "2000-01-01", "2.0": "2021-11-01", "2.1": "2025-03-01"}
SOURCES = ("onboarding", "app settings", "branch form")
PURPOSES = ("marketing", "profiling", "service", "sharing")
CHANNELS = ("app", "call", "web")
#: What everybody is asked: purpose and channel.
ASKED = (("service", "app"), ("marketing", "app"), ("marketing", "call"), ("profiling", "app"), ("sharing", "web"))
#: The age from which fewer agree to marketing.
ELDER = 55


class Answers(NamedTuple):
    """What each customer (row) said to each question (column of ``ASKED``), and when, in seconds since 1970."""

    granted: Flags
    at: Ints
    withdrawn: Flags
    withdrawn_at: Ints


def permissions(ground: Ground, folk: Folk, _: Accounts) -> Grown:
    """Return the tables ``consents`` and ``kyc_files``."""
    consents, owner = _consents(ground, folk)
    files = _kyc(ground, folk)
    return Grown({"consents": consents, "kyc_files": files}, {}, {"consents": owner, "kyc_files": np.arange(CELL)})


def answers(ground: Ground, people: People) -> Answers:
    """Return what the customers of a cell said when they were asked, and what they took back later."""
    rates, since = ground.profile.rates, people.since.astype(np.int64)
    chance, shape = Chance(ground.seed, people.cell, "consents"), (CELL, len(ASKED))
    marketing = rates.marketing_consent.value
    likely = np.array([1.0, marketing, marketing / 2, rates.profiling_consent.value, rates.sharing_consent.value])
    elder = people.birth <= days.years_later(np.array([days.of_date(ground.as_of)]), -ELDER)[0]
    refusing = np.array([purpose == "marketing" for purpose, _ in ASKED]) * rates.elder_refusal.value
    granted = chance.shares(CELL * len(ASKED)).reshape(shape) < likely * (1 - elder[:, None] * refusing)
    asked = since[:, None] * days.SECONDS + 2 * 3600 + chance.whole(0, 6 * 3600 - 1, CELL * len(ASKED)).reshape(shape)
    withdrawn = chance.happens(rates.consent_withdrawn.value, CELL * len(ASKED)).reshape(shape) & granted
    withdrawn[:, ASKED.index(("service", "app"))] = False
    last = np.where(people.closed == NEVER, days.of_date(ground.as_of), people.closed).astype(np.int64)
    later = _between(chance, np.repeat(since, len(ASKED)), np.repeat(last, len(ASKED))).reshape(shape)
    return Answers(granted, asked, withdrawn, np.maximum(asked + 3600, later))


def _between(chance: Chance, first: Ints, last: Ints) -> Ints:
    return moments(chance, chance.whole(first, np.maximum(first, last)), 0)


def _consents(ground: Ground, folk: Folk) -> tuple[pa.Table, Places]:
    """A change of mind follows and never overwrites: each customer's consents stand in the order of time."""
    told = answers(ground, folk.people)
    who, question = np.nonzero(np.ones_like(told.granted))
    back, about = np.nonzero(told.withdrawn)
    owner, asked = np.concatenate([who, back]), np.concatenate([question, about])
    at = np.concatenate([told.at.ravel(), told.withdrawn_at[told.withdrawn]])
    granted = np.concatenate([told.granted.ravel(), np.zeros(len(back), dtype=np.bool_)])
    order = np.lexsort((~granted, asked, at, owner))
    owner, asked, at, granted = (column[order] for column in (owner, asked, at, granted))
    purpose, channel = (
        np.array([pool.index(question[part]) for question in ASKED])[asked]
        for part, pool in enumerate((PURPOSES, CHANNELS))
    )
    changed = np.array(list(VERSIONS.values()), dtype="M8[D]").astype(np.int64)
    version = np.searchsorted(changed, at // days.SECONDS, side="right") - 1
    chance = Chance(ground.seed, folk.people.cell, "consents", "source")
    columns = {
        "number": numbered("CN", folk.people.index[owner], nth_of(owner)),
        "customer": numbered("C", folk.people.index[owner]),
        "purpose": words(purpose, PURPOSES),
        "channel": words(channel, CHANNELS),
        "version": words(version, tuple(VERSIONS)),
        "granted": granted,
        "at": at,
        "source": words(chance.whole(0, len(SOURCES) - 1, len(owner)), SOURCES),
    }
    return table_of(Consent, columns), owner


def _kyc(ground: Ground, folk: Folk) -> pa.Table:
    """Level by rating, due date by level, status by the day the bank is seen."""
    people, chance = folk.people, Chance(ground.seed, folk.people.cell, "kyc")
    rating = np.array(tuple(ground.profile.tables.aml_rating.shares))[folk.rating]
    guarded = people.minor & (folk.seats.first >= 0)
    level = np.where(rating == "high", 2, np.where((rating == "low") & guarded, 0, 1))
    last = np.where(people.closed == NEVER, days.of_date(ground.as_of), people.closed).astype(np.int64)
    fresh = np.array(list(FRESH.values()))[level]
    seen_within = fresh + ~chance.happens(IN_TIME, CELL)
    first = np.maximum(people.since, days.years_later(last, -seen_within))
    verified = chance.whole(first, np.maximum(first, last - 1))
    due = days.years_later(verified, fresh)
    status = np.where(due < last, 2, np.where(due <= last + 30, 1, 0))
    columns = {
        "number": numbered("KY", people.index),
        "customer": numbered("C", people.index),
        "level": words(level, LEVELS),
        "status": words(status, STATUSES),
        "document": words(people.english, DOCUMENTS),
        "document_expires": days.years_later(verified, chance.whole(1, 15, CELL)),
        "verified_on": verified,
        "due_on": due,
    }
    return table_of(KycFile, columns)
