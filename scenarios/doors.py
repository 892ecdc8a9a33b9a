"""Doors: the verbs by which people and machines get in: second factors, keys, provisioning and idle limits."""

from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.actors import Credential
from scenarios.answers import Session
from scenarios.protocol import Steps, Unsupported


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedKey:
    """A machine's key: what withdraws it, and the session that it opens."""

    id: str
    session: Session


def _missing(verb: str) -> Unsupported:
    return Unsupported(f"the product offers no {verb}")


class Doors:
    """What a connector may offer of ways in; each verb is a stub until a connector overrides it.

    Where a user has a second factor, ``sign_in`` sends ``Credential.otp`` along.
    """

    def enrol_factor(self) -> Steps[str]:
        """Begin to enrol one-time codes (RFC 6238) for the caller; return their secret in base32."""
        raise _missing("one-time codes")

    def confirm_factor(self, otp: str) -> Steps[None]:
        """Confirm the enrolled codes by a first one; from here on they are asked at sign-in."""
        raise _missing("one-time codes")

    def step_up(self, otp: str) -> Steps[None]:
        """Show the second factor afresh in the session under way."""
        raise _missing("step-up")

    def issue_key(self, username: str, scopes: Sequence[str], seconds: int) -> Steps[IssuedKey]:
        """Make a key that acts as a user, for these operations of the policy only and for so long."""
        raise _missing("keys for machines")

    def end_key(self, number: str) -> Steps[None]:
        """Withdraw a key."""
        raise _missing("withdrawal of keys")

    def provision(self, credential: Credential, role: str) -> Steps[str]:
        """Bring a user as an identity provider does (SCIM 2.0); return the id by which it is known."""
        raise _missing("provisioning")

    def find_provisioned(self, username: str) -> Steps["tuple[str, ...]"]:
        """Look a user up as an identity provider does; return the ids of those who are active."""
        raise _missing("provisioning")

    def deprovision(self, number: str) -> Steps[None]:
        """Make a user inactive as an identity provider does when somebody leaves."""
        raise _missing("provisioning")

    def limit_idle(self, username: str, seconds: int) -> Steps[None]:
        """Set after how many seconds without use the sessions of a user end."""
        raise _missing("idle limits of users")

    def view_as(self, username: str, reason: str, seconds: int) -> Steps[Session]:
        """Open a session in which the caller acts for another user, for a reason and for so many seconds."""
        raise _missing("acting for another user")
