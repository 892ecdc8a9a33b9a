"""grow() and plant(): a bank from a seed to files: records or columns, its sealed truth, and the two keys to it."""

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from synthetic_data.bank import Bank
from synthetic_data.files import write
from synthetic_data.folders.growing import Step, grow_folder
from synthetic_data.folders.hands import Hands, here
from synthetic_data.folders.manifest import Manifest
from synthetic_data.folders.order import Order
from synthetic_data.folders.parts import Grower
from synthetic_data.folders.reading import BankFolder
from synthetic_data.folders.soil import soil_of
from synthetic_data.folders.vault import Lock
from synthetic_data.generator import generate
from synthetic_data.optimum import Optimum, optima
from synthetic_data.truth import seal

#: Where banks are kept unless a caller says otherwise.
BANKS = Path("data")
#: Bytes of a key; each of two people holds one.
KEY = 32


class GrowthError(ValueError):
    """A bank cannot be put where it was asked for; the text names the place and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A bank on disk: its folder, its sealed truth, the two key files, and the seconds it took."""

    bank: Bank
    folder: Path
    truth: Path
    keys: tuple[Path, Path]
    seconds: float


def grow(
    *,
    seed: int,
    customers: int,
    profile: str,
    folder: Path | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    entropy: Callable[[int], bytes] = os.urandom,
    clock: Callable[[], float] = time.perf_counter,
) -> Grown:
    """Generate a bank and write it to a new folder; truth and keys stand beside the folder, never in it.

    ``folder`` is ``data/<profile>-<seed>-<customers>`` by default. Raises GrowthError if it exists, and whatever the
    generator and the files raise; then nothing is left behind.
    """
    place = folder or BANKS / f"{profile}-{seed}-{customers}"
    truth, keys = beside(place)
    _refuse_taken(place, truth, *keys)
    began = clock()
    generated = generate(seed=seed, customers=customers, profile=profile, progress=progress)
    secrets = (entropy(KEY), entropy(KEY))
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        for path, secret in zip(keys, secrets, strict=True):
            _keep(path, secret)
        seal(generated.truth, truth, secrets, entropy=entropy)
        write(generated.bank, place)
    except BaseException:
        for left in (truth, *keys):
            left.unlink(missing_ok=True)
        raise
    return Grown(bank=generated.bank, folder=place, truth=truth, keys=keys, seconds=clock() - began)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A bank in columns on disk; ``kept`` is how many partitions were there before."""

    manifest: Manifest
    folder: Path
    truth: Path
    keys: tuple[Path, Path]
    kept: int
    made: int  # rows that were made now
    seconds: float


def plant(
    order: Order,
    folder: Path,
    *,
    hands: Hands = here,
    progress: Callable[[Step], None] | None = None,
    grower: Grower = soil_of,
    entropy: Callable[[int], bytes] = os.urandom,
    clock: Callable[[], float] = time.perf_counter,
) -> Planted:
    """Grow a bank in columns into a folder: a new one, one that was left half-written, or a smaller one of its kind.

    A new folder gets two keys beside it; to go on, neither is needed. Raises GrowthError when a new folder finds truth
    or keys of another bank in its place, and whatever the folder raises. What was finished is kept, and a folder in
    which nothing was is taken away again with its keys.
    """
    truth, keys = beside(folder)
    began, new = clock(), not folder.exists()
    lock = _locked(keys, truth, entropy) if new else None
    rows = 0

    def told(step: Step) -> None:
        nonlocal rows
        rows = step.rows
        if progress:
            progress(step)

    try:
        outcome = grow_folder(order, folder, grower=grower, truth=truth, lock=lock, hands=hands, progress=told)
    except BaseException:
        if new and not any(folder.rglob("*.parquet")):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(truth, ignore_errors=True)
            for key in keys:
                key.unlink(missing_ok=True)
        raise
    return Planted(
        manifest=outcome.manifest,
        folder=folder,
        truth=truth,
        keys=keys,
        kept=outcome.kept,
        made=rows,
        seconds=clock() - began,
    )


def _locked(keys: tuple[Path, Path], truth: Path, entropy: Callable[[int], bytes]) -> Lock:
    """Two new keys beside a bank, and the lock that they open."""
    _refuse_taken(truth, *keys)
    secrets = (entropy(KEY), entropy(KEY))
    keys[0].parent.mkdir(parents=True, exist_ok=True)
    for path, secret in zip(keys, secrets, strict=True):
        _keep(path, secret)
    return Lock.of(secrets, entropy(16))


def _refuse_taken(*places: Path) -> None:
    for taken in places:
        if taken.exists():
            raise GrowthError(f"'{taken}' exists already; name another folder with --out, or move it away")


def beside(folder: Path) -> tuple[Path, tuple[Path, Path]]:
    """Return where the sealed truth of a bank's folder stands, and its two keys."""
    truth, first, second = (folder.with_name(f"{folder.name}.{end}") for end in ("truth", "key-1", "key-2"))
    return truth, (first, second)


def best_of(folder: Path, keys: tuple[Path, Path] | None = None) -> tuple[Optimum, ...]:
    """Return what no model can be expected to beat on a bank in Parquet: the optimum of every planted question.

    Opens the sealed truth with its two keys, which are looked for beside the folder. Raises GrowthError for a key that
    cannot be read and FolderError for a folder or truth that cannot be opened.
    """
    bank = BankFolder.open(folder)
    first, second = (_secret(path) for path in (keys or beside(folder)[1]))
    return optima({name: bank.truth_table(name, (first, second)) for name in ("churn", "propensities")})


def _secret(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise GrowthError(
            f"key {path}: cannot be read ({fault.strerror}); both keys are needed to open truth"
        ) from fault


def _keep(path: Path, secret: bytes) -> None:
    """Write a key that only this user may read."""
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(secret)
