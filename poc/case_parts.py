"""Case parts: a worked case as tables in one language, for the page and the record's files alike."""

from collections.abc import Callable, Mapping

from poc.business import Asked, Worked
from poc.business_plots import driver, years
from poc.offer_plots import line_title
from poc.part import Part
from poc.words import Words
from scorecards.business.drivers import Driver
from scorecards.business.register import DUE_MONTHS, Entry


def results(done: Worked, say: Words) -> Part:
    """Return NPV, return, payback and cost at P10, P50, P90 and at face value."""

    def money(value: float) -> str:
        return done.money(value, say.language)

    def until(value: float) -> str:
        return years(value, say)

    ways: Mapping[str, Callable[[float], str]] = {"npv": money, "roi": "{:.0%}".format, "payback": until, "tco": money}
    rows = [
        [say(f"business.{name}"), *map(tells, done.graded.quantiles(name)), tells(float(getattr(done.face, name)[0]))]
        for name, tells in ways.items()
    ]
    found = done.medians.returns
    rate = f"{found.rate:.1%}" if found.rate is not None else ""
    text = [say(f"business.irr_{found.state}", rate=rate)]
    return Part.of(say("business.results"), text, ["", "P10", "P50", "P90", say("business.face")], rows)


def stress(done: Worked, say: Words) -> Part:
    """Return NPV with all claims at a share of what they state."""
    rows = [[f"{share:.0%}", *(done.money(one, say.language) for one in found)] for share, found in done.stress.items()]
    return Part.of(say("business.stress"), [], [say("business.claims_at"), "NPV P10", "P50", "P90"], rows)


def ledger(done: Worked, say: Words) -> Part:
    """Return each claim: who makes it, its evidence, what is stated, measured, used, and needed."""
    rows = [_claim(done, one, say) for one in done.case.drivers]
    heads = [say(f"business.{name}") for name in
             ("quote", "said_by", "grade", "stated", "measured", "used", "needed", "worth")]  # fmt: skip
    return Part.of(say("business.ledger"), [say("business.ledger_text")], heads, rows, widths=[5, 6, 3, 2, 2, 3, 4, 4])


def _claim(done: Worked, one: Driver, say: Words) -> list[str]:
    interest = say.of(f"business.interest_{one.interest}", one.interest)
    return [
        f"{driver(done, one.name, say)}: {one.quote}" if one.quote else driver(done, one.name, say),
        f"{one.source} ({interest})" if interest else one.source,
        say.of(f"business.grade_{one.grade}", one.grade),
        f"{one.stated:.0%}",
        _measured(done, one.name),
        f"{one.effect.median:.0%}",
        _needed(done, one.name, say),
        done.money(done.graded.worth[one.name], say.language),
    ]


def _measured(done: Worked, name: str) -> str:
    found = sorted((one for one in done.case.readings if one.driver == name), key=lambda one: one.on)
    return f"{found[-1].effect:.0%}" if found else "–"


def _needed(done: Worked, name: str, say: Words) -> str:
    if name not in done.break_even:
        return say("business.no_money")
    needed = done.break_even[name]
    if needed is None:
        return say("business.needed_none")
    return f"{needed:.0%}" if needed else say("business.needed_nothing")


def offers(done: Worked, say: Words) -> Part:
    """Return what each vendor asks, all over, what its case would come to, and which lines it left out."""
    rows = [_offer(done, one, say) for one in done.offers]
    heads = [say(f"business.{name}") for name in ("offer", "offer_currency")]
    heads += [f"{say('business.tco')} P50", "P10 – P90", say("business.per_user_month"), "NPV P50",
              say("business.missing_lines")]  # fmt: skip
    return Part.of(say("business.offers"), [say("business.offers_text")], heads, rows, widths=[4, 2, 3, 5, 3, 3, 5])


def _offer(done: Worked, one: Asked, say: Words) -> list[str]:
    low, middle, high = one.outcome.quantiles("tco")
    each, missing = one.per_user_month, [line_title(name, say) for name in one.quoted.missing]

    def money(value: float) -> str:
        return done.money(value, say.language)

    return [
        one.quoted.offer.named(say.language), one.quoted.offer.currency, money(middle), f"{money(low)} – {money(high)}",
        "–" if each is None else money(each), money(one.outcome.quantiles()[1]),
        say("decision.comma").join(missing) or say("business.nothing_missing"),
    ]  # fmt: skip


def exchange(done: Worked, say: Words) -> Part:
    """Return the rates by which amounts were converted: worth, day, source, who put them down."""
    case = done.case
    home = case.home or case.currency
    text = say("business.exchange_text", currency=case.currency, rate=f"{case.rate:.1%}", home=home)
    rows = [[one.currency, f"{one.worth:f}", one.on.isoformat(), one.source, one.by or "–"] for one in case.exchange]
    heads = [say("business.currency"), say("business.worth_in", home=home),
             *(say(f"business.{name}") for name in ("rate_on", "rate_source", "by"))]  # fmt: skip
    return Part.of(say("business.exchange"), [text], heads, rows, widths=[2, 3, 3, 6, 3])


def register(done: Worked, entries: tuple[Entry, ...], say: Words) -> Part:
    """Return the register of benefits: who answers, what was believed, when it is due, what was measured by then."""
    heads = [say(f"business.{name}") for name in ("driver", "owner", "believed")]
    months = [say("business.month", month=month) for month in DUE_MONTHS]
    rows = [
        [
            driver(done, one.driver, say),
            one.owner or "–",
            f"{one.believed:.0%}",
            *(_due(one, month) for month in one.due),
        ]
        for one in entries
    ]
    return Part.of(say("business.register"), [], [*heads, *months], rows)


def _due(one: Entry, month: int) -> str:
    seen = one.readings.get(month)
    told = f"{seen.effect:.0%} ({seen.on.isoformat()}, {seen.by or '–'})" if seen else "…"
    return f"{one.due[month].isoformat()}: {told}"
