"""Actors: the thirteen in whose name a target is asked."""

from dataclasses import dataclass
from enum import StrEnum


class Actor(StrEnum):
    """In whose name a verb is used (requirements, scoring contract 0.9). A is the first branch, B the second."""

    ANONYMOUS = "anonymous"
    EXPIRED = "expired-token"
    TELLER_A = "teller-A"
    RM_A = "RM-A"
    RM_B = "RM-B"
    MANAGER_A = "branch-mgr-A"
    AGENT = "call-centre"
    MARKETING = "marketing"
    COMPLIANCE = "compliance"
    AUDITOR = "auditor"
    INTEGRATION = "integration-app"
    ADMIN = "admin"
    LEAVER = "leaver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What an actor signs in with: a user name and a secret, or a token that was handed out before.

    ``branch`` tells scenarios whose customers the actor should see; None means the whole bank.
    ``otp`` is the code of a second factor, where one is asked. ``tenant`` is the legal entity whose user it is; None
    for the bank itself.
    """

    username: str = ""
    secret: str = ""
    token: str | None = None
    branch: str | None = None
    otp: str | None = None
    tenant: str | None = None

    def __repr__(self) -> str:
        """Name the user and hide the secret."""
        return f"Credential({self.username or 'token'})"
