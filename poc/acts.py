"""Acts: what may be done to one target, in the order of a trial: serve it, admit the actors, pour, play, press."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from loadtests.crew import Crew
from loadtests.floor import Floor
from loadtests.harvest import harvest
from loadtests.result import LoadResult
from loadtests.watching import Watch
from loadtests.workload import Workload, workload
from poc.agreed import spent_today
from poc.connectors.connect import connect, prove
from poc.connectors.verification import worn
from poc.lab.gauge import DatabaseGauge
from poc.lab.house import House, Tenancy
from poc.lab.receivers import RECEIVER_HOST
from poc.leak_surface import CRITERION, leak_surface
from poc.loadrun import press
from poc.pouring import HANDS
from poc.pressing import file, planned
from poc.pulse import Pulse, roots_of
from poc.receipts import Receipts
from poc.seeding import Receipt, is_still_there, provision, refuse_to_double, seed
from poc.settings import TARGETS, Login, SettingsError, Target, keep_secrets, keep_target
from poc.settings import targets as listed_targets
from poc.unseeding import Removal, unseed
from scenarios.actors import Actor, Credential
from scenarios.evidence import Evidence, Outcome
from scenarios.folders import AssessmentFolder
from scenarios.library import catalogue
from scenarios.manifest import describe
from scenarios.runner import run
from scenarios.scenario import Scenario
from scenarios.store import Store
from synthetic_data.bank import Bank

#: Tells how far an act is: what is at hand, how much is done, how much there is.
Report = Callable[[str, int, int], None]
AnyScenario = Scenario[Any]

#: Where in the folder of a lab the secrets of its reference CRMs lie; other targets keep theirs elsewhere.
SECRETS = "secrets"
#: How many hands pour at most, whatever a vendor declares: this machine has other things to do.
MOST_HANDS = 8


def serve(
    house: House,
    name: str,
    *,
    targets: Path = TARGETS,
    mutants: Sequence[str] = (),
    port: int | None = None,
    keep: bool = False,
    labels: Sequence[str] = (),
    title: str = "",
) -> Tenancy:
    """Start a reference CRM in the lab and list it as a target, so far with its administrator only.

    ``keep`` starts it with the data and users it had. Raises ServiceError, DatabaseError or SettingsError.
    """
    tenancy = house.reference(name, mutants=mutants, port=port, keep=keep)
    enlist(house, tenancy, targets=targets, keep=keep, labels=labels, title=title)
    return tenancy


def enlist(
    house: House, tenancy: Tenancy, *, targets: Path, keep: bool, labels: Sequence[str] = (), title: str = ""
) -> Target:
    """List a reference CRM that runs as a target; ``keep`` with the users it was listed with. Raises SettingsError."""
    name = tenancy.name
    before = _listed(name, targets) if keep else None
    hidden = (before and before.secrets_file) or house.folder / SECRETS / f"{name}.toml"
    logins = {Actor.ADMIN: Login(username="admin")}
    if keep and hidden.exists():
        logins = dict(before.actors) if before else logins
    else:
        hidden.parent.mkdir(parents=True, exist_ok=True)
        keep_secrets(hidden, {Actor.ADMIN: Credential(username="admin", secret=tenancy.admin_password)})
    known = Target(
        name=name,
        connector="reference",
        url=tenancy.url,
        title=title or name,
        ca=tenancy.authority.absolute(),
        receivers=house.receivers.absolute(),
        receiver_host=RECEIVER_HOST,
        machine_url=tenancy.machine_url,
        machines=house.machines.absolute(),
        inside=house.inside(name),
        secrets_file=hidden.absolute(),
        labels=tuple(labels),
        actors=logins,
    )
    keep_target(known, targets)
    return known


def copy(house: House, original: Target, name: str, *, targets: Path) -> None:
    """Copy a stopped reference CRM, data and users, and list the copy, which is still to be started with ``keep``."""
    house.copy(name, original.name)
    keep_target(original.model_copy(update={"name": name}), targets)


def twin(
    house: House,
    original: Target,
    name: str,
    *,
    targets: Path,
    mutants: Sequence[str],
    labels: Sequence[str],
    title: str,
) -> Tenancy:
    """Start a copy of a stopped reference CRM with its data and users, list it, and return it."""
    copy(house, original, name, targets=targets)
    return serve(house, name, targets=targets, mutants=mutants, keep=True, labels=labels, title=title)


def admit(target: Target, bank: Bank, house: House, *, targets: Path = TARGETS) -> Target:
    """Make the users of all actors in a target of a lab and return the target that knows them.

    Raises SettingsError for a target whose users are not ours to make, BenchFault when it will not take them,
    DatabaseError when it is of another lab than ``house``.
    """
    if target.secrets_file is None:
        raise SettingsError(
            f"target {target.name}: users are made in targets of the lab only; list its actors yourself"
        )
    if set(target.actors) - {Actor.ADMIN}:
        return target
    made = provision(connect(target), bank, expire=partial(house.expire, target.name))
    keep_secrets(target.secrets_file, made)
    logins = {actor: Login(username=held.username, branch=held.branch) for actor, held in made.items()}
    known = target.model_copy(update={"actors": logins})
    keep_target(known, targets)
    return known


def lab_of(target: Target) -> Path | None:
    """Return the folder of the lab that a target runs in, by where ``serve`` keeps its secrets; None for any other."""
    hidden = target.secrets_file
    return hidden.parent.parent if hidden is not None and hidden.parent.name == SECRETS else None


def pour(
    target: Target, bank: Bank, progress: Report | None = None, *, receipts: Path | None = None, fresh: bool = False
) -> Receipt:
    """Pour a bank into a target and read some of it back; raises BenchFault when it does not come back as it was.

    With a folder for ``receipts`` it goes on where these end; ``fresh``, or a target that was emptied since, begins
    new ones. Raises ReceiptsError when they cannot be used, or ``fresh`` would pour all of it a second time.
    """
    crm = connect(target)
    prove(crm, target)
    if receipts is None:
        return seed(crm, bank, progress, hands=hands_for(target))
    with Receipts.open(receipts, target.name, bank.digest) as kept:
        if not fresh and is_still_there(crm, kept):
            return seed(crm, bank, progress, receipts=kept, hands=hands_for(target))
        if fresh:
            refuse_to_double(crm, kept)
    with Receipts.open(receipts, target.name, bank.digest, fresh=bool(kept.lines)) as kept:
        return seed(crm, bank, progress, receipts=kept, hands=hands_for(target))


def take_back(target: Target, receipts: Path, progress: Report | None = None) -> Removal:
    """Take back what was poured into a target, by its receipts, and prove that it is gone.

    Raises ReceiptsError when there are none, BenchFault when the product or the system does not let it go.
    """
    crm = connect(target)
    with Receipts.latest(receipts, target.name) as kept:
        prove(crm, target)
        return unseed(crm, kept, progress, hands=hands_for(target))


def hands_for(target: Target) -> int:
    """Return how many calls a pouring has under way at a time: what the vendor declares, else two."""
    return min(MOST_HANDS, target.limits.parallel or HANDS)


def play(
    target: Target,
    bank: Bank,
    runs: AssessmentFolder,
    scenarios: Sequence[AnyScenario],
    *,
    progress: Report | None = None,
    resume: bool = False,
    retry_blocked: bool = False,
    stop: Callable[[], bool] | None = None,
    each: Callable[[Evidence], None] | None = None,
) -> dict[Outcome, int]:
    """Play scenarios on a target into its run folder and return how many checks ended how.

    ``resume`` goes on with a run that was broken off. Every actor is signed in first, so that a wrong credential is
    told at once and not mistaken for the product's. Raises SettingsError, StoreError or BenchFault.
    """
    crm = connect(target)
    prove(crm, target)
    counted = dict.fromkeys(Outcome, 0)
    with opened(target, bank, runs, scenarios, resume=resume) as store:
        for piece in run(
            scenarios,
            crm,
            bank,
            run_id=runs.name,
            target=target.name,
            store=store,
            progress=progress,
            retry_blocked=retry_blocked,
            stop=stop,
        ):
            counted[piece.outcome] += 1
            if each:
                each(piece)
        _add_leak_surface(target, store, counted)
    return counted


def _add_leak_surface(target: Target, store: Store, counted: dict[Outcome, int]) -> None:
    """Add what follows for SEC-22 from the map of leaks, if it is not on file yet."""
    pieces = store.evidence()
    if any(piece.criterion == CRITERION for piece in pieces):
        return
    if (found := leak_surface(pieces, target.baseline_leaks)) is not None:
        store.add([found])
        counted[found.outcome] += 1


def opened(
    target: Target, bank: Bank, runs: AssessmentFolder, scenarios: Sequence[AnyScenario], *, resume: bool
) -> Store:
    """Start the run of a target, or go on with it; raises StoreError, SettingsError if it was begun on another bank."""
    folder = runs.of(target.name)
    if resume and (folder / "manifest.json").exists():
        store = Store.resume(folder)
        begun = store.manifest.bank.get("digest")
        if begun != bank.digest:
            store.close()
            raise SettingsError(f"run {folder} was begun on bank {begun}, not {bank.digest}: name that bank's folder")
        return store
    manifest = describe(
        run=runs.name,
        target=target.name,
        title=target.title or target.name,
        started=datetime.now(UTC),
        bank=facts_of(bank),
        catalogue=digest_of(scenarios),
        settings=target.without_secrets(),
        labels=worn(target),
    )
    return Store.create(folder, manifest)


def load(
    target: Target,
    bank: Bank,
    runs: AssessmentFolder,
    *,
    kind: str | Workload = "bank-peak",
    rate: float | None = None,
    seconds: float | None = None,
    progress: Callable[[Mapping[str, object]], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
    seed: int | None = None,
    early: bool = False,
    crew: Crew | None = None,
    floor: Floor | None = None,
) -> tuple[LoadResult, tuple[Evidence, ...]]:
    """Press a target as planned and put figures and evidence into its run folder.

    ``early`` ends the run when a promise of the workload is refuted; a ``crew`` presses if not one process alone;
    ``floor`` is what the generator carries, if that is known (see ``poc.nullrun``).
    Raises WorkloadError, PlanError (nothing is pressed that nobody permitted, or harder than its contract carries) or
    LoadError.
    """
    begins = kind if isinstance(kind, Workload) else workload(kind)
    result = pressed(
        target,
        bank,
        begins.at(rate=rate, seconds=seconds, seed=seed),
        progress=progress,
        stop=stop,
        early=early,
        spent=spent_today(runs.path.parent, target.name, datetime.now(UTC).date()),
        crew=crew,
        floor=floor,
    )
    pieces = harvest(result, run=runs.name)
    add(pieces, target, bank, runs)
    begun = runs.of(target.name)
    result.write(begun)
    file(result, begun)
    return result, pieces


def add(pieces: Sequence[Evidence], target: Target, bank: Bank, runs: AssessmentFolder) -> None:
    """Put evidence of one criterion into a target's run, in the place of what was there of it before."""
    begun = runs.of(target.name)
    state = Store.open(begun).state if (begun / "manifest.json").exists() else "done"
    judged = {piece.criterion for piece in pieces}
    with opened(target, bank, runs, catalogue(), resume=True) as store:
        before = {piece.check: own for own, piece in store.standing() if piece.criterion in judged}
        store.add(superseding(pieces, before))
        store.set_state(state)


