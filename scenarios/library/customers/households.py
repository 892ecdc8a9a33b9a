"""Households: whether families add up, whoever belonged when, and keep their secrets from each other's bankers."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.answers import OnFile, RollUp
from scenarios.crm import CRM, Answer
from scenarios.library.newcomers import newcomers, on_file, second_branch
from scenarios.scenario import scenario
from scenarios.verdict import Verdict, equal, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Account, Customer, Household, Membership, Record, Relation

#: Families planted of each of five kinds (the row asks for 200 households).
OF_EACH_KIND = 5
#: When the planted families began, when a couple parted, and the days on which membership is asked for.
BEGAN, PARTED = date(2019, 3, 1), date(2023, 6, 15)
DAYS = (date(2019, 2, 28), date(2019, 3, 1), date(2023, 6, 14), date(2023, 6, 15), date(2026, 1, 1))


class Family(NamedTuple):
    """A household with all that hangs on it, as we planted it."""

    household: Household
    memberships: tuple[Membership, ...]
    accounts: tuple[Account, ...]

    def members_at(self, day: date) -> frozenset[str]:
        """Return who belongs on a day; the last day of a membership is already outside."""
        return frozenset(m.customer for m in self.memberships if m.since <= day and (m.until is None or day < m.until))

    def total_at(self, day: date) -> Decimal:
        """Return the money that members own alone or jointly, each account once; what is owed is no money owned."""
        members, own = self.members_at(day), (a for a in self.accounts if a.product != "loan")
        owned = {a.number: a.balance for a in own if members & {a.customer, *a.joint_holders}}
        return sum(owned.values(), Decimal(0))


class Told(NamedTuple):
    """What a target told of one family: its money now, and who belonged on the days asked for."""

    family: Family
    now: Answer[RollUp]
    then: tuple[tuple[date, Answer[RollUp]], ...]


class Families(NamedTuple):
    """What was told of all families, and the day that the target takes for today."""

    told: tuple[Told, ...]
    today: date


@scenario("CUS-03")
def households_are_rolled_up(crm: CRM, bank: Bank) -> Families:
    """Couples with joint accounts, divorced couples, trusts and children of two homes are added up, now and then."""
    people = newcomers(crm, bank, 10 * OF_EACH_KIND)
    planted = [family for i in range(OF_EACH_KIND) for family in _planted(people[10 * i : 10 * i + 10])]
    papers: dict[str, Record] = {one.number: one for one in people}
    for family in planted:
        papers |= {paper.number: paper for paper in (family.household, *family.memberships, *family.accounts)}
    reader = crm.acting_as(Actor.COMPLIANCE)
    with on_file(crm, *papers.values()):
        return Families(tuple(_told(reader, family, DAYS) for family in planted), crm.clock.now().date())


def _planted(ten: tuple[Customer, ...]) -> Iterable[Family]:
    couple, parted, trust, home, other = ten[:2], ten[2:4], ten[4:6], ten[6:8], (ten[8], ten[7])
    yield _family("F", couple, ("head", "spouse"), joint=(couple[0], couple[1]))
    yield _family("D", parted, ("head", "spouse"), joint=(parted[0], parted[1]), until=PARTED)
    yield _family("T", trust, ("trustee", "beneficiary"), kind="trust")
    yield _family("G", home, ("head", "child"), joint=(home[0], ten[9]))
    yield _family("H", other, ("head", "child"))


def _family(
    mark: str,
    members: tuple[Customer, ...],
    roles: tuple[str, ...],
    *,
    joint: tuple[Customer, Customer] | None = None,
    until: date | None = None,
    kind: str = "family",
) -> Family:
    head = members[0]
    household = Household(number=f"{mark}{head.number}", name=f"House of {head.name}", kind=kind, branch=head.branch)
    memberships = tuple(
        Membership(
            number=f"{mark}M{one.number}",
            household=household.number,
            customer=one.number,
            role=role,
            since=BEGAN,
            until=until if role == "spouse" else None,
        )
        for one, role in zip(members, roles, strict=True)
    )
    own = tuple(_account(f"A{one.number}", one) for one in members)
    shared = (replace(_account(f"J{joint[0].number}", joint[0]), joint_holders=(joint[1].number,)),) if joint else ()
    debt = (replace(_account(f"L{head.number}", head), product="loan", balance=Decimal(-250_000)),) if shared else ()
    return Family(household, memberships, (*own, *shared, *debt))


def _account(number: str, owner: Customer) -> Account:
    cents = int(owner.mobile[-7:]) + 100_003 * ord(number[0])
    return Account(
        number=number,
        customer=owner.number,
        product="savings",
        currency="CNY",
        balance=Decimal(cents) / 100,
        opened=date(2018, 5, 2),
    )


def _told(reader: CRM, family: Family, days: Iterable[date]) -> Told:
    number = family.household.number
    then = tuple((day, reader.roll_up(number, at=_noon(day))) for day in days)
    return Told(family, reader.roll_up(number), then)


def _noon(day: date) -> datetime:
    """Noon in Shanghai: the same day there and in UTC."""
    return datetime.combine(day, time(4), UTC)


@households_are_rolled_up.check
def households_add_up(seen: Families) -> Verdict:
    """Every planted household's total is exact to the cent; loans are not counted as money owned."""
    return _sums(seen, seen.told)


@households_are_rolled_up.check
def joint_accounts_count_once(seen: Families) -> Verdict:
    """An account that two members hold together counts once in their household."""
    return _sums(seen, [one for one in seen.told if any(a.joint_holders for a in one.family.accounts)])


