"""Masking: what roles without need see of restricted values, and how the clear value is come by."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from scenarios.actors import Actor
from scenarios.answers import AuditEntry, OnFile, Overview, Page
from scenarios.crm import CRM
from scenarios.library.likeness import same
from scenarios.library.newcomers import newcomers, on_file
from scenarios.library.security.attempts import Attempt, attempt, need
from scenarios.library.security.policy import the_policy
from scenarios.library.security.sightings import keeps_the_pattern, spotted
from scenarios.library.security.staffing import seated, taken_on
from scenarios.port import Refused, Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, at_most, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import RESTRICTED, Customer

#: People whose values of both languages are read (the requirement leaves the number open), by these six roles.
PEOPLE = 6
READERS = (Actor.TELLER_A, Actor.RM_A, Actor.MANAGER_A, Actor.AGENT, Actor.MARKETING, Actor.AUDITOR)
REASON = "customer asked us to call back"
IDENTITIES = ("national_id", "card_number")


class Shown(NamedTuple):
    """One restricted field of one person as one actor was shown it on one path."""

    actor: Actor
    path: str
    number: str
    field: str
    clear: object
    value: object

    @property
    def in_clear(self) -> bool:
        """Whether the value is shown as it is."""
        return self.value is not None and same(self.clear, self.value)

    def __str__(self) -> str:
        """Say who saw what where, without telling the value."""
        return f"{self.actor}: {self.field} on {self.path}"


class Seen(NamedTuple):
    """All that was shown, what unmasking gave, and the errors that were provoked."""

    shown: tuple[Shown, ...]
    exports: tuple[tuple[Actor, Attempt[tuple[OnFile, ...]]], ...]
    errors: tuple[tuple[Actor, Attempt[Any]], ...]
    people: tuple[Customer, ...]
    told: OnFile | None  # as unmasked with a reason
    curious: str  # user name of who unmasked
    unmasked: Attempt[OnFile]
    unreasoned: tuple[Attempt[OnFile], ...]
    audit: Attempt[tuple[AuditEntry, ...]]
    ration: tuple[Attempt[OnFile], ...]  # one user's unmaskings in a row, up to the first that is denied


@scenario("SEC-17")
def restricted_values_are_read_by_six_roles(crm: CRM, bank: Bank) -> Seen:
    """Six roles read people on every path, ask for clear values with and without a reason, and ask too often."""
    need(crm, Actor.INTEGRATION, Actor.RM_A)
    people = newcomers(crm, bank, PEOPLE)
    readers = [crm.acting_as(actor) for actor in READERS if crm.has(actor)]
    with on_file(crm, *people), taken_on(crm, bank, ("curious", "rm")) as credentials:
        curious = seated(crm, credentials["curious"], "rm") if credentials else crm.acting_as(Actor.RM_A)
        one = people[0]
        unreasoned = tuple(_unmask(curious, one, reason) for reason in ("", "   "))
        unmasked = _unmask(curious, one, REASON)
        about = partial(CRM.audit, subject=one.number)
        audit = attempt(crm.acting_as(Actor.AUDITOR), "audit of unmasking", about)
        return Seen(
            shown=tuple(shown for view in readers for shown in _shown(view, people)),
            exports=tuple((view.actor, attempt(view, "export", lambda crm: crm.export(Customer))) for view in readers),
            errors=tuple((view.actor, error) for view in readers for error in _errors(view, people)),
            people=people,
            told=unmasked.value if unmasked.ok else None,
            curious=credentials["curious"].username if credentials else curious.credential.username,
            unmasked=unmasked,
            unreasoned=unreasoned,
            audit=audit,
            ration=tuple(_too_often(curious, people)),
        )


def _unmask(view: CRM, one: Customer, reason: str) -> Attempt[OnFile]:
    ask = partial(CRM.unmask, kind=Customer, number=one.number, fields=RESTRICTED, reason=reason)
    return attempt(view, "unmask", ask)


def _shown(view: CRM, people: Iterable[Customer]) -> Iterator[Shown]:
    """Read people on all paths that show them, and yield each restricted field of each."""
    known = {one.number: one for one in people}
    for path, rows in _reads(view, tuple(known.values())):
        for row in rows:
            if row.number in known:
                for field in RESTRICTED:
                    clear = getattr(known[row.number], field)
                    yield Shown(view.actor, path, row.number, field, clear, row[field])


def _reads(view: CRM, people: tuple[Customer, ...]) -> Iterator[tuple[str, tuple[OnFile, ...]]]:
    for one in people:
        number, name = one.number, one.latin_name
        asks: dict[str, Attempt[Any]] = {
            "get": attempt(view, "get", partial(CRM.get, kind=Customer, number=number)),
            "search": attempt(view, "search", partial(CRM.search, kind=Customer, text=name)),
            "overview": attempt(view, "overview", partial(CRM.overview, customer=number)),
            "past": attempt(view, "past", partial(CRM.as_of, kind=Customer, number=number, at=view.clock.now())),
        }
        yield from ((path, _rows(asked)) for path, asked in asks.items())
    newest = partial(CRM.list, kind=Customer, where={"name": people[0].name}, limit=50)
    yield "list", _rows(attempt(view, "list", newest))


def _rows(
    asked: Attempt[OnFile] | Attempt[tuple[OnFile, ...]] | Attempt[Overview] | Attempt[Page],
) -> tuple[OnFile, ...]:
    if not asked.ok:
        return ()
    given = asked.value
    if isinstance(given, OnFile):
        return (given,)
    if isinstance(given, Overview):
        return (given.customer,)
    return given.rows if isinstance(given, Page) else tuple(given)


def _errors(view: CRM, people: tuple[Customer, ...]) -> Iterator[Attempt[Any]]:
    """Provoke refusals about one person that need not tell another's values, nor more of one's own."""
    one, other = people[0], people[1]
    double = replace(other, number=f"{other.number}x", national_id=one.national_id)
    yield attempt(view, "create a double", lambda crm: crm.create(double))
    for changes in ({"mobile": "12"}, {"card_number": "1"}, {"nickname": "x"}, {"national_id": other.national_id}):
        ask = partial(CRM.update, kind=Customer, number=one.number, changes=changes, version="1")
        yield attempt(view, f"update {next(iter(changes))}", ask)


def _too_often(view: CRM, people: tuple[Customer, ...]) -> Iterator[Attempt[OnFile]]:
    """Unmask one value after the other until the ration is used up, or is seen not to be there."""
    for turn in range(the_policy().unmask_per_hour + 1):
        number = people[turn % len(people)].number
        ask = partial(CRM.unmask, kind=Customer, number=number, fields=("mobile",), reason=REASON)
        asked = attempt(view.without_waiting(), "unmask", ask)
        yield asked
        if not asked.ok:
            return


# -- the judgements ---------------------------------------------------------------------------------------------------
def _entitled(shown: Shown) -> bool:
    return the_policy().sees_clear(shown.actor, shown.field)


def _without_need(seen: Seen, *, fields: Iterable[str] = RESTRICTED) -> tuple[Shown, ...]:
    """Return what was shown to those who must not see it in clear."""
    shown = tuple(one for one in seen.shown if one.field in fields and not _entitled(one))
    if not shown:
        raise NotTestable("nobody without need was shown a person, so that no mask was seen")
    return shown


def _masked_share(seen: Seen) -> float:
    shown = _without_need(seen)
    return sum(1 for one in shown if not one.in_clear) / len(shown)


@restricted_values_are_read_by_six_roles.check
def something_is_masked(seen: Seen) -> Verdict:
    """At least one restricted field is not shown in clear to those without need."""
    share = _masked_share(seen)
    return holds(share > 0, observed=share, expected="> 0", masked_share=share)


@restricted_values_are_read_by_six_roles.check
def identities_and_cards_are_masked(seen: Seen) -> Verdict:
    """Identity numbers and card numbers are shown in clear to nobody without need."""
    wrong = {str(one) for one in _without_need(seen, fields=IDENTITIES) if one.in_clear}
    return none_of(wrong, what="identity or card in clear", masked_share=_masked_share(seen))


@restricted_values_are_read_by_six_roles.check
def reads_are_masked(seen: Seen) -> Verdict:
    """Reading one, listing, searching, the view at one glance and past states show no restricted value in clear."""
    shown = _without_need(seen)
    wrong = {str(one) for one in shown if one.in_clear}
    return none_of(wrong, what="value in clear", note=f"{len(shown)} values", masked_share=_masked_share(seen))


@restricted_values_are_read_by_six_roles.check
def exports_are_masked(seen: Seen) -> Verdict:
    """An export shows restricted values in clear to those only who may export them, or is refused."""
    if not any(asked.offered for _, asked in seen.exports):
        raise Unsupported("the product offers no export")
    policy = the_policy()
    wrong = [
        f"{actor}: {what}"
        for actor, asked in seen.exports
        if not policy.sees_clear(actor, "national_id", "customer.export")
        for what in spotted(seen.people, asked.bytes)
    ]
    return none_of(wrong, what="value in clear in an export")


@restricted_values_are_read_by_six_roles.check
def errors_are_masked(seen: Seen) -> Verdict:
    """Refusals tell no restricted value in clear, not even one that was sent along."""
    wrong = {f"{actor}: {asked.what}: {what}" for actor, asked in seen.errors for what in _told(seen, asked)}
    return none_of(wrong, what="value in clear in a refusal", note=f"{len(seen.errors)} refusals")


def _told(seen: Seen, asked: Attempt[Any]) -> tuple[str, ...]:
    return () if asked.ok else spotted(seen.people, asked.bytes)


@restricted_values_are_read_by_six_roles.check
def masks_follow_the_pattern(seen: Seen) -> Verdict:
    """What is shown of a masked value is no more than the bank's pattern for the field lets be seen."""
    masks = the_policy().masks
    wrong = {
        str(one)
        for one in _without_need(seen)
        if one.value is not None and not (one.field in masks and keeps_the_pattern(masks[one.field], *_texts(one)))
    }
    return none_of(wrong, what="mask that shows too much")


