"""Relations: households and who belonged when, kin, introducers, companies and who owns them."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from synthetic_data import identities
from synthetic_data.draws import Draws
from synthetic_data.ground import Ground, number, years_before
from synthetic_data.names import vocabulary
from synthetic_data.people import Person
from synthetic_data.records import Company, Customer, Household, Membership, Record, Relation

PARENTS_OF = ("child", "twin", "heir", "son", "beneficiary")


def relations(ground: Ground, who: Person, known: dict[int, Person]) -> Iterator[Record]:
    """All that ties a customer to those who came before: households, memberships, companies, relations."""
    draws = Draws(ground.seed, "relations", who.place.index)
    kin = tuple(known[index] for index in who.place.kin)
    if who.place.family and who.place.family != "namesakes":
        yield from _households(ground, who, kin)
    yield from _numbered(who, [*_kin(ground, who, kin, draws), *_business(ground, who, known, draws)])
    if who.place.founds:
        yield _company(ground, who)


def _numbered(who: Person, ties: list[Relation]) -> Iterator[Relation]:
    return (
        Relation(
            number=number("RL", who.place.index, nth),
            source=tie.source,
            target=tie.target,
            role=tie.role,
            since=tie.since,
            until=tie.until,
            share=tie.share,
        )
        for nth, tie in enumerate(ties)
    )


def _tie(
    source: str, target: str, role: str, since: date, until: date | None = None, share: Decimal | None = None
) -> Relation:
    return Relation(number="", source=source, target=target, role=role, since=since, until=until, share=share)


def family_days(ground: Ground, founder: int) -> tuple[date, date]:
    """The day on which a family came together, and the day on which it would part if it did."""
    draws = Draws(ground.seed, "family", founder)
    began = draws.day(years_before(ground.as_of, 15), years_before(ground.as_of, 3))
    return began, draws.day(began + timedelta(days=300), ground.as_of - timedelta(days=40))


def household_of(founder: int) -> str:
    """The number of the household that a customer founded."""
    return number("HH", founder)


def _households(ground: Ground, who: Person, kin: tuple[Person, ...]) -> Iterator[Record]:
    """The households that a customer founds, and the customer's time in each."""
    place, own = who.place, household_of(who.place.index)
    first = place.kin[0] if place.kin else place.index
    began, parted = family_days(ground, first)
    divorced = place.family == "divorced"
    stays: list[tuple[str, str, date, date | None]] = []
    match place.part:
        case "head" | "settlor" | "father":
            stays = [(own, "head", began, None)]
        case "spouse":
            stays = [(household_of(first), "spouse", began, None)]
        case "ex_spouse":
            stays = [(household_of(first), "spouse", began, parted), (own, "head", parted, None)]
        case "heir":
            stays = [
                (household_of(first), "child", began, None),
                (own, "head", family_days(ground, place.index)[0], None),
            ]
        case "heir_spouse":
            heir = place.kin[-1]
            stays = [(household_of(heir), "spouse", family_days(ground, heir)[0], None)]
        case "trustee" | "beneficiary":
            stays = [(household_of(first), place.part, began, None)]
        case _:
            born = max(began, who.customer.birth_date)
            stays = [(household_of(first), "child", born, None)]
            if divorced:
                stays.append((household_of(place.kin[1]), "child", max(born, parted), None))
    if any(household == own for household, *_ in stays):
        yield _household(who)
    for nth, (household, role, since, until) in enumerate(stays):
        yield Membership(
            number=number("MS", place.index, nth),
            household=household,
            customer=who.customer.number,
            role=role,
            since=since,
            until=until,
        )


def _household(who: Person) -> Household:
    words = vocabulary(who.place.language)
    kind = "trust" if who.place.family == "trust" else "family"
    label = words.trust if kind == "trust" else words.household
    return Household(
        number=household_of(who.place.index),
        name=label.format(surname=who.name.surname.written),
        kind=kind,
        branch=who.customer.branch,
    )


