"""Integration: can our other systems live with the target?"""

from typing import Any

from scenarios.scenario import Scenario

SCENARIOS: tuple[Scenario[Any], ...] = ()
