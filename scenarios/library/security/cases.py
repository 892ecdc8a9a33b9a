"""Cases: thirty people with a right to be forgotten, or with records that the law wants kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from synthetic_data import identities
from synthetic_data.records import Account, Consent, Customer, Interaction, Record, Ticket

#: Identity and transaction records are kept at least ten years after the relationship ends (反洗钱法 2024, art. 34).
RETENTION_YEARS = 10
#: How many people are needed for all cases.
PEOPLE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One person, why their case is as it is, and what must become of a request for erasure."""

    kind: str
    customer: Customer
    erasable: bool
    until: date | None = None  # day from which the records may go, where it is known
    retained: bool = False  # kept by law after the relationship ended: storage only

    @property
    def records(self) -> tuple[Record, ...]:
        """The person's records beside accounts: a talk, a ticket and a consent, known by the person's number."""
        number, at = self.customer.number, datetime(2025, 3, 3, 3, 0, tzinfo=UTC)
        return (
            Interaction(
                number=f"I{number}", customer=number, channel="call", direction="in", at=at, subject="Fees",
                text=f"Talk {number} about fees", staff=self.customer.manager,
            ),
            Ticket(
                number=f"T{number}", customer=number, category="service", severity="low", subject=f"Matter {number}",
                text="Asked for a statement.", opened_at=at, status="closed",
            ),
            Consent(
                number=f"S{number}", customer=number, purpose="marketing", channel="email", version="2",
                granted=True, at=at, source="branch",
            ),
        )  # fmt: skip


def cases(people: Sequence[Customer], today: date) -> tuple[tuple[Case, ...], tuple[Account, ...]]:
    """Return the thirty cases and the open accounts that some of them have; ``today`` is the target's day."""
    rest = iter(people)
    told = tuple(_told(rest, today))
    active = [case.customer for case in told if case.kind == "active"]
    holders = [case.customer for case in told if case.kind == "joint account"]
    minor = next(case.customer for case in told if case.kind == "minor")
    accounts = (
        *(_account(one, (holder.number,)) for one, holder in zip(active, holders, strict=False)),
        *(_account(one, ()) for one in active[len(holders) :]),
        _account(minor, ()),
    )
    return told, accounts


def _told(rest: Iterator[Customer], today: date) -> Iterator[Case]:
    for _ in range(4):
        yield Case(kind="active", customer=next(rest), erasable=False)
    for _ in range(3):
        yield Case(kind="joint account", customer=next(rest), erasable=False)
    for _ in range(3):
        yield Case(kind="without contract", customer=next(rest), erasable=False)
    for days in (400, 1200, 2000, 2800, 3500, _days(today, 10) - 5):
        yield _closed("closed", next(rest), today - timedelta(days=days))
    for days in (4000, 5000, 6000, _days(today, 10) + 5):
        yield _gone("closed long ago", next(rest), today - timedelta(days=days))
    first = next(rest)
    yield _gone("two files", first, today - timedelta(days=4200))
    yield _gone("two files", _second_file(next(rest), first), today - timedelta(days=4200))
    for _ in range(2):
        yield Case(kind="minor", customer=_minor(next(rest), today), erasable=False)
    yield _gone("minor long ago", _minor(next(rest), today), today - timedelta(days=4100))
    for days in (900, 3000):
        yield _closed("deceased", next(rest), today - timedelta(days=days), state="deceased")
    yield _gone("deceased long ago", next(rest), today - timedelta(days=4500), state="deceased")
    for days in (4100, 5100):
        held = _ended(next(rest), today - timedelta(days=days), "closed")
        yield Case(kind="legal hold", customer=replace(held, legal_hold=True), erasable=False, retained=True)


def _closed(kind: str, one: Customer, on: date, *, state: str = "closed") -> Case:
    return Case(kind=kind, customer=_ended(one, on, state), erasable=False, until=ten_years_after(on), retained=True)


def _gone(kind: str, one: Customer, on: date, *, state: str = "closed") -> Case:
    return Case(kind=kind, customer=_ended(one, on, state), erasable=True)


def _ended(one: Customer, on: date, state: str) -> Customer:
    return replace(one, state=state, since=on - timedelta(days=700), closed_on=on)


def ten_years_after(day: date) -> date:
    """Return the same day ten years on; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + RETENTION_YEARS)
    except ValueError:
        return date(day.year + RETENTION_YEARS, 3, 1)


def _days(today: date, years: int) -> int:
    """Return how many days ago it was the same day ``years`` ago."""
    return (today - date(today.year - years, today.month, min(today.day, 28))).days


def _minor(one: Customer, today: date) -> Customer:
    """Make a person who is not eighteen yet; the identity number tells the new birth date."""
    return _born(one, date(today.year - 17, 12, 28))


def _second_file(one: Customer, first: Customer) -> Customer:
    """Make a second file of the same person: same name, birth date and mobile number."""
    return _born(replace(one, name=first.name, latin_name=first.latin_name, mobile=first.mobile), first.birth_date)


def _born(one: Customer, day: date) -> Customer:
    body = f"{one.national_id[:6]}{day:%Y%m%d}{one.national_id[14:17]}"
    return replace(one, birth_date=day, national_id=body + identities.id_check(body))


def _account(owner: Customer, joint: tuple[str, ...]) -> Account:
    return Account(
        number=f"A{owner.number}", customer=owner.number, product="savings", currency="CNY", balance=Decimal("321.09"),
        opened=date(2020, 2, 3), joint_holders=joint,
    )  # fmt: skip