def pressed(
    target: Target,
    bank: Bank,
    asked: Workload,
    *,
    progress: Callable[[Mapping[str, object]], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
    early: bool = False,
    spent: int = 0,
    crew: Crew | None = None,
    floor: Floor | None = None,
) -> LoadResult:
    """Press a target, with a finger on the pulse of its processes if they are here, and file nothing.

    ``spent`` requests of today's allowance were made before; ``floor`` is judged with the run. The result wears what
    the target must wear.
    """
    inside = target.inside
    with closing(DatabaseGauge(inside.database)) if inside and inside.database else nullcontext() as gauge:
        pulse = Pulse(lambda: roots_of(target), gauge)
        watch = Watch(asked) if early else None
        plan = planned(target, bank, asked, spent=spent, crew=crew)
        result = press(plan, progress=progress, stop=stop, watch=watch, pulse=pulse)
        return replace(result, floor=floor, labels=worn(target))


def superseding(pieces: Sequence[Evidence], before: Mapping[str, str]) -> tuple[Evidence, ...]:
    """Return evidence that names the lines it takes the place of (check name: hash)."""
    return tuple(replace(piece, supersedes=before.get(piece.check)) for piece in pieces)


def facts_of(bank: Bank) -> dict[str, object]:
    """Return what a manifest says of a bank."""
    return {"digest": bank.digest, "seed": bank.seed, "customers": len(bank.customers), "profile": bank.profile}


def digest_of(scenarios: Sequence[AnyScenario]) -> str:
    """Return SHA-256 over what was asked: criteria, stories, checks and their sentences."""
    told = sha256()
    for one in scenarios:
        told.update(f"{one.criterion}\t{one.name}\t{one.sentence}\n".encode())
        for check in one.checks:
            told.update(f"\t{check.name}\t{check.sentence}\t{check.harm}\n".encode())
    return told.hexdigest()


def _listed(name: str, path: Path) -> Target | None:
    return listed_targets(path).get(name) if path.exists() else None
