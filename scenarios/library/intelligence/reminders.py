"""Reminders: whether what should follow from an event follows, on time, once, on a working day, and stops when told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.answers import Fired, Recipe
from scenarios.crm import CRM
from scenarios.library.clockwork import advance_to, now
from scenarios.library.customers.sla import Promise, promise
from scenarios.library.newcomers import newcomers, on_file
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, at_most, holds
from synthetic_data.bank import Bank
from synthetic_data.records import Consent, Customer

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

#: Days that pass on the target's clock, the steps in which they do, and seconds by which a timer may be wrong.
DAYS, STEP, PRECISION = 7, 12 * HOUR, 60.0

#: When the holiday lies further away than this, the target's clock is not moved so far.
HOLIDAY_WITHIN = timedelta(days=300)


def _recipe(name: str, action: str, wait: timedelta, **more: object) -> Recipe:
    return Recipe(name=name, trigger=name, action=action, wait_seconds=int(wait.total_seconds()), **more)  # type: ignore[arg-type]


#: What is to follow from what; the recipe has the name of what sets it off.
RECIPES = (
    _recipe("deposit-matures", "remind", 2 * HOUR),
    _recipe("large-inflow", "follow_up", 15 * MINUTE),
    _recipe("birthday", "message", HOUR),
    _recipe("offer-viewed", "message", DAY, stop_on="complaint"),
    _recipe("message-sent", "follow_up", 2 * DAY, stop_on="reply"),
    _recipe("lead-taken", "remind", DAY, stop_on="reply", repeat=3),
    _recipe("papers-missing", "remind", DAY, skip=("weekend",)),
    _recipe("card-blocked", "remind", 6 * HOUR),
)

#: Who it happens to; two stand beside as the ones to whom nothing else happens.
MATURING, RICH, BORN, SILENT, CROSS, CALM, UNHEARD, REPLYING, PATIENT, LATE = range(10)
BEGINNING = (
    ("deposit-matures", MATURING),
    ("large-inflow", RICH),
    ("birthday", BORN),
    ("birthday", SILENT),
    ("offer-viewed", CROSS),
    ("offer-viewed", CALM),
    ("message-sent", UNHEARD),
    ("lead-taken", REPLYING),
    ("lead-taken", PATIENT),
    ("papers-missing", LATE),
    ("card-blocked", MATURING),
    ("card-blocked", MATURING),
)


class Started(NamedTuple):
    """An event as it was reported: which one, who it happened to, and the target's time before and after the report."""

    event: str
    who: int
    before: datetime
    after: datetime


class Week(NamedTuple):
    """What was set off, and what the recipes did in a week of the target's clock."""

    started: tuple[Started, ...]
    fired: Mapping[tuple[str, int], tuple[Fired, ...]]

    def times(self, event: str, who: int) -> int:
        """Return how often a recipe acted for somebody."""
        return len(self.fired.get((event, who), ()))

    def misses(self, event: str, who: int, wait: timedelta) -> float:
        """Return by how many seconds the first act misses its time; a week if there was none."""
        acts = sorted(self.fired.get((event, who), ()), key=lambda act: act.at)
        start = next(one for one in self.started if (one.event, one.who) == (event, who))
        return float(DAYS * 86_400) if not acts else outside(acts[0].at, start.before + wait, start.after + wait)


def outside(moment: datetime, first: datetime, last: datetime) -> float:
    """Return by how many seconds a moment lies before the first or after the last that is right."""
    return max(0.0, (first - moment).total_seconds(), (moment - last).total_seconds())


@scenario("AI-08", heavy=True)
def a_week_goes_by(crm: CRM, bank: Bank) -> Week:
    """Ten customers meet with events on a Friday, and a week passes on the target's clock."""
    rule, people = promise(), newcomers(crm, bank, 10)
    consents = tuple(_consent(one, granted=i != SILENT) for i, one in enumerate(people))
    with on_file(crm, *people, *consents):
        advance_to(crm, rule.at(friday_before_plain_monday(rule, now(crm)), time(10)))
        ids = {recipe.name: _set_up(crm, recipe) for recipe in RECIPES}
        started = tuple(_report(crm, people, event, who) for event, who in BEGINNING)
        began = now(crm)
        advance_to(crm, began + 3 * HOUR)
        _report(crm, people, "complaint", CROSS)
        advance_to(crm, began + 27 * HOUR)
        _report(crm, people, "reply", REPLYING)
        for step in range(3, 2 * DAYS + 1):
            advance_to(crm, began + step * STEP)
        return Week(started, _fired(crm, people, ids))


