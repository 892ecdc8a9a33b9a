"""Ballots: scores that nobody can fit to another's: first their fingerprint is put down, later they are opened."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scorecards.committee.events import LogError, canonical

NONCE_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """What a member says of cells ("vendor/criterion" -> points 0 to 5, None for an abstention) and the nonce."""

    member: str
    round: int
    scores: Mapping[str, float | None]
    reasons: Mapping[str, str]
    nonce: str

    @property
    def commitment(self) -> str:
        """SHA-256 over the canonical JSON of the ballot, then the nonce."""
        said = {"member": self.member, "round": self.round, "scores": dict(self.scores), "reasons": dict(self.reasons)}
        return fingerprint(said, self.nonce)


def fingerprint(content: Mapping[str, object], nonce: str) -> str:
    """Return SHA-256 over the canonical JSON of some content, then the nonce (hex): what is put down before it."""
    return hashlib.sha256(canonical(dict(content)) + bytes.fromhex(nonce)).hexdigest()


def ballot(
    member: str,
    scores: Mapping[str, float | None],
    *,
    round: int = 1,
    reasons: Mapping[str, str] | None = None,
    entropy: Callable[[int], bytes] = secrets.token_bytes,
) -> Ballot:
    """Return a ballot with a fresh nonce; raises LogError for points off the scale."""
    for cell, points in scores.items():
        if points is not None and not 0 <= points <= 5:
            raise LogError(f"ballot of {member}: {cell} has {points} points; give 0 to 5, or abstain")
    return Ballot(
        member=member, round=round, scores=dict(scores), reasons=dict(reasons or {}), nonce=entropy(NONCE_BYTES).hex()
    )


def opened(given: Ballot, commitment: str) -> Ballot:
    """Return a ballot that fits what was put down; raises LogError for one that was changed since."""
    if not hmac.compare_digest(given.commitment, commitment):
        raise LogError(f"ballot of {given.member}: it is not the one that was sealed; open the original")
    return given
