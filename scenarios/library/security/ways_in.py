"""Ways in: codes of a second factor, keys of machines, sessions left idle and users whom a provider takes away."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from scenarios.actors import Actor, Credential
from scenarios.answers import Session
from scenarios.crm import CRM, Answer
from scenarios.library.newcomers import first_branch, quietly
from scenarios.library.security.attempts import Attempt, attempt, need, seconds_until
from scenarios.library.security.codes import code, wrong
from scenarios.library.security.staffing import credential_for, enter, taken_on
from scenarios.port import Refused, Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, at_most, equal, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: After so many wrong codes the right one must not open any more (requirement SEC-23).
GUESSES = 10
#: How long, in seconds, a user who was taken away may still do anything (requirement SEC-23: five minutes).
DEPROVISION_S = 300.0
#: Periods of thirty seconds away from now at which no code may open (RFC 6238 5.2 advises one): ten minutes.
FAR = 20
#: Seconds after which the trial's idle session must have ended, and its key; how much longer is waited.
IDLE_S, KEY_S, MARGIN_S = 3, 3, 0.6
#: How often a known and an unknown name are timed; a wait is telling from so many seconds on.
TIMINGS, TELLING_S = 5, 0.008

Tried = Attempt[Any]


class Codes(NamedTuple):
    """What codes opened."""

    enrolled: Attempt[str]
    far_off: tuple[Tried, ...]  # confirmed with a code of ten minutes ago, signed in with one of ten minutes ahead
    password_only: Attempt[Session]
    wrong: Attempt[Session]
    right: Attempt[Session]
    again: Attempt[Session]
    guessed: tuple[Attempt[None], ...]
    after_guesses: Attempt[None]


class Keys(NamedTuple):
    """What keys opened."""

    issued: Tried
    inside: Tried
    outside: Tried
    beyond_user: Tried  # adding a user, by a key that claims more than its user may
    short_before: Tried
    short_after: Tried
    before_end: Tried
    after_end: Tried


class Leaver(NamedTuple):
    """What a user could do whom a provider brought and took away."""

    brought: Attempt[str]
    before: Tried
    seconds: float | None
    sign_in: Attempt[Session]
    found: tuple[Tried, Tried]


class Seen(NamedTuple):
    """What opened and what did not; None where no users of our own could be made."""

    codes: Codes | None = None
    keys: Keys | None = None
    idle: tuple[Tried, Tried, Tried] | None = None  # set the limit, read before, read after the wait
    leaver: Leaver | None = None
    waits: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())  # seconds of refusals: a known name, an unknown one


@scenario("SEC-23")
def codes_keys_and_leavers_are_tried(crm: CRM, bank: Bank) -> Seen:
    """Codes are repeated and guessed, keys outlive their time, a session lies idle, and a leaver comes back."""
    need(crm, Actor.ADMIN)
    number = next(one.number for one in bank.customers if one.branch == first_branch(crm, bank))
    with taken_on(crm, bank, *((label, "agent") for label in ("factored", "keyed", "idle", "timed"))) as people:
        if not people:
            return Seen()
        codes = _codes(crm, people["factored"])
        key, idle = _waiting(crm, people, number)
        leaver = _leaver(crm, bank, number)
        return Seen(codes, key, idle, leaver, _waits(crm, bank, people["timed"]))


def _read(view: CRM, number: str) -> Tried:
    return attempt(view, "get a customer", lambda one: one.get(Customer, number))


def _sign(crm: CRM, credential: Credential, otp: str | None = None) -> Attempt[Session]:
    shown = replace(credential, otp=otp)
    return attempt(crm.acting_as(Actor.AGENT), "sign in", lambda _: enter(crm, shown, Actor.AGENT))


def _holding(crm: CRM, session: Session) -> CRM:
    return crm.acting_as(Actor.AGENT).holding(session)


def _codes(crm: CRM, credential: Credential) -> Codes:
    view, now = _holding(crm, _sign(crm, credential).value), crm.clock.now
    enrolled = attempt(view, "enrol one-time codes", lambda one: one.enrol_factor())
    if not enrolled.ok:
        nothing: Tried = Attempt(actor=Actor.AGENT, what="one-time codes", answer=None)
        return Codes(enrolled, (), nothing, nothing, nothing, nothing, (), nothing)
    secret = enrolled.value
    stale = attempt(view, "confirm with a stale code", _confirming(code(secret, now(), -FAR)))
    if not stale.ok:
        view.confirm_factor(code(secret, now(), -1)).value  # noqa: B018 - reading the value raises a refusal
    only, other = _sign(crm, credential), _sign(crm, credential, wrong(secret, now()))
    present = code(secret, now())
    right, again = _sign(crm, credential, present), _sign(crm, credential, present)
    early = _sign(crm, credential, code(secret, now(), FAR))
    guesser = _holding(crm, right.value) if right.ok else view
    guessed = tuple(
        attempt(guesser, "guess a code", _stepping(wrong(secret, now(), turn % 3))) for turn in range(GUESSES)
    )
    after = attempt(guesser, "the right code", _stepping(code(secret, now(), 1)))
    return Codes(enrolled, (stale, early), only, other, right, again, guessed, after)


def _confirming(otp: str) -> Callable[[CRM], Answer[None]]:
    return lambda view: view.confirm_factor(otp)


def _stepping(otp: str) -> Callable[[CRM], Answer[None]]:
    return lambda view: view.without_waiting().step_up(otp)


def _waiting(crm: CRM, people: dict[str, Credential], number: str) -> tuple[Keys, tuple[Tried, Tried, Tried]]:
    """Try keys and an idle session around one wait."""
    admin, user, lazy = crm.acting_as(Actor.ADMIN), people["keyed"].username, people["idle"]
    limit = attempt(admin, "limit idleness", lambda view: view.limit_idle(lazy.username, IDLE_S))
    idler = _holding(crm, _sign(crm, lazy).value)
    idle_before = _read(idler, number)
    issued = attempt(admin, "issue a key", lambda view: view.issue_key(user, ("customer.get",), 60))
    short = attempt(admin, "issue a short key", lambda view: view.issue_key(user, ("customer.get",), KEY_S))
    nothing: Tried = Attempt(actor=Actor.AGENT, what="use a key", answer=None)
    brief = _holding(crm, short.value.session) if short.ok else None
    short_before = _read(brief, number) if brief else nothing
    crm.clock.sleep(IDLE_S + MARGIN_S)
    idle = (limit, idle_before, _read(idler, number))
    short_after = _read(brief, number) if brief else nothing
    if not issued.ok:
        return Keys(issued, *(nothing,) * 3, short_before, short_after, nothing, nothing), idle
    view = _holding(crm, issued.value.session)
    inside = _read(view, number)
    outside = attempt(view, "list customers", lambda one: one.list(Customer, limit=1))
    beyond = _beyond(crm, user, people["keyed"])
    attempt(admin, "withdraw the key", lambda one: one.end_key(issued.value.id))
    return Keys(issued, inside, outside, beyond, short_before, short_after, inside, _read(view, number)), idle


def _beyond(crm: CRM, user: str, credential: Credential) -> Tried:
    """Ask for a key to more than its user may, and use it if it is given."""
    admin = crm.acting_as(Actor.ADMIN)
    claimed = attempt(admin, "issue too wide a key", lambda view: view.issue_key(user, ("user.add",), 60))
    if not claimed.ok:
        return claimed
    another = replace(credential, username=f"{credential.username}-2")
    tried = attempt(_holding(crm, claimed.value.session), "add a user", lambda view: view.add_user(another, "agent"))
    if tried.ok:
        quietly(admin.disable, another.username)
    return tried


def _leaver(crm: CRM, bank: Bank, number: str) -> Leaver:
    admin, credential = crm.acting_as(Actor.ADMIN), credential_for(crm, bank, "provided", "agent")
    brought = attempt(admin, "provision a user", lambda view: view.provision(credential, "agent"))
    look: Callable[[CRM], Answer[Any]] = lambda view: view.find_provisioned(credential.username)  # noqa: E731 - twice
    nothing: Tried = Attempt(actor=Actor.AGENT, what="work", answer=None)
    if not brought.ok:
        return Leaver(brought, nothing, None, nothing, (nothing, nothing))
    found = attempt(admin, "find a user", look)
    view = _holding(crm, _sign(crm, credential).value)
    before = _read(view, number)
    admin.deprovision(brought.value).value  # noqa: B018 - reading the value raises a refusal
    seconds = seconds_until(crm.clock, lambda: not _read(view, number).ok, within=8.0)
    return Leaver(brought, before, seconds, _sign(crm, credential), (found, attempt(admin, "find a user", look)))


def _waits(crm: CRM, bank: Bank, known: Credential) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Time refusals of a known and of an unknown name by turns."""
    nobody = credential_for(crm, bank, "never")
    pairs = [
        [_seconds(_sign(crm, replace(one, secret=f"Wrong-{crm.nonce}-{turn}!"))) for one in (known, nobody)]
        for turn in range(TIMINGS)
    ]
    return tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)


