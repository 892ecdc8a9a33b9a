"""Offers: how likely each customer takes each product, asked and unasked, and which offer would bring most."""

from typing import NamedTuple

import numpy as np

from synthetic_data.chance import Bools, Floats, Ints
from synthetic_data.columns import TIERS
from synthetic_data.domains.money.amounts import lognormal, rounded
from synthetic_data.domains.money.personas import holds
from synthetic_data.domains.money.scene import Scene
from synthetic_data.domains.permissions import ASKED, answers


class Offers(NamedTuple):
    """A row for each customer, a column for each product on offer."""

    products: tuple[str, ...]
    alone: Floats  # probability of taking it unasked
    offered: Floats  # probability of taking it when it is offered
    value: Ints  # cents a year to the bank
    suitable: Bools
    takes_alone: Bools
    takes: Bools


def offers(scene: Scene) -> Offers:
    """Return true probabilities: base odds times a factor for each trait, and what is drawn from them.

    The odds of ``Offer`` are multiplied by the factors of tier, segment (as far as ``contrast`` lets it differ) and
    holding, and by a factor that no data show. Who takes a product unasked would also take it when asked.
    """
    told, people = scene.told.behaviour, scene.people
    n, products = len(people), tuple(told.offers)
    there = np.flatnonzero(~scene.who.watched)
    alone, offered = np.zeros((n, len(products))), np.zeros((n, len(products)))
    for at, (name, offer) in enumerate(told.offers.items()):
        tiers = np.array([offer.tiers.get(tier, 1.0) for tier in TIERS])[people.tier]
        segments = np.array([offer.segments.get(segment, 1.0) for segment in told.segments])
        fit = (1 + (segments - 1) * told.contrast.value)[scene.who.segment]
        held = np.where(holds(people, scene.accounts, name), offer.held, 1.0)
        unseen = lognormal(scene.chance("offers", name), told.hidden.value, n)
        odds = offer.base / (1 - offer.base) * tiers * fit * held * unseen
        alone[:, at] = odds / (1 + odds)
        offered[:, at] = odds * offer.lift / (1 + odds * offer.lift)
    alone[there], offered[there] = 0.0, 0.0
    share = scene.chance("offers", "taken").shares(n * len(products)).reshape(n, -1)
    alone, offered = rounded(alone), rounded(offered)
    value = _values(scene)
    risk = np.array([offer.risk for offer in told.offers.values()])
    suitable = (people.risk[:, None] + 1 >= risk) & scene.who.watched[:, None]
    return Offers(products, alone, offered, value, suitable, share < alone, share < offered)


def _values(scene: Scene) -> Ints:
    """What a product brings in a year: more from those who have more."""
    scale = np.array((1.0, 3.0, 9.0))[scene.people.tier]
    value = np.array([offer.value for offer in scene.told.behaviour.offers.values()])
    found: Ints = np.floor(np.outer(scale, value) * 100 + 0.5).astype(np.int64)
    return found


def may_be_asked(scene: Scene) -> Bools:
    """Return who has consented to marketing, on any channel, and not taken it back by the day the bank is seen."""
    told = answers(scene.ground, scene.people)
    stands = told.granted & ~told.withdrawn
    marketing = [at for at, (purpose, _) in enumerate(ASKED) if purpose == "marketing"]
    return np.asarray(stands[:, marketing].any(axis=1))


def best(made: Offers, allowed: Bools) -> tuple[Ints, Ints]:
    """Return the place of each one's best offer (-1 for none) and what it brings in cents: probability times value.

    Only suitable offers count, and only for those who may be asked.
    """
    worth = np.where(made.suitable & allowed[:, None], np.floor(made.offered * made.value + 0.5), -1.0)
    found = np.argmax(worth, axis=1)
    gain = worth[np.arange(len(found)), found]
    return np.where(gain > 0, found, -1), np.maximum(gain, 0).astype(np.int64)
