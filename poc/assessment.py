"""Assessment: the whole of what was seen of all targets, rated and scored: what every door shows and none works out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from loadtests.result import LoadResult, load
from poc.archive import WEIGHTING, folders
from scenarios.evidence import Evidence, Outcome
from scenarios.manifest import Manifest
from scenarios.store import Store
from scorecards.criterion import Catalogue, catalogue
from scorecards.rating import Rating, Ratings, rate_all
from scorecards.scorecard import Eligible, Scorecard, score
from scorecards.weighting import Weighting, load_weighting

#: The weighting under which everything is shown first.
DEFAULT_WEIGHTING = WEIGHTING


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One target of an assessment: what its run was, where it lies, and the load result if there is one."""

    folder: Path
    manifest: Manifest
    state: str
    evidence: tuple[Evidence, ...]
    load: LoadResult | None

    @property
    def name(self) -> str:
        """Return the target's name."""
        return self.manifest.target

    @property
    def title(self) -> str:
        """Return what people call the target."""
        return self.manifest.title or self.manifest.target

    @property
    def head_sha256(self) -> str:
        """Return the hash of where the run's chains end, which binds all that was seen."""
        return sha256((self.folder / "head.json").read_bytes()).hexdigest()

    def counted(self) -> Mapping[Outcome, int]:
        """Return how many checks ended how."""
        return {outcome: sum(piece.outcome is outcome for piece in self.evidence) for outcome in Outcome}


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """All targets under one weighting. Re-weighting makes a new one in milliseconds; nothing is played again."""

    name: str
    subjects: tuple[Subject, ...]
    catalogue: Catalogue
    ratings: Ratings
    weighting: Weighting

    @cached_property
    def scorecard(self) -> Scorecard:
        """Return the targets side by side."""
        return score(self.ratings, self.weighting, self.catalogue)

    def weighed(self, weighting: Weighting) -> "Assessment":
        """Return the same evidence under another weighting."""
        return Assessment(
            name=self.name,
            subjects=self.subjects,
            catalogue=self.catalogue,
            ratings=self.ratings,
            weighting=weighting,
        )

    def subject(self, target: str) -> Subject:
        """Return a target by name."""
        return next(one for one in self.subjects if one.name == target)

    def ranked(self) -> tuple[Subject, ...]:
        """Return the targets, best first."""
        order = [target for group in self.scorecard.ranking() for target in group]
        return tuple(sorted(self.subjects, key=lambda one: order.index(one.name)))

    def failures(self, target: str) -> Iterator[tuple[Rating, Evidence]]:
        """Walk over the checks that a target failed or does not offer, harm first, then by criterion."""
        found = [
            (rating, piece)
            for rating in self.ratings.by_target[target].values()
            for piece in rating.pieces
            if piece.outcome in (Outcome.FAILED, Outcome.UNSUPPORTED)
        ]
        yield from sorted(found, key=lambda pair: (not pair[1].harm, pair[1].outcome.value, pair[1].criterion))

    def unknowns(self, target: str) -> Iterator[tuple[Rating, float]]:
        """Walk over the ratings that are not sure, with the points of the total that hang on each, most first."""
        found = [(rating, self.swing(rating)) for rating in self.ratings.by_target[target].values()]
        yield from sorted((pair for pair in found if pair[1] > 0), key=lambda pair: -pair[1])

    def swing(self, rating: Rating) -> float:
        """Return by how many points (0 to 5) the total moves between the worst and the best case of one rating."""
        return self.scorecard.of(rating.target).swings.get(rating.criterion, 0.0)


def opened(
    place: Path,
    weighting: Weighting | str | Path = DEFAULT_WEIGHTING,
    criteria: Catalogue | None = None,
    *,
    exchanges: bool = True,
) -> Assessment:
    """Read an assessment's folder (or a single run's), prove it whole, rate and score it.

    ``criteria`` are the shipped ones unless others are given; a copy that holds no exchanges is read without them.

    Raises StoreError naming the first file that differs, WeightingError for a weighting that cannot be used.
    """
    known = weighting if isinstance(weighting, Weighting) else load_weighting(weighting)
    subjects = tuple(_subject(folder, exchanges) for folder in folders([place]))
    rows = criteria or catalogue()
    ratings = rate_all((piece for one in subjects for piece in one.evidence), rows, [one.name for one in subjects])
    return Assessment(name=place.name, subjects=subjects, catalogue=rows, ratings=ratings, weighting=known)


def _subject(folder: Path, exchanges: bool) -> Subject:
    store = Store.open(folder)
    store.verify(exchanges=exchanges)
    pressed = folder / "load.json"
    return Subject(
        folder=folder,
        manifest=store.manifest,
        state=store.state,
        evidence=store.evidence(),
        load=load(folder) if pressed.exists() else None,
    )


def short_of(scorecard: Scorecard, need: float) -> tuple[str, ...]:
    """Return the targets whose total is not surely at least ``need`` (0 to 5), or that a gate rules out."""
    return tuple(one.target for one in scorecard.standings if one.overall.worst < need or one.eligible is Eligible.NO)
