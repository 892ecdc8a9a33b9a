"""Dealings: twelve months of interactions, tickets, opportunities and campaigns."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from synthetic_data import identities
from synthetic_data.draws import Draws
from synthetic_data.ground import Ground, number
from synthetic_data.names import vocabulary
from synthetic_data.people import Person
from synthetic_data.records import CampaignMember, Consent, Interaction, Opportunity, Record, Ticket

SOLD = {
    "mass": ("deposit", "loan", "fund"),
    "affluent": ("fund", "wealth", "loan"),
    "private": ("wealth", "fund", "deposit"),
}


def mark(seed: int, index: int) -> str:
    """The mark that stands in every text about a customer, so that a text that leaks names whose it is."""
    return f"TM-{identities.digits(seed, 'text', index)}"


def dealings(ground: Ground, who: Person, consents: Iterable[Consent]) -> Iterator[Record]:
    """What happened between the bank and a customer in the year; nothing with those who have left or died."""
    if who.place.gone:
        return
    draws = Draws(ground.seed, "dealings", who.place.index)
    first = max(ground.year_began, who.customer.since)
    yield from _interactions(ground, who, first, draws)
    yield from _tickets(ground, who, first, draws)
    if who.customer.guardian is None:
        yield from _opportunities(ground, who, first, draws)
        yield from _campaigns(ground, who, consents)


def _interactions(ground: Ground, who: Person, first: date, draws: Draws) -> Iterator[Interaction]:
    mean = getattr(ground.profile.contacts, who.customer.tier).value
    expected = 1 if who.place.state == "dormant" else draws.whole(0, round(2 * mean))
    topics, its_mark = vocabulary(who.place.language).topics, mark(ground.seed, who.place.index)
    channels = ground.profile.tables.channel.weighted
    for nth, at in enumerate(sorted(draws.moment(first, ground.as_of) for _ in range(expected))):
        channel, topic = draws.of(channels), draws.one(topics)
        yield Interaction(
            number=number("IN", who.place.index, nth),
            customer=who.customer.number,
            channel=channel,
            direction="out" if draws.chance(0.3) else "in",
            at=at,
            subject=topic.subject,
            text=topic.text.format(mark=its_mark),
            staff=draws.one(ground.agents) if channel in ("call", "web") else who.customer.manager,
        )


def _tickets(ground: Ground, who: Person, first: date, draws: Draws) -> Iterator[Ticket]:
    tables, rates = ground.profile.tables, ground.profile.rates
    topics = vocabulary(who.place.language).topics
    for nth in range(draws.rounded(rates.ticket_a_year.value)):
        topic = draws.one(topics)
        yield Ticket(
            number=number("TK", who.place.index, nth),
            customer=who.customer.number,
            category=topic.category,
            severity=draws.of(tables.severity.weighted),
            subject=topic.subject,
            text=topic.text.format(mark=mark(ground.seed, who.place.index)),
            opened_at=draws.moment(first, ground.as_of),
            status=draws.of(tables.ticket_status.weighted),
            complaint=draws.chance(rates.complaint.value),
        )


def _opportunities(ground: Ground, who: Person, first: date, draws: Draws) -> Iterator[Opportunity]:
    for nth in range(draws.rounded(ground.profile.rates.opportunity_a_year.value)):
        opened, product = draws.day(first, ground.as_of), draws.one(SOLD[who.customer.tier])
        stage = draws.of(ground.profile.tables.stage.weighted)
        span = timedelta(days=draws.whole(14, 120))
        over = stage in ("won", "lost")
        yield Opportunity(
            number=number("OP", who.place.index, nth),
            customer=who.customer.number,
            product=product,
            stage=stage,
            amount=max(draws.money(getattr(ground.profile.accounts, who.customer.tier)[product].points), Decimal(100)),
            currency=who.customer.currency,
            owner=who.customer.manager,
            opened=opened,
            closes=min(opened + span, ground.as_of) if over else max(opened, ground.as_of) + span,
        )


def _campaigns(ground: Ground, who: Person, consents: Iterable[Consent]) -> Iterator[CampaignMember]:
    """Only who consents to marketing on the day is reached; a tenth of those is held out as control."""
    said = [(c.at.date(), c.granted) for c in consents if (c.purpose, c.channel) == ("marketing", "app")]
    if not any(granted for _, granted in said):
        return
    rates, draws = ground.profile.rates, Draws(ground.seed, "campaigns", who.place.index)
    nth = 0
    for campaign in ground.campaigns:
        if not draws.chance(rates.campaign_reached.value):
            continue
        willing = [granted for day, granted in said if day < campaign.starts]
        if not willing or not willing[-1]:
            continue
        control = draws.chance(rates.campaign_control.value)
        likely = rates.response_control if control else rates.response_target
        yield CampaignMember(
            number=number("CM", who.place.index, nth),
            campaign=campaign.number,
            customer=who.customer.number,
            arm="control" if control else "target",
            responded=draws.chance(likely.value),
        )
        nth += 1
