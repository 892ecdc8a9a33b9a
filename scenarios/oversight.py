"""Oversight: the verbs by which a bank keeps entities and deals apart, watches its people and traces its values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from scenarios.actors import Credential
from scenarios.answers import Session
from scenarios.protocol import Steps, Unsupported
from synthetic_data.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """A legal entity in an installation: ``store`` names where its data rest, ``key`` tells its key from others'."""

    name: str
    store: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a field's value comes from: the door (api, bulk, merge, ...), its job, or the record it was taken from."""

    field: str
    source: str
    job: str = ""
    record: str = ""
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What a target took for misuse: by which rule, by whom, when it happened and when it was told."""

    rule: str
    who: str
    at: datetime
    told_at: datetime
    stopped: bool = False


#: The behaviours that a bank wants to be told of (requirement SEC-21), in the words of the port.
MISUSES = (
    "bulk-export",
    "night-browsing",
    "foreign-customers",
    "leavers-export",
    "conflicting-duties",
    "shared-account",
)


def _missing(verb: str) -> Unsupported:
    return Unsupported(f"the product offers no {verb}")


class Oversight:
    """What a connector may offer of it; each verb is a stub until a connector overrides it.

    ``sign_in`` takes a user of a tenant in by ``Credential.tenant``, and the session stays in that tenant.
    """

    def open_tenant(self, name: str, administrator: Credential) -> Steps[Tenant]:
        """Set up another legal entity in this installation, with its first administrator."""
        raise _missing("second legal entity")

    def tenants(self) -> Steps["tuple[Tenant, ...]"]:
        """Read which legal entities there are, the bank itself among them, and where each keeps data and key."""
        raise _missing("list of legal entities")

    def close_tenant(self, name: str) -> Steps[None]:
        """Take away a legal entity that has nothing on file."""
        raise _missing("closing of a legal entity")

    def elsewhere(self, session: Session, tenant: str | None) -> Session:
        """Return a session that claims to be of another tenant (None: of the bank itself); no verb, asks nothing."""
        raise _missing("way to name a tenant")

    def wall_off(self, kind: type[Record], number: str, members: Sequence[str]) -> Steps[None]:
        """Let only these users, and the caller, see that a record exists."""
        raise _missing("walls around records")

    def take_wall_down(self, kind: type[Record], number: str) -> Steps[None]:
        """Let everybody see a walled record who may see others of its kind."""
        raise _missing("walls around records")

    def lineage(self, kind: type[Record], number: str) -> Steps["tuple[Origin, ...]"]:
        """Read where the value of each field of a record comes from."""
        raise _missing("lineage of values")

    def alert_rules(self) -> Steps[Mapping[str, Mapping[str, object]]]:
        """Read by which rules misuse is told: a word of ``MISUSES`` -> its settings as ``watch_for`` takes them."""
        raise _missing("rules of alerts")

    def watch_for(self, misuse: str, settings: Mapping[str, object]) -> Steps[None]:
        """Set a rule: ``most`` within ``minutes``, ``day`` (from, to), ``then`` alert or stop."""
        raise _missing("rules of alerts")

    def alerts(self, *, since: datetime | None = None) -> Steps["tuple[Alert, ...]"]:
        """Read what was told, oldest first."""
        raise _missing("alerts on misuse")

    def announce_leaver(self, username: str, last_day: date) -> Steps[None]:
        """Say that a user leaves on a day."""
        raise _missing("announcement of leavers")
