"""Gates: where a knock-out stands on an interval, and how little of a gate's row is left to score once it is passed."""

import math
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from scorecards.methods.tables import Floats, TableError
from scorecards.methods.value import TOP


class GateState(StrEnum):
    """Where a gate stands on the interval of its rating."""

    PASSED = "passed"  # the worst case reaches the threshold
    FAILED = "failed"  # the best case does not
    INCONCLUSIVE = "inconclusive"  # something was seen, and the threshold lies inside what it leaves possible
    UNKNOWN = "unknown"  # nothing usable was seen
    WAIVED = "waived"  # the row is not applicable, or a live waiver drops the gate

    @property
    def open(self) -> bool:
        """Whether more evidence could still pass or fail it: neither a pass nor a loss."""
        return self in (GateState.INCONCLUSIVE, GateState.UNKNOWN)


def gate_state(worst: float, best: float, gate_at: float, *, seen: bool = True) -> GateState:
    """Return where a gate stands: the whole interval good passes, the whole of it bad fails, all else is open.

    ``seen`` says whether anything usable was seen; NaN bounds were not. Raises TableError where worst exceeds best.
    """
    if worst > best:
        raise TableError(f"gate: worst case {worst} is above best case {best}; order the two")
    if worst >= gate_at:
        return GateState.PASSED
    if best < gate_at:
        return GateState.FAILED
    unknown = not seen or math.isnan(worst) or math.isnan(best)
    return GateState.UNKNOWN if unknown else GateState.INCONCLUSIVE


def excess(points: ArrayLike, gate_at: ArrayLike, *, top: float = TOP) -> Floats:
    """Return what counts of points: all of them, but of a gate's row only the excess, stretched over the scale.

    top * clip((v - gate_at) / (top - gate_at), 0, 1). ``gate_at`` is one threshold or one for each criterion, NaN for
    a row that is no gate; unknown points (NaN) stay unknown. What qualifies a bidder may not be scored as well: order
    87 (2017), article 55. Raises TableError for a threshold off the scale.
    """
    at, given = _thresholds(gate_at, top), np.asarray(points, dtype=np.float64)
    gate = ~np.isnan(at)
    low = np.where(gate, at, 0.0)
    counted = top * np.clip((given - low) / (top - low), 0.0, 1.0)
    return np.asarray(np.where(gate, counted, given))


def excess_weights(weights: ArrayLike, gate_at: ArrayLike, *, top: float = TOP) -> Floats:
    """Return weights for counted points: a gate's row keeps the part of its swing above the gate, w (top - g) / top.

    A weight belongs to a swing over the whole scale (SMARTS, Edwards and Barron 1994). With less of the swing left to
    score, a point above the gate moves the sum as much as a point of any other row of the same weight.
    """
    at = _thresholds(gate_at, top)
    given = np.asarray(weights, dtype=np.float64)
    return np.asarray(np.where(np.isnan(at), given, given * (top - np.where(np.isnan(at), 0.0, at)) / top))


def _thresholds(gate_at: ArrayLike, top: float) -> Floats:
    try:
        at = np.asarray(gate_at, dtype=np.float64)
    except (TypeError, ValueError) as fault:
        raise TableError(f"gates: {fault}; give a threshold for each criterion, NaN where there is none") from None
    if ((at < 0) | (at >= top)).any():
        odd = at.ravel()[np.flatnonzero((at < 0) | (at >= top))[0]]
        raise TableError(f"gates: threshold {float(odd)} is off the scale; give 0 or more and less than {top:g}")
    return at
