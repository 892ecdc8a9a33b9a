"""Acts: the kinds of things that an audit must not miss, done by users who were taken on for it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from scenarios.actors import Actor, Credential
from scenarios.answers import ApprovalFlow, ApprovalLevel, AuditEntry
from scenarios.conditions import AccessCondition
from scenarios.crm import CRM, Answer
from scenarios.library.newcomers import on_file, quietly
from scenarios.library.security.codes import code
from scenarios.library.security.staffing import credential_for, enter, seated
from scenarios.port import Refused, Unsupported
from synthetic_data.bank import Bank
from synthetic_data.records import Customer, Opportunity

#: Words by which an entry names each kind of act. A connector translates a product's own words into the first of them.
WORDS: Mapping[str, tuple[str, ...]] = {
    "login": ("login.ok", "login", "sign_in"),
    "failed login": ("login.failed", "login_failed"),
    "read of one customer": ("customer.read", "customer.get", "record.read"),
    "view at one glance": ("customer.overview", "customer.read", "overview.read"),
    "unmasking": ("customer.unmask", "unmask"),
    "list": ("customer.list", "record.list", "list"),
    "search": ("customer.search", "search"),
    "lookup": ("customer.find", "customer.search", "customer.list", "find"),
    "export": ("customer.export", "record.export", "export"),
    "creation": ("record.create", "customer.create", "create"),
    "update": ("record.update", "customer.update", "update"),
    "deletion": ("record.delete", "customer.delete", "delete"),
    "merge": ("customer.merge", "merge"),
    "bulk load": ("bulk.load", "bulk", "record.create"),
    "role change": ("role.change", "user.assign"),
    "user creation": ("user.add", "user.create"),
    "shutting out": ("user.disable", "user.change", "user.update", "role.change"),
    "denied access": ("access.denied", "denied"),
    "second factor": ("factor.confirm", "factor.add", "mfa.enrol", "login.step_up"),
    "configuration": ("config.change", "setting.change", "settings.update"),
    "approval": ("approval.approve", "approval.decide", "approve"),
    "key issue": ("key.issue", "api_key.create", "token.create"),
}
#: Acts whose refusal is what must be on record.
REFUSED = frozenset({"failed login", "denied access"})
LOGINS = frozenset({"login", "failed login"})
WRITES = frozenset({"creation", "update", "deletion", "merge", "bulk load"})
SENSITIVE_READS = frozenset({"read of one customer", "view at one glance", "unmasking", "lookup"})
EXPORTS = frozenset({"export"})
ADMINISTRATION = frozenset(
    {"user creation", "role change", "shutting out", "second factor", "configuration", "approval", "key issue"}
)
DENIALS = frozenset({"denied access"})

#: Where each customer on file plays its part: read and changed, deleted one a turn, merged two a turn.
READ, DELETED, MERGED = 0, 1, 6
ON_FILE, TO_COME = 16, 10


class Mark(NamedTuple):
    """By what an entry of an act is known: the user who did it, the subject it was done to, or an account's name."""

    kind: str
    who: str = ""
    subject: str = ""
    account: str = ""  # named as user by some products, as subject by others

    def questions(self) -> tuple[dict[str, str], ...]:
        """Return how to ask the audit trail for it: by the narrower of what is known."""
        if self.account:
            return ({"who": self.account}, {"subject": self.account})
        return ({"who": self.who},) if self.who else ({"subject": self.subject},)

    def fits(self, entry: AuditEntry) -> bool:
        """Tell whether an entry is of this act: the right word, the right user, the right subject."""
        if entry.action not in WORDS[self.kind]:
            return False
        if self.account:
            return self.account in (entry.who, *str(entry.subject).split("/"))
        return self.who in ("", entry.who) and self.subject in ("", *str(entry.subject).split("/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who acts on whom: views of the target by role, their credentials, and customers that are there or yet to come."""

    views: Mapping[str, CRM]
    people: Mapping[str, Credential]
    bank: Bank
    own_users: bool  # whether they were taken on for this play, so that no harm is done to others
    on_file: tuple[Customer, ...]  # pairs to merge, one to read and change, several to delete
    to_come: Iterator[Customer]

    def name(self, role: str) -> str:
        """Return the user name of a role."""
        return self.people[role].username


Act = Callable[[CRM, Cast, int], tuple[Mark, Answer[Any]]]


def login(crm: CRM, cast: Cast, _: int) -> tuple[Mark, Answer[Any]]:
    return Mark("login", cast.name("rm")), enter(crm, cast.people["rm"])


def failed_login(crm: CRM, cast: Cast, turn: int) -> tuple[Mark, Answer[Any]]:
    """Mistype the secret of a user who is there; another user each time, so that nobody is locked out."""
    if not cast.own_users:
        raise Refused(
            "refused", detail="nobody of ours is there to mistype a secret, and others must not be locked out"
        )
    role = ("rm", "compliance", "manager", "rm", "compliance")[turn % 5]
    wrong = replace(cast.people[role], secret=f"Mistyped-{crm.nonce}-{turn}-secret")
    return Mark("failed login", account=cast.name(role)), enter(crm, wrong)


def read(crm: CRM, cast: Cast, _: int) -> tuple[Mark, Answer[Any]]:
    number = cast.on_file[READ].number
    return Mark("read of one customer", cast.name("rm"), number), cast.views["rm"].get(Customer, number)


def overview(crm: CRM, cast: Cast, _: int) -> tuple[Mark, Answer[Any]]:
    number = cast.on_file[READ].number
    return Mark("view at one glance", cast.name("rm"), number), cast.views["rm"].overview(number)


def unmask(crm: CRM, cast: Cast, _: int) -> tuple[Mark, Answer[Any]]:
    number = cast.on_file[READ].number
    answer = cast.views["rm"].unmask(Customer, number, ("mobile",), "customer asked us to call back")
    return Mark("unmasking", cast.name("rm"), number), answer


def listing(crm: CRM, cast: Cast, _: int) -> tuple[Mark, Answer[Any]]:
    return Mark("list", cast.name("rm")), cast.views["rm"].list(Customer, limit=150)


def search(crm: CRM, cast: Cast, turn: int) -> tuple[Mark, Answer[Any]]:
    return Mark("search", cast.name("rm")), cast.views["rm"].search(Customer, cast.on_file[READ].latin_name)


def lookup(crm: CRM, cast: Cast, turn: int) -> tuple[Mark, Answer[Any]]:
    return Mark("lookup", cast.name("rm")), cast.views["rm"].find(Customer, mobile=cast.on_file[READ].mobile)


def export(crm: CRM, cast: Cast, turn: int) -> tuple[Mark, Answer[Any]]:
    return Mark("export", cast.name("compliance")), cast.views["compliance"].export(Customer)


def creation(crm: CRM, cast: Cast, _: int) -> tuple[Mark, Answer[Any]]:
    newcomer = next(cast.to_come)
    answer = cast.views["manager"].create(newcomer)
    return Mark("creation", cast.name("manager"), answer.given or newcomer.number), answer


def update(crm: CRM, cast: Cast, turn: int) -> tuple[Mark, Answer[Any]]:
    """Change a restricted field, which must not be told, and a plain one, whose values before and after must be."""
    view, number = cast.views["manager"], cast.on_file[READ].number
    version = view.get(Customer, number).value.version
    changes = {"email": f"turn{turn}.{crm.nonce}@newcomers.example", "tier": ("affluent", "private")[turn % 2]}
    return Mark("update", cast.name("manager"), number), view.update(Customer, number, changes, version=version)


def deletion(crm: CRM, cast: Cast, turn: int) -> tuple[Mark, Answer[Any]]:
    number = cast.on_file[DELETED + turn].number
    return Mark("deletion", cast.name("compliance"), number), cast.views["compliance"].delete(Customer, number)


def merge(crm: CRM, cast: Cast, turn: int) -> tuple[Mark, Answer[Any]]:
    keep, drop = cast.on_file[MERGED + 2 * turn].number, cast.on_file[MERGED + 1 + 2 * turn].number
    return Mark("merge", cast.name("manager"), keep), cast.views["manager"].merge(keep, drop)


def bulk_load(crm: CRM, cast: Cast, turn: int) -> tuple[Mark, Answer[Any]]:
    answer = crm.acting_as(Actor.INTEGRATION).bulk((next(cast.to_come),), job=f"{crm.nonce}-acts-{turn}", dry_run=False)
    return Mark("bulk load", crm.credentials[Actor.INTEGRATION].username), answer


def role_change(crm: CRM, cast: Cast, turn: int) -> tuple[Mark, Answer[Any]]:
    if "spare" not in cast.people:
        raise Unsupported("no user of ours is there whose role could be changed")
    answer = crm.acting_as(Actor.ADMIN).assign(cast.name("spare"), ("teller", "agent")[turn % 2])
    return Mark("role change", account=cast.name("spare")), answer


def user_creation(crm: CRM, cast: Cast, turn: int) -> tuple[Mark, Answer[Any]]:
    credential = credential_for(crm, cast.bank, f"extra{turn}")
    return Mark("user creation", account=credential.username), crm.acting_as(Actor.ADMIN).add_user(credential, "teller")


def shutting_out(crm: CRM, cast: Cast, turn: int) -> tuple[Mark, Answer[Any]]:
    username = credential_for(crm, cast.bank, f"extra{turn}").username
    return Mark("shutting out", account=username), crm.acting_as(Actor.ADMIN).disable(username)


def denied_access(crm: CRM, cast: Cast, _: int) -> tuple[Mark, Answer[Any]]:
    """Have a banker try what only compliance may; the refusal is what we want to see on record."""
    return Mark("denied access", cast.name("rm")), cast.views["rm"].delete(Customer, cast.on_file[DELETED].number)


def second_factor(crm: CRM, cast: Cast, turn: int) -> tuple[Mark, Answer[Any]]:
    """Have a user who was taken on for it enrol a second factor; once, as others would be asked for it from then on."""
    if "spare" not in cast.people or turn:
        raise Refused("refused", detail="one user of ours enrols, once")
    view = seated(crm, cast.people["spare"], "teller")
    secret = view.enrol_factor().value
    return Mark("second factor", cast.name("spare")), view.confirm_factor(code(secret, crm.clock.now()))


def configuration(crm: CRM, cast: Cast, turn: int) -> tuple[Mark, Answer[Any]]:
    """Set a rule that forbids nobody anything, and lift it."""
    rule = AccessCondition(
        name=f"audit {crm.nonce} {turn}", operations=("campaign.list",), roles=("trainee",), networks=("0.0.0.0/0",)
    )
    admin = crm.acting_as(Actor.ADMIN)
    answer = admin.set_condition(rule)
    admin.lift_condition(answer.value).value  # noqa: B018 - a rule that stays is no play
    return Mark("configuration", crm.credentials[Actor.ADMIN].username, answer.value), answer


def approval(crm: CRM, cast: Cast, turn: int) -> tuple[Mark, Answer[Any]]:
    """Have a banker ask for a change that a flow of this play covers, and the manager agree; once."""
    if turn:
        raise Refused("refused", detail="agreed once")
    admin, owner = crm.acting_as(Actor.ADMIN), cast.on_file[READ]
    sale = Opportunity(
        number=f"AP{crm.nonce}", customer=owner.number, product=f"audit {crm.nonce}", stage="qualified",
        amount=Decimal("1000.00"), owner=owner.manager, opened=date(2026, 1, 5), closes=date(2026, 12, 31),
        currency=owner.currency,
    )  # fmt: skip
    flow = ApprovalFlow(
        name=f"audit {crm.nonce}", kind=Opportunity, levels=(ApprovalLevel(roles=("manager",)),),
        where={"product": (sale.product,)},
    )  # fmt: skip
    with on_file(crm, sale):
        number = admin.set_up_flow(flow).value
        try:
            asked = cast.views["rm"].propose(Opportunity, sale.number, {"amount": "2000.00"}).value
            answer = cast.views["manager"].decide(asked.number, "approve")
        finally:
            quietly(admin.retire_flow, number)
    return Mark("approval", cast.name("manager"), asked.number), answer


def key_issue(crm: CRM, cast: Cast, turn: int) -> tuple[Mark, Answer[Any]]:
    """Issue a key for a user of ours, and withdraw it."""
    admin = crm.acting_as(Actor.ADMIN)
    answer = admin.issue_key(cast.name("rm"), ("campaign.list",), 600)
    admin.end_key(answer.value.id).value  # noqa: B018 - a key that stays is no play
    return Mark("key issue", crm.credentials[Actor.ADMIN].username, answer.value.id), answer


ACTS: Mapping[str, Act] = {
    "login": login,
    "failed login": failed_login,
    "read of one customer": read,
    "view at one glance": overview,
    "unmasking": unmask,
    "list": listing,
    "search": search,
    "lookup": lookup,
    "export": export,
    "creation": creation,
    "update": update,
    "deletion": deletion,
    "merge": merge,
    "bulk load": bulk_load,
    "role change": role_change,
    "user creation": user_creation,
    "shutting out": shutting_out,
    "denied access": denied_access,
    "second factor": second_factor,
    "configuration": configuration,
    "approval": approval,
    "key issue": key_issue,
}
