"""Trust: the verbs of single sign-on and passkeys: whose word about people a target takes, and what opens it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scenarios.answers import Session
from scenarios.protocol import Steps, Unsupported


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An identity provider that a target is to trust: ``oidc`` by its issuer, ``saml`` by its certificate (PEM).

    ``groups`` maps the provider's groups, told in the claim or attribute ``groups``, to roles of the target.
    """

    name: str
    protocol: str  # oidc | saml
    issuer: str
    client: str = ""
    secret: str = ""
    sign_on_url: str = ""
    certificate: str = ""
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Where a target sends a browser to sign on, and the headers with which that browser will come back."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A login that came by way of a provider: the session, and the address at which the browser goes on."""

    session: Session
    onward: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom a target takes the caller for."""

    username: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """What a browser gives an authenticator (WebAuthn options), and the origin at which a sound one would do it."""

    options: Mapping[str, object]
    origin: str


def _missing(verb: str) -> Unsupported:
    return Unsupported(f"the product offers no {verb}")


class Trust:
    """What a connector may offer of single sign-on and passkeys; each verb is a stub until a connector overrides it."""

    def whoami(self) -> Steps[Person]:
        """Read whom the target takes the caller for."""
        raise _missing("way to read who one is")

    def trust_provider(self, provider: Provider) -> Steps[str]:
        """Have the target take an identity provider's word; return the number by which it is known."""
        raise _missing("single sign-on")

    def drop_provider(self, number: str) -> Steps[None]:
        """Have the target take a provider's word no more."""
        raise _missing("single sign-on")

    def link_subject(self, number: str, subject: str, username: str) -> Steps[None]:
        """Say that a provider's subject is a user of the target."""
        raise _missing("linking of provider's subjects")

    def depart(self, number: str, onward: str) -> Steps[Departure]:
        """Begin a login by way of a provider; ``onward`` is where the browser wants to be afterwards."""
        raise _missing("single sign-on")

    def arrive(self, number: str, departure: Departure, brought: Mapping[str, str]) -> Steps[Arrival]:
        """Come back from a provider with what it gave the browser (code and state, or SAMLResponse and RelayState)."""
        raise _missing("single sign-on")

    def require_sign_on(self, username: str) -> Steps[None]:
        """Let a user in by way of a provider only, and by password no more."""
        raise _missing("users without a password")

    def ask_passkey(self) -> Steps[Ceremony]:
        """Begin to make a passkey for the caller."""
        raise _missing("passkeys")

    def add_passkey(self, credential: Mapping[str, object]) -> Steps[None]:
        """Put the passkey on file that an authenticator made."""
        raise _missing("passkeys")

    def challenge_passkey(self) -> Steps[Ceremony]:
        """Ask at the door for the challenge that a passkey must sign."""
        raise _missing("passkeys")

    def enter_with_passkey(self, credential: Mapping[str, object]) -> Steps[Session]:
        """Show a passkey at the door."""
        raise _missing("passkeys")
