"""Holdings: accounts, loans, and the positions inside funds and wealth products."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from synthetic_data.draws import Draws
from synthetic_data.ground import Ground, number
from synthetic_data.people import Person
from synthetic_data.records import Account, Holding, Record

#: Products whose balance is the sum of the positions inside.
INVESTED = ("fund", "wealth")

#: What may be bought by a customer of each risk level: no more than the customer may bear.
RISK_CLASSES = ("R1", "R2", "R3", "R4", "R5")


def holdings(ground: Ground, who: Person, known: dict[int, Person]) -> Iterator[Record]:
    """The accounts of a customer and the positions inside; an account comes before its positions."""
    draws, customer = Draws(ground.seed, "holdings", who.place.index), who.customer
    minor = customer.guardian is not None
    nth = 0
    for product, terms in getattr(ground.profile.accounts, customer.tier).items():
        if not draws.chance(terms.held) or (minor and product not in ("current", "savings")):
            continue
        balance = draws.money(terms.points) if customer.closed_on is None else Decimal("0.00")
        key = number("AC", who.place.index, nth)
        positions = list(_positions(ground, who, key, product, balance)) if product in INVESTED and balance else []
        yield Account(
            number=key,
            customer=customer.number,
            product=product,
            currency=customer.currency,
            balance=-balance if product == "loan" else balance,
            opened=_opened(ground, who, draws),
            closed=customer.closed_on,
            joint_holders=_joint(ground, who, known, product, draws),
        )
        yield from positions
        nth += 1


def _opened(ground: Ground, who: Person, draws: Draws) -> date:
    last = who.customer.closed_on or ground.as_of
    return draws.day(who.customer.since, last - timedelta(days=5))


def _joint(ground: Ground, who: Person, known: dict[int, Person], product: str, draws: Draws) -> tuple[str, ...]:
    """Couples may save together; the account is the later one's, so that it hangs on both from the start."""
    if product != "savings" or who.place.part not in ("spouse", "heir_spouse"):
        return ()
    if not draws.chance(ground.profile.rates.joint_savings.value):
        return ()
    partner = who.place.kin[-1] if who.place.part == "heir_spouse" else who.place.kin[0]
    return (known[partner].customer.number,)


def _positions(ground: Ground, who: Person, account: str, product: str, balance: Decimal) -> Iterator[Holding]:
    draws = Draws(ground.seed, "positions", account)
    count, left = draws.whole(1, 3), balance
    bearable = int(who.customer.risk_level[1])
    for nth in range(count):
        value = left if nth == count - 1 else (left * Decimal(draws.whole(20, 70))).scaleb(-2).quantize(Decimal("0.01"))
        left -= value
        risk = draws.one(RISK_CLASSES[:bearable])
        yield Holding(
            number=f"{account}-{nth + 1}",
            account=account,
            product=f"{product}-{risk}-{draws.whole(1, 20):02d}",
            risk_class=risk,
            units=(value / Decimal("1.25")).quantize(Decimal("0.0001")),
            value=value,
            currency=who.customer.currency,
            as_of=ground.as_of,
        )
