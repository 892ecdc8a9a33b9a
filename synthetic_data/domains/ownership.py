"""Ownership: companies that bank with us, who holds them through which chains, and who is truly behind them."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from synthetic_data import identities
from synthetic_data.affairs import Arrangement, CorporateCustomer, Mandate, Party, Stake
from synthetic_data.chance import Chance
from synthetic_data.columns import Accounts, People
from synthetic_data.domains.lots import Lots
from synthetic_data.domains.structures import WHOLE, Group, Held, Pact, planted
from synthetic_data.findings import BeneficialOwner, StructureFinding
from synthetic_data.ground import Ground, number, years_before
from synthetic_data.grown import Grown
from synthetic_data.names import vocabulary
from synthetic_data.owners import Finding, Rule, find, structure
from synthetic_data.records import Record
from synthetic_data.registrations import registration_of
from synthetic_data.tables import from_records

EPOCH = date(1970, 1, 1)
#: A year before the day the bank is seen, for which the owners are told too.
BEFORE = 365
#: Youngest age of those who hold companies, so that they were grown-up when theirs was founded.
AGE = 22
#: Most customers before its own speaker who stand in a structure.
NEIGHBOURS = 60

_FILES = {
    "corporate_customers": CorporateCustomer,
    "parties": Party,
    "stakes": Stake,
    "arrangements": Arrangement,
    "mandates": Mandate,
}
_TRUTHS = {"beneficial_owners": BeneficialOwner, "structure_findings": StructureFinding}


class Planted(NamedTuple):
    """The records of one structure; ``hidden`` are arrangements of which the bank has no paper."""

    corporates: list[CorporateCustomer]
    parties: list[Party]
    stakes: list[Stake]
    arrangements: list[Arrangement]
    hidden: list[Arrangement]
    mandates: list[Mandate]


def ownership(ground: Ground, people: People, accounts: Accounts) -> Grown:
    """Return companies, parties, stakes, arrangements and mandates; in truth, the owners today and a year ago."""
    lots = Lots(Chance(ground.seed, people.cell, "ownership"))
    kept: dict[str, list[Record]] = {name: [] for name in (*_FILES, *_TRUTHS)}
    owners: dict[str, list[int]] = {name: [] for name in kept}
    for speaker, circle in _speakers(ground, people, lots):
        group = _group(ground, lots)
        made = _Naming(ground, people, lots, group, speaker, circle).written()
        rows: dict[str, Sequence[Record]] = {
            "corporate_customers": made.corporates,
            "parties": made.parties,
            "stakes": made.stakes,
            "arrangements": made.arrangements,
            "mandates": made.mandates,
            **_found(ground, group, made),
        }
        for name, more in rows.items():
            kept[name] += more
            owners[name] += [speaker] * len(more)
    kinds = _FILES | _TRUTHS
    made_tables: dict[str, pa.Table] = {name: from_records(rows, kinds[name]) for name, rows in kept.items()}
    return Grown(
        {name: made_tables[name] for name in _FILES},
        {name: made_tables[name] for name in _TRUTHS},
        {name: np.array(places, dtype=np.int64) for name, places in owners.items()},
    )


def rule_of(ground: Ground) -> Rule:
    """Return the rule by which the profile tells a beneficial owner."""
    told = ground.profile.lives.ownership
    return Rule(
        threshold=Fraction(str(told.threshold.value)),
        inclusive=told.threshold.inclusive,
        majority=Fraction(str(told.majority.value)),
        through_controllers=told.through_controllers.value,
    )


def _speakers(ground: Ground, people: People, lots: Lots) -> Iterator[tuple[int, list[int]]]:
    """Those who speak for a company, in the order of the cell, each with customers who came before."""
    line = (years_before(ground.as_of, AGE) - EPOCH).days
    fit = (people.birth <= line) & (people.state == 0) & (people.copies < 0) & ~people.minor
    able: list[int] = np.flatnonzero(fit).tolist()
    wanted = ground.profile.lives.ownership.groups_per_hundred.value * len(people) / 100
    chosen = sorted(lots.some(range(2, len(able)), int(wanted) + lots.happens(wanted % 1)))
    for at in chosen:
        yield able[at], able[max(0, at - NEIGHBOURS) : at]


def _group(ground: Ground, lots: Lots) -> Group:
    told = ground.profile.lives.ownership
    return planted(
        lots,
        lots.word(told.makes.shares),
        int(lots.word(told.depth.shares)),
        lots.happens(told.near_threshold.value),
        lots.happens(told.changed.value),
        told.undisclosed.value,
    )


def _found(ground: Ground, group: Group, made: Planted) -> dict[str, Sequence[Record]]:
    """Who owns the companies that bank with us, today and a year ago."""
    persons = {s.source for s in made.stakes} | {m.holder for m in made.mandates}
    persons |= {a.holder for a in (*made.arrangements, *made.hidden)}
    companies = {c.number for c in made.corporates} | {p.number for p in made.parties if p.kind != "person"}
    behind: list[BeneficialOwner] = []
    findings: list[StructureFinding] = []
    sold = any(stake.until for stake in made.stakes)
    for corporate in made.corporates:
        seen: list[frozenset[str]] = []
        today = _asked(ground, corporate.number, made, persons - companies, ground.as_of)
        for back in (BEFORE, 0):
            at = ground.as_of - timedelta(days=back)
            then = _asked(ground, corporate.number, made, persons - companies, at) if back and sold else today
            true, filed = then
            known = {owner.person for owner in filed.owners}
            nth = str(int(back == 0) + 1)
            behind += [
                BeneficialOwner(
                    number=f"BO{corporate.number[2:]}{nth}{place + 1:02d}",
                    company=corporate.number,
                    at=at,
                    owner=owner.person,
                    bases=owner.bases,
                    share=_six(owner.share),
                    votes=_six(owner.votes),
                    paths=owner.paths,
                    on_file=owner.person in known,
                )
                for place, owner in enumerate(true.owners)
            ]
            seen.append(frozenset(owner.person for owner in true.owners))
            findings.append(
                StructureFinding(
                    number=f"SF{corporate.number[2:]}{nth}",
                    company=corporate.number,
                    at=at,
                    make=group.make,
                    depth=group.depth,
                    unknown=_six(true.unknown),
                    review=rule_of(ground).reached(true.unknown),
                    changed=back == 0 and seen[0] != seen[1],
                )
            )
    return {"beneficial_owners": behind, "structure_findings": findings}


def _asked(ground: Ground, company: str, made: Planted, people: set[str], at: date) -> tuple[Finding, Finding]:
    """The owners by all that is true, and by what the bank has on file."""
    rule = rule_of(ground)
    true = find(structure(people, made.stakes, [*made.arrangements, *made.hidden], made.mandates, at), company, rule)
    if not made.hidden:
        return true, true
    return true, find(structure(people, made.stakes, made.arrangements, made.mandates, at), company, rule)


def _six(share: Fraction) -> Decimal:
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(Decimal("0.000001"))


class _Naming:
    """Gives the people and companies of a structure their numbers and names, and writes it down as records."""

    def __init__(
        self, ground: Ground, people: People, lots: Lots, group: Group, speaker: int, circle: Sequence[int]
    ) -> None:
        self._ground, self._people, self._lots, self._group, self._speaker = ground, people, lots, group, speaker
        self._told = ground.profile.lives.ownership
        self._index = int(people.index[speaker])
        self._customer = number("C", self._index)
        self._words = vocabulary("en" if people.english[speaker] else "zh")
        self._parties: list[Party] = []
        self._corporates: list[CorporateCustomer] = []
        founded = ground.as_of - timedelta(days=lots.whole(BEFORE + 60, 1_400))
        self._founded = founded
        self._sold = ground.as_of - timedelta(days=lots.whole(20, BEFORE - 30))
        self._persons = self._numbered_people(lots.some(circle, group.people - 1))
        self._companies = [self._company(nth) for nth in range(group.companies)]

    def _numbered_people(self, near: Sequence[int]) -> list[str]:
        """The speaker has a place of their own; others are customers who came before, or outsiders."""
        mine, numbers, free = self._lots.whole(0, max(self._group.people - 1, 0)), [], list(near)
        for place in range(self._group.people):
            if place == mine:
                numbers.append(self._customer)
            elif not free or self._lots.happens(self._told.outsiders.value):
                numbers.append(self._outsider())
            else:
                numbers.append(number("C", int(self._people.index[free.pop()])))
        return numbers

    def _outsider(self) -> str:
        words, lots = self._words, self._lots
        given = lots.one(words.male if lots.happens(0.5) else words.female).written
        surname = lots.one(words.surnames).written
        name = f"{given} {surname}" if self._people.english[self._speaker] else surname + given
        return self._party("person", name, None, lots.word(self._told.countries.shares))

    def _party(self, kind: str, name: str, registration: str | None, country: str) -> str:
        party = Party(
            number=number("PT", self._index, len(self._parties)),
            customer=self._customer,
            kind=kind,
            name=name,
            registration_id=registration,
            country=country,
        )
        self._parties.append(party)
        return party.number

    def _company(self, nth: int) -> str:
        words, lots = self._words, self._lots
        trade = lots.one(tuple(words.trades))
        name = words.company.format(
            first=lots.one(words.company_first), second=lots.one(words.company_second), trade=words.trades[trade]
        )
        if -nth - 1 in self._group.trusts:
            return self._party("trust", words.trust.format(surname=lots.one(words.surnames).written), None, "ZZ")
        if -nth - 1 in self._group.dark:
            return self._party("company", name, None, "ZZ")
        marks = identities.digits(self._ground.seed, f"group {nth}", self._index)
        registration = registration_of(self._told.scheme.value, marks)
        if nth and not lots.happens(self._told.banks_here.value):
            return self._party("company", name, registration, lots.word(self._told.countries.shares))
        self._corporates.append(self._corporate(name, registration, trade))
        return self._corporates[-1].number

    def _corporate(self, name: str, registration: str, trade: str) -> CorporateCustomer:
        lots, people, at = self._lots, self._people, self._speaker
        segment = lots.word(self._told.segments.shares)
        joined = max(EPOCH + timedelta(days=int(people.since[at])), self._founded)
        return CorporateCustomer(
            number=number("CP", self._index, len(self._corporates)),
            customer=self._customer,
            name=name,
            registration_id=registration,
            form=lots.word(self._told.forms.shares),
            segment=segment,
            industry=trade,
            annual_turnover=Decimal(round(lots.along(getattr(self._told, f"turnover_{segment}").points))),
            currency=self._ground.profile.home_currency,
            branch=self._ground.branches[int(people.branch[at])].number,
            manager=self._ground.staff[int(people.manager[at])].number,
            since=joined + timedelta(days=lots.whole(0, (self._ground.as_of - joined).days)),
        )

    def written(self) -> Planted:
        """The structure as records."""
        pacts = [(self._arrangement(nth, pact), pact.on_file) for nth, pact in enumerate(self._group.pacts)]
        return Planted(
            self._corporates,
            self._parties,
            [self._stake(nth, held) for nth, held in enumerate(self._group.stakes)],
            [pact for pact, on_file in pacts if on_file],
            [pact for pact, on_file in pacts if not on_file],
            self._mandates(),
        )

    def _who(self, place: int) -> str:
        return self._persons[place] if place >= 0 else self._companies[-place - 1]

    def _stake(self, nth: int, held: Held) -> Stake:
        share = Decimal(held.share) / WHOLE
        return Stake(
            number=number("SK", self._index, nth),
            customer=self._customer,
            source=self._who(held.source),
            target=self._who(held.target),
            share=share,
            votes=share if held.votes is None else Decimal(held.votes) / WHOLE,
            since=self._sold if held.since_sold else self._founded,
            until=self._sold if held.until_sold else None,
        )

    def _arrangement(self, nth: int, pact: Pact) -> Arrangement:
        return Arrangement(
            number=number("AR", self._index, nth),
            customer=self._customer,
            kind=pact.kind,
            holder=self._who(pact.holder),
            through=None if pact.through is None else self._who(pact.through),
            company=self._who(pact.company),
            since=self._founded,
        )

    def _mandates(self) -> list[Mandate]:
        """Every company that banks with us has a legal representative, directors, a supervisor and signatories."""
        made: list[Mandate] = []
        for corporate in self._corporates:
            holders = self._lots.some(self._persons, 4)
            roles = ("legal_representative", "director", "supervisor", "director")
            given = [*zip(holders, roles, strict=False), (self._customer, "signatory")]
            if any(a.kind == "nominee" for a in self._group.pacts) and corporate.number == self._companies[0]:
                # The one behind a nominee signs for the account: the trace that an undisclosed one leaves on file.
                given.append((self._who(self._group.pacts[0].holder), "signatory"))
            for holder, role in dict.fromkeys(given):
                made.append(
                    Mandate(
                        number=number("MD", self._index, len(made)),
                        customer=self._customer,
                        company=corporate.number,
                        holder=holder,
                        role=role,
                        since=self._founded,
                    )
                )
        return made
