"""Security: does the target keep what it was trusted with?"""

from typing import Any

from scenarios.scenario import Scenario

SCENARIOS: tuple[Scenario[Any], ...] = ()