def _kin(ground: Ground, who: Person, kin: tuple[Person, ...], draws: Draws) -> Iterator[Relation]:
    if not kin or who.place.family == "namesakes":
        return
    me, head = who.customer, kin[0].customer
    began, parted = family_days(ground, who.place.kin[0])
    if who.place.part in ("spouse", "ex_spouse"):
        yield _tie(me.number, head.number, "spouse", began, parted if who.place.part == "ex_spouse" else None)
        if draws.chance(ground.profile.rates.guarantor.value):
            yield _tie(me.number, head.number, "guarantor", draws.day(me.since, ground.as_of))
    if who.place.part == "heir_spouse":
        yield _tie(me.number, kin[-1].customer.number, "spouse", family_days(ground, who.place.kin[-1])[0])
    if who.place.part in PARENTS_OF:
        yield _tie(head.number, me.number, "parent", me.birth_date)
        if who.place.part == "child" and len(kin) > 1 and kin[1].place.part in ("spouse", "ex_spouse"):
            yield _tie(kin[1].customer.number, me.number, "parent", me.birth_date)


def _business(ground: Ground, who: Person, known: dict[int, Person], draws: Draws) -> Iterator[Relation]:
    """Introducers, employers, and what a customer owns and directs."""
    rates, me = ground.profile.rates, who.customer
    if draws.chance(rates.introduced.value):
        before = [p.customer for i, p in known.items() if i < who.place.index and not p.place.gone]
        if before:
            yield _tie(draws.one(before).number, me.number, "introducer", me.since)
    if who.place.part == "single" and not who.place.gone and draws.chance(rates.employed_by_client.value):
        founders = [i for i, p in known.items() if p.place.founds and i < who.place.index]
        if founders:
            yield _tie(company_of(draws.one(founders)), me.number, "employer", me.since)
    if who.place.owns_part_of is not None:
        since = _founded(ground, known[who.place.owns_part_of].customer, who.place.owns_part_of)
        yield _tie(me.number, company_of(who.place.owns_part_of), "owner", since, None, Decimal("0.30"))
    if who.place.founds:
        yield from _founder(ground, who)


def _founder(ground: Ground, who: Person) -> Iterator[Relation]:
    """A founder keeps 40 to 70 percent; the rest is another owner's, or nobody knows whose."""
    draws, mine = Draws(ground.seed, "shares", who.place.index), company_of(who.place.index)
    since = _founded(ground, who.customer, who.place.index)
    held = who.place.company_owner
    share = Decimal(draws.whole(40, 50 if held is not None else 70)).scaleb(-2)
    yield _tie(who.customer.number, mine, "owner", since, None, share)
    yield _tie(who.customer.number, mine, "director", since)
    if held is not None:
        yield _tie(company_of(held), mine, "owner", since, None, Decimal("0.20"))


def company_of(founder: int) -> str:
    """The number of the company that a customer founded."""
    return number("CO", founder)


def _founded(ground: Ground, founder: Customer, index: int) -> date:
    return Draws(ground.seed, "founded", index).day(max(founder.since, ground.profile.opened.value), ground.as_of)


def _company(ground: Ground, who: Person) -> Company:
    draws, place = Draws(ground.seed, "company", who.place.index), who.place
    words = vocabulary(place.language)
    trade = draws.one(tuple(words.trades))
    name = words.company.format(
        first=draws.one(words.company_first), second=draws.one(words.company_second), trade=words.trades[trade]
    )
    marks = identities.digits(ground.seed, "company", place.index)
    return Company(
        number=company_of(place.index),
        name=name,
        registration_id=identities.registration_id(marks),
        industry=trade,
        size=draws.of(ground.profile.companies.sizes.weighted),
        annual_turnover=draws.money(ground.profile.companies.turnover.points),
        currency=ground.profile.home_currency,
        address=who.customer.address,
        phone=identities.landline(marks),
        branch=who.customer.branch,
        manager=who.customer.manager,
        since=_founded(ground, who.customer, place.index),
    )
