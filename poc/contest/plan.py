"""Plan: what a contest asks of every product alike, and what was found out on the way, on disk beside the runs."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from loadtests.workload import Workload, written
from poc.settings import TARGETS
from scenarios.disk import write_whole
from scenarios.folders import AssessmentFolder

#: The reference CRM among the entrants, and how often the stated rate each is pressed.
OURS, FACTORS = "reference", (1.0, 2.0, 5.0)


class ContestError(ValueError):
    """A contest that cannot be held as asked; the text names the thing and the remedy."""


class Contest(BaseModel):
    """What is asked: the bank, who takes part beside the reference CRM, and how hard each is pressed.

    ``rate`` is the stated rate in arrivals a second; ``seconds`` of load that count, 0 for none; each of the
    ``factors`` of the rate is pressed ``repeats`` times with other arrivals. ``only`` names criteria, none for all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    products: tuple[str, ...]
    customers: Annotated[int, Field(ge=100, le=1_000_000)] = 10_000
    seed: Annotated[int, Field(ge=0)] = 1
    profile: str = "cn-digital-bank"
    rate: Annotated[float, Field(gt=0, le=10_000)] = 2.0
    seconds: Annotated[float, Field(ge=0, le=3600)] = 20.0
    repeats: Annotated[int, Field(ge=1, le=20)] = 3
    factors: tuple[float, ...] = FACTORS
    only: tuple[str, ...] = ()
    targets_file: Path = TARGETS
    lab: Path = Path("lab/contest")

    def workload(self, factor: float, turn: int) -> Workload:
        """Return the load of one turn: the same for every product."""
        asked = written(files("poc.contest").joinpath("workload.yaml").read_text("utf-8"))
        return asked.at(rate=self.rate * factor, seconds=self.seconds, seed=asked.seed + turn)


class Log:
    """What a contest notes beside its runs (``contest.json``): what was asked, and one entry by name for each fact."""

    def __init__(self, folder: AssessmentFolder) -> None:
        """Take the folder of the contest."""
        self.folder = folder
        self.path = folder.path / "contest.json"

    def begin(self, contest: Contest) -> Contest:
        """Put a new contest on file, or return the one that is; raises ContestError if another was asked for there."""
        if not self.path.exists():
            self.folder.path.mkdir(parents=True, exist_ok=True)
            self._write({"contest": contest.model_dump(mode="json"), "begun": _now(), "entrants": {}})
            return contest
        held = self.contest
        if contest.model_copy(update={"products": held.products}) != held:
            raise ContestError(f"{self.path} holds another contest: go on with its own figures, or choose another --id")
        more = tuple(name for name in contest.products if name not in held.products)
        grown = held.model_copy(update={"products": (*held.products, *more)})
        self._write({**self.read(), "contest": grown.model_dump(mode="json")})
        return grown

    @property
    def contest(self) -> Contest:
        """Return what was asked; raises ContestError if it cannot be read."""
        try:
            return Contest.model_validate(self.read()["contest"])
        except (KeyError, ValidationError) as fault:
            raise ContestError(f"{self.path} holds no readable contest: {fault}") from None

    def read(self) -> dict[str, Any]:
        """Return all that is on file; raises ContestError."""
        try:
            told: dict[str, Any] = json.loads(self.path.read_bytes())
        except (OSError, ValueError) as fault:
            raise ContestError(f"there is no contest in {self.folder.path}: {fault}") from None
        return told

    def note(self, entrant: str, **facts: object) -> None:
        """Keep facts about an entrant; what was noted under the same name before is replaced."""
        told = self.read()
        told["entrants"].setdefault(entrant, {}).update(facts)
        self._write(told)

    def hold(self, **conditions: object) -> None:
        """Keep what is the same for all entrants: the bank, the questions, the machine."""
        self._write({**self.read(), "conditions": conditions})

    def of(self, entrant: str) -> Mapping[str, Any]:
        """Return what is known of an entrant."""
        facts: Mapping[str, Any] = self.read()["entrants"].get(entrant, {})
        return facts

    def _write(self, told: Mapping[str, object]) -> None:
        write_whole(self.path, json.dumps(told, ensure_ascii=False, indent=1, default=str).encode() + b"\n")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
