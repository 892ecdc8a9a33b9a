"""grow(): a bank from a seed to files: its records, its sealed truth, and the two keys that open it."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from synthetic_data.bank import Bank
from synthetic_data.files import write
from synthetic_data.generator import generate
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
    for taken in (place, truth, *keys):
        if taken.exists():
            raise GrowthError(f"'{taken}' exists already; name another folder with --out, or move it away")
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


def beside(folder: Path) -> tuple[Path, tuple[Path, Path]]:
    """Return where the sealed truth of a bank's folder stands, and its two keys."""
    truth, first, second = (folder.with_name(f"{folder.name}.{end}") for end in ("truth", "key-1", "key-2"))
    return truth, (first, second)


def _keep(path: Path, secret: bytes) -> None:
    """Write a key that only this user may read."""
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(secret)
