"""Amounts: money as people read it in Chinese and in English, and from one currency into another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from scorecards.methods.tables import TableError

UNITS = {
    "zh": ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")),
    "en": ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k")),
}
NAMES_ZH = {"CNY": "元", "EUR": "欧元", "USD": "美元", "HKD": "港元", "GBP": "英镑", "JPY": "日元"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRate:
    """What one unit of a currency is ``worth`` in the home currency, on which day, by which source, typed in by whom.

    Nothing is fetched: a rate is what people put down and answer for.
    """

    currency: str
    worth: Decimal
    on: date
    source: str
    by: str = ""

    def __post_init__(self) -> None:
        """Refuse a rate of nothing or less, or one that nobody can look up; raises TableError."""
        if not (self.worth.is_finite() and self.worth > 0):
            raise TableError(f"exchange.{self.currency}: worth {self.worth} is no rate; give a number above 0")
        if not self.source.strip():
            raise TableError(f"exchange.{self.currency}: source is empty; say where the rate of {self.on} stands")


def unit(amount: float | Decimal, language: str) -> tuple[Decimal, str]:
    """Return the unit in which an amount is counted and what it is called: 10,000 and 万, 1,000,000 and m; 1 and "".

    Raises TableError for another language than zh and en.
    """
    if language not in UNITS:
        raise TableError(f"language: {language!r} has no way to tell amounts; use {' or '.join(UNITS)}")
    size = abs(Decimal(str(amount)))
    return next(((one, name) for one, name in UNITS[language] if size >= one), (Decimal(1), ""))


def counted(largest: float, currency: str, language: str) -> tuple[float, str]:
    """Return by what to divide the amounts of an axis or column, and its unit: 10,000 and 万元; 1,000,000 and CNY m.

    ``largest`` is the largest amount there; it is left at least ten such units, so that marks need no decimals.
    """
    size, name = unit(largest / 10, language)
    return float(
        size
    ), f"{name}{NAMES_ZH.get(currency, currency)}" if language == "zh" else f"{currency} {name}".strip()


def cell_format(currency: str, language: str) -> str:
    """Return how a spreadsheet shows amounts that stand in its cells as they are: in 万, or in millions.

    A spreadsheet divides by thousands only; 万 is a thousand with a point before its last digit.
    """
    name = NAMES_ZH.get(currency, f" {currency}")
    return f'0\\.0,"万{name}"' if language == "zh" else f'"{currency} "#,##0.0,,"m"'


def told(amount: float | Decimal, currency: str, language: str = "en", *, digits: int = 3) -> str:
    """Return an amount with about ``digits`` significant digits: ``CNY 12.3 m``, ``1,230 万元``; minus as a true minus.

    Chinese amounts are counted in 万 and 亿. Raises TableError for another language.
    """
    value = Decimal(str(amount))
    size, name = unit(value, language)
    number = _rounded(abs(value) / size, digits)
    sign = "\u2212" if value < 0 and Decimal(number.replace(",", "")) else ""
    if language == "zh":
        known = NAMES_ZH.get(currency, " " + currency)
        return f"{sign}{number} {name}{known}"
    return f"{sign}{currency} {number}{' ' + name if name else ''}"


def _rounded(value: Decimal, digits: int) -> str:
    places = max(0, digits - 1 - value.adjusted()) if value else 0
    places = min(places, 2)
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN):,}"


def factor(of: str, into: str, rates: Mapping[str, Decimal]) -> Decimal:
    """Return what one unit of a currency is worth in another; ``rates`` are units of a home currency for one of each.

    Raises TableError for a currency without a positive rate; nothing is ever taken to be at par.
    """
    if of == into:
        return Decimal(1)
    for code in (of, into):
        if rates.get(code, Decimal(0)) <= 0:
            raise TableError(
                f"exchange.{code} is missing: amounts in {of} and {into} are never mixed without a rate; say what one "
                f"{code} is worth, on which day and by which source"
            )
    return rates[of] / rates[into]


def converted(amount: Decimal, of: str, into: str, rates: Mapping[str, Decimal]) -> Decimal:
    """Return an amount in another currency, by ``factor``."""
    return amount * factor(of, into, rates)
