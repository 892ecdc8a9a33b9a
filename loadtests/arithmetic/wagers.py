"""Wagers: when a run may be ended early because a promise is broken, looking every second, without fooling oneself.

Who looks at an ordinary test each second and stops at the first alarm is wrong far more often than the test says. A
wager may be looked at whenever one likes: its capital does not grow while the promise is kept, so the chance that it
ever reaches 1 / alpha is alpha at most (Ville 1939; betting on bounded means: Waudby-Smith & Ramdas, JRSS B 86, 2024).
It bets on the share of each second, so requests of one second may resemble each other as they like.
"""

import numpy as np

#: Chance of ending a run early though the promise is kept.
ALPHA = 0.01
#: Stakes, as shares of the largest that cannot ruin; their mean is the capital, so none needs to be the right one.
STAKES = np.array([0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005])


class Wager:
    """A bet against the claim that in every second, whatever came before, a share of at most ``allowed`` is bad."""

    def __init__(self, allowed: float, runs: int = 1) -> None:
        """Begin with a capital of 1; ``runs`` plays many at once, for trying the wager itself."""
        self.allowed = allowed
        self._logs = np.zeros((len(STAKES), runs))
        self._stakes = (STAKES / allowed)[:, None]

    def see(self, share: "float | np.ndarray") -> None:
        """Settle one second by its share of bad requests, in 0..1."""
        self._logs += np.log1p(self._stakes * (np.asarray(share) - self.allowed))

    @property
    def capitals(self) -> np.ndarray:
        """Return the capital of each run."""
        top = self._logs.max(axis=0)
        grown: np.ndarray = np.exp(np.minimum(top, 600.0)) * np.exp(self._logs - top).mean(axis=0)
        return grown

    @property
    def capital(self) -> float:
        """Return the capital of the only run: the evidence against the claim."""
        return float(self.capitals[0])


def refuted(capital: float, promises: int = 1, alpha: float = ALPHA) -> bool:
    """Whether a capital refutes a claim; with several ``promises`` watched at a time each gets a part of alpha."""
    return capital >= promises / alpha
