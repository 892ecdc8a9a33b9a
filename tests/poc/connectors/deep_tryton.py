"""Deep tryton: Tryton as it is, installed by its recipe: every promise of a connector, and the rights that it knows.

Not part of the ordinary suite (``make vendors-check``): the first time the product is installed, which takes minutes.
"""

from collections.abc import Callable, Iterator

import pytest

from poc.connectors.promises import PROMISES, Trial, kept
from scenarios.actors import Actor
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import Customer
from tests.vendors import standing

#: Its REST interface tells no versions.
LACKING = {"a_stale_update_is_refused"}


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=60).bank


@pytest.fixture(scope="module")
def trial(bank: Bank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with standing("tryton", tmp_path_factory.mktemp("listed"), bank) as made:
        yield made


@pytest.mark.parametrize("promise", PROMISES, ids=lambda one: one.__name__)
def test_a_connector_keeps_its_promises(trial: Trial, promise: Callable[[Trial], str]) -> None:
    found = kept(promise, trial)
    assert found.seen == "" or found.kept is None
    assert (found.kept is None) == (promise.__name__ in LACKING)


def test_a_branch_sees_its_own_customers_and_rights_are_kept(trial: Trial) -> None:
    one = next(one for one in trial.customers() if one.branch == "BR01")
    number = trial.settled(one)
    assert trial.crm.acting_as(Actor.RM_A).get(Customer, number).ok
    assert trial.crm.acting_as(Actor.RM_B).get(Customer, number).reason == "not-found"
    assert trial.crm.acting_as(Actor.AUDITOR).update(Customer, number, {"tier": "mass"}).reason == "forbidden"
    assert trial.crm.acting_as(Actor.RM_A).delete(Customer, number).reason == "forbidden"
    assert trial.crm.acting_as(Actor.EXPIRED).get(Customer, number).reason == "unauthenticated"


def test_the_log_names_who_changed_which_field(trial: Trial) -> None:
    number = trial.settled(trial.customers()[5])
    trial.crm.update(Customer, number, {"occupation": "poet"}).value  # noqa: B018
    entries = trial.crm.audit(subject=number).value
    assert [(one.who, one.action, one.after) for one in entries] == [("integration", "write", "identifiers")]
