"""seed(): pour a bank into a target, and believe it only when records picked from it come back as they were."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from poc.inventory import census
from poc.pouring import BATCH_ROWS, CHUNK_ROWS, HANDS, Batch, Patience, Pourer, missing, side_by_side, stages
from poc.receipts import Receipts, ReceiptsError
from scenarios.actors import Actor, Credential
from scenarios.crm import CRM, Answer
from scenarios.port import BenchFault, Refused, Unsupported
from scenarios.verdict import NotTestable
from synthetic_data.bank import Bank
from synthetic_data.records import KINDS, Customer, Record

#: Told the kind at hand, how many rows are in, and how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a target has: rows by kind, which customers were read back and compared, and how long it took.

    ``poured`` rows went in this time, in ``seconds``; the others were in already, by receipts of a seeding that was
    broken off. ``left_out`` tells by kind why the product keeps no such records.
    """

    bank: str
    rows: Mapping[str, int]
    seconds: float
    compared: tuple[str, ...]
    poured: int
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows_per_second(self) -> float:
        """Return the rate over all kinds."""
        return self.poured / self.seconds if self.seconds > 0 else 0.0


class Post(NamedTuple):
    """One user to be made for an actor; ``branch`` counts the bank's branches from 0, None means the whole bank."""

    username: str
    role: str
    branch: int | None = None


#: Who is on trial besides the anonymous; B1 and B2 are the bank's first and second branch.
POSTS: Mapping[Actor, Post] = {
    Actor.TELLER_A: Post("teller-a", "teller", 0),
    Actor.RM_A: Post("rm-a", "rm", 0),
    Actor.RM_B: Post("rm-b", "rm", 1),
    Actor.MANAGER_A: Post("manager-a", "manager", 0),
    Actor.AGENT: Post("agent", "agent"),
    Actor.MARKETING: Post("marketing", "marketing"),
    Actor.COMPLIANCE: Post("compliance", "compliance"),
    Actor.AUDITOR: Post("auditor", "auditor"),
    Actor.INTEGRATION: Post("integration", "integration"),
    Actor.LEAVER: Post("leaver", "rm", 0),
    Actor.EXPIRED: Post("rm-a-expired", "rm", 0),
}


def seed(
    crm: CRM,
    bank: Bank,
    progress: Progress | None = None,
    *,
    receipts: Receipts | None = None,
    hands: int = HANDS,
    clock: Callable[[], float] = time.perf_counter,
) -> Receipt:
    """Pour a bank in, parents first, read some of it back and return the receipt.

    The same bank poured again into the same target adds nothing; with ``receipts`` it goes on where these end.
    ``hands`` calls are under way at a time. Raises BenchFault, naming row, field and reason, when the target does not
    take a row or does not give it back: nothing may be judged on such ground.
    """
    core, kept = crm.acting_as(Actor.INTEGRATION), receipts or Receipts()
    core.session()  # once: hands that reach for it at the same time would each sign in
    if receipts is not None and not kept.lines:
        kept.note("seeding", bank=bank.digest, target=kept.target, before=census(core, Patience(core)))
    filling = Filling(core, bank, kept, progress or (lambda kind, done, total: None))
    begun = clock()
    filling.fill(hands)
    seconds = clock() - begun
    compared = readback(crm, bank)
    kept.note("read back", numbers=compared)
    if progress:
        progress("", bank.rows, bank.rows)
    return Receipt(
        bank=bank.digest,
        rows={kind: count for kind, count in filling.rows.items() if kind not in filling.left_out},
        seconds=seconds,
        compared=compared,
        poured=filling.poured,
        left_out=filling.left_out,
    )


class Filling:
    """One pouring of a bank under way."""

    def __init__(self, core: CRM, bank: Bank, receipts: Receipts, tell: Progress) -> None:
        """Begin with what the receipts tell."""
        self.core, self.bank, self.tell = core, bank, tell
        self.pourer = Pourer.of(core, receipts)
        self.known = receipts.taken
        self.mark = f"seed-{bank.digest[:12]}-{receipts.mark}".rstrip("-")
        self.done = self.poured = 0
        self.rows: dict[str, int] = {kind.__name__: len(bank.of(kind)) for kind in KINDS}
        self.left_out: dict[str, str] = {}

    def fill(self, hands: int) -> None:
        """Pour stage after stage; a kind that the product lacks is left out."""
        size = BATCH_ROWS if self.core.offers("bulk") else CHUNK_ROWS
        for kind, batches in stages(self.bank, self.mark, size):
            if kind.__name__ in self.left_out:
                continue
            self._count(kind, sum(len(one.rows) for one in batches if one.job in self.known))
            try:
                self._stage(kind, [one for one in batches if one.job not in self.known], hands)
            except (Unsupported, NotTestable) as no:
                self.left_out[kind.__name__] = str(no)
                self.pourer.receipts.note("left out", kind=kind.__name__, why=str(no))

    def _stage(self, kind: type[Record], due: list[Batch], hands: int) -> None:
        for batch in side_by_side(due, self.pourer.pour, hands):
            self.poured += len(batch.rows)
            self._count(kind, len(batch.rows))

    def _count(self, kind: type[Record], rows: int) -> None:
        self.done += rows
        self.tell(kind.__name__, self.done, self.bank.rows)


