"""People: the person in each place, from name to income."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from synthetic_data import identities
from synthetic_data.draws import Draws
from synthetic_data.ground import Ground, number, years_before
from synthetic_data.names import Name, draw_name, misspelt, vocabulary
from synthetic_data.plan import Place
from synthetic_data.records import Customer

#: Domains that RFC 2606 keeps for examples: mail to them reaches nobody.
DOMAINS = ("example.com", "example.net", "example.org")

#: Ages (low, high) of parts that are not simply grown-ups.
AGES = {
    ("couple_child", "head"): (28, 58),
    ("couple_two", "head"): (30, 55),
    ("divorced", "head"): (32, 55),
    ("overlap", "head"): (56, 80),
    ("twins", "head"): (44, 75),
    ("father_son", "father"): (46, 75),
    ("trust", "settlor"): (50, 80),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A customer with what the record does not keep: the parts of the name and the place."""

    place: Place
    name: Name
    customer: Customer


def person(ground: Ground, place: Place, known: dict[int, Person]) -> Person:
    """The person in a place; ``known`` holds at least the kin and the person of a second file."""
    draws = Draws(ground.seed, "customer", place.index)
    if place.copies is not None:
        return _second_file(ground, place, known[place.copies], draws)
    kin = tuple(known[index] for index in place.kin)
    birth, gender, name = _born(ground, place, kin, draws)
    return Person(place=place, name=name, customer=_customer(ground, place, kin, draws, (birth, gender, name)))


def _born(ground: Ground, place: Place, kin: tuple[Person, ...], draws: Draws) -> tuple[date, str, Name]:
    """Birth date, gender and name, which in a family follow from those who came before."""
    gender = draws.of(ground.profile.tables.gender.weighted)
    head = kin[0] if kin else None
    if head is None:
        return _first_of_family(ground, place, gender, draws)
    born = head.customer.birth_date
    match place.part:
        case "namesake":
            return born, head.customer.gender, head.name
        case "son":
            return _later(ground, born, draws.whole(24, 35), draws), "M", head.name
        case "twin" if len(kin) > 1:
            return _like_a_twin(kin[-1], draws)
        case "child" | "twin" | "heir" | "beneficiary":
            birth = _later(ground, born, draws.whole(20, 32), draws)
            return birth, gender, draw_name(draws, place.language, gender, head.name.surname)
        case "spouse" | "ex_spouse" | "heir_spouse":
            partner = kin[-1] if place.part == "heir_spouse" else head
            birth = partner.customer.birth_date + timedelta(days=draws.whole(-900, 900))
            birth = min(birth, years_before(ground.as_of, 20))
            other = "F" if partner.customer.gender == "M" else "M"
            return birth, other, draw_name(draws, place.language, other)
    return _first_of_family(ground, place, gender, draws)


def _first_of_family(ground: Ground, place: Place, gender: str, draws: Draws) -> tuple[date, str, Name]:
    low, high = AGES.get((place.family, place.part), (18, 88))
    if place.state.startswith("closed") or place.state == "deceased":
        low = 42
    age = min(max(round(draws.along(ground.profile.curves.adult_age.points)), low), high)
    gender = "M" if place.part == "father" else gender
    birth = years_before(ground.as_of, age) - timedelta(days=draws.whole(0, 364))
    return birth, gender, draw_name(draws, place.language, gender)


def _later(ground: Ground, born: date, years: int, draws: Draws) -> date:
    """A birth so many years after another, at least a month ago."""
    day = years_before(born, -years) + timedelta(days=draws.whole(0, 364))
    return min(day, ground.as_of - timedelta(days=draws.whole(30, 300)))


def _like_a_twin(twin: Person, draws: Draws) -> tuple[date, str, Name]:
    gender = twin.customer.gender
    name = draw_name(draws, twin.place.language, gender, twin.name.surname)
    while name.given[-1] == twin.name.given[-1]:
        name = draw_name(draws, twin.place.language, gender, twin.name.surname)
    return twin.customer.birth_date, gender, name._replace(given=(*twin.name.given[:-1], name.given[-1]))


def _customer(
    ground: Ground, place: Place, kin: tuple[Person, ...], draws: Draws, born: tuple[date, str, Name]
) -> Customer:
    birth, gender, name = born
    words, tables = vocabulary(place.language), ground.profile.tables
    first = years_before(ground.as_of, 18)
    minor, branch = birth > first, kin[0].customer.branch if kin else draws.one(ground.branches).number
    tier = "mass" if minor else draws.of(tables.tier.weighted)
    joined, left = _time_here(ground, place, birth, draws)
    job, employer = _work(birth, ground, place, draws)
    return Customer(
        number=number("C", place.index),
        name=name.written,
        latin_name=name.latin,
        language=place.language,
        gender=gender,
        birth_date=birth,
        national_id=identities.national_id(birth, gender, _marks(ground, "national_id", place)),
        mobile=identities.mobile(_marks(ground, "mobile", place)),
        email=email(ground, place, name),
        address=_shared_address(place, kin) or address(ground, place, draws),
        card_number=identities.card_number(_marks(ground, "card_number", place)),
        monthly_income=Decimal(0) if minor else draws.money(getattr(ground.profile.curves, f"income_{tier}").points),
        currency=ground.profile.home_currency,
        occupation=words.student if minor else job,
        employer=words.school if minor else employer,
        tier=tier,
        risk_level="C1" if minor else draws.of(tables.risk_level.weighted),
        aml_rating="low" if minor else draws.of(tables.aml_rating.weighted),
        state="closed" if left else place.state,
        branch=branch,
        manager=draws.one(ground.bankers[branch]),
        since=joined,
        closed_on=left,
        legal_hold=place.legal_hold,
        guardian=kin[0].customer.number if minor and kin else None,
    )


