"""Functions: what a judge makes of the matrix of actors and operations."""

from typing import Any

import pytest

from scenarios.actors import Actor
from scenarios.answers import Page
from scenarios.conditions import AccessCondition
from scenarios.library.security import functions
from scenarios.library.security.conditional import Conditioned, Held
from scenarios.library.security.functions import Decision, Seen
from scenarios.library.security.policy import the_policy
from scenarios.port import Unsupported
from tests.scenarios.library.security.made import Attempt, missing, no, yes


def matrix(**wrong: Attempt[Any]) -> tuple[Decision, ...]:
    """A matrix as the policy says; ``wrong`` replaces cells, named actor__operation with _ for - and ."""
    policy = the_policy()
    cells = []
    for operation in policy.operations:
        for actor in Actor:
            may = policy.may(actor, operation)
            right = yes(actor=actor, what=operation) if may else no("forbidden", actor=actor, what=operation)
            cells.append(Decision(operation, may, wrong.get(f"{actor.name}__{operation.replace('.', '_')}", right)))
    return tuple(cells)


STANDS = AccessCondition(name="x", operations=("customer.get",), roles=("agent",), tier_up_to="mass")


def rights(**other: Held) -> tuple[Held, ...]:
    """Twenty rights that open inside and not outside; ``other`` replaces the first of a kind."""
    kinds = ("branch", "hours", "network", "tier")
    sound = {kind: Held(kind, "customer.get", ((yes(), ""),), ((no("forbidden"), ""),)) for kind in kinds}
    return tuple(other.get(kind, sound[kind]) if first else sound[kind] for kind in kinds for first in (1, 0, 0, 0, 0))


def seen(**changes: object) -> Seen:
    good = Seen(
        matrix=matrix(),
        forged=(no("unauthenticated", actor=Actor.EXPIRED),),
        conditioned=Conditioned(rights(), yes([STANDS]), (STANDS,), 0.3),
        own_users=True,
        promotion_s=0.2,
        demotion_s=4.0,
        moved_s=(0.1, 0.2),
        new_role=(no("invalid"),),
        export=yes({name: sorted(roles) for name, roles in the_policy().operations.items()}),
    )
    return good._replace(**changes)  # type: ignore[arg-type]


def test_a_target_that_keeps_the_policy_passes_every_check() -> None:
    for check in functions.every_operation_is_tried_by_everyone.checks:
        assert check.judge(seen()).passed, check.name


def test_the_matrix_counts_all_624_decisions() -> None:
    assert functions.the_matrix_is_mostly_right(seen()).measures["decisions"] == 624


@pytest.mark.parametrize("actor", [Actor.ANONYMOUS, Actor.EXPIRED, Actor.LEAVER])
def test_who_has_no_login_harms_by_getting_in(actor: Actor) -> None:
    cells = matrix(**{f"{actor.name}__customer_get": yes(actor=actor)})
    assert not functions.nobody_without_login_gets_in(seen(matrix=cells)).passed


def test_a_forged_token_that_opens_harms() -> None:
    assert not functions.nobody_without_login_gets_in(seen(forged=(yes(actor=Actor.EXPIRED),))).passed


def test_a_write_beyond_rights_harms_and_a_read_does_not() -> None:
    written = seen(matrix=matrix(TELLER_A__account_create=yes(actor=Actor.TELLER_A)))
    read = seen(matrix=matrix(MARKETING__kyc_list=yes(actor=Actor.MARKETING)))
    assert not functions.no_role_writes_beyond_its_rights(written).passed
    assert functions.no_role_writes_beyond_its_rights(read).passed
    assert functions.no_sensitive_read_beyond_rights(read).measures["sensitive_false_allows"] == 1


def test_one_false_allow_in_624_is_one_too_many() -> None:
    verdict = functions.nobody_may_too_much(seen(matrix=matrix(MARKETING__relation_list=yes(actor=Actor.MARKETING))))
    assert not verdict.passed
    assert verdict.measures["false_allows"] == 1


def test_a_complaint_about_the_content_shows_that_the_door_was_open() -> None:
    cells = matrix(MARKETING__company_update=no("conflict", actor=Actor.MARKETING))
    assert not functions.nobody_may_too_much(seen(matrix=cells)).passed


