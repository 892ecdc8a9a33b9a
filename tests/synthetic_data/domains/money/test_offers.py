"""Offers, what they bring, and what nobody can beat."""

import numpy as np
import pytest

from synthetic_data.domains.money.offers import Offers, best, offers
from tests.synthetic_data.domains.money.cells import PROFILES, frame, scene_of

CELLS = range(3)


def some(offered: list[list[float]], value: list[list[int]], suitable: list[list[bool]]) -> Offers:
    chance, fits = np.array(offered), np.array(suitable)
    none = np.zeros(chance.shape, dtype=np.bool_)
    return Offers(("fund", "loan"), chance / 2, chance, np.array(value), fits, none, none)


def test_the_best_offer_is_the_suitable_one_with_most_probability_times_value() -> None:
    made = some([[0.5, 0.1], [0.5, 0.1], [0.5, 0.1]], [[100, 600], [100, 600], [100, 600]],
                [[True, True], [True, False], [False, False]])  # fmt: skip
    chosen, gain = best(made, np.array([True, True, True]))
    assert chosen.tolist() == [1, 0, -1]
    assert gain.tolist() == [60, 50, 0]


def test_nobody_is_asked_who_has_not_consented() -> None:
    chosen, gain = best(some([[0.5, 0.1]], [[100, 600]], [[True, True]]), np.array([False]))
    assert chosen.tolist() == [-1]
    assert gain.tolist() == [0]


@pytest.mark.parametrize("profile", PROFILES)
def test_an_offer_never_makes_a_product_less_likely_and_nobody_takes_alone_what_they_refuse(profile: str) -> None:
    made = offers(scene_of(profile))
    assert (made.offered >= made.alone).all()
    assert not (made.takes_alone & ~made.takes).any()
    assert ((made.offered >= 0) & (made.offered < 1)).all()


def test_as_many_take_a_product_as_their_probabilities_say() -> None:
    made = [offers(scene_of(cell=cell)) for cell in CELLS]
    chance, taken = np.concatenate([m.offered for m in made]), np.concatenate([m.takes for m in made])
    spread = np.sqrt((chance * (1 - chance)).sum(axis=0))
    assert (np.abs(taken.sum(axis=0) - chance.sum(axis=0)) < 4 * spread).all()


def test_nothing_riskier_than_a_customer_may_bear_is_suitable() -> None:
    scene, made = scene_of(), offers(scene_of())
    for at, offer in enumerate(scene.told.behaviour.offers.values()):
        assert (scene.people.risk[made.suitable[:, at]] + 1 >= offer.risk).all()


def test_next_actions_are_what_the_propensities_say() -> None:
    actions, told = frame("next_actions"), frame("propensities")
    told = told[told["suitable"]].assign(gain=lambda t: t["probability"] * t["value"])
    top = told.groupby("customer")["gain"].max()
    asked = actions[actions["product"].notna()]
    assert np.abs(asked["gain"].to_numpy() - top.loc[asked["customer"]].to_numpy()).max() < 0.006
    assert asked["consented"].all()
    assert actions.loc[~actions["consented"], "product"].isna().all()
    assert 0.1 < actions["consented"].mean() < 0.9
