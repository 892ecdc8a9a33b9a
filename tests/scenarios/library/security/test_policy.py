"""Policy: the bank's rules as the scenarios read them."""

from scenarios.actors import Actor
from scenarios.library.security.policy import the_policy
from scenarios.library.security.probes import PROBES
from synthetic_data.records import RESTRICTED


def test_there_are_48_operations_and_a_probe_for_each() -> None:
    assert len(the_policy().operations) == 48
    assert set(PROBES) == set(the_policy().operations)


def test_thirteen_actors_make_624_decisions() -> None:
    assert len(Actor) * len(the_policy().operations) == 624


def test_who_holds_no_role_may_nothing() -> None:
    for actor in (Actor.ANONYMOUS, Actor.EXPIRED, Actor.LEAVER):
        assert not any(the_policy().may(actor, operation) for operation in the_policy().operations)


def test_what_the_policy_does_not_name_is_denied() -> None:
    assert not the_policy().may(Actor.ADMIN, "customer.clone")


def test_conditions_are_twenty_and_are_rights_in_ones_own_branch() -> None:
    policy = the_policy()
    tries = [(actor, act) for actor in policy.conditions.branch_actors for act in policy.conditions.branch_operations]
    assert len(tries) == 20
    assert all(policy.may(actor, act) for actor, act in tries)


def test_sensitive_operations_exist() -> None:
    assert the_policy().sensitive <= set(the_policy().operations)


def test_marketing_sees_no_restricted_field_in_clear_and_the_core_system_all() -> None:
    policy = the_policy()
    assert not any(policy.sees_clear(Actor.MARKETING, field) for field in RESTRICTED)
    assert all(policy.sees_clear(Actor.INTEGRATION, field) for field in RESTRICTED)


def test_compliance_sees_clear_values_on_the_export_only() -> None:
    assert the_policy().sees_clear(Actor.COMPLIANCE, "mobile", "customer.export")
    assert not the_policy().sees_clear(Actor.COMPLIANCE, "mobile")