def is_still_there(crm: CRM, receipts: Receipts) -> bool:
    """Whether what was receipted is on file, by samples; False if the target was emptied since.

    Raises BenchFault when some of it is there and some is not.
    """
    gone, looked = _missing(crm, receipts)
    if 0 < gone < looked:
        raise BenchFault(
            f"of {looked} records that the receipts of {receipts.target} tell of, {gone} are no longer on file: take "
            "the rest back with `touchstone unseed`, or empty the target and seed with --fresh"
        )
    return not gone


def refuse_to_double(crm: CRM, receipts: Receipts) -> None:
    """Raise ReceiptsError if all that was receipted is on file: poured anew, it would be there twice."""
    gone, looked = _missing(crm, receipts)
    if looked and not gone:
        raise ReceiptsError(
            f"{receipts.target} holds this bank: take it back with `touchstone unseed` or empty the target first; "
            "without --fresh a seeding that was broken off goes on"
        )


def _missing(crm: CRM, receipts: Receipts) -> tuple[int, int]:
    core = crm.acting_as(Actor.INTEGRATION)
    return missing(core, Patience(core), receipts)


def readback(crm: CRM, bank: Bank) -> tuple[str, ...]:
    """Compare the first, the middle and the last customer with what the target has; return their numbers.

    Raises BenchFault with the remedy when one is missing, differs, or is not found by national id.
    """
    core = crm.acting_as(Actor.INTEGRATION)
    picked = [bank.customers[place] for place in sorted({0, len(bank.customers) // 2, len(bank.customers) - 1})]
    for customer in picked:
        _compare(core, customer)
    return tuple(customer.number for customer in picked)


def provision(
    crm: CRM,
    bank: Bank,
    *,
    draw: Callable[[], str] = lambda: secrets.token_urlsafe(18),
    expire: Callable[[str], None],
) -> dict[Actor, Credential]:
    """Make the users of all actors in the name of the administrator and return what they sign in with.

    The leaver is shut out at once; ``expire`` makes the tokens of a user run out. Raises BenchFault with the remedy
    when the target refuses.
    """
    admin = crm.acting_as(Actor.ADMIN)
    made = {Actor.ADMIN: admin.credential}
    for actor, post in POSTS.items():
        branch = None if post.branch is None else bank.branches[post.branch].number
        made[actor] = Credential(username=post.username, secret=draw(), branch=branch)
        _settled(f"user {post.username}", admin.add_user, made[actor], post.role)
    _settled("shutting the leaver out", admin.disable, POSTS[Actor.LEAVER].username)
    made[Actor.EXPIRED] = _expired(crm, made[Actor.EXPIRED], expire)
    return made


def _expired(crm: CRM, twin: Credential, expire: Callable[[str], None]) -> Credential:
    """Return a credential whose token was good once and ran out."""
    view = CRM(
        crm.connector,
        crm.wire,
        credentials={Actor.EXPIRED: twin},
        recorder=crm.recorder,
        clock=crm.clock,
        actor=Actor.EXPIRED,
    )
    session = view.session()
    if session is None:
        raise BenchFault("the target gave no session to the user whose token is to expire")
    expire(twin.username)
    token = session.headers.get("Authorization", "").rpartition(" ")[2]
    return Credential(username=twin.username, token=token, branch=twin.branch)


def _settled(what: str, ask: Callable[..., Answer[Any]], *arguments: object) -> None:
    """Ask for what must be done before anything can be judged."""
    try:
        _ = ask(*arguments).value
    except (Refused, Unsupported) as no:
        remedy = "start it with an empty database, or make the users by hand and name them in targets.toml"
        raise BenchFault(f"the target would not take {what}: {no}; {remedy}") from None


def _compare(core: CRM, customer: Customer) -> None:
    remedy = "seed it again, and do not run before this passes"
    answer = core.get(Customer, customer.number)
    if not answer.ok:
        raise BenchFault(f"canary {customer.number} does not come back: {answer.refusal}; {remedy}")
    for name in ("name", "latin_name", "branch", "tier"):
        if answer.value[name] != getattr(customer, name):
            raise BenchFault(
                f"canary {customer.number} came back with {name} {answer.value[name]!r} "
                f"instead of {getattr(customer, name)!r}; {remedy}"
            )
    if core.offers("find"):
        found = [one.number for one in core.find(Customer, national_id=customer.national_id).value]
        if customer.number not in found:
            raise BenchFault(f"canary {customer.number} is not found by national id (found {found}); {remedy}")
