"""Concurrency: whether equal wishes leave one record, and simultaneous ones lose nothing."""

import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple, TypeVar

from scenarios.actors import Actor
from scenarios.answers import OnFile
from scenarios.crm import CRM, Answer
from scenarios.library.newcomers import newcomers, on_file, quietly
from scenarios.port import Refused
from scenarios.scenario import scenario
from scenarios.verdict import Verdict, equal, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer, Interaction

T = TypeVar("T")

#: Equal creations at once (as the row asks); hands that count and how often each; pairs merged at once (row: 200).
EQUAL, HANDS, TURNS, PAIRS = 50, 8, 5, 10
#: Threads that ask at the same time, and how often a hand tries again after a conflict.
AT_ONCE, TRIES = 25, 200


def at_once(act: Callable[[int], T], times: int, hands: int = AT_ONCE) -> tuple[T, ...]:
    """Do something so many times, as many at the same time as there are hands."""
    with ThreadPoolExecutor(hands) as pool:
        return tuple(pool.map(act, range(times)))


class Created(NamedTuple):
    """What was said to equal creations, and how many are on file afterwards."""

    answers: tuple[Answer[str], ...]
    on_file: tuple[OnFile, ...]


class Creations(NamedTuple):
    """The same customer entered at once without a key; the same contact noted at once, and once more, under one key."""

    bare: Created
    keyed: Created
    again: tuple[Answer[str], Answer[str]]  # the same under the key later on, and something else under it


@scenario("INT-09")
def equal_wishes_arrive_together(crm: CRM, bank: Bank) -> Creations:
    """Fifty equal requests to enter a customer, and fifty to note a contact, arrive at the same time."""
    host, twin = newcomers(crm, bank, 2)
    key, note = f"once-{crm.nonce}", _contact(host, "I")
    with on_file(crm, host):
        bare = at_once(lambda _: crm.create(twin), EQUAL)
        found = crm.find(Customer, national_id=twin.national_id).value
        keyed = at_once(lambda _: crm.create(note, key=key), EQUAL)
        again = crm.create(note, key=key), crm.create(_contact(host, "J"), key=key)
        noted = crm.list(Interaction, where={"customer": host.number}).value.rows
        for row in found:
            quietly(crm.acting_as(Actor.COMPLIANCE).delete, Customer, row.number)
        for one in noted:
            quietly(crm.delete, Interaction, one.number)
        return Creations(Created(bare, found), Created(keyed, noted), again)


def _contact(one: Customer, mark: str) -> Interaction:
    return Interaction(
        number=f"{mark}{one.number}",
        customer=one.number,
        channel="call",
        direction="in",
        at=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
        subject="Asked for the balance",
        text="Noted once, sent fifty times.",
        staff=one.manager,
    )


@equal_wishes_arrive_together.check
def equal_creations_leave_one(seen: Creations) -> Verdict:
    """Fifty equal creations at once leave exactly one customer on file, and only one is told to be new."""
    told_new = sum(answer.ok for answer in seen.bare.answers)
    reasons = sorted({answer.reason for answer in seen.bare.answers if answer.reason})
    observed = {"on file": len(seen.bare.on_file), "told yes": told_new, "refused as": reasons}
    fair = len(seen.bare.on_file) == 1 and told_new >= 1 and set(reasons) <= {"duplicate", "conflict"}
    return holds(fair, observed=observed, expected="one on file, the others refused as duplicate or conflict")


@equal_wishes_arrive_together.check
def keyed_creations_leave_one(seen: Creations) -> Verdict:
    """Fifty creations under one idempotency key leave one record, name the same one, and may be repeated later."""
    numbers = sorted({answer.value for answer in seen.keyed.answers if answer.ok})
    odd = sorted({answer.reason for answer in seen.keyed.answers if answer.reason} - {"conflict"})
    repeat, other = seen.again
    observed = {
        "on file": len(seen.keyed.on_file),
        "numbers told": numbers,
        "refused as": odd,
        "repeated": repeat.reason or repeat.value,
        "another wish under the key": other.reason or "taken",
    }
    fair = len(seen.keyed.on_file) == 1 and len(numbers) == 1 and not odd
    same = repeat.ok and [repeat.value] == numbers and not other.ok
    return holds(fair and same, observed=observed, expected="one on file, one number, repeat answered, misuse refused")


