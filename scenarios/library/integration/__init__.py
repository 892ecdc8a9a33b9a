"""Integration: can our other systems live with the target?"""

from typing import Any

from scenarios.library.integration import bulk, concurrency, contract
from scenarios.scenario import Scenario

SCENARIOS: tuple[Scenario[Any], ...] = (*contract.SCENARIOS, *bulk.SCENARIOS, *concurrency.SCENARIOS)
