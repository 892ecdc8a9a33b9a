"""Past: whether every change of a record is kept, with its author, its source and the way back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.answers import Change, OnFile
from scenarios.crm import CRM
from scenarios.library.likeness import same
from scenarios.library.newcomers import newcomers, on_file
from scenarios.library.security.attempts import Attempt, attempt, need
from scenarios.port import Refused, Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, equal, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: 20 edits and 30 random instants (requirement SEC-08).
EDITS, MOMENTS = 20, 30
#: What lies between two edits, so that each instant between them has one true state.
PAUSE_S = 0.02
#: Fields that change, with the values they take in turn; all of them are shown in clear to those who read histories.
VALUES: Mapping[str, tuple[str, ...]] = {
    "occupation": ("Weaver", "Potter", "Glazier", "Joiner"),
    "employer": ("Loom & Co", "Clay Works", "Pane Ltd", "Mortise AG"),
    "tier": ("affluent", "private", "mass"),
    "risk_level": ("C2", "C3", "C4", "C1"),
    "language": ("en", "zh"),
    "name": ("Alder Vane", "Birch Vane", "Cedar Vane"),
    "latin_name": ("Alder Vane", "Birch Vane", "Cedar Vane"),
    "state": ("dormant", "active"),
    "currency": ("EUR", "CNY"),
}


class Edit(NamedTuple):
    """One entry of our own ledger: who changed which field from what to what, and when by the target's clock."""

    who: str
    field: str
    before: str
    after: str
    earliest: datetime
    latest: datetime


class Moment(NamedTuple):
    """An instant in the past: what stood then by our ledger, and what the target says stood."""

    at: datetime
    expected: Mapping[str, str]
    told: Attempt[OnFile]

    @property
    def right(self) -> bool:
        """Whether the target rebuilds the state exactly."""
        return self.told.ok and all(same(value, self.told.value[field]) for field, value in self.expected.items())


class Seen(NamedTuple):
    """The ledger, the target's history beside it, past states, and what came of taking a change back."""

    ledger: tuple[Edit, ...]
    history: tuple[Change, ...]
    moments: tuple[Moment, ...]
    undone: Edit | None
    restored: Attempt[OnFile] | None
    afterwards: OnFile


@scenario("SEC-08")
def twenty_edits_are_remembered(crm: CRM, bank: Bank) -> Seen:
    """Three users edit nine fields of a customer twenty times; the past is asked for and one change taken back."""
    need(crm, Actor.INTEGRATION, Actor.RM_A, Actor.MANAGER_A)
    (customer,) = newcomers(crm, bank, 1)
    with on_file(crm, customer):
        ledger = tuple(_edit(crm, customer))
        reader = crm.acting_as(Actor.MANAGER_A)
        history = reader.history(Customer, customer.number).value
        moments = tuple(_moments(crm, customer, ledger, Random(f"{bank.seed}/moments")))
        undone, restored = _take_back(reader, customer, ledger, history)
        return Seen(ledger, history, moments, undone, restored, crm.get(Customer, customer.number).value)


def _now(crm: CRM) -> datetime:
    """Return the target's own time; raises NotTestable where it cannot be read, since moments are told by it."""
    told = attempt(crm.acting_as(Actor.INTEGRATION), "clock", lambda view: view.now())
    return told.value if told.ok else crm.clock.now()


