"""Plot: the records of one branch on which the 48 operations are tried, made for one play."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from scenarios.crm import CRM
from scenarios.library.newcomers import newcomers
from synthetic_data import identities
from synthetic_data.bank import Bank
from synthetic_data.records import (
    Account,
    Campaign,
    Company,
    Consent,
    Customer,
    Household,
    Interaction,
    Opportunity,
    Record,
    Relation,
    Ticket,
)

#: Places of the permutation for companies of our own, above those of the bank.
COMPANY_PLACES = 70_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A branch's throwaway records: three customers with one record of each kind, and a stock of unused customers."""

    branch: str
    keep: Customer
    drop: Customer
    doomed: Customer
    records: Mapping[type[Record], Record]
    stock: Iterator[Customer]
    marks: Iterator[int]

    @property
    def on_file(self) -> tuple[Record, ...]:
        """All records that must be on file before the first operation is tried."""
        return (self.keep, self.drop, self.doomed, *(one for kind, one in self.records.items() if kind is not Customer))

    def of(self, kind: type[Record]) -> str:
        """Return the number of the record of a kind."""
        return self.records[kind].number

    def record(self, kind: type[Record], *, known: bool) -> Record:
        """Return a record to create: one that is on file already (a harmless try), or one that nobody has yet."""
        if known:
            return self.records[kind]
        if kind is Customer:
            return next(self.stock)
        mark = next(self.marks)
        fresh = replace(self.records[kind], number=f"{self.records[kind].number}{mark}")
        return replace(fresh, registration_id=_registration(mark)) if isinstance(fresh, Company) else fresh


def plot(crm: CRM, bank: Bank, branch: str, label: str, *, stock: int) -> Plot:
    """Lay out a plot for a branch; nothing is on file yet."""
    people = newcomers(crm, bank, stock + 6, branch=branch)
    own = people[:3] if label == "a" else people[3:6]
    base = int(crm.nonce, 36) % 10**6 * 10
    marks = iter(range(base + (0 if label == "a" else 5_000_000), base + 10**7))
    staff = next(one.number for one in bank.staff if one.branch == branch and one.role == "rm")
    return Plot(
        branch=branch,
        keep=own[0],
        drop=own[1],
        doomed=own[2],
        records=_records(own[0], own[1], staff, f"P{crm.nonce}{label}", next(marks)),
        stock=iter(people[6 + (0 if label == "a" else stock // 2) :]),
        marks=marks,
    )


def _registration(mark: int) -> str:
    return identities.registration_id(f"{COMPANY_PLACES + mark % 29_000_000:08d}")


def _records(keep: Customer, other: Customer, staff: str, stem: str, mark: int) -> Mapping[type[Record], Record]:
    day, end, moment = date(2026, 5, 4), date(2026, 12, 31), datetime(2026, 5, 4, 2, 0, tzinfo=UTC)
    return {
        Customer: keep,
        Company: Company(
            number=f"{stem}co", name=f"Plot Trading {stem}", registration_id=_registration(mark), industry="retail",
            size="small", annual_turnover=Decimal("1000000.00"), address="1 Plot Road", phone="0666-12345678",
            branch=keep.branch, manager=staff, since=day, currency="CNY",
        ),
        Relation: Relation(number=f"{stem}re", source=keep.number, target=other.number, role="introducer", since=day),
        Household: Household(number=f"{stem}hh", name=f"Plot {stem}", kind="family", branch=keep.branch),
        Account: Account(
            number=f"{stem}ac", customer=keep.number, product="savings", currency="CNY",
            balance=Decimal("10.00"), opened=day,
        ),
        Interaction: Interaction(
            number=f"{stem}in", customer=keep.number, channel="call", direction="in", at=moment,
            subject="Opening hours", text="Asked for opening hours.", staff=staff,
        ),
        Ticket: Ticket(
            number=f"{stem}ti", customer=keep.number, category="service", severity="normal", subject="Card lost",
            text="A card was lost.", opened_at=moment, status="open",
        ),
        Opportunity: Opportunity(
            number=f"{stem}op", customer=keep.number, product="fund", stage="qualified", amount=Decimal("5000.00"),
            owner=staff, opened=day, closes=end, currency="CNY",
        ),
        Campaign: Campaign(
            number=f"{stem}ca", name=f"Plot {stem}", channel="email", product="fund", starts=day,
            ends=end,
        ),
        Consent: Consent(
            number=f"{stem}cn", customer=keep.number, purpose="service", channel="email", version="1", granted=True,
            at=moment, source="branch",
        ),
    }  # fmt: skip
