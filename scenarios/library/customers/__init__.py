"""Customers: does the target know our customers as they are?"""

from typing import Any

from scenarios.library.customers import duplicates, households, masterdata, overview, tickets
from scenarios.scenario import Scenario

SCENARIOS: tuple[Scenario[Any], ...] = (
    *masterdata.SCENARIOS,
    *overview.SCENARIOS,
    *households.SCENARIOS,
    *tickets.SCENARIOS,
    *duplicates.SCENARIOS,
)
