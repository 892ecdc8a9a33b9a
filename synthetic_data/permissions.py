"""Permissions: what a customer has consented to, and what the bank knows of who the customer is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from synthetic_data.draws import Draws
from synthetic_data.ground import Ground, number, years_before
from synthetic_data.people import Person
from synthetic_data.records import Consent, KycFile

#: Years until a file is looked at again, by level of due diligence (common practice; an assumption of this bank).
FRESH = {"simplified": 5, "normal": 3, "enhanced": 1}

#: The text of the consent has changed twice.
VERSIONS = ((date(2000, 1, 1), "1.0"), (date(2021, 11, 1), "2.0"), (date(2025, 3, 1), "2.1"))


def consents(ground: Ground, who: Person) -> Iterator[Consent]:
    """The consents of a customer in the order of time; a change of mind follows and never overwrites."""
    draws, rates = Draws(ground.seed, "consents", who.place.index), ground.profile.rates
    asked = [("service", "app", 1.0), ("marketing", "app", rates.marketing_consent.value)]
    asked += [
        ("marketing", "call", rates.marketing_consent.value / 2),
        ("profiling", "app", rates.profiling_consent.value),
    ]
    asked += [("sharing", "web", rates.sharing_consent.value)]
    told: list[tuple[datetime, str, str, bool]] = []
    last = who.customer.closed_on or ground.as_of
    for purpose, channel, likely in asked:
        granted = draws.chance(likely)
        at = _at(who.customer.since, draws)
        told.append((at, purpose, channel, granted))
        if granted and purpose != "service" and draws.chance(rates.consent_withdrawn.value):
            told.append((max(at + timedelta(hours=1), draws.moment(who.customer.since, last)), purpose, channel, False))
    for nth, (at, purpose, channel, granted) in enumerate(sorted(told)):
        yield Consent(
            number=number("CN", who.place.index, nth),
            customer=who.customer.number,
            purpose=purpose,
            channel=channel,
            version=_version(at.date()),
            granted=granted,
            at=at,
            source=draws.one(("onboarding", "app settings", "branch form")),
        )


def _at(day: date, draws: Draws) -> datetime:
    hour, second = divmod(draws.whole(0, 6 * 3600 - 1), 3600)
    return datetime(day.year, day.month, day.day, 2 + hour, second // 60, second % 60, tzinfo=UTC)


def _version(day: date) -> str:
    return [version for since, version in VERSIONS if since <= day][-1]


def kyc(ground: Ground, who: Person) -> KycFile:
    """The file on who the customer is: level by rating, due date by level, status by the day the bank is seen."""
    draws, customer = Draws(ground.seed, "kyc", who.place.index), who.customer
    level = {"low": "simplified" if customer.guardian else "normal", "medium": "normal", "high": "enhanced"}[
        customer.aml_rating
    ]
    last = customer.closed_on or ground.as_of
    fresh_for = FRESH[level] if draws.chance(0.96) else FRESH[level] + 1
    verified = draws.day(max(customer.since, years_before(last, fresh_for)), last - timedelta(days=1))
    due = years_before(verified, -FRESH[level])
    return KycFile(
        number=number("KY", who.place.index),
        customer=customer.number,
        level=level,
        status="overdue" if due < last else "due" if due <= last + timedelta(days=30) else "verified",
        document="id_card" if customer.language == "zh" else "residence_permit",
        document_expires=years_before(verified, -draws.whole(1, 15)),
        verified_on=verified,
        due_on=due,
    )
