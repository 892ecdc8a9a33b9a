"""seed(): pour a bank into a target, and believe it only when records picked from it come back as they were."""

import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from scenarios.actors import Actor, Credential
from scenarios.crm import CRM, Answer
from scenarios.port import BenchFault, Refused, Unsupported
from synthetic_data.bank import Bank
from synthetic_data.records import KINDS, Customer, Record

#: How many rows go into one bulk call: small enough to show progress, large enough to be quick.
BATCH_ROWS = 2000
#: How many calls are under way at a time, so that a target's application and its database work side by side.
HANDS = 2

#: Told the kind at hand, how many rows are in, and how many there are.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a target took: rows by kind, how long it took, and which customers were read back and compared."""

    bank: str
    rows: Mapping[str, int]
    seconds: float
    compared: tuple[str, ...]

    @property
    def rows_per_second(self) -> float:
        """Return the rate over all kinds."""
        return sum(self.rows.values()) / self.seconds if self.seconds > 0 else 0.0


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


def seed(crm: CRM, bank: Bank, progress: Progress | None = None) -> Receipt:
    """Pour a bank in, parents first, read some of it back and return the receipt.

    The same bank poured again into the same target adds nothing. Raises BenchFault, naming row, field and reason,
    when the target does not take a row or does not give it back: nothing may be judged on such ground.
    """
    core = crm.acting_as(Actor.INTEGRATION)
    begun, taken, done = time.perf_counter(), dict[str, int](), 0
    core.session()  # once: hands that reach for it at the same time would each sign in
    with ThreadPoolExecutor(HANDS) as hands:
        for kind in KINDS:  # parents first: a kind is begun when the one before it is in
            rows = bank.of(kind)
            if progress:
                progress(kind.__name__, done, bank.rows)
            pour = partial(_batch, core, rows, f"seed-{bank.digest[:12]}-{kind.__name__.lower()}")
            for count in hands.map(pour, range(0, len(rows), BATCH_ROWS)):
                done += count
                if progress:
                    progress(kind.__name__, done, bank.rows)
            taken[kind.__name__] = len(rows)
    seconds = time.perf_counter() - begun
    compared = readback(crm, bank)
    if progress:
        progress("", bank.rows, bank.rows)
    return Receipt(bank=bank.digest, rows=taken, seconds=seconds, compared=compared)


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


def _batch(core: CRM, rows: tuple[Record, ...], job: str, start: int) -> int:
    """Pour the rows of one kind from a place on, and return how many went."""
    batch = rows[start : start + BATCH_ROWS]
    _pour(core, batch, f"{job}-{start}")
    return len(batch)


def _pour(core: CRM, batch: tuple[Record, ...], job: str) -> None:
    if not core.offers("bulk"):
        for record in batch:
            _settled(f"{type(record).__name__} {record.number}", core.create, record)
        return
    answer = core.bulk(batch, job=job)
    kind = type(batch[0]).__name__
    if not answer.ok:
        raise BenchFault(f"the target would not take {kind} rows: {answer.refusal}; look into its log, then seed again")
    rejected = answer.value.rejected
    if rejected:
        first = rejected[0]
        number = batch[first.row].number if 0 <= first.row < len(batch) else f"row {first.row}"
        raise BenchFault(
            f"the target rejected {len(rejected)} {kind} rows, first {number}: {first.field}: {first.reason}; "
            "empty the target or mend the connector's shape, then seed again"
        )


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