class Counted(NamedTuple):
    """A sum of money that many hands raised by one: what it was, how often they succeeded, what it is."""

    start: Decimal
    raised: int
    end: Decimal
    refused: tuple[str, ...]


@scenario("INT-09")
def many_hands_count(crm: CRM, bank: Bank) -> Counted:
    """Many hands raise the same amount of money by one, at the same time, each trying again after a conflict."""
    (one,) = newcomers(crm, bank, 1)
    one = replace(one, monthly_income=Decimal("1000.00"))
    with on_file(crm, one):
        odd: list[str] = []
        raised = sum(at_once(lambda _: sum(_raise(crm, one.number, odd) for _ in range(TURNS)), HANDS, HANDS))
        end = Decimal(crm.get(Customer, one.number).value.text("monthly_income"))
        return Counted(one.monthly_income, raised, end, tuple(sorted(set(odd))))


def _raise(crm: CRM, number: str, odd: list[str]) -> int:
    """Raise the income by one; return 1 if the target said that it was done."""
    for _ in range(TRIES):
        now = crm.get(Customer, number).value
        more = str(Decimal(now.text("monthly_income")) + 1)
        answer = crm.update(Customer, number, {"monthly_income": more}, version=now.version)
        if answer.ok:
            return 1
        if answer.reason not in ("conflict", "locked"):
            odd.append(answer.reason or "")
            return 0
    return 0


@many_hands_count.harm
def counters_add_up(seen: Counted) -> Verdict:
    """No addition that was confirmed is lost, and none is counted twice."""
    if not seen.raised:
        raise Refused("refused", detail=f"nobody could raise the amount: {', '.join(seen.refused)}")
    observed, expected = str(seen.end - seen.start), str(Decimal(seen.raised))
    return Verdict(
        passed=Decimal(observed) == Decimal(expected),
        observed=f"{observed} more on file",
        expected=f"{expected} additions confirmed",
        note=f"{HANDS} hands, {TURNS} turns each; refusals other than conflicts: {', '.join(seen.refused) or 'none'}",
    )


class Stale(NamedTuple):
    """A record that changed, and an update by somebody who had read it before."""

    before: OnFile
    changed: OnFile
    late: Answer[OnFile]
    after: OnFile


@scenario("INT-09")
def somebody_comes_late(crm: CRM, bank: Bank) -> Stale:
    """Two read a customer, one changes it, then the other writes what was read before."""
    (one,) = newcomers(crm, bank, 1)
    with on_file(crm, one):
        before = crm.get(Customer, one.number).value
        _ = crm.update(Customer, one.number, {"employer": "The first to write"}, version=before.version).value
        changed = crm.get(Customer, one.number).value
        late = crm.update(Customer, one.number, {"occupation": "The late one"}, version=before.version)
        return Stale(before, changed, late, crm.get(Customer, one.number).value)


@somebody_comes_late.check
def stale_updates_are_refused(seen: Stale) -> Verdict:
    """An update from a state that has passed is refused as a conflict and changes nothing."""
    untouched = seen.after.text("employer") == "The first to write" and seen.after.text("occupation") != "The late one"
    observed = {"said": seen.late.reason or "yes", "first change stands alone": untouched}
    return equal(observed, {"said": "conflict", "first change stands alone": True})


@somebody_comes_late.check
def versions_are_shown(seen: Stale) -> Verdict:
    """Every record shows its version, and a change shows another one."""
    versions = [seen.before.version, seen.changed.version, seen.after.version]
    fair = None not in versions and versions[0] != versions[1] == versions[2]
    return holds(fair, observed=versions, expected="one version before the change, another after it")


