"""Defects: customers with exactly one impossible value each, and the field that a CRM must refuse."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

import numpy as np

from synthetic_data import identities, spellings
from synthetic_data.bank import Bank
from synthetic_data.chance import Chance
from synthetic_data.domains.customers import DOMAINS
from synthetic_data.ground import NO_CELL
from synthetic_data.records import Customer

#: Places in the permutation of marks that no bank of ours is large enough to reach.
FIRST_PLACE, PLACES = 20_000_000, 20_000_000

#: A way of spoiling one value: the sound customer and a customer on file in, the spoilt one out.
Spoil = Callable[[Customer, Customer], Customer]


def _wrong_check(sound: Customer, _: Customer) -> Customer:
    body, check = sound.national_id[:17], sound.national_id[17]
    return replace(sound, national_id=body + ("1" if check != "1" else "2"))


def _wrong_region(sound: Customer, _: Customer) -> Customer:
    return replace(sound, national_id="Q#" + sound.national_id[2:])


def _one_short(sound: Customer, _: Customer) -> Customer:
    return replace(sound, national_id=sound.national_id[:-1])


def _no_such_day(sound: Customer, _: Customer) -> Customer:
    body = sound.national_id[:10] + "1345" + sound.national_id[14:17]
    return replace(sound, national_id=body + identities.id_check(body))


def _taken(sound: Customer, on_file: Customer) -> Customer:
    """All that goes with the number is that of the customer on file, so that nothing but the number is wrong."""
    birth, gender = on_file.birth_date, on_file.gender
    return replace(sound, national_id=on_file.national_id, birth_date=birth, gender=gender)


def _unborn(sound: Customer, _: Customer) -> Customer:
    return replace(sound, birth_date=date(2091, sound.birth_date.month, min(sound.birth_date.day, 28)))


def _mobile_short(sound: Customer, _: Customer) -> Customer:
    return replace(sound, mobile=sound.mobile[:7])


def _mobile_letters(sound: Customer, _: Customer) -> Customer:
    return replace(sound, mobile=sound.mobile[:5] + "ABCDEF")


def _email_without_at(sound: Customer, _: Customer) -> Customer:
    return replace(sound, email=sound.email.replace("@", "."))


def _card_off_by_one(sound: Customer, _: Customer) -> Customer:
    body, check = sound.card_number[:-1], int(sound.card_number[-1])
    return replace(sound, card_number=f"{body}{(check + 1) % 10}")


def _income_below_zero(sound: Customer, _: Customer) -> Customer:
    return replace(sound, monthly_income=-sound.monthly_income - Decimal(1))


#: What can be wrong, and the field it is in.
SPOILS: Mapping[str, tuple[str, Spoil]] = MappingProxyType(
    {
        "wrong check character": ("national_id", _wrong_check),
        "impossible mobile number": ("mobile", _mobile_short),
        "born in the future": ("birth_date", _unborn),
        "region of the wrong shape": ("national_id", _wrong_region),
        "number of somebody else": ("national_id", _taken),
        "e-mail without @": ("email", _email_without_at),
        "card that fails its check digit": ("card_number", _card_off_by_one),
        "number one character short": ("national_id", _one_short),
        "mobile number with letters": ("mobile", _mobile_letters),
        "number with a day that does not exist": ("national_id", _no_such_day),
        "income below zero": ("monthly_income", _income_below_zero),
    }
)


def invalid_customers(bank: Bank, n: int, seed: int) -> tuple[tuple[Customer, str], ...]:
    """So many newcomers with exactly one invalid value each, and the field it is in; every way of spoiling in turn.

    All else about them is valid and theirs alone. The same bank and seed give the same newcomers.
    """
    adults = [c for c in bank.customers if c.state == "active" and c.guardian is None and len(c.national_id) == 18]
    if not adults:
        raise ValueError("bank: has no active adult customer; generate a larger one")
    chance, ways = Chance(bank.seed, NO_CELL, "invalid", str(seed)), tuple(SPOILS.values())
    start = int(chance.whole(0, PLACES - 1, 1)[0])
    models, on_file = ([adults[at] for at in chance.whole(0, len(adults) - 1, n)] for _ in range(2))
    found = []
    for nth, newcomer in enumerate(_newcomers(bank, models, start, chance)):
        field, spoil = ways[nth % len(ways)]
        found.append((spoil(newcomer, on_file[nth]), field))
    return tuple(found)


def _newcomers(bank: Bank, models: Sequence[Customer], start: int, chance: Chance) -> Iterator[Customer]:
    """Valid people of own names, birth dates and numbers, otherwise like customers on file."""
    english, male = (np.array([m.language == "en" for m in models]), np.array([m.gender == "M" for m in models]))
    names = spellings.drawn(chance, english, male)
    written, latin = spellings.written(names).to_pylist(), spellings.latin(names).to_pylist()
    younger = chance.whole(1, 300, len(models)).tolist()
    for nth, model in enumerate(models):
        place = FIRST_PLACE + (start + nth) % PLACES
        marks = {f: identities.digits(bank.seed, f, place) for f in ("national_id", "mobile", "email", "card_number")}
        birth = model.birth_date - timedelta(days=younger[nth])
        yield replace(
            model,
            number=f"C{place + 1:08d}",
            name=written[nth],
            latin_name=latin[nth],
            birth_date=birth,
            national_id=identities.national_id(birth, model.gender, marks["national_id"]),
            mobile=identities.mobile(marks["mobile"]),
            email=f"{latin[nth].lower().replace(' ', '')}.{marks['email']}@{DOMAINS[0]}",
            card_number=identities.card_number(marks["card_number"]),
        )
