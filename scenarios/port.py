"""Port: the verbs a scenario may use on a CRM; a connector translates each into requests and replies, and does no I/O.

Each verb is a generator: it yields a ``Request``, is sent the ``Reply``, and returns the answer. What a product does
not offer is not overridden and raises ``Unsupported``. One connector therefore serves every driver: scenarios over
httpx, load tests over gevent, replay from stored exchanges.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from scenarios.actors import Credential
from scenarios.answers import (
    Approval,
    ApprovalFlow,
    ApprovalLevel,
    AuditEntry,
    BulkReport,
    Change,
    Fired,
    OnFile,
    Overview,
    Page,
    Pair,
    Recipe,
    RollUp,
    Session,
    SubjectAnswer,
    TicketClock,
)
from scenarios.conditions import Conditions
from scenarios.doors import Doors
from scenarios.keyring import Anew, Keyring
from scenarios.oversight import Oversight
from scenarios.papers import Papers
from scenarios.protocol import REASONS as REASONS
from scenarios.protocol import BenchFault as BenchFault
from scenarios.protocol import Refusal as Refusal
from scenarios.protocol import Refused as Refused
from scenarios.protocol import Reply as Reply
from scenarios.protocol import Request as Request
from scenarios.protocol import Send as Send
from scenarios.protocol import Steps as Steps
from scenarios.protocol import Unsupported as Unsupported
from scenarios.protocol import drive as drive
from scenarios.sealed import AuditCopy, AuditProof, AuditSeal
from scenarios.trust import Trust
from synthetic_data.records import Record


def _missing(verb: str) -> Unsupported:
    return Unsupported(f"the product offers no {verb}")


class Connector(Doors, Conditions, Trust, Oversight, Papers):
    """Teaches one vendor the verbs. Override what the product offers; leave out what it lacks.

    ``kind`` arguments are record classes of ``synthetic_data.records``; ``number`` is the key the target gave.
    A verb is written as a generator function; the stubs here raise at once and so never become generators.
    """

    #: How the product is called in tables.
    title = "a CRM"
    #: The documentation from which a connector was written whose product its writers never met; "" if they did.
    from_documents = ""

    # -- what a reply means ------------------------------------------------------------------------------------------
    def error_of(self, reply: Reply) -> Refused | None:
        """Return the refusal that a reply carries, None if it says yes. Vendors that answer 200 to all override it."""
        if reply.status < 400:
            return None
        broken = "server-error" if reply.status >= 500 else "refused"
        return Refused(REASONS.get(reply.status, broken), status=reply.status)

    def throttle_of(self, reply: Reply) -> float | None:
        """Return the seconds to wait if the reply means "too fast", else None; a date counts as one second."""
        if reply.status != 429:
            return None
        asked = reply.headers.get("retry-after", "")
        return float(asked) if asked.isdigit() else 1.0

    def again(self, request: Request) -> Request:
        """Return a request as it is sent once more after it was too fast; vendors that name each call override it."""
        return request

    @classmethod
    def verbs(cls) -> frozenset[str]:
        """Return the verbs that this class overrides: the capability is what is written, never a list."""
        return frozenset(name for name in VERBS if getattr(cls, name) is not getattr(Connector, name))

    # -- sessions ----------------------------------------------------------------------------------------------------
    def sign_in(self, credential: Credential) -> Steps[Session]:
        """Exchange a user name and secret for a session."""
        raise _missing("sign-in")

    def session_of(self, token: str) -> Session:
        """Return the session that a token handed out before stands for."""
        return Session(headers={"Authorization": f"Bearer {token}"})

    def sign_out(self) -> Steps[None]:
        """End the session of the caller."""
        raise _missing("sign-out")

    def renew(self, session: Session) -> Steps[Session]:
        """Exchange a session's renewal for a new session."""
        raise _missing("session renewal")

    # -- records -----------------------------------------------------------------------------------------------------
    def create(self, record: Record, *, key: str | None = None) -> Steps[str]:
        """Put a record on file and return its number there; ``key`` makes a repeat harmless (idempotency key)."""
        raise _missing("create")

    def get(self, kind: type[Record], number: str, *, include: Sequence[type[Record]] = ()) -> Steps[OnFile]:
        """Read one record, with related ones expanded where asked."""
        raise _missing("get")

    def list(
        self,
        kind: type[Record],
        *,
        where: Mapping[str, str] | None = None,
        sort: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Steps[Page]:
        """Read a page of records.

        ``where`` asks for equality on fields (``field__gt``, ``field__lt`` compare); ``sort`` is a field, with ``-``
        before it for descending.
        """
        raise _missing("list")

    def find(self, kind: type[Record], /, **by: str) -> Steps["tuple[OnFile, ...]"]:
        """Look records up by the exact value of a field (national id, mobile, ...)."""
        raise _missing("lookup")

    def search(self, kind: type[Record], text: str, *, limit: int = 20) -> Steps["tuple[OnFile, ...]"]:
        """Search records by free text (name, part of a name)."""
        raise _missing("search")

    def update(
        self, kind: type[Record], number: str, changes: Mapping[str, object], *, version: str | None = None
    ) -> Steps[OnFile]:
        """Change fields; with a stale ``version`` the target must refuse (reason ``conflict``)."""
        raise _missing("update")

    def delete(self, kind: type[Record], number: str) -> Steps[None]:
        """Take a record off file."""
        raise _missing("delete")

    def unmask(self, kind: type[Record], number: str, fields: Sequence[str], reason: str) -> Steps[OnFile]:
        """Read masked fields in clear, giving a reason."""
        raise _missing("unmask")

    def count(self, kind: type[Record], by: str) -> Steps[Mapping[str, int]]:
        """Count records grouped by a field."""
        raise _missing("aggregate")

    def export(self, kind: type[Record]) -> Steps["tuple[OnFile, ...]"]:
        """Read all records of a kind through the product's export."""
        raise _missing("export")

    def bulk(self, records: Sequence[Record], *, dry_run: bool = False, job: str | None = None) -> Steps[BulkReport]:
        """Load many records of one kind; the same ``job`` again resumes it without doubling."""
        raise _missing("bulk load")

    def revert(self, job: str) -> Steps[BulkReport]:
        """Take back all that a bulk job put on file."""
        raise _missing("bulk revert")

    # -- people --------------------------------------------------------------------------------------------------
    def overview(self, customer: str) -> Steps[Overview]:
        """Read a customer at one glance."""
        raise _missing("customer overview")

    def duplicates(self) -> Steps["tuple[Pair, ...]"]:
        """Scan all customers on file for doubles."""
        raise _missing("duplicate scan")

    def merge(self, keep: str, drop: str) -> Steps[OnFile]:
        """Make one customer of two; ``keep`` survives."""
        raise _missing("merge")

    def unmerge(self, keep: str, drop: str) -> Steps[None]:
        """Undo a merge."""
        raise _missing("unmerge")

    def roll_up(self, household: str, *, at: datetime | None = None) -> Steps[RollUp]:
        """Sum a household's money and name its members, now or as of a moment."""
        raise _missing("household roll-up")

    def subject_request(
        self, customer: str, request: str, details: Mapping[str, object] | None = None
    ) -> Steps[SubjectAnswer]:
        """Pass a data subject's request on: access, portability, rectify, restrict, object or erase."""
        raise _missing("data-subject requests")

    # -- service and automation ------------------------------------------------------------------------------------
    def ticket_clock(self, ticket: str) -> Steps[TicketClock]:
        """Read how the target keeps a ticket's time."""
        raise _missing("ticket clock")

    def ticket_act(self, ticket: str, act: str, details: Mapping[str, object] | None = None) -> Steps[TicketClock]:
        """Pause, resume, resolve, reopen, reassign or re-grade (``severity`` in details) a ticket."""
        raise _missing("ticket actions")

    def automate(self, recipe: Recipe) -> Steps[str]:
        """Set an automation up and return its id."""
        raise _missing("automation")

    def trigger(self, event: str, customer: str) -> Steps[None]:
        """Report that something happened to a customer (a trigger or a reply)."""
        raise _missing("event intake")

    def fired(self, recipe: str) -> Steps["tuple[Fired, ...]"]:
        """Read what an automation has done."""
        raise _missing("automation log")

    # -- events ------------------------------------------------------------------------------------------------------
    def subscribe(self, url: str) -> Steps[str]:
        """Have every creation and change of a record told to an address (webhook); return the subscription's id."""
        raise _missing("webhooks")

    def unsubscribe(self, subscription: str) -> Steps[None]:
        """End a subscription."""
        raise _missing("webhook removal")

    # -- keys --------------------------------------------------------------------------------------------------------
    def keyring(self) -> Steps[Keyring]:
        """Read which algorithms and keys are in use."""
        raise _missing("inventory of algorithms and keys")

    def rotate_key(self) -> Steps[None]:
        """Have the key that encrypts data replaced while work goes on."""
        raise _missing("key rotation")

    def choose_cipher(self, algorithm: str, *, field: str | None = None, use: str = "encryption") -> Steps[None]:
        """Have a field's new values (``Customer.email``) encrypted by another algorithm; weak ones must be refused.

        ``use`` may also be wrapping (of keys) or digest, which have no field.
        """
        raise _missing("choice of algorithms")

    def encrypt_anew(self, limit: int) -> Steps[Anew]:
        """Have up to so many records that an older key or cipher encrypted encrypted with the present one."""
        raise _missing("encryption anew")

    # -- a layer of encryption besides TLS -----------------------------------------------------------------------------
    def register_key(self, key: Mapping[str, str]) -> Steps[None]:
        """Leave the caller's public key (JSON Web Key, RFC 7517) with the target, to be written to under it."""
        raise _missing("payload encryption")

    def get_sealed(self, kind: type[Record], number: str) -> Steps[str]:
        """Read one record encrypted to the caller's registered key (compact JWE, RFC 7516)."""
        raise _missing("payload encryption")

    # -- accountability ------------------------------------------------------------------------------------------
    def history(self, kind: type[Record], number: str) -> Steps["tuple[Change, ...]"]:
        """Read all changes of a record, oldest first."""
        raise _missing("change history")

    def as_of(self, kind: type[Record], number: str, at: datetime) -> Steps[OnFile]:
        """Read a record as it stood at a moment."""
        raise _missing("as-of read")

    def restore(self, kind: type[Record], number: str, change: str) -> Steps[OnFile]:
        """Undo one change of a record."""
        raise _missing("restore")

    def audit(
        self,
        *,
        subject: str | None = None,
        who: str | None = None,
        action: str | None = None,
        since: datetime | None = None,
    ) -> Steps["tuple[AuditEntry, ...]"]:
        """Read the audit trail, oldest first."""
        raise _missing("audit trail")

    def audit_stream(self, *, after: str, seconds: float) -> Steps["tuple[bytes, ...]"]:
        """Follow the audit for so long from after an entry, in a form that a SIEM reads: one line each."""
        raise _missing("audit stream")

    def audit_seals(self) -> Steps["tuple[AuditSeal, ...]"]:
        """Read the newest signed statements about the audit trail, oldest first."""
        raise _missing("signed statements about the audit")

    def audit_copy(self, upto: str, entries: int) -> Steps[AuditCopy]:
        """Export the last entries of the trail up to the one named, in the form that ``verify_audit`` takes."""
        raise _missing("verifiable audit export")

    def verify_audit(self, copy: AuditCopy, lines: Sequence[bytes]) -> Steps[AuditProof]:
        """Have lines that claim to be a copy of the trail verified: as many entries as ``copy`` has, and as sealed."""
        raise _missing("audit verification")

    def tamper(self, entry: str, act: str) -> Steps[None]:
        """Try to alter, delete or backdate an entry of the audit, or to purge the trail, by the ways there might be."""
        raise _missing("way to change the audit")

    # -- approval ------------------------------------------------------------------------------------------------------
    def set_up_flow(self, flow: ApprovalFlow, number: str | None = None) -> Steps[str]:
        """Say which changes must be agreed to by whom, or change what was said; return the flow's number."""
        raise _missing("approval flows")

    def retire_flow(self, number: str) -> Steps[None]:
        """Take an approval flow out of work."""
        raise _missing("retiring of approval flows")

    def simulate_flow(self, kind: type[Record], values: Mapping[str, object]) -> Steps["tuple[ApprovalLevel, ...]"]:
        """Read who would have to agree to a record with these values, without asking for anything."""
        raise _missing("simulation of approval flows")

    def propose(self, kind: type[Record], number: str, changes: Mapping[str, object]) -> Steps[Approval]:
        """Ask for a change of a record that an approval flow covers."""
        raise _missing("approval requests")

    def approval(self, number: str) -> Steps[Approval]:
        """Read how an approval request stands."""
        raise _missing("approval requests")

    def decide(self, number: str, act: str, details: Mapping[str, object] | None = None) -> Steps[Approval]:
        """Approve, reject, return (``to`` a level, 0 is who asked), recall or amend (``changes``) a request."""
        raise _missing("approval decisions")

    def lend_approval(self, username: str, until: datetime) -> Steps[None]:
        """Let a colleague approve in one's stead until a moment."""
        raise _missing("delegation of approvals")

    # -- administration --------------------------------------------------------------------------------------------
    def policy(self) -> Steps[Mapping[str, Sequence[str]]]:
        """Export the access policy: operation -> roles."""
        raise _missing("policy export")

    def assign(self, username: str, role: str) -> Steps[None]:
        """Give a user another role."""
        raise _missing("role change")

    def disable(self, username: str) -> Steps[None]:
        """Shut a user out at once."""
        raise _missing("user disable")

    def add_user(self, credential: Credential, role: str) -> Steps[None]:
        """Create a user."""
        raise _missing("user creation")

    def contract(self) -> Steps[Mapping[str, object]]:
        """Read the machine contract (OpenAPI document)."""
        raise _missing("machine contract")

    def now(self) -> Steps[datetime]:
        """Read the target's clock."""
        raise _missing("clock")

    def advance(self, by: timedelta) -> Steps[datetime]:
        """Move the target's trial clock forward."""
        raise _missing("trial clock")


#: The names of all verbs; what is left of a connector speaks of replies, not of the product's offer.
VERBS = frozenset(
    name
    for room in (Doors, Conditions, Trust, Oversight, Papers, Connector)
    for name, member in vars(room).items()
    if callable(member)
    and not name.startswith("_")
    and name not in ("error_of", "throttle_of", "again", "verbs", "session_of", "elsewhere")
)
