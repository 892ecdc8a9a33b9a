"""Newcomers: people with their papers whom no target has on file yet, made for one play and taken away after it."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.port import BenchFault, Refused, Unsupported
from synthetic_data import identities
from synthetic_data.bank import Bank
from synthetic_data.records import KINDS, Customer, Record

#: The bank's own customers have the low places of the permutation that identities are drawn from; ours lie above.
FIRST_PLACE, PLACES = 40_000_000, 59_000_000

_SURNAMES = ["Abbot", "Bexley", "Corwin", "Dunmore", "Elstow", "Farrow", "Grantham", "Hollis", "Ingram", "Jessop"]
_SYLLABLES = ["ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su"]
_CHINESE_SURNAMES = ["欧阳", "司徒", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐"]
_CHINESE_GIVEN = ["昀", "翊", "骁", "琰", "珩", "霁", "樾", "祎", "旻", "煜"]


def newcomers(crm: CRM, bank: Bank, count: int, *, branch: str | None = None) -> tuple[Customer, ...]:
    """Return valid customers with numbers, identities and names of their own, active adults of one branch.

    What they are called follows from the bank's seed and the play's nonce, so that a replay asks the same. Without
    ``branch`` they belong to the one whose banker is RM-A.
    """
    start = _place(bank, crm.nonce)
    home = branch or first_branch(crm, bank)
    model = next(one for one in bank.customers if one.branch == home and one.state == "active" and not one.legal_hold)
    return tuple(_newcomer(bank, model, f"N{crm.nonce}{i:04d}", start + i) for i in range(count))


def first_branch(crm: CRM, bank: Bank) -> str:
    """Return the branch of RM-A: the one that the settings name, else the bank's first."""
    held = crm.credentials.get(Actor.RM_A)
    return (held.branch if held else None) or bank.branches[0].number


def second_branch(crm: CRM, bank: Bank) -> str:
    """Return the branch of RM-B: the one that the settings name, else the bank's second."""
    held = crm.credentials.get(Actor.RM_B)
    return (held.branch if held else None) or bank.branches[1].number


@contextmanager
def on_file(crm: CRM, *records: Record) -> Iterator[None]:
    """Put records on file in the name of the core system, and take them away again whatever happens in between."""
    jobs: list[str] = []
    try:
        for kind, rows in groupby(sorted(records, key=_rank), key=type):
            _settle(crm.acting_as(Actor.INTEGRATION), kind, tuple(rows), jobs)
        yield
    finally:
        for job in reversed(jobs):
            quietly(crm.acting_as(Actor.INTEGRATION).revert, job)


def quietly(verb: object, *arguments: object) -> None:
    """Tidy up as far as the target lets us: what it lacks or refuses is no matter of the story's judgement."""
    try:
        verb(*arguments)  # type: ignore[operator]
    except (Unsupported, BenchFault):
        return


def _settle(crm: CRM, kind: type[Record], rows: Sequence[Record], jobs: list[str]) -> None:
    """Load rows of one kind, in bulk where the product can; a valid row that is refused ends the story."""
    if crm.offers("bulk"):
        job = f"{crm.nonce}-{kind.__name__.lower()}-{rows[0].number}"
        jobs.append(job)
        rejected = crm.bulk(rows, job=job).value.rejected
        if rejected:
            first = rejected[0]
            raise Refused("invalid", detail=f"{kind.__name__} row {first.row}: {first.field} {first.reason}")
        return
    for row in rows:
        _ = crm.create(row).value


def _rank(record: Record) -> int:
    return KINDS.index(type(record))


def _place(bank: Bank, nonce: str) -> int:
    told = hashlib.blake2b(f"{bank.seed}/{nonce}".encode(), digest_size=8).digest()
    return FIRST_PLACE + int.from_bytes(told, "big") % PLACES


def _newcomer(bank: Bank, model: Customer, number: str, place: int) -> Customer:
    marks = {field: identities.digits(bank.seed, field, place) for field in ("national_id", "mobile", "card_number")}
    shape = int(marks["mobile"])
    birth = date(1955, 1, 1) + timedelta(days=shape % 16_000)
    gender = "FM"[place % 2]
    name, latin, language = _name(marks["mobile"], chinese=place % 2 == 0)
    return replace(
        model,
        number=number,
        name=name,
        latin_name=latin,
        language=language,
        gender=gender,
        birth_date=birth,
        national_id=identities.national_id(birth, gender, marks["national_id"]),
        mobile=identities.mobile(marks["mobile"]),
        email=f"{number.lower()}@newcomers.example",
        address=f"{marks['mobile'][:4]} Newcomers' Lane, house {marks['card_number'][:5]}",
        card_number=identities.card_number(marks["card_number"]),
        guardian=None,
        closed_on=None,
    )


def _name(marks: str, *, chinese: bool) -> tuple[str, str, str]:
    figures = [int(digit) for digit in marks]
    latin = f"{''.join(_SYLLABLES[d] for d in figures[1:6]).title()} {_SURNAMES[figures[0]]}"
    if not chinese:
        return latin, latin, "en"
    return _CHINESE_SURNAMES[figures[0]] + "".join(_CHINESE_GIVEN[d] for d in figures[1:3]), latin, "zh"