def _sums(seen: Families, told: Iterable[Told]) -> Verdict:
    told = tuple(told)
    wrong = [
        f"{one.family.household.number}: {one.now.value.total} instead of {expected}"
        for one in told
        if one.now.value.total != (expected := one.family.total_at(seen.today))
    ]
    return none_of(wrong, what="wrong sum", note=f"{len(told)} households", roll_up_errors=len(wrong))


@households_are_rolled_up.check
def membership_is_dated(seen: Families) -> Verdict:
    """On every day asked for, exactly those belong to a household who belonged then."""
    wrong = [
        f"{one.family.household.number} on {day}: {sorted(answer.value.members)}"
        for one in seen.told
        for day, answer in one.then
        if answer.value.members != one.family.members_at(day)
    ]
    return none_of(wrong, what="wrong membership", note=f"{len(seen.told)} households on {len(DAYS)} days")


@households_are_rolled_up.check
def a_person_belongs_to_two_households(seen: Families) -> Verdict:
    """A child of two homes is a member of both."""
    homes: dict[str, int] = {}
    for one in seen.told:
        for member in one.now.value.members:
            homes[member] = homes.get(member, 0) + 1
    expected = OF_EACH_KIND
    return equal(sum(count == 2 for count in homes.values()), expected, note="children in two households")


class Readings(NamedTuple):
    """What the relations of a customer look like from both ends."""

    planted: tuple[Relation, ...]
    from_source: tuple[Answer[tuple[OnFile, ...]], ...]
    from_target: tuple[Answer[tuple[OnFile, ...]], ...]


@scenario("CUS-03")
def relations_are_read(crm: CRM, bank: Bank) -> Readings:
    """Spouses, parents and guarantors are put on file and read from either person."""
    people = newcomers(crm, bank, 6)
    roles = ("spouse", "parent", "guarantor")
    planted = tuple(
        Relation(number=f"R{one.number}", source=one.number, target=other.number, role=role, since=BEGAN)
        for one, other, role in zip(people[:3], people[3:], roles, strict=True)
    )
    reader = crm.acting_as(Actor.COMPLIANCE)
    with on_file(crm, *people, *planted):
        return Readings(
            planted,
            tuple(_rows(reader, source=relation.source) for relation in planted),
            tuple(_rows(reader, target=relation.target) for relation in planted),
        )


def _rows(reader: CRM, **where: str) -> Answer[tuple[OnFile, ...]]:
    page = reader.list(Relation, where=where)
    rows = page.given.rows if page.given is not None else None
    return Answer(given=rows, refusal=page.refusal, seconds=page.seconds, exchanges=page.exchanges)


@relations_are_read.check
def relations_are_kept(seen: Readings) -> Verdict:
    """A relation is found under the person it starts from, with its role and its other end."""
    return _kept(seen.planted, seen.from_source)


@relations_are_read.check
def relations_read_from_both_sides(seen: Readings) -> Verdict:
    """The same relation is found under the person it leads to."""
    return _kept(seen.planted, seen.from_target)


def _kept(planted: Iterable[Relation], answers: Iterable[Answer[tuple[OnFile, ...]]]) -> Verdict:
    expected = [[(one.source, one.role, one.target)] for one in planted]
    return equal([[_ends(row) for row in answer.value] for answer in answers], expected)


def _ends(row: OnFile) -> tuple[str, str, str]:
    return row.text("source"), row.text("role"), row.text("target")


class Secrets(NamedTuple):
    """What a wife's banker was shown: her own file, all replies in one stream, and what must not be in it."""

    wife: Answer[OnFile]
    shown: bytes
    secrets: tuple[tuple[str, str], ...]  # what it is, its value


@scenario("CUS-03")
def a_spouse_is_asked_about(crm: CRM, bank: Bank) -> Secrets:
    """The banker of a wife in one branch asks in every way for her husband, who banks with another branch."""
    husband, wife = newcomers(crm, bank, 2)
    far = next(c for c in bank.customers if c.branch == second_branch(crm, bank) and c.state == "active")
    wife = replace(wife, branch=far.branch, manager=far.manager)
    family = _family("S", (husband, wife), ("head", "spouse"))
    bond = Relation(number=f"R{wife.number}", source=wife.number, target=husband.number, role="spouse", since=BEGAN)
    banker = crm.acting_as(Actor.RM_B)
    with on_file(crm, husband, wife, bond, family.household, *family.memberships, *family.accounts):
        answers: list[Answer[object]] = [
            banker.get(Customer, husband.number, include=(Account,)),  # type: ignore[list-item]
            banker.overview(wife.number),  # type: ignore[list-item]
            banker.overview(husband.number),  # type: ignore[list-item]
            banker.roll_up(family.household.number),  # type: ignore[list-item]
            banker.list(Account, where={"customer": husband.number}),  # type: ignore[list-item]
            banker.search(Customer, husband.name),  # type: ignore[list-item]
        ]
        return Secrets(
            banker.get(Customer, wife.number),
            b"\n".join(answer.bytes for answer in answers),
            _secrets(husband, family),
        )


def _secrets(husband: Customer, family: Family) -> tuple[tuple[str, str], ...]:
    own = family.accounts[0]
    fields = ("national_id", "mobile", "email", "address", "card_number")
    return (
        *((field, str(getattr(husband, field))) for field in fields),
        ("account", own.number),
        ("balance", str(own.balance)),
        ("household total", str(family.total_at(date(2026, 1, 1)))),
    )


@a_spouse_is_asked_about.harm
def the_spouses_banker_sees_nothing(seen: Secrets) -> Verdict:
    """The wife's banker sees her file and learns nothing confidential about her husband in another branch."""
    _ = seen.wife.value
    return none_of(
        (what for what, value in seen.secrets if value.encode() in seen.shown), what="leak about the husband"
    )


SCENARIOS = (households_are_rolled_up, relations_are_read, a_spouse_is_asked_about)