def friday_before_plain_monday(rule: Promise, moment: datetime) -> date:
    """Return the next Friday that is worked, as are the Monday and the week after it."""
    day = rule.local(moment).date() + DAY
    while day.weekday() != 4 or not all(rule.works_on(day + i * DAY) for i in (0, 3, 4, 5, 6, 7)):
        day += DAY
    return day


def _consent(one: Customer, *, granted: bool) -> Consent:
    return Consent(
        number=f"Z{one.number}",
        customer=one.number,
        purpose="marketing",
        channel="app",
        version="2026-1",
        granted=granted,
        at=datetime(2026, 1, 5, 2, tzinfo=UTC),
        source="branch",
    )


def _set_up(crm: CRM, recipe: Recipe) -> str:
    own = replace(recipe, name=f"{recipe.name}-{crm.nonce}", trigger=_named(crm, recipe.trigger))
    return crm.acting_as(Actor.MARKETING).automate(own).value


def _named(crm: CRM, event: str) -> str:
    """Events that start something carry the play's nonce, so that recipes of earlier plays stay asleep."""
    return event if event in ("complaint", "reply") else f"{event}-{crm.nonce}"


def _report(crm: CRM, people: Sequence[Customer], event: str, who: int) -> Started:
    before = now(crm)
    _ = crm.acting_as(Actor.INTEGRATION).trigger(_named(crm, event), people[who].number).value
    return Started(event, who, before, now(crm))


def _fired(crm: CRM, people: Sequence[Customer], ids: Mapping[str, str]) -> Mapping[tuple[str, int], tuple[Fired, ...]]:
    place = {one.number: i for i, one in enumerate(people)}
    found: dict[tuple[str, int], tuple[Fired, ...]] = {}
    for event, recipe in ids.items():
        for act in crm.acting_as(Actor.MARKETING).fired(recipe).value:
            key = event, place.get(act.customer, -1)
            found[key] = (*found.get(key, ()), act)
    return found


def _once(seen: Week, event: str, who: int, wait: timedelta) -> Verdict:
    times, error = seen.times(event, who), seen.misses(event, who, wait)
    observed = {"times": times, "seconds off": round(error, 1)}
    return holds(times == 1 and error <= PRECISION, observed=observed, expected="once, within a minute of its time")


@a_week_goes_by.check
def a_maturity_starts_a_reminder(seen: Week) -> Verdict:
    """A deposit that matures reminds the banker once, at the hour set."""
    return _once(seen, "deposit-matures", MATURING, 2 * HOUR)


@a_week_goes_by.check
def a_large_inflow_starts_a_task(seen: Week) -> Verdict:
    """A large inflow gives the banker a task within the quarter of an hour."""
    return _once(seen, "large-inflow", RICH, 15 * MINUTE)


@a_week_goes_by.check
def a_birthday_starts_a_greeting(seen: Week) -> Verdict:
    """A greeting goes to the customer who agreed to marketing, and none to the one who did not."""
    verdict = _once(seen, "birthday", BORN, HOUR)
    uninvited = seen.times("birthday", SILENT)
    observed = {"with consent": verdict.observed, "without consent": uninvited}
    return holds(verdict.passed and not uninvited, observed=observed, expected="one with consent, none without")


@a_week_goes_by.check
def a_complaint_stops_marketing(seen: Week) -> Verdict:
    """Who complains gets no more offers; who does not gets the one that was under way."""
    observed = {"after a complaint": seen.times("offer-viewed", CROSS), "without": seen.times("offer-viewed", CALM)}
    return holds(list(observed.values()) == [0, 1], observed=observed, expected="none after a complaint, one without")