def _seconds(asked: Tried) -> float:
    return asked.answer.replies[-1].seconds if asked.answer and asked.answer.replies else 0.0


# -- the judgements ---------------------------------------------------------------------------------------------------
def _own(part: Any) -> Any:
    if part is None:
        raise NotTestable("the product creates no users over its interface, and those of others are not ours to try")
    return part


def _enrolled(seen: Seen) -> Codes:
    codes: Codes = _own(seen.codes)
    codes.enrolled.value  # noqa: B018 - reading the value raises Unsupported or the refusal
    return codes


def _issued(seen: Seen) -> Keys:
    keys: Keys = _own(seen.keys)
    keys.issued.value  # noqa: B018 - reading the value raises Unsupported or the refusal
    return keys


@codes_keys_and_leavers_are_tried.check
def a_second_factor_is_asked(seen: Seen) -> Verdict:
    """Who has enrolled one-time codes gets in with password and code, and not with the password or a wrong code."""
    codes = _enrolled(seen)
    observed = [codes.password_only.ok, codes.wrong.ok, codes.right.ok]
    return equal(observed, [False, False, True], note="[password only, wrong code, right code]")


@codes_keys_and_leavers_are_tried.check
def a_code_works_once(seen: Seen) -> Verdict:
    """A code that has opened opens nothing a second time, though its thirty seconds are not over."""
    codes = _enrolled(seen)
    return equal([codes.right.ok, codes.again.ok], [True, False], note="[first time, second time]")