def _texts(one: Shown) -> tuple[str, str]:
    return str(one.clear), str(one.value)


def _offered(seen: Seen) -> None:
    if not seen.unmasked.offered:
        raise Unsupported("the product offers no unmasking")


@restricted_values_are_read_by_six_roles.check
def unmasking_needs_a_reason(seen: Seen) -> Verdict:
    """A clear value is given with a reason, and without one it is not."""
    _offered(seen)
    one = seen.people[0]
    clear = (
        seen.told is not None
        and same(one.mobile, seen.told["mobile"])
        and same(one.national_id, seen.told["national_id"])
    )
    without = [asked.reason for asked in seen.unreasoned]
    observed: Mapping[str, object] = {"with a reason": seen.unmasked.reason, "without": without}
    return holds(clear and "ok" not in without, observed=observed, expected="clear with a reason only")


@restricted_values_are_read_by_six_roles.check
def unmasking_is_audited(seen: Seen) -> Verdict:
    """Who unmasked whom is in the audit."""
    _offered(seen)
    seen.unmasked.value  # noqa: B018 - a refusal means that there is nothing to find
    words = [entry.action for entry in seen.audit.value if "unmask" in entry.action and entry.who == seen.curious]
    return holds(bool(words), observed=words, expected="an entry of the unmasking")


@restricted_values_are_read_by_six_roles.check
def unmasking_is_rationed(seen: Seen) -> Verdict:
    """No user is given more than fifty clear values an hour."""
    _offered(seen)
    given = sum(1 for asked in (seen.unmasked, *seen.ration) if asked.ok)
    if given == 0:
        raise Refused(seen.unmasked.reason, detail="no value was ever unmasked")
    return at_most(given, the_policy().unmask_per_hour)