@a_week_goes_by.check
def no_answer_starts_a_follow_up(seen: Week) -> Verdict:
    """A message that nobody answers for two days is followed up once."""
    return _once(seen, "message-sent", UNHEARD, 2 * DAY)


@a_week_goes_by.check
def a_reply_stops_the_sequence(seen: Week) -> Verdict:
    """A sequence of three ends with the customer's reply, and runs to its end without one."""
    observed = {
        "replied after the first": seen.times("lead-taken", REPLYING),
        "silent": seen.times("lead-taken", PATIENT),
    }
    return holds(list(observed.values()) == [1, 3], observed=observed, expected="one until the reply, three without")


@a_week_goes_by.check
def weekends_are_skipped(seen: Week) -> Verdict:
    """What falls due on a Saturday and is to spare weekends is done on Monday at the same hour."""
    return _once(seen, "papers-missing", LATE, 3 * DAY)


@a_week_goes_by.check
def a_trigger_fires_once(seen: Week) -> Verdict:
    """The same event reported twice is acted on once."""
    return _once(seen, "card-blocked", MATURING, 6 * HOUR)


@a_week_goes_by.check
def timers_are_on_time(seen: Week) -> Verdict:
    """99 of 100 timers go off within a minute of their time, over seven days of the target's clock."""
    waits = {recipe.name: timedelta(seconds=recipe.wait_seconds) for recipe in RECIPES} | {"papers-missing": 3 * DAY}
    quiet = {("birthday", SILENT), ("offer-viewed", CROSS)}
    errors = sorted(
        seen.misses(event, who, waits[event]) for event, who in dict.fromkeys(BEGINNING) if (event, who) not in quiet
    )
    p99 = errors[ceil(0.99 * len(errors)) - 1]
    return at_most(round(p99, 1), PRECISION, note=f"{len(errors)} timers", timer_error_p99_s=p99)


class Holiday(NamedTuple):
    """A reminder that fell on a public holiday: when it should be given, and when it was."""

    holiday: date
    first: datetime
    last: datetime
    fired: tuple[Fired, ...]


@scenario("AI-08", heavy=True)
def a_holiday_is_in_the_way(crm: CRM, bank: Bank) -> Holiday:
    """A reminder falls due on a public holiday."""
    rule, (one,) = promise(), newcomers(crm, bank, 1)
    holiday = next_holiday(rule, now(crm))
    with on_file(crm, one):
        wait = rule.at(holiday, time(11)) - now(crm)
        recipe = _recipe("card-expires", "remind", wait, skip=("weekend", "holiday"))
        number = _set_up(crm, recipe)
        start = _report(crm, (one,), "card-expires", 0)
        given = next_working_day(rule, holiday) - holiday + timedelta(seconds=recipe.wait_seconds)
        advance_to(crm, start.after + given + HOUR)
        fired = crm.acting_as(Actor.MARKETING).fired(number).value
        return Holiday(holiday, start.before + given, start.after + given, fired)


def next_holiday(rule: Promise, moment: datetime) -> date:
    """Return the next public holiday that would otherwise be worked; raises NotTestable if it is far or unknown."""
    today = rule.local(moment).date()
    coming = sorted(day for day in rule.holidays if day.weekday() < 5 and DAY < day - today < HOLIDAY_WITHIN)
    if not coming:
        raise NotTestable(f"no public holiday on file in the {HOLIDAY_WITHIN.days} days after {today}")
    return coming[0]


def next_working_day(rule: Promise, day: date) -> date:
    """Return the first working day after a day."""
    day += DAY
    while not rule.works_on(day):
        day += DAY
    return day


@a_holiday_is_in_the_way.check
def holidays_are_skipped_by_reminders(seen: Holiday) -> Verdict:
    """What falls due on a public holiday is done on the next working day at the same hour."""
    errors = [outside(act.at, seen.first, seen.last) for act in seen.fired]
    return holds(
        len(errors) == 1 and errors[0] <= PRECISION,
        observed=[act.at.isoformat() for act in seen.fired],
        expected=f"once, on {seen.first.isoformat()}",
        note=f"holiday {seen.holiday}",
    )


SCENARIOS = (a_week_goes_by, a_holiday_is_in_the_way)