@codes_keys_and_leavers_are_tried.check
def a_code_is_short_lived(seen: Seen) -> Verdict:
    """Codes of ten minutes ago and of ten minutes ahead open nothing."""
    return none_of((one.what for one in _enrolled(seen).far_off if one.ok), what="code of another time that opens")


@codes_keys_and_leavers_are_tried.check
def guessed_codes_are_locked_out(seen: Seen) -> Verdict:
    """After ten wrong codes even the right one opens nothing for a while."""
    codes = _enrolled(seen)
    if not codes.after_guesses.offered:
        raise Unsupported("the product asks for no code in the middle of a session")
    opened = [one.what for one in (*codes.guessed, codes.after_guesses) if one.ok]
    return none_of(opened, what="opening after guesses")


@codes_keys_and_leavers_are_tried.check
def an_idle_session_ends(seen: Seen) -> Verdict:
    """A session that lay idle longer than its user's limit opens nothing any more."""
    limit, before, after = _own(seen.idle)
    limit.value  # noqa: B018 - reading the value raises Unsupported or the refusal
    return equal([before.reason, after.reason], ["ok", "unauthenticated"], note=f"limit {IDLE_S} s")


@codes_keys_and_leavers_are_tried.check
def an_issued_key_ends(seen: Seen) -> Verdict:
    """A key opens nothing past its time, nor once it was withdrawn."""
    keys = _issued(seen)
    observed = [one.reason for one in (keys.short_before, keys.short_after, keys.before_end, keys.after_end)]
    expected = ["ok", "unauthenticated"] * 2
    return equal(observed, expected, note="[in time, past its time, before withdrawal, after it]")


@codes_keys_and_leavers_are_tried.check
def an_issued_key_keeps_to_its_scope(seen: Seen) -> Verdict:
    """A key opens what it was made for, nothing else that its user may do, and never more than its user may."""
    keys = _issued(seen)
    observed = [keys.inside.ok, keys.outside.ok, keys.beyond_user.ok and keys.beyond_user.what == "add a user"]
    return equal(observed, [True, False, False], note="[within its scope, beside it, beyond its user's rights]")


@codes_keys_and_leavers_are_tried.check
def a_deprovisioned_user_is_out(seen: Seen) -> Verdict:
    """Whom the identity provider takes away is at once found inactive, without a session and without a way in."""
    leaver: Leaver = _own(seen.leaver)
    leaver.brought.value  # noqa: B018 - reading the value raises Unsupported or the refusal
    if not leaver.before.ok:
        raise Refused(leaver.before.reason, detail="the user could do nothing before either")
    active = [bool(one.value) for one in leaver.found]
    if leaver.seconds is None or leaver.sign_in.ok or active != [True, False]:
        observed = {"works on": leaver.seconds is None, "signs in": leaver.sign_in.ok, "listed as active": active}
        return holds(False, observed=observed, expected="out at once")
    return at_most(leaver.seconds, DEPROVISION_S, deprovision_s=leaver.seconds)


@codes_keys_and_leavers_are_tried.check
def an_unknown_user_waits_as_long(seen: Seen) -> Verdict:
    """The refusal of an unknown name takes as long as that of a wrong password, so that no clock tells names."""
    known, unknown = seen.waits
    if not known:
        raise NotTestable("the product creates no users over its interface, so that no name is known to be one")
    gap = min(known) - min(unknown)
    told = gap > TELLING_S and min(unknown) < 0.5 * min(known)
    observed = f"{min(known) * 1000:.0f} ms and {min(unknown) * 1000:.0f} ms"
    return holds(not told, observed=observed, expected="alike", known_s=min(known), unknown_s=min(unknown))
