"""Fields: what a judge makes of looks on all paths, and that walks say whom they looked at."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from scenarios.actors import Actor
from scenarios.answers import Change, Page
from scenarios.crm import Answer
from scenarios.library.security import fields
from scenarios.library.security.fields import Seen
from scenarios.library.security.oracles import Guess, guesses
from scenarios.library.security.paths import Look, declared
from scenarios.port import Refused, Unsupported
from scenarios.verdict import NotTestable
from synthetic_data.bank import Bank
from synthetic_data.canaries import Canaries
from synthetic_data.generator import generate
from synthetic_data.records import Customer
from tests.scenarios.library.security.made import Attempt, missing, no, on_file, yes

PATHS = [
    "get", "list", "filter", "sort", "search", "aggregate", "expand", "export", "bulk_query", "report", "history",
    "error_text",
]  # fmt: skip


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=60).bank


@pytest.fixture(scope="module")
def good(bank: Bank) -> Seen:
    """A target that refuses everything but masked reads of one's own branch."""
    one = bank.customers[0]
    masked = on_file(one.number, branch=one.branch, mobile="154****0000", birth_date="1980-**-**")
    looks = [Look("get", yes(masked), target=one.number), Look("list", yes(Page(rows=(masked,))))]
    looks += [Look(path, no("forbidden"), target=one.number) for path in PATHS[2:]]
    kept = on_file("N1", branch="B1", created_at="2026-01-01T00:00:00+00:00")
    return Seen(
        looks=tuple(looks),
        declared={"webhook": (), "attachment": ()},
        known={customer.number: customer for customer in bank.customers},
        canaries=Canaries.of(bank),
        changed=(replace(one, number="N1", mobile="15499999999"),),
        smuggled={"branch": yes(kept), "version": yes(kept)},
        before=kept,
        guesses=(Guess(Actor.RM_A, one.number, "birth_date", True, False),),
    )


def looking(good: Seen, path: str, tried: Attempt[Any], **more: Any) -> Seen:
    kept = tuple(look for look in good.looks if look.path != path)
    return good._replace(looks=(*kept, Look(path, tried, **more)))


def judged(name: str, seen: Seen) -> bool:
    checks = {check.name: check for check in fields.every_path_is_searched_for_restricted_values.checks}
    return checks[name].judge(seen).passed


def test_a_target_that_masks_and_refuses_passes_every_check(good: Seen) -> None:
    for check in fields.every_path_is_searched_for_restricted_values.checks:
        if check.name not in ("other_branches_stay_closed", "fields_can_be_allow_listed"):
            assert check.judge(good).passed, check.name


@pytest.mark.parametrize("path", PATHS)
def test_a_clear_number_in_any_reply_is_a_leak_of_its_path(good: Seen, bank: Bank, path: str) -> None:
    body = f"... {bank.customers[3].mobile} ...".encode()
    seen = looking(good, path, yes((), body=body, actor=Actor.MARKETING), target=bank.customers[3].number)
    assert not judged(f"{path}_leaks_nothing", seen)


def test_a_leak_of_an_identity_is_a_leak_of_the_highest_class(good: Seen, bank: Bank) -> None:
    mobile = looking(good, "report", yes((), body=bank.customers[3].mobile.encode()))
    identity = looking(good, "report", yes((), body=bank.customers[3].national_id.encode()))
    assert judged("no_secret_leaks", mobile)
    assert not judged("no_secret_leaks", identity)


def test_old_values_of_a_changed_record_leak_in_its_history(good: Seen) -> None:
    change = Change(at=datetime(2026, 1, 1, tzinfo=UTC), who="x", field="mobile", before="", after="")
    assert not judged("history_leaks_nothing", looking(good, "history", yes((change,), body=b"15499999999")))


def test_a_filter_that_works_is_an_oracle_and_one_that_is_ignored_is_not(good: Seen, bank: Bank) -> None:
    one = bank.customers[0]
    right = Page(rows=(on_file(one.number),))
    everyone = Page(rows=tuple(on_file(other.number) for other in bank.customers[:50]))
    ask = {"target": one.number, "asked": "birth_date"}
    assert not judged("filter_leaks_nothing", looking(good, "filter", yes(right), **ask))
    assert judged("filter_leaks_nothing", looking(good, "filter", yes(everyone), **ask))
    assert judged("filter_leaks_nothing", looking(good, "filter", yes(Page(rows=())), **ask))


