"""Performance: is the target quick, for one person and over time?"""

from typing import Any

from scenarios.scenario import Scenario

SCENARIOS: tuple[Scenario[Any], ...] = ()
