"""typed(): what people type in beside a case (rates, currency, measurements) written into its TOML document."""

from collections.abc import Iterable
from datetime import date

import tomli_w

from scorecards.business.amounts import ExchangeRate
from scorecards.business.readings import Reading
from scorecards.documents import document


def typed(
    content: bytes,
    *,
    shown_in: str,
    exchange: Iterable[ExchangeRate],
    live_since: date | None,
    readings: Iterable[Reading],
) -> bytes:
    """Return a case's TOML document with these in place of what it said of them; comments are lost.

    Raises DocumentError for a document that cannot be read.
    """
    told = dict(document(content))
    more: dict[str, object] = {
        "shown_in": shown_in,
        "exchange": {
            one.currency: {"worth": one.worth, "on": one.on, "source": one.source, "by": one.by} for one in exchange
        },
        "live_since": live_since,
        "readings": [
            {"driver": one.driver, "on": one.on, "effect": one.effect, "by": one.by, "run": one.run} for one in readings
        ],
    }
    for name, value in more.items():
        told.pop(name, None)
        if value:
            told[name] = value
    return tomli_w.dumps(told).encode()
