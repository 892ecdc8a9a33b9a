"""Scaling: how throughput grows with workers (Universal Scalability Law), and latency with the data on file."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import least_squares
from scipy.special import stdtrit


class Usl(NamedTuple):
    """X(N) = gamma N / (1 + sigma (N - 1) + kappa N (N - 1)); beyond ``peak`` workers throughput falls.

    ``peak`` is infinite without crosstalk (kappa 0).
    """

    gamma: float  # throughput of one worker
    sigma: float  # contention: share that is done one after the other
    kappa: float  # crosstalk: what each pair of workers costs

    def at(self, n: float) -> float:
        """Return the throughput of n workers."""
        return self.gamma * n / (1 + self.sigma * (n - 1) + self.kappa * n * (n - 1))

    @property
    def peak(self) -> float:
        """Return the number of workers with the highest throughput."""
        return math.sqrt((1 - self.sigma) / self.kappa) if self.kappa > 0 else math.inf


def usl(workers: Sequence[float], throughput: Sequence[float]) -> Usl:
    """Fit the law (Gunther, Guerrilla Capacity Planning, 2007, ch. 5) by least squares; needs four points."""
    if len(workers) < 4:
        raise ValueError(f"a scalability fit needs four points at least, not {len(workers)}")
    n, x = np.asarray(workers, dtype=float), np.asarray(throughput, dtype=float)

    def missed(parts: np.ndarray) -> np.ndarray:
        gamma, sigma, kappa = parts
        told: np.ndarray = gamma * n / (1 + sigma * (n - 1) + kappa * n * (n - 1)) - x
        return told

    start = [float((x / n).max()), 0.05, 1e-4]
    scale = [start[0], 0.1, 1e-4]
    found = least_squares(missed, start, bounds=([0, 0, 0], [np.inf, 1, np.inf]), x_scale=scale, xtol=1e-12, ftol=1e-12)
    return Usl(*(float(part) for part in found.x))


class Band(NamedTuple):
    """A fit and between what its peak lies in 90 of 100 resamplings; never to be published as a capacity."""

    fit: Usl
    lower: float
    upper: float
    resampled: tuple[Usl, ...] = ()

    def between(self, n: float) -> tuple[float, float]:
        """Return between what the throughput of n workers lies in 90 of 100 resamplings."""
        low, high = np.quantile([one.at(n) for one in self.resampled or (self.fit,)], [0.05, 0.95])
        return float(low), float(high)


def usl_band(
    workers: Sequence[float], throughput: Sequence[float], chance: np.random.Generator, resamples: int = 200
) -> Band:
    """Return the fit with a band for its peak, by resampling the relative residuals."""
    fit = usl(workers, throughput)
    told = np.array([fit.at(n) for n in workers])
    residuals = np.asarray(throughput) / told - 1
    residuals = residuals * math.sqrt(len(told) / (len(told) - 3))  # three parameters took their part of the noise
    resampled = tuple(usl(workers, told * (1 + chance.choice(residuals, len(told)))) for _ in range(resamples))
    lower, upper = np.quantile([one.peak for one in resampled], [0.05, 0.95], method="nearest")
    return Band(fit, float(lower), float(upper), resampled)


class Growth(NamedTuple):
    """The exponent b of latency ~ size ** b with its two-sided interval at 95 %."""

    exponent: float
    lower: float
    upper: float


def growth(sizes: Sequence[float], latencies: Sequence[float]) -> Growth:
    """Fit a power law by regression of logarithms (PER-07: at most 0.2 over 1 k to 1 M); needs three points."""
    if len(sizes) < 3:
        raise ValueError(f"a growth exponent needs three sizes at least, not {len(sizes)}")
    x, y = np.log(np.asarray(sizes, dtype=float)), np.log(np.asarray(latencies, dtype=float))
    across = float(((x - x.mean()) ** 2).sum())
    if across == 0:
        raise ValueError("a growth exponent needs different sizes")
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / across)
    left = y - y.mean() - slope * (x - x.mean())
    error = math.sqrt(float((left**2).sum()) / (len(x) - 2) / across)
    half = float(stdtrit(len(x) - 2, 0.975)) * error
    return Growth(slope, slope - half, slope + half)
