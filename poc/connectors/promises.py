"""Promises: what every connector keeps to, tried on a system: by our tests on stand-ins, by users on their sandbox."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from scenarios.actors import Actor, Credential
from scenarios.crm import CRM
from scenarios.lines import plain
from scenarios.port import VERBS, Refused, Unsupported
from scenarios.recording import Memory
from scenarios.verdict import NotTestable
from synthetic_data.bank import Bank
from synthetic_data.records import Customer, Opportunity, Record, Ticket

#: A number that no bank gives.
NOBODY = "C99999999"
#: How often a search is asked again, a second apart: some products see what was written "a few moments" later.
LOOKS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A system on trial by contract: as one actor meets it, what is recorded, the bank to use, what must stay hidden.

    ``memory`` is what ``crm`` records into; ``known`` are the numbers there of who was settled in this trial.
    """

    crm: CRM
    memory: Memory
    bank: Bank
    secrets: tuple[str, ...]
    known: dict[str, str] = field(default_factory=dict)

    def customers(self) -> tuple[Customer, ...]:
        """Return customers who rest on nobody else."""
        return tuple(one for one in self.bank.customers if one.guardian is None and one.state == "active")

    def settled(self, one: Customer) -> str:
        """Put a customer on file, unless he is; return his number there."""
        if one.number not in self.known:
            found = self.crm.find(Customer, national_id=one.national_id).value
            self.known[one.number] = found[0].number if found else self.crm.create(one).value
        return self.known[one.number]

    def looked_up(self, one: Customer) -> list[str]:
        """Return the numbers under which a customer's national id is found, asking again until there is one."""
        for _ in range(LOOKS):
            if found := self.crm.find(Customer, national_id=one.national_id).value:
                return [seen.number for seen in found]
            self.crm.clock.sleep(1)
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Whether a promise was kept (None: the product offers nothing of the kind), and what was seen."""

    promise: str
    kept: bool | None
    seen: str = ""


def tried(trial: Trial) -> Iterator[Kept]:
    """Try all promises; what goes wrong in the bench itself is raised (BenchFault)."""
    for promise in PROMISES:
        yield kept(promise, trial)


def kept(promise: Callable[[Trial], str], trial: Trial) -> Kept:
    """Try one promise; a refusal where a yes was due breaks it."""
    name = promise.__name__.replace("_", " ")
    try:
        seen = promise(trial)
    except (Unsupported, NotTestable) as lacking:
        return Kept(promise=name, kept=None, seen=str(lacking))
    except Refused as no:
        return Kept(promise=name, kept=False, seen=str(no))
    return Kept(promise=name, kept=not seen, seen=seen)


def what_is_put_on_file_is_found_again(trial: Trial) -> str:
    """Return what differs between a customer and what is found under his number and his national id."""
    one = trial.customers()[0]
    number = trial.settled(one)
    name = trial.crm.get(Customer, number).value.text("name")
    found = trial.looked_up(one)
    return "" if (name, found) == (one.name, [number]) else f"{name!r} under {found}, not {one.name!r} under {number}"


def translation_loses_nothing(trial: Trial) -> str:
    """Return the fields of a customer that do not come back as they were sent."""
    one = trial.customers()[1]
    shown = trial.crm.get(Customer, trial.settled(one)).value
    sent = {field.name: plain(getattr(one, field.name)) for field in fields(one)}
    lost = {name: (value, shown[name]) for name, value in sent.items() if str(value) != str(shown[name])}
    return "; ".join(f"{name}: sent {was!r}, read {read!r}" for name, (was, read) in lost.items())


def nobody_is_found_under_a_number_that_nobody_has(trial: Trial) -> str:
    """Return what came instead of not-found."""
    reason = trial.crm.get(Customer, NOBODY).reason
    return "" if reason == "not-found" else f"{reason or 'a record'} instead of not-found"


def what_is_not_written_is_unsupported(trial: Trial) -> str:
    """Return verbs whose capability is not what the connector has written."""
    written = type(trial.crm.connector).verbs()
    return ", ".join(sorted(name for name in VERBS if trial.crm.offers(name) != (name in written)))


def every_answer_is_on_record(trial: Trial) -> str:
    """Return what an answer names and the record lacks."""
    one = trial.customers()[0]
    answer = trial.crm.find(Customer, national_id=one.national_id)
    held = {exchange.id: exchange for exchange in trial.memory.exchanges}
    lacking = [name for name in answer.exchanges if name not in held or held[name].verb != "find"]
    return ", ".join(lacking) if answer.exchanges else "an answer without exchanges"


def secrets_are_never_on_record(trial: Trial) -> str:
    """Say that a secret stands in what was recorded, without telling which."""
    trial.crm.get(Customer, NOBODY)
    told = repr([(exchange.request, exchange.reply) for exchange in trial.memory.exchanges])
    return "a secret stands in the record" if any(one in told for one in trial.secrets if one) else ""


def a_fresh_update_is_seen(trial: Trial) -> str:
    """Return what is read after a change, if not the change."""
    number = trial.settled(trial.customers()[2])
    trial.crm.update(Customer, number, {"occupation": "poet"}).value  # noqa: B018
    read = trial.crm.get(Customer, number).value["occupation"]
    return "" if read == "poet" else f"occupation is {read!r}"


def a_stale_update_is_refused(trial: Trial) -> str:
    """Return what happened to a change that was based on an old version."""
    number = trial.settled(trial.customers()[3])
    before = trial.crm.get(Customer, number).value
    if before.version is None:
        raise Unsupported("the product tells no versions")
    trial.crm.update(Customer, number, {"occupation": "poet"}, version=before.version).value  # noqa: B018
    stale = trial.crm.update(Customer, number, {"occupation": "clerk"}, version=before.version)
    read = trial.crm.get(Customer, number).value["occupation"]
    return "" if (stale.reason, read) == ("conflict", "poet") else f"{stale.reason or 'accepted'}, {read!r} on file"


def paging_sees_all_and_none_twice(trial: Trial) -> str:
    """Return what pages of four rows leave out, hold twice, or hold too many of."""
    wanted = {trial.settled(one) for one in trial.customers()[:11]}
    seen: list[str] = []
    cursor = None
    while True:
        page = trial.crm.list(Customer, limit=4, cursor=cursor).value
        if len(page) > 4:
            return f"{len(page)} rows on a page of 4"
        seen += [row.number for row in page]
        if (cursor := page.next) is None:
            break
    twice = len(seen) - len(set(seen))
    return f"{twice} twice" if twice else ", ".join(sorted(wanted - set(seen)))


def a_child_record_keeps_its_parent(trial: Trial) -> str:
    """Return whose the first account (else opportunity, else ticket) of the bank is on file, if not its customer's."""
    parent = trial.settled(trial.customers()[0])
    for child in _children(trial.bank, parent):
        try:
            made = trial.crm.create(child)
        except (Unsupported, NotTestable):
            continue
        number = made.value if made.ok else child.number
        read = trial.crm.get(type(child), number).value["customer"]
        return "" if read == parent else f"customer is {read!r}, not {parent!r}"
    raise Unsupported("the product keeps no accounts, opportunities or tickets")


