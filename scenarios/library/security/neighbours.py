"""Neighbours: how long one entity waits while another one of the same installation is asked little, and much."""

from concurrent.futures import ThreadPoolExecutor

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.library.security.entities import Entity
from synthetic_data.records import Customer

#: Probes of one entity a window and seconds between them; calls of each hand that loads the other, and seconds between.
PROBES, PAUSE, CALLS, BETWEEN = 20, 0.03, 7, 0.1
#: Hands that load the neighbour: one in quiet windows, five (requirement SEC-16: five times the load) in loud ones.
QUIET, LOUD = 1, 5


def under_load(
    crm: CRM, entity: Entity, victim: Customer
) -> tuple[tuple[tuple[float, ...], ...], tuple[tuple[float, ...], ...]]:
    """Probe the second entity while the first is asked little and much in turn; return seconds by window."""
    core = crm.acting_as(Actor.INTEGRATION)
    entity.core.list(Customer, limit=5).value  # noqa: B018 - warms the way
    windows = [_window(crm, core, entity, victim, hands) for hands in (QUIET, LOUD, LOUD, QUIET)]
    return (windows[0], windows[3]), (windows[1], windows[2])


def _window(crm: CRM, core: CRM, entity: Entity, victim: Customer, hands: int) -> tuple[float, ...]:
    def load(_: int) -> None:
        for _turn in range(CALLS):
            core.get(Customer, victim.number)
            crm.clock.sleep(BETWEEN)

    with ThreadPoolExecutor(hands) as pool:
        loads = [pool.submit(load, hand) for hand in range(hands)]
        seconds = []
        for _ in range(PROBES):
            seconds.append(entity.core.list(Customer, limit=5).seconds)
            crm.clock.sleep(PAUSE)
        for one in loads:
            one.result()
    return tuple(seconds)
