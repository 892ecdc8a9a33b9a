"""Masterdata: whether what is entered about a customer is checked, kept as it is, and seen by all at once."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.answers import Change, OnFile
from scenarios.crm import CRM, Answer
from scenarios.library.likeness import differences, same
from scenarios.library.newcomers import newcomers, on_file, quietly
from scenarios.scenario import scenario
from scenarios.verdict import Verdict, at_most, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.defects import invalid_customers
from synthetic_data.records import Customer

#: Customers read back, values refused, fields written twice, changes timed (the row asks for 5,000, 300, and a p95).
READ_BACK, INVALID, CONTESTS, WRITERS, TIMED = 12, 60, 5, 6, 10
#: Seconds after which a change that is still unseen is given up, and between two looks.
LOST_AFTER, LOOK_EVERY = 12.0, 0.1
#: What a refusal may be called where the value is at fault; a crash is no refusal.
SAYS_NO = frozenset({"invalid", "duplicate", "conflict", "refused", "not-found"})


class Shown(NamedTuple):
    """What one path shows of one customer."""

    path: str
    ours: Customer
    shown: OnFile | None


class Entered(NamedTuple):
    """What was shown of newcomers who were entered one by one and then changed."""

    answers: tuple[Shown, ...]


@scenario("CUS-01")
def customers_are_entered(crm: CRM, bank: Bank) -> Entered:
    """The core system enters customers with valid values and changes them; three other paths are asked for them."""
    entered: list[Shown] = []
    people = newcomers(crm, bank, READ_BACK)
    with on_file(crm, *people[:-2]):
        for number, one in ((one.number, one) for one in people[:-2]):
            told = replace(one, occupation=f"Archivist of {number}", tier="affluent")
            _ = crm.update(Customer, number, {"occupation": told.occupation, "tier": told.tier}).value
            entered += _looks(crm, told)
    for one in people[-2:]:
        _ = crm.create(one).value
        entered += _looks(crm, one)
        quietly(crm.acting_as(Actor.COMPLIANCE).delete, Customer, one.number)
    return Entered(tuple(entered))


def _looks(crm: CRM, one: Customer) -> Iterable[Shown]:
    yield Shown("get", one, crm.get(Customer, one.number).value)
    yield Shown("find by national id", one, _first(one, crm.find(Customer, national_id=one.national_id)))
    yield Shown("find by mobile", one, _first(one, crm.find(Customer, mobile=one.mobile)))
    yield Shown("list", one, _first(one, _listed(crm, one)))


def _listed(crm: CRM, one: Customer) -> Iterable[OnFile]:
    return crm.list(Customer, where={"name": one.name, "occupation": one.occupation}).value


def _first(one: Customer, rows: Iterable[OnFile] | Answer[tuple[OnFile, ...]]) -> OnFile | None:
    given = rows.value if isinstance(rows, Answer) else rows
    return next((row for row in given if row.number == one.number), None)


@customers_are_entered.harm
def valid_values_come_back_unchanged(seen: Entered) -> Verdict:
    """Every valid value comes back from every path exactly as it was entered."""
    wrong = [
        difference
        for path, ours, shown in seen.answers
        for difference in ([f"{ours.number}: not found by {path}"] if shown is None else differences(ours, shown))
    ]
    return none_of(wrong, what="value lost or changed", note=f"{len(seen.answers)} readings of {READ_BACK} customers")


class Tried(NamedTuple):
    """One invalid value: the field it was in, why it was refused, whether somebody is on file under it now."""

    field: str
    reason: str | None
    kept: bool


class Trials(NamedTuple):
    """What came of all invalid values."""

    tried: tuple[Tried, ...]


@scenario("CUS-01")
def invalid_values_are_entered(crm: CRM, bank: Bank) -> Trials:
    """Customers with one impossible value each are entered: wrong check digits, impossible dates, second files."""
    tried = []
    for i, (wrong, field) in enumerate(invalid_customers(bank, INVALID, seed=int(crm.nonce, 36) % 1_000_000)):
        one = replace(wrong, number=f"V{crm.nonce}{i:04d}")
        answer = crm.create(one)
        kept = crm.get(Customer, one.number).ok
        tried.append(Tried(field, answer.reason, kept))
        if kept:
            quietly(crm.acting_as(Actor.COMPLIANCE).delete, Customer, one.number)
    return Trials(tuple(tried))


@invalid_values_are_entered.check
def invalid_values_are_refused(seen: Trials) -> Verdict:
    """At most 1 % of invalid values are taken, and the others are refused as invalid or double, not with a crash."""
    bad = [f"{one.field}: {_fate(one)}" for one in seen.tried if one.kept or one.reason not in SAYS_NO]
    share = len(bad) / len(seen.tried)
    return Verdict(
        passed=share <= 0.01,
        observed={"tried": len(seen.tried), "accepted": sorted(bad)[:10]},
        expected="at most 1 % accepted",
        measures={"invalid_accepted_share": share},
    )


def _fate(one: Tried) -> str:
    return "is on file" if one.kept else (one.reason or "answered yes and is not on file")


class Contest(NamedTuple):
    """One field written by several who hold the same version: what each wrote, what was said, what stands."""

    wrote: tuple[str, ...]
    said: tuple[str | None, ...]  # None for a yes
    stands: str


class Contests(NamedTuple):
    """What came of all contests."""

    one_by_one: tuple[Contest, ...]
    at_once: tuple[Contest, ...]


@scenario("CUS-01")
def two_writers_meet(crm: CRM, bank: Bank) -> Contests:
    """Bankers change the same field of the same customer from the same state, one after the other and at once."""
    people = newcomers(crm, bank, 2 * CONTESTS)
    with on_file(crm, *people):
        return Contests(
            tuple(_contest(crm, one.number, 2, 1) for one in people[:CONTESTS]),
            tuple(_contest(crm, one.number, WRITERS, WRITERS) for one in people[CONTESTS:]),
        )


def _contest(crm: CRM, number: str, writers: int, hands: int) -> Contest:
    version = crm.get(Customer, number).value.version
    wrote = tuple(f"Writer {i} of {number}" for i in range(writers))

    def write(text: str) -> str | None:
        return crm.update(Customer, number, {"employer": text}, version=version).reason

    with ThreadPoolExecutor(hands) as pool:
        said = tuple(pool.map(write, wrote))
    return Contest(wrote, said, crm.get(Customer, number).value.text("employer"))


@two_writers_meet.check
def no_update_is_lost(seen: Contests) -> Verdict:
    """Of several who write from the same state exactly one is told yes, the others learn of the conflict."""
    lost = [_said(one) for one in (*seen.one_by_one, *seen.at_once) if not _fair(one)]
    return none_of(
        lost, what="silently lost update", note=f"{len(seen.one_by_one)} in turn, {len(seen.at_once)} at once"
    )


def _fair(one: Contest) -> bool:
    winners = [text for text, no in zip(one.wrote, one.said, strict=True) if no is None]
    told = all(no in ("conflict", "locked") for no in one.said if no is not None)
    return len(winners) == 1 and told and one.stands == winners[0]


def _said(one: Contest) -> str:
    return (
        f"{one.said.count(None)} of {len(one.wrote)} told yes, {one.stands!r} stands, refusals {set(one.said) - {None}}"
    )


class Lag(NamedTuple):
    """Seconds until a change was seen on a path; None if it never was."""

    path: str
    seconds: float | None


class Lags(NamedTuple):
    """All that was timed."""

    lags: tuple[Lag, ...]


@scenario("CUS-01")
def changes_are_looked_for(crm: CRM, bank: Bank) -> Lags:
    """A customer's mobile and employer change; find, list and search are asked until they show it."""
    people = newcomers(crm, bank, TIMED)
    spare = newcomers(crm, bank, 2 * TIMED)[TIMED:]
    lags: list[Lag] = []
    with on_file(crm, *people):
        for one, other in zip(people, spare, strict=True):
            told = replace(one, mobile=other.mobile, employer=f"Office {other.number}", name=other.name)
            changes = {"mobile": told.mobile, "employer": told.employer, "name": told.name}
            _ = crm.update(Customer, one.number, changes).value
            lags += [Lag(path, _until(crm, told, look)) for path, look in _paths(crm, told).items()]
    return Lags(tuple(lags))