def test_an_exact_lookup_is_a_bankers_right_and_not_a_marketers(good: Seen, bank: Bank) -> None:
    one = bank.customers[0]
    right, ask = Page(rows=(on_file(one.number),)), {"target": one.number, "asked": "mobile"}
    assert judged("filter_leaks_nothing", looking(good, "filter", yes(right), **ask))
    marketing = yes(right, actor=Actor.MARKETING)
    assert not judged("filter_leaks_nothing", looking(good, "filter", marketing, **ask))


def test_a_range_filter_that_works_is_an_oracle(good: Seen, bank: Bank) -> None:
    rich = sorted(bank.customers, key=lambda one: one.monthly_income)[len(bank.customers) // 2 :]
    rows = Page(rows=tuple(on_file(one.number) for one in rich))
    ask = {"target": bank.customers[0].number, "asked": "monthly_income__gt"}
    assert not judged("filter_leaks_nothing", looking(good, "filter", yes(rows), **ask))


@pytest.mark.parametrize("descending", [False, True])
def test_a_true_order_is_an_oracle_and_any_other_is_not(good: Seen, bank: Bank, descending: bool) -> None:
    ordered = sorted(bank.customers, key=lambda one: one.monthly_income, reverse=descending)
    true = Page(rows=tuple(on_file(one.number) for one in ordered))
    as_filed = Page(rows=tuple(on_file(one.number) for one in bank.customers))
    assert not judged("sort_leaks_nothing", looking(good, "sort", yes(true), asked="monthly_income"))
    assert judged("sort_leaks_nothing", looking(good, "sort", yes(as_filed), asked="monthly_income"))


def test_a_part_of_a_number_that_leads_to_its_owner_is_an_oracle(good: Seen, bank: Bank) -> None:
    found = yes((on_file(bank.customers[0].number),))
    ask = {"target": bank.customers[0].number, "asked": "mobile"}
    assert not judged("search_leaks_nothing", looking(good, "search", found, **ask))
    assert judged("search_leaks_nothing", looking(good, "search", yes(()), **ask))


def test_groups_named_by_true_values_are_an_oracle(good: Seen) -> None:
    rating = yes({"low": 50, "high": 10}, actor=Actor.MARKETING)
    assert not judged("aggregate_leaks_nothing", looking(good, "aggregate", rating, asked="aml_rating"))
    banker = yes({"low": 50, "high": 10}, actor=Actor.RM_A)
    assert judged("aggregate_leaks_nothing", looking(good, "aggregate", banker, asked="aml_rating"))


def test_a_path_that_the_product_lacks_leaks_nothing_and_says_so(good: Seen) -> None:
    verdict = fields.export_leaks_nothing(looking(good, "export", missing()))
    assert verdict.passed
    assert verdict.note == "not offered"


def test_a_product_that_cannot_be_read_is_unsupported(good: Seen) -> None:
    blind = good._replace(looks=tuple(look._replace(tried=missing()) for look in good.looks))
    with pytest.raises(Unsupported):
        fields.get_leaks_nothing(blind)


def test_a_row_of_another_branch_is_harm(good: Seen, bank: Bank) -> None:
    one = bank.customers[0]
    other = next(customer for customer in bank.customers if customer.branch != one.branch)
    own = (
        Look("get", yes(on_file(one.number)), target=one.number),
        Look("get", yes(on_file(other.number), actor=Actor.RM_B), target=other.number),
    )
    assert judged("other_branches_stay_closed", good._replace(looks=own))
    listed = Look("list", yes(Page(rows=(on_file(other.number),))))
    assert not judged("other_branches_stay_closed", good._replace(looks=(*own, listed)))
    account = Look("bulk_query", yes(Page(rows=(on_file("A1", kind="Account", customer=other.number),))))
    assert not judged("other_branches_stay_closed", good._replace(looks=(*own, account)))


def test_a_branch_that_moved_was_written_along(good: Seen) -> None:
    moved = yes(on_file("N1", branch="B2", created_at="2026-01-01T00:00:00+00:00"))
    assert not judged("restricted_fields_cannot_be_written_along", good._replace(smuggled={"branch": moved}))


def test_a_learned_value_opens_the_oracle(good: Seen) -> None:
    learned = Guess(Actor.RM_A, "C1", "birth_date", True, True)
    assert not judged("oracles_are_closed", good._replace(guesses=(learned,)))


def test_without_a_contract_undeclared_paths_are_not_testable(good: Seen) -> None:
    with pytest.raises(NotTestable):
        fields.webhook_leaks_nothing(good._replace(declared=None))


def test_a_declared_attachment_that_shows_a_card_leaks(good: Seen, bank: Bank) -> None:
    look = Look("attachment", yes(body=bank.customers[2].card_number.encode()))
    assert not judged("attachment_leaks_nothing", good._replace(declared={"attachment": (look,)}))


class Oracle:
    """A target that answers range questions about one customer; closed ones refuse them, deaf ones ignore them."""

    actor = Actor.RM_A

    def __init__(self, one: Customer, *, closed: bool = False, deaf: bool = False) -> None:
        self.one, self.closed, self.deaf, self.connector = one, closed, deaf, self

    def ask(self, _: str, verb: Callable[[], Answer[Page]]) -> Answer[Page]:
        return verb()

    def list(self, kind: type, *, where: dict[str, str], limit: int) -> Answer[Page]:
        if self.closed:
            return Answer(given=None, refusal=Refused("forbidden"))
        field, value = next((key.removesuffix("__gt"), value) for key, value in where.items() if key.endswith("__gt"))
        true = getattr(self.one, field)
        above = str(true) > value if field == "birth_date" else true > int(value)
        return Answer(given=Page(rows=(on_file(self.one.number),) if above or self.deaf else ()))


@pytest.mark.parametrize(("kind", "learned"), [({}, True), ({"closed": True}, False), ({"deaf": True}, False)])
def test_halving_finds_the_value_only_where_the_filter_answers(
    bank: Bank, kind: dict[str, bool], learned: bool
) -> None:
    one = bank.customers[0]
    found = list(guesses(Oracle(one, **kind), (one,)))  # type: ignore[arg-type]
    assert [guess.learned for guess in found] == [learned, learned]


def test_declared_paths_are_read_with_a_customers_number(bank: Bank) -> None:
    class View:
        actor = Actor.RM_A
        asked: list[str] = []  # noqa: RUF012

        def raw(self, request: Any) -> Answer[Any]:
            self.asked.append(request.path)
            return Answer(given=None)

    class Sight:
        own = bank.customers[:1]

    contract = {"paths": {"/v1/attachments/{n}": {"get": {}}, "/v1/customers/{n}": {"get": {}}}}
    looks = list(declared("attachment", View(), Sight(), contract))  # type: ignore[arg-type]
    assert len(looks) == 1
    assert View.asked == [f"/v1/attachments/{bank.customers[0].number}"]


def test_an_event_that_tells_a_value_leaks_and_silence_proves_nothing(good: Seen) -> None:
    one = good.changed[0]
    assert judged("webhook_leaks_nothing", good._replace(events=('{"subject": "customers/N1"}',)))
    assert not judged("webhook_leaks_nothing", good._replace(events=(f'{{"mobile": "{one.mobile}"}}',)))
    with pytest.raises(NotTestable):
        fields.webhook_leaks_nothing(good._replace(events=()))


def test_the_leak_map_names_path_field_and_actor(good: Seen, bank: Bank) -> None:
    one = bank.customers[0]
    leaky = yes(on_file(one.number, branch=one.branch, mobile=one.mobile), body=one.mobile.encode())
    told = fields.leak_map(looking(good, "get", leaky, target=one.number))
    assert told["get"] == {"looks": 1, "leaks": {"mobile": {"RM-A": ""}}}
    assert told["list"] == {"looks": 1, "leaks": {}}


def test_a_role_with_a_list_that_is_shown_another_field_fails_and_one_that_was_shown_nothing_proves_nothing(
    good: Seen, bank: Bank
) -> None:
    one = bank.customers[0]
    listed = on_file(one.number, name=one.name, tier=one.tier, occupation=None)
    more = on_file(one.number, name=one.name, occupation="smith")
    assert judged("fields_can_be_allow_listed", looking(good, "get", yes(listed, actor=Actor.MARKETING)))
    assert not judged("fields_can_be_allow_listed", looking(good, "get", yes(more, actor=Actor.MARKETING)))
    with pytest.raises(NotTestable):
        fields.fields_can_be_allow_listed(good)
