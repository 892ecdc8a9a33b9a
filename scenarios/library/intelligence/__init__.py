"""Intelligence: does the target act by itself as it was told?"""

from typing import Any

from scenarios.library.intelligence import reminders
from scenarios.scenario import Scenario

SCENARIOS: tuple[Scenario[Any], ...] = (*reminders.SCENARIOS,)