def _paths(crm: CRM, one: Customer) -> dict[str, Callable[[], Iterable[OnFile]]]:
    return {
        "find": lambda: crm.find(Customer, mobile=one.mobile).value,
        "list": lambda: crm.list(Customer, where={"employer": one.employer}).value,
        "search": lambda: crm.search(Customer, one.name).value,
    }


def _until(crm: CRM, one: Customer, look: Callable[[], Iterable[OnFile]]) -> float | None:
    began = crm.clock.now()
    while True:
        row = _first(one, look())
        passed = (crm.clock.now() - began).total_seconds()
        if row is not None and same(one.employer, row["employer"]):
            return passed
        if passed > LOST_AFTER:
            return None
        crm.clock.sleep(LOOK_EVERY)


@changes_are_looked_for.check
def changes_are_seen_at_once(seen: Lags) -> Verdict:
    """In 95 of 100 cases a change is seen on the other paths within 2 seconds."""
    slowest = sorted(LOST_AFTER if lag.seconds is None else lag.seconds for lag in seen.lags)
    p95 = slowest[min(len(slowest) - 1, int(0.95 * len(slowest)))]
    never = sum(lag.seconds is None for lag in seen.lags)
    note = f"{len(slowest)} looks, {never} never saw it (counted as {LOST_AFTER:g} s)"
    return at_most(round(p95, 3), 2.0, note=note, seen_lag_p95_s=p95)


class Provenance(NamedTuple):
    """The history of a customer whom the core system and a banker changed."""

    history: tuple[Change, ...]


@scenario("CUS-01")
def two_sources_write(crm: CRM, bank: Bank) -> Provenance:
    """The core system changes a customer's employer and the customer's banker the occupation."""
    (one,) = newcomers(crm, bank, 1)
    with on_file(crm, one):
        _ = crm.update(Customer, one.number, {"employer": "Told by the core system"}).value
        banker = crm.acting_as(Actor.RM_A)
        version = banker.get(Customer, one.number).value.version
        _ = banker.update(Customer, one.number, {"occupation": "Told by the banker"}, version=version).value
        return Provenance(crm.acting_as(Actor.COMPLIANCE).history(Customer, one.number).value)


@two_sources_write.check
def each_field_names_its_source(seen: Provenance) -> Verdict:
    """Each changed field names its author and the door through which the value came, and the two authors differ."""
    told = {
        change.field: (change.who, change.source)
        for change in seen.history
        if change.field in ("employer", "occupation") and str(change.after).startswith("Told by")
    }
    named = len(told) == 2 and all(who and source for who, source in told.values())
    authors = {who for who, _ in told.values()}
    return holds(named and len(authors) == 2, observed=told, expected="two fields, two authors, each with a source")


SCENARIOS = (
    customers_are_entered,
    invalid_values_are_entered,
    two_writers_meet,
    changes_are_looked_for,
    two_sources_write,
)
