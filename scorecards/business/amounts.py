"""Amounts: money as people read it in Chinese and in English, and from one currency into another."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from scorecards.methods.tables import TableError

UNITS = {
    "zh": ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")),
    "en": ((Decimal(10) ** 9, "bn"), (Decimal(10) ** 6, "m"), (Decimal(10) ** 3, "k")),
}
NAMES_ZH = {"CNY": "元", "EUR": "欧元", "USD": "美元", "HKD": "港元", "GBP": "英镑", "JPY": "日元"}


def told(amount: float | Decimal, currency: str, language: str = "en", *, digits: int = 3) -> str:
    """Return an amount with about ``digits`` significant digits: ``CNY 12.3 m``, ``1,230 万元``; minus as a true minus.

    Chinese amounts are counted in 万 and 亿. Raises TableError for another language.
    """
    if language not in UNITS:
        raise TableError(f"language: {language!r} has no way to tell amounts; use {' or '.join(UNITS)}")
    value = Decimal(str(amount))
    size, unit = next(((s, u) for s, u in UNITS[language] if abs(value) >= s), (Decimal(1), ""))
    number = _rounded(abs(value) / size, digits)
    sign = "\u2212" if value < 0 and Decimal(number.replace(",", "")) else ""
    if language == "zh":
        return f"{sign}{number} {unit}{NAMES_ZH.get(currency, ' ' + currency)}"
    return f"{sign}{currency} {number}{' ' + unit if unit else ''}"


def _rounded(value: Decimal, digits: int) -> str:
    places = max(0, digits - 1 - value.adjusted()) if value else 0
    places = min(places, 2)
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN):,}"


def converted(amount: Decimal, of: str, into: str, rates: Mapping[str, Decimal]) -> Decimal:
    """Return an amount in another currency; ``rates`` are units of one home currency for a unit of each, by code.

    Raises TableError for a currency without a positive rate; nothing is ever taken to be at par.
    """
    if of == into:
        return amount
    for code in (of, into):
        if rates.get(code, Decimal(0)) <= 0:
            raise TableError(f"rates: {code} has none; give what one {code} is worth in the home currency")
    return amount * rates[of] / rates[into]
