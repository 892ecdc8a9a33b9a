"""Access: the policy holds what the bank wrote, resolves what follows another operation, and denies the rest."""

import pytest

from poc.reference_crm.access import Caller, load_policy
from poc.reference_crm.catalogue import CUSTOMERS, KINDS

POLICY = load_policy(frozenset(CUSTOMERS.sealed))


def caller(role: str, branch: str = "") -> Caller:
    return Caller(username="u", role=role, branch=branch)


def test_what_is_not_written_is_denied() -> None:
    assert not POLICY.may("manager", "customer.explode")
    assert not POLICY.may("newcomer", "customer.get")


def test_every_verb_of_every_kind_is_decided() -> None:
    for kind in KINDS.values():
        for verb in kind.verbs:
            assert f"{kind.noun}.{verb}" in POLICY.operations, (kind.noun, verb)


@pytest.mark.parametrize(
    ("role", "branch", "reach"),
    [("teller", "BR01", "branch"), ("teller", "", "none"), ("agent", "BR01", "all"), ("admin", "BR01", "none")],
)
def test_reach_follows_the_role(role: str, branch: str, reach: str) -> None:
    assert POLICY.scope(caller(role, branch)).reach == reach


def test_the_bank_wrote_forty_eight_operations() -> None:
    assert len(POLICY.document["operations"]) == 48
