"""Stairs: throughput by how many ask at a time, or by how many processes serve."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from loadtests.result import LIMITS, LoadResult
from loadtests.workload import Workload, parse
from poc import acts
from poc.candidates import candidates
from poc.lab.house import House, database_of
from poc.settings import SettingsError, Target, target
from synthetic_data.bank import Bank

#: Tells what is done at the moment.
Tell = Callable[[str], None]
#: Throughput (requests a second) by users or by processes; why it is void instead, where it is.
Steps = Mapping[int, float | str]


def by_users(known: Target, bank: Bank, asked: Workload, users: Sequence[int], tell: Tell) -> Steps:
    """Press a target with ever more users who ask again as soon as they are answered, one step after the other."""
    steps: dict[int, float | str] = {}
    for count in sorted(users):
        tell(f"{count} users on {known.name}")
        steps[count] = throughput(acts.pressed(known, bank, crowded(asked, count)))
    return steps


def by_processes(
    system: str, bank: Bank, asked: Workload, processes: Sequence[int], *, lab: Path, users: int, tell: Tell
) -> Steps:
    """Press a system of the lab that is served by ever more processes, the bank inside, with so many users.

    Raises SettingsError for an unknown system and whatever the lab and the load test raise.
    """
    known = candidates()
    if system not in known:
        raise SettingsError(f"system {system!r} is not built into the lab: use {', '.join(known)}")
    name, steps = f"{system}-stairs", dict[int, float | str]()
    with House.open(lab) as house:
        listed = house.folder / f"{name}.toml"
        for count in sorted(processes):
            tell(f"{count} processes of {name}")
            tenancy = house.reference(name, mutants=known[system].mutants, keep=bool(steps), processes=count)
            try:
                acts.enlist(house, tenancy, targets=listed, keep=bool(steps))
                if not steps:
                    acts.pour(acts.admit(target(name, listed), bank, house, targets=listed), bank)
                    house.tidy(name)
                steps[count] = throughput(acts.pressed(target(name, listed), bank, crowded(asked, users)))
            finally:
                tenancy.service.stop()
        house.cluster.drop(database_of(name))
    return steps


def crowded(asked: Workload, users: int) -> Workload:
    """Return a workload as a step: so many users, closed, without promises, batch or shape."""
    left_out = ("objectives", "batch", "proves", "journeys")
    plain = {name: value for name, value in asked.as_dict().items() if name not in left_out}
    return parse({**plain, "arrivals": "closed", "profile": "steady", "users": users, "rate": max(users, 1)})


def throughput(result: LoadResult) -> float | str:
    """Return the answers a second after the warm-up, or why they say nothing: the generator was at its own end.

    A saturated machine is the target's end as well, and what such a step is about.
    """
    own = result.generator.get("cpu_p95_percent") or 0.0
    if own > LIMITS["cpu_p95_percent"]:
        return f"the generator was at its end ({own:.0f} % of a processor)"
    return result.outcomes().get("ok", 0) / result.workload.seconds