def _edit(crm: CRM, customer: Customer) -> Iterator[Edit]:
    """Edit one field after the other, a pause between any two, in the name of three users in turn."""
    actors = (Actor.RM_A, Actor.MANAGER_A, Actor.INTEGRATION)
    state = {field: str(getattr(customer, field)) for field in VALUES}
    for turn in range(EDITS):
        view = crm.acting_as(actors[turn % len(actors)])
        field = tuple(VALUES)[turn % len(VALUES)]
        value = next(one for one in _rotated(VALUES[field], turn // len(VALUES)) if one != state[field])
        version = view.get(Customer, customer.number).value.version
        earliest = _now(crm)
        view.update(Customer, customer.number, {field: value}, version=version).value  # noqa: B018 - raises a refusal
        yield Edit(view.credential.username, field, state[field], value, earliest, _now(crm))
        state[field] = value
        crm.clock.sleep(PAUSE_S)


def _rotated(values: Sequence[str], by: int) -> Sequence[str]:
    by %= len(values)
    return (*values[by:], *values[:by])


def _moments(crm: CRM, customer: Customer, ledger: Sequence[Edit], random: Random) -> Iterator[Moment]:
    """Ask for the record as it stood at random instants, each safely between two edits."""
    reader = crm.acting_as(Actor.MANAGER_A)
    for _ in range(MOMENTS):
        last = random.randrange(len(ledger) - 1)
        gap = ledger[last + 1].earliest - ledger[last].latest
        if gap <= timedelta(0):
            raise NotTestable("the target's clock stands still, so that instants cannot be told apart")
        at = ledger[last].latest + gap * random.uniform(0.2, 0.8)
        told = attempt(reader, f"as of {at}", partial(CRM.as_of, kind=Customer, number=customer.number, at=at))
        yield Moment(at, _state(customer, ledger[: last + 1]), told)


def _state(customer: Customer, edits: Iterable[Edit]) -> dict[str, str]:
    state = {field: str(getattr(customer, field)) for field in VALUES}
    return state | {edit.field: edit.after for edit in edits}


def _take_back(
    reader: CRM, customer: Customer, ledger: Sequence[Edit], history: Sequence[Change]
) -> tuple[Edit | None, Attempt[OnFile] | None]:
    """Undo the last edit of a field; nothing is tried where the history does not name it."""
    undone = ledger[-1]
    change = next((one for one in reversed(history) if one.field == undone.field and one.id), None)
    if change is None:
        return None, None
    return undone, attempt(reader, "restore", lambda view: view.restore(Customer, customer.number, change.id))


def _told_of(edit: Edit, history: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes that tell of an edit."""
    return tuple(
        change
        for change in history
        if change.field == edit.field and same(edit.before, change.before) and same(edit.after, change.after)
    )


@twenty_edits_are_remembered.check
def the_last_change_is_named(seen: Seen) -> Verdict:
    """The history tells who changed the record last, and when."""
    edit = seen.ledger[-1]
    last = next((change for change in reversed(seen.history) if change.field == edit.field), None)
    if last is None:
        return holds(False, observed="no change of that field", expected=f"{edit.who} on {edit.field}")
    in_time = edit.earliest - timedelta(seconds=1) <= last.at <= edit.latest + timedelta(seconds=1)
    return holds(
        last.who == edit.who and in_time, observed=f"{last.who} at {last.at}", expected=f"{edit.who} at {edit.latest}"
    )


@twenty_edits_are_remembered.check
def the_last_change_shows_its_values(seen: Seen) -> Verdict:
    """The last change shows the value before and the value after."""
    edit = seen.ledger[-1]
    last = next((change for change in reversed(seen.history) if change.field == edit.field), None)
    return equal([last.before, last.after] if last else None, [edit.before, edit.after])


@twenty_edits_are_remembered.check
def every_change_is_kept(seen: Seen) -> Verdict:
    """All twenty edits are in the history, each once and with both values."""
    lost = [f"{edit.field}: {edit.before} -> {edit.after}" for edit in seen.ledger if not _told_of(edit, seen.history)]
    return none_of(lost, what="edit without a trace", note=f"{len(seen.ledger)} edits")


@twenty_edits_are_remembered.check
def past_states_are_rebuilt(seen: Seen) -> Verdict:
    """At thirty random instants the record is shown exactly as it stood then."""
    if not any(moment.told.offered for moment in seen.moments):
        raise Unsupported("the product shows no past states")
    wrong = [str(moment.at) for moment in seen.moments if not moment.right]
    share = 1 - len(wrong) / len(seen.moments)
    return none_of(wrong, what="instant shown wrongly", note=f"{len(seen.moments)} instants", moments_right_share=share)


@twenty_edits_are_remembered.check
def every_change_has_an_author(seen: Seen) -> Verdict:
    """Every change names the user who made it."""
    told = [(edit, {change.who for change in _told_of(edit, seen.history)}) for edit in seen.ledger]
    wrong = [f"{edit.field} by {sorted(who) or 'nobody'}, not {edit.who}" for edit, who in told if edit.who not in who]
    return none_of(wrong, what="change without its author")


@twenty_edits_are_remembered.check
def every_change_names_its_source(seen: Seen) -> Verdict:
    """Every change names the door through which it came."""
    if not seen.history:
        raise Refused("not-found", detail="the history is empty")
    nameless = [f"{change.field} at {change.at}" for change in seen.history if not change.source]
    return none_of(nameless, what="change without its source", note=f"{len(seen.history)} changes")


@twenty_edits_are_remembered.check
def a_change_can_be_reverted(seen: Seen) -> Verdict:
    """A change that was taken back leaves the value that stood before it."""
    if seen.restored is None or seen.undone is None:
        return holds(False, observed="the history names no change that could be taken back", expected="restored")
    seen.restored.value  # noqa: B018 - reading the value raises Unsupported or the refusal
    return equal(seen.afterwards.text(seen.undone.field), seen.undone.before)
