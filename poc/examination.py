"""Examination: one target put through everything, in the one right order: proven ready, asked, pressed, kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from loadtests.harvest import CRITERION, SCENARIO, harvest
from loadtests.plan import Plan
from loadtests.steps import STEPS, Person
from loadtests.workload import Workload
from poc.connectors.connect import connect, prove
from poc.loadrun import press
from poc.seeding import readback
from poc.settings import Target
from scenarios.evidence import Evidence, Outcome
from scenarios.folders import AssessmentFolder
from scenarios.library import catalogue
from scenarios.manifest import describe
from scenarios.runner import Waiver, run
from scenarios.scenario import Scenario
from scenarios.store import Store
from synthetic_data.bank import Bank

#: Label of a copy with planted defects, shown wherever it appears.
WEAKENED = "deliberately weakened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where a long work is: of which target, in which act (seed, ask, press), at what, how many done of how many."""

    target: str
    act: str
    at: str = ""
    done: int = 0
    total: int = 0


#: Told each step of a long work.
Told = Callable[[Step], None]


def silent(_step: Step) -> None:
    """Tell nobody."""


def ask(
    target: Target,
    bank: Bank,
    place: AssessmentFolder,
    *,
    told: Told = silent,
    stop: Callable[[], bool] | None = None,
    scenarios: Sequence[Scenario[Any]] | None = None,
    waivers: Sequence[Waiver] = (),
    retry_blocked: bool = False,
) -> tuple[Evidence, ...]:
    """Play scenarios on a target that was seeded with this bank and return the evidence of its run, also kept on disk.

    A run that was broken off goes on where it stopped. Raises SettingsError when the target refuses a credential,
    BenchFault when it cannot be reached or does not give the bank back, StoreError when the disk takes nothing.
    """
    crm = connect(target)
    prove(crm, target)
    readback(crm, bank)
    played = catalogue() if scenarios is None else scenarios
    with _store(target, bank, place) as store:
        pieces = run(
            played,
            crm,
            bank,
            run_id=place.name,
            target=target.name,
            store=store,
            progress=lambda at, done, total: told(Step(target=target.name, act="ask", at=at, done=done, total=total)),
            waivers=waivers,
            stop=stop,
            retry_blocked=retry_blocked,
        )
        return tuple(pieces)


def load(
    target: Target,
    bank: Bank,
    place: AssessmentFolder,
    workload: Workload,
    *,
    told: Told = silent,
    stop: Callable[[], bool] = lambda: False,
) -> tuple[Evidence, ...]:
    """Press a target and return the evidence for PER-02; figures and evidence are kept in its run.

    Raises PlanError for a target beyond loopback, LoadError when the load could not be made.
    """
    with _store(target, bank, place) as store:
        before = {piece.check: own for own, piece in store.standing() if piece.scenario == SCENARIO}
        seconds = int(workload.profile.seconds)

        def tell(line: Mapping[str, object]) -> None:
            at = f"p99 {line['p99_ms']:.0f} ms" if isinstance(line.get("p99_ms"), float) else ""
            done = int(str(line.get("second", 0))) + 1
            told(Step(target=target.name, act="press", at=at, done=min(done, seconds), total=seconds))

        result = press(_plan(target, bank, workload, store.manifest.run), progress=tell, stop=stop)
        result.write(store.folder)
        proof = sha256((store.folder / "load.parquet").read_bytes()).hexdigest()
        pieces = tuple(harvest(result, run=place.name, proof=proof, supersedes=before))
        store.add(pieces)
        store.set_state("stopped" if result.stopped_early else "done")
        return pieces


def pressed(place: AssessmentFolder, target: str) -> bool:
    """Whether a target's run holds a load test that counts."""
    folder = place.of(target)
    if not (folder / "load.json").exists():
        return False
    found = [piece for piece in Store.open(folder).evidence() if piece.criterion == CRITERION]
    return bool(found) and all(piece.outcome is not Outcome.BLOCKED for piece in found)


def _plan(target: Target, bank: Bank, workload: Workload, run_id: str) -> Plan:
    held = target.credentials()
    actors = {STEPS[step].actor for step in workload.mix}
    mark = sha256(f"{run_id}/{datetime.now(UTC).isoformat()}".encode()).hexdigest()[:8]
    return Plan(
        target=target.name,
        url=target.url,
        authority=str(target.ca) if target.ca else None,
        connector=target.connector,
        credentials={actor: held[actor] for actor in actors if actor in held},
        people=tuple(Person(one.number, one.name) for one in bank.customers if one.state == "active"),
        workload=workload,
        mark=mark,
    )


def _store(target: Target, bank: Bank, place: AssessmentFolder) -> Store:
    folder = place.of(target.name)
    if (folder / "manifest.json").exists():
        return Store.resume(folder)
    return Store.create(
        folder,
        describe(
            run=place.name,
            target=target.name,
            title=target.title,
            started=datetime.now(UTC),
            bank=facts(bank),
            catalogue=library_digest(),
            settings=target.without_secrets(),
            labels=target.labels,
        ),
    )


def facts(bank: Bank) -> dict[str, object]:
    """Return what a manifest says of a bank."""
    return {
        "digest": bank.digest,
        "seed": bank.seed,
        "customers": len(bank.customers),
        "profile": bank.profile,
        "rows": bank.rows,
    }


def library_digest() -> str:
    """Return SHA-256 over the files of the scenario library: two runs are comparable when they agree in it."""
    digest = sha256()
    for name, item in sorted(_walk(files("scenarios.library"), "")):
        digest.update(name.encode() + b"\0" + item.read_bytes() + b"\0")
    return digest.hexdigest()


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for item in folder.iterdir():
        name = f"{prefix}{item.name}"
        if item.is_dir():
            found += _walk(item, f"{name}/") if item.name != "__pycache__" else []
        elif item.name.endswith((".py", ".toml")):
            found.append((name, item))
    return found
