"""Enlarging: a system of the lab is filled with ever more customers and asked the same each time; runs are kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from loadtests.enlargement import CRITERION, SCENARIO, Series, SeriesError, enlargement
from loadtests.findings import signed
from loadtests.result import LoadResult, load
from loadtests.workload import Workload
from poc import acts
from poc.candidates import candidates
from poc.lab.house import House, database_of
from poc.pressing import keep
from poc.settings import SettingsError, Target, target
from scenarios.evidence import Evidence
from scenarios.folders import AssessmentFolder
from synthetic_data.bank import Bank
from synthetic_data.generator import generate

#: Banks of one seed: a larger one keeps the customers of a smaller one.
SEED = 7
#: Tells what is done at the moment.
Tell = Callable[[str], None]


def enlarged(
    system: str,
    sizes: Sequence[int],
    *,
    lab: Path,
    folder: Path,
    asked: Workload,
    times: int = 1,
    mutants: Sequence[str] = (),
    tell: Tell = lambda words: None,
) -> Series:
    """Press a system with so many customers each, ``times`` a size, and return all runs of the series in a folder.

    What lies in the folder is not pressed again, so a series that was broken off goes on. Raises SettingsError for an
    unknown system and whatever the lab and the load test raise.
    """
    known = candidates()
    if system not in known:
        raise SettingsError(f"system {system!r} is not built into the lab: use {', '.join(known)}")
    wanting = {size: times - len(on_file(folder).get(size, ())) for size in sizes}
    if any(count > 0 for count in wanting.values()):
        with House.open(lab) as house:
            for size, count in sorted(wanting.items()):
                if count > 0:
                    planted = (*known[system].mutants, *mutants)
                    with _filled(house, f"{system}-{size}", size, planted, tell) as (pressed, bank):
                        _press(pressed, bank, asked, folder / str(size), times - count, times, tell)
    return on_file(folder)


@contextmanager
def _filled(house: House, name: str, size: int, mutants: Sequence[str], tell: Tell) -> Iterator[tuple[Target, Bank]]:
    """Serve a system with a bank inside while the block lasts; its database goes, its keys and logs stay."""
    tell(f"a bank of {size:,} customers is grown and poured")
    bank = generate(seed=SEED, customers=size).bank
    listed = house.folder / f"{name}.toml"
    tenancy = acts.serve(house, name, targets=listed, mutants=mutants)
    try:
        made = acts.admit(target(name, listed), bank, house, targets=listed)
        acts.pour(made, bank)
        house.tidy(name)
        yield made, bank
    finally:
        tenancy.service.stop()
        house.cluster.drop(database_of(name))
        listed.unlink(missing_ok=True)


def _press(known: Target, bank: Bank, asked: Workload, folder: Path, first: int, times: int, tell: Tell) -> None:
    for number in range(first, times):
        tell(f"run {number + 1} of {times} on {known.name}")
        keep(acts.pressed(known, bank, asked.at(seed=asked.seed + number)), folder / str(number))


def put(result: LoadResult, size: int, folder: Path) -> None:
    """Put a run that was made elsewhere with so many customers on file into a series, unless it is there."""
    there = on_file(folder).get(size, ())
    if all(one.began != result.began or one.workload != result.workload for one in there):
        keep(result, folder / str(size) / str(len(there)))


def on_file(folder: Path) -> Series:
    """Return the runs of a series by customers; raises ResultError when one cannot be read."""
    found: dict[int, list[LoadResult]] = {}
    for path in sorted(folder.glob("*/*/load.json")):
        if path.parent.parent.name.isdigit():
            found.setdefault(int(path.parent.parent.name), []).append(load(path.parent))
    return {size: tuple(found[size]) for size in sorted(found)}


def judged(series: Mapping[int, Sequence[LoadResult]], *, run: str, system: str) -> tuple[Evidence, ...]:
    """Return the evidence of a series; raises SeriesError when it has no run."""
    runs = [one for each in series.values() for one in each]
    if not runs:
        raise SeriesError("there is no run of this series: name --sizes")
    return signed(
        enlargement(series), run=run, target=system, criterion=CRITERION, scenario=SCENARIO,
        began=min(one.began for one in runs), seconds=sum(one.workload.profile.seconds for one in runs),
    )  # fmt: skip


def filed(series: Series, runs: AssessmentFolder, system: str) -> tuple[Evidence, ...]:
    """Put the evidence of a series into a system's run, and return it."""
    pieces = judged(series, run=runs.name, system=system)
    one = candidates()[system]
    known = Target(name=system, connector="reference", url="https://127.0.0.1", title=one.title, labels=one.labels)
    acts.add(pieces, known, generate(seed=SEED, customers=min(series)).bank, runs)
    return pieces
