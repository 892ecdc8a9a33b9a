"""Customers: does the target know our customers as they are?"""

from typing import Any

from scenarios.scenario import Scenario

SCENARIOS: tuple[Scenario[Any], ...] = ()
