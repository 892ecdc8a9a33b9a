"""Notebook: an assessment as tables of pandas, for notebooks; what was not seen is missing, never 0."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from poc.archive import RUNS, latest
from poc.assessment import DEFAULT_WEIGHTING, Assessment, opened
from poc.plots import Plot, dimensions, per_second, totals
from poc.report import View
from poc.words import words
from scorecards.weighting import load_weighting, weightings


def assessment(place: Path | str | None = None, weighting: str = DEFAULT_WEIGHTING) -> Assessment:
    """Open an assessment, the youngest in ``runs`` by default; raises NoRunError or StoreError."""
    # a notebook is run where it stands, which is beside the runs and not above them
    runs = RUNS if RUNS.is_dir() else Path("..") / RUNS
    return opened(Path(place) if place else latest(runs), weighting)


def scores(seen: Assessment) -> pd.DataFrame:
    """Return a row for each target and dimension (``ALL`` is the total), points from 0 to 5, coverage as a share."""
    return pd.DataFrame(seen.scorecard.rows()).set_index(["target", "dimension"])


def ratings(seen: Assessment, language: str = "en") -> pd.DataFrame:
    """Return a row for each target and criterion, with why it is what it is."""
    view = View(assessment=seen, say=words(language))
    rows = [
        {
            "target": target,
            "criterion": rating.criterion,
            "title": view.criterion(rating.criterion),
            "observed": rating.observed,
            "worst": rating.worst,
            "best": rating.best,
            "coverage": rating.coverage,
            "why": view.why(rating),
        }
        for target, found in seen.ratings.by_target.items()
        for rating in found.values()
    ]
    return pd.DataFrame(rows).set_index(["target", "criterion"])


def failures(seen: Assessment, language: str = "en") -> pd.DataFrame:
    """Return a row for each check that a target failed or does not offer, harm first."""
    view = View(assessment=seen, say=words(language))
    rows = [
        {
            "target": one.name,
            "criterion": piece.criterion,
            "harm": piece.harm,
            "outcome": piece.outcome.value,
            "check": view.sentence(piece),
            "observed": view.shown(piece.observed),
            "expected": view.shown(piece.expected),
        }
        for one in seen.ranked()
        for _, piece in seen.failures(one.name)
    ]
    return pd.DataFrame(rows, columns=["target", "criterion", "harm", "outcome", "check", "observed", "expected"])


def under_all_weightings(seen: Assessment) -> pd.DataFrame:
    """Return the observed total of every target under every shipped weighting, and who leads."""
    rows: dict[str, Mapping[str, object]] = {}
    for name in weightings():
        card = seen.weighed(load_weighting(name)).scorecard
        first = ", ".join(card.ranking()[0])
        rows[name] = {**{one.target: one.overall.observed for one in card.standings}, "leads": first}
    return pd.DataFrame.from_dict(rows, orient="index")


def plots(seen: Assessment, language: str = "en") -> tuple[Plot, ...]:
    """Return the plots of the overview: totals, dimensions and, if any target was pressed, p99 by second."""
    view = View(assessment=seen, say=words(language))
    pressed = [one for one in seen.ranked() if one.load is not None]
    return (totals(view), dimensions(view), *([per_second(view, pressed)] if pressed else []))