def test_one_false_denial_in_a_hundred_is_bearable_and_more_are_not() -> None:
    one = matrix(AGENT__ticket_create=no("forbidden"))
    many = matrix(**{f"AGENT__{name}": no("forbidden") for name in ("ticket_create", "customer_get", "customer_list")})
    assert functions.nobody_may_too_little(seen(matrix=one)).passed
    assert not functions.nobody_may_too_little(seen(matrix=many)).passed


def test_a_tenth_of_wrong_decisions_fails_the_matrix() -> None:
    cells = tuple(
        cell if cell.expected or index % 4 else cell._replace(tried=yes()) for index, cell in enumerate(matrix())
    )
    assert not functions.the_matrix_is_mostly_right(seen(matrix=cells)).passed


def test_operations_that_the_product_lacks_are_no_false_denials() -> None:
    cells = tuple(
        cell._replace(tried=missing()) if cell.operation == "automation.set_up" else cell for cell in matrix()
    )
    verdict = functions.nobody_may_too_little(seen(matrix=cells))
    assert verdict.measures["false_denial_share"] == 0


def test_a_product_without_any_operation_is_unsupported() -> None:
    with pytest.raises(Unsupported):
        functions.nobody_may_too_much(seen(matrix=tuple(cell._replace(tried=missing()) for cell in matrix())))


@pytest.mark.parametrize(("promotion", "demotion"), [(None, 1.0), (1.0, None), (1.0, 60.5)])
def test_a_role_change_that_is_not_felt_fails(promotion: float | None, demotion: float | None) -> None:
    late = seen(promotion_s=promotion, demotion_s=demotion)
    assert not functions.a_changed_role_is_felt_in_a_minute(late).passed


def test_a_new_role_that_opens_anything_fails() -> None:
    assert functions.a_new_role_may_nothing(seen(new_role=(yes(), no("forbidden")))).passed
    assert not functions.a_new_role_may_nothing(seen(new_role=(yes(), yes()))).passed


@pytest.mark.parametrize(
    "held",
    [
        Held("branch", "customer.get", (), ((yes(("row",)), ""),)),
        Held("hours", "customer.get", ((no("forbidden"), ""),), ((no("forbidden"), ""),)),
        Held("network", "customer.get", ((yes(), ""),), ((no("forbidden"), ""), (yes(), ""))),
        Held("tier", "customer.list", ((yes(Page(rows=())), "C1"),), ((no("not-found"), "C2"),)),
        Held("tier", "customer.list", offered=False),
    ],
)
def test_one_right_of_twenty_that_opens_outside_or_not_inside_breaks_a_condition(held: Held) -> None:
    verdict = functions.conditions_are_obeyed(seen(conditioned=Conditioned(rights(**{held.kind: held}), None, (), 0.3)))
    assert not verdict.passed
    assert verdict.measures["conditions_right_share"] == 0.95


def test_a_lookup_that_finds_nobody_is_as_closed_as_a_refusal() -> None:
    shut = Held("branch", "customer.find", (), ((no("not-found"), ""), (yes(()), ""), (no("invalid"), "")))
    assert shut.wrong == ()


def test_a_condition_that_stands_must_be_in_the_export() -> None:
    left_out = Conditioned(rights(), yes([]), (STANDS,), 0.3)
    assert not functions.policy_can_be_exported(seen(conditioned=left_out)).passed


def test_a_policy_that_changes_only_by_a_restart_fails_and_one_that_cannot_be_set_is_unsupported() -> None:
    assert not functions.the_policy_changes_without_a_restart(seen(moved_s=(None, 0.1))).passed
    with pytest.raises(Unsupported):
        functions.the_policy_changes_without_a_restart(seen(moved_s=None))


def test_the_whole_matrix_is_kept_as_facts_with_the_exchange_of_what_is_wrong() -> None:
    cells = matrix(MARKETING__kyc_list=yes(actor=Actor.MARKETING))
    facts = functions.nobody_may_too_much(seen(matrix=cells)).facts
    told = facts["matrix"]
    assert isinstance(told, dict)
    assert sum(len(row) for row in told.values()) == 624
    assert (told["kyc.list"]["marketing"], told["kyc.list"]["RM-A"]) == ("-a", "+a")


def test_an_export_that_leaves_out_operations_fails() -> None:
    assert not functions.policy_can_be_exported(seen(export=yes({"customer.get": ["rm"]}))).passed
