"""Library: every scenario that is played, dimension by dimension in reading order."""

from typing import Any

from scenarios.library.customers import SCENARIOS as CUSTOMERS
from scenarios.library.integration import SCENARIOS as INTEGRATION
from scenarios.library.intelligence import SCENARIOS as INTELLIGENCE
from scenarios.library.performance import SCENARIOS as PERFORMANCE
from scenarios.library.security import SCENARIOS as SECURITY
from scenarios.scenario import Scenario


def catalogue() -> tuple[Scenario[Any], ...]:
    """Return all scenarios; a new one joins by being named in the ``SCENARIOS`` of its dimension's package."""
    return (*SECURITY, *CUSTOMERS, *INTEGRATION, *PERFORMANCE, *INTELLIGENCE)