def _marks(ground: Ground, field: str, place: Place) -> str:
    return identities.digits(ground.seed, field, place.index)


def email(ground: Ground, place: Place, name: Name) -> str:
    """An address that reaches nobody and names its customer by its digits."""
    marks = _marks(ground, "email", place)
    local = name.latin.lower().replace(" ", "").replace("'", "")
    return f"{local}.{marks}@{DOMAINS[int(marks) % len(DOMAINS)]}"


def address(ground: Ground, place: Place, draws: Draws) -> str:
    """Where a customer lives: house and room are the customer's own digits."""
    words, marks = vocabulary(place.language), _marks(ground, "address", place)
    return words.address.format(
        city=draws.one(words.cities),
        district=draws.one(words.districts),
        street=draws.one(words.streets),
        house=marks[:4],
        room=marks[4:],
    )


def _shared_address(place: Place, kin: tuple[Person, ...]) -> str | None:
    """Families live together, except those who parted, founded an own household or only share a name or a trust."""
    if place.part in ("spouse", "child", "twin", "son") and kin:
        return kin[0].customer.address
    return kin[-1].customer.address if place.part == "heir_spouse" else None


def _work(birth: date, ground: Ground, place: Place, draws: Draws) -> tuple[str, str]:
    words = vocabulary(place.language)
    job = draws.one(words.occupations)
    trade = draws.one(tuple(words.trades.values()))
    employer = words.company.format(
        first=draws.one(words.company_first), second=draws.one(words.company_second), trade=trade
    )
    return (words.retired, words.pensioner) if birth <= years_before(ground.as_of, 60) else (job, employer)


def _time_here(ground: Ground, place: Place, birth: date, draws: Draws) -> tuple[date, date | None]:
    """Since when a customer is one, and when a former customer left."""
    today, opened = ground.as_of, ground.profile.opened.value
    grown = years_before(birth, -18)
    first = max(opened, grown if grown < today - timedelta(days=60) else birth + timedelta(days=20))
    line = years_before(today, 10)
    match place.state:
        case "closed_long_ago":
            left = draws.day(opened + timedelta(days=1500), line - timedelta(days=60))
        case "closed_recently":
            left = draws.day(line + timedelta(days=60), today - timedelta(days=30))
        case _:
            return draws.day(first, today - timedelta(days=10)), None
    return draws.day(min(first, left - timedelta(days=400)), left - timedelta(days=365)), left


def _second_file(ground: Ground, place: Place, own: Person, draws: Draws) -> Person:
    """A second file of somebody who has one. Identity numbers are unique in any CRM, so that of the second file has its
    province mistyped (or is of the old form): birth date and sequence still agree.
    """
    kind = fitting(place.defect, own)
    place = replace(place, defect=kind)
    was, first_marks = own.customer, identities.digits(ground.seed, "national_id", own.place.index)
    slip = identities.national_id(was.birth_date, was.gender, first_marks, mistyped=True)
    name = misspelt(own.name, draws) if kind == "typo" else own.name
    wrong = replace(
        was,
        number=number("C", place.index),
        name={"script": own.name.traditional, "order": own.name.swapped}.get(kind, name.written),
        latin_name=_latin_swapped(own.name) if kind == "order" else name.latin,
        national_id=identities.old_national_id(was.national_id) if kind == "old_id" else slip,
        mobile=was.mobile
        if kind in ("typo", "script", "order", "moved")
        else identities.mobile(_marks(ground, "mobile", place)),
        email=was.email if kind in ("typo", "mobile") else email(ground, place, own.name),
        address=address(ground, place, draws) if kind == "moved" else was.address,
        card_number=identities.card_number(_marks(ground, "card_number", place)),
        manager=draws.one(ground.bankers[was.branch]),
        since=draws.day(was.since, ground.as_of - timedelta(days=5)),
        guardian=None,
    )
    return Person(place=place, name=own.name, customer=wrong)


def fitting(defect: str, own: Person) -> str:
    """The defect, or the nearest one that can show: the old number ended with 1999, some names have one script."""
    if defect == "old_id" and own.customer.birth_date.year >= 2000:
        return "moved"
    if defect == "script" and own.name.traditional == own.name.written:
        return "order"
    return defect


def _latin_swapped(name: Name) -> str:
    parts = name.latin.split(" ")
    return " ".join((*parts[1:], parts[0]))