def a_wrong_password_is_a_refusal_and_no_fault(trial: Trial) -> str:
    """Return how a stranger is received, if not as unauthenticated."""
    crm = trial.crm
    nobody = Credential(username="nobody-we-know", secret=NOBODY)
    stranger = CRM(
        crm.connector, crm.wire, credentials={Actor.RM_A: nobody},
        recorder=crm.recorder, clock=crm.clock, actor=Actor.RM_A,
    )  # fmt: skip
    answer = stranger.get(Customer, NOBODY)
    return "" if answer.reason == "unauthenticated" and answer.exchanges else f"{answer.reason or 'let in'}"


def _children(bank: Bank, parent: str) -> Iterator[Record]:
    account = next((one for one in bank.accounts if one.closed is None), None)
    if account is not None:
        yield replace(account, number="A-CONTRACT", customer=parent, joint_holders=())
    day = date(2026, 6, 30)
    yield Opportunity(
        number="O-CONTRACT", customer=parent, product="loan", stage="qualified", amount=Decimal("120000.00"),
        currency="CNY", owner="S0001", opened=day, closes=day,
    )  # fmt: skip
    yield Ticket(
        number="T-CONTRACT", customer=parent, category="card", severity="normal", subject="card", text="a lost card",
        opened_at=datetime(2026, 6, 30, 1, tzinfo=UTC), status="open",
    )  # fmt: skip


PROMISES: tuple[Callable[[Trial], str], ...] = (
    what_is_put_on_file_is_found_again,
    translation_loses_nothing,
    nobody_is_found_under_a_number_that_nobody_has,
    what_is_not_written_is_unsupported,
    every_answer_is_on_record,
    secrets_are_never_on_record,
    a_fresh_update_is_seen,
    a_stale_update_is_refused,
    paging_sees_all_and_none_twice,
    a_child_record_keeps_its_parent,
    a_wrong_password_is_a_refusal_and_no_fault,
)