class Merges(NamedTuple):
    """Pairs that several merged at once: who is left of each, and whose contacts are left."""

    left: tuple[frozenset[str], ...]
    pairs: tuple[frozenset[str], ...]
    contacts: tuple[frozenset[str], ...]
    expected: tuple[frozenset[str], ...]
    said: tuple[str, ...]


@scenario("INT-09")
def pairs_are_merged_at_once(crm: CRM, bank: Bank) -> Merges:
    """Ten pairs of customers are merged, each by four at the same time and from both sides."""
    people = newcomers(crm, bank, 2 * PAIRS)
    contacts = tuple(_contact(one, "I") for one in people)
    pairs = tuple(zip(people[::2], people[1::2], strict=True))
    with on_file(crm, *people, *contacts):
        said = at_once(lambda i: _merge(crm, *pairs[i // 4], turned=bool(i % 2)), 4 * PAIRS, 12)
        left = tuple(_left(crm, pair) for pair in pairs)
        rows = tuple(_contacts(crm, survivors) for survivors in left)
        _part(crm, pairs, left)
    return Merges(
        left,
        tuple(frozenset(one.number for one in pair) for pair in pairs),
        rows,
        tuple(frozenset(f"I{one.number}" for one in pair) for pair in pairs),
        tuple(sorted({reason for reason in said if reason})),
    )


def _merge(crm: CRM, one: Customer, other: Customer, *, turned: bool) -> str | None:
    keep, drop = (other, one) if turned else (one, other)
    return crm.merge(keep.number, drop.number).reason


def _left(crm: CRM, pair: Iterable[Customer]) -> frozenset[str]:
    answers = (crm.get(Customer, one.number) for one in pair)
    return frozenset(answer.value.number for answer in answers if answer.ok)


def _contacts(crm: CRM, customers: Iterable[str]) -> frozenset[str]:
    pages = (crm.list(Interaction, where={"customer": number}).value for number in customers)
    return frozenset(row.number for page in pages for row in page)


def _part(crm: CRM, pairs: Iterable[tuple[Customer, Customer]], left: Iterable[frozenset[str]]) -> None:
    """Undo the merges where the product can, so that all can be taken away again."""
    if not crm.offers("unmerge"):
        return
    for pair, survivors in zip(pairs, left, strict=True):
        for keep in survivors:
            for one in pair:
                if one.number != keep:
                    quietly(crm.unmerge, keep, one.number)


@pairs_are_merged_at_once.check
def parallel_merges_lose_nothing(seen: Merges) -> Verdict:
    """Of every pair exactly one is left, with the contacts of both."""
    odd = [
        f"{sorted(pair)}: left {sorted(left)}, contacts {sorted(rows)}"
        for pair, left, rows, expected in zip(seen.pairs, seen.left, seen.contacts, seen.expected, strict=True)
        if len(left) != 1 or rows != expected
    ]
    crashed = [reason for reason in seen.said if reason == "server-error"]
    note = f"{len(seen.pairs)} pairs, four at once each; refusals: {', '.join(seen.said) or 'none'}"
    return none_of([*odd, *crashed], what="loss in simultaneous merges", note=note)


class Documented(NamedTuple):
    """The machine contract in small letters."""

    contract: str


@scenario("INT-09")
def the_contract_is_read_for_keys(crm: CRM, bank: Bank) -> Documented:
    """The machine contract is searched for how a request is made safe to repeat."""
    return Documented(repr(crm.contract().value).lower())


@the_contract_is_read_for_keys.check
def keys_are_documented(seen: Documented) -> Verdict:
    """The machine contract names the idempotency key and the version that an update must present."""
    named = [word for word in ("idempotency", "if-match") if re.search(word, seen.contract)]
    return equal(named, ["idempotency", "if-match"])


SCENARIOS = (
    equal_wishes_arrive_together,
    many_hands_count,
    somebody_comes_late,
    pairs_are_merged_at_once,
    the_contract_is_read_for_keys,
)
