"""Sign-in: how sessions begin, how they end, and whether what has ended stays ended."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from scenarios.actors import Actor, Credential
from scenarios.answers import Session
from scenarios.crm import CRM, Answer
from scenarios.library.newcomers import first_branch
from scenarios.library.security.attempts import Attempt, attempt, need, seconds_until
from scenarios.library.security.staffing import credential_for, enter, taken_on
from scenarios.port import Refused, Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, at_most, equal, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: After so many wrong guesses the right one must not open any more (requirement SEC-23).
GUESSES = 10
#: A withdrawn right must end within this time (requirement SEC-23).
REVOCATION_S = 60.0
#: Longest life of a key that a system may hand to a machine: a working day.
LONGEST_KEY_S = 12 * 3600
#: Secrets that no bank may accept.
WEAK = ("12345678", "password1234", "aaaaaaaaaaaa", "Short1!")

Tried = Attempt[Any]
#: What stands where a user of our own would have tried.
NOBODY: Attempt[Any] = Attempt(actor=Actor.AGENT, what="sign in as a user of our own", answer=None)


class Seen(NamedTuple):
    """What opened and what did not."""

    own_users: bool  # whether users of our own could be made, to lock out and to shut out
    right: Attempt[Session]  # the right secret, before any guess
    guessed: tuple[Attempt[Session], ...]
    after_guesses: Attempt[Session]
    unknown: tuple[bytes, bytes]  # bodies of refusals: of a wrong secret, of an unknown user
    before_logout: Tried
    logout: Attempt[None]
    after_logout: Tried
    forged: tuple[Tried, ...]
    expired: Tried | None
    renewed: Attempt[Session]
    with_renewed: Tried
    renewed_twice: Attempt[Session]  # the same renewal a second time
    old_family: Tried  # what the first renewal had given, after the second use
    leaver: Tried | None
    machine: Session | None
    beyond_machine: tuple[Tried, ...]
    before_revocation: Tried
    revoke_s: float | None
    login_after_revocation: Attempt[Session]
    weak: tuple[Attempt[None], ...]


@scenario("SEC-23")
def sessions_begin_and_end(crm: CRM, bank: Bank) -> Seen:
    """Users sign in, guess, log out, renew and are shut out; each door that was closed is tried again."""
    need(crm, Actor.INTEGRATION)
    # of the first branch, so that the leaver and the expired token would see it if they were let in
    number = next(one.number for one in bank.customers if one.branch == first_branch(crm, bank))
    roles = [(label, "agent") for label in ("guessed", "leaving", "renewing", "revoked")]
    with taken_on(crm, bank, *roles) as people:
        own = bool(people)
        right, guessed, after_guesses = _guess(crm, people["guessed"]) if own else (NOBODY, (), NOBODY)
        before_logout, logout, after_logout = _log_out(crm, people["leaving"], number) if own else (NOBODY,) * 3
        renewed, with_renewed, twice, family = _renew(crm, people["renewing"], number) if own else (NOBODY,) * 4
        before_revocation, revoke_s, login = _revoke(crm, people["revoked"], number) if own else (NOBODY, None, NOBODY)
        return Seen(
            own_users=own,
            right=right,
            guessed=guessed,
            after_guesses=after_guesses,
            unknown=_unknown(crm, bank, people["leaving"]) if own else (b"", b""),
            before_logout=before_logout,
            logout=logout,
            after_logout=after_logout,
            forged=_forged(crm, number),
            expired=_read(crm.acting_as(Actor.EXPIRED), number) if crm.has(Actor.EXPIRED) else None,
            renewed=renewed,
            with_renewed=with_renewed,
            renewed_twice=twice,
            old_family=family,
            leaver=_read(crm.acting_as(Actor.LEAVER), number) if crm.has(Actor.LEAVER) else None,
            machine=crm.acting_as(Actor.INTEGRATION).session(),
            beyond_machine=_beyond(crm, bank),
            before_revocation=before_revocation,
            revoke_s=revoke_s,
            login_after_revocation=login,
            weak=tuple(_weak(crm, bank)),
        )


def _read(view: CRM, number: str) -> Tried:
    return attempt(view, "get a customer", lambda one: one.get(Customer, number))


def _sign(crm: CRM, credential: Credential) -> Attempt[Session]:
    return attempt(crm.acting_as(Actor.AGENT), "sign in", lambda _: enter(crm, credential, Actor.AGENT))


def _holding(crm: CRM, session: Session) -> CRM:
    return crm.acting_as(Actor.AGENT).holding(session)


def _guess(crm: CRM, credential: Credential) -> tuple[Attempt[Session], tuple[Attempt[Session], ...], Attempt[Session]]:
    right = _sign(crm, credential)
    guessed = tuple(_sign(crm, replace(credential, secret=f"Guess-{crm.nonce}-{turn}!")) for turn in range(GUESSES))
    return right, guessed, _sign(crm, credential)


def _unknown(crm: CRM, bank: Bank, known: Credential) -> tuple[bytes, bytes]:
    """Return what a wrong secret and an unknown user are told."""
    nobody = credential_for(crm, bank, "nobody")
    wrong = _sign(crm, replace(known, secret=f"Wrong-{crm.nonce}-secret!"))
    return _said(wrong), _said(_sign(crm, nobody))


def _said(asked: Attempt[Session]) -> bytes:
    """Return status and length of the last reply: its letters may differ by a trace number."""
    if asked.answer is None or not asked.answer.replies:
        return b""
    reply = asked.answer.replies[-1]
    return f"{reply.status} {len(reply.body)}".encode()


def _log_out(crm: CRM, credential: Credential, number: str) -> tuple[Tried, Attempt[None], Tried]:
    view = _holding(crm, _sign(crm, credential).value)
    return _read(view, number), attempt(view, "sign out", lambda one: one.sign_out()), _read(view, number)


def _renew(crm: CRM, credential: Credential, number: str) -> tuple[Attempt[Session], Tried, Attempt[Session], Tried]:
    """Renew a session, use the new one, renew with the used-up renewal, and try the new one again."""
    session = _sign(crm, credential).value
    view = _holding(crm, session)
    ask: Callable[[CRM], Answer[Session]] = lambda one: one.renew(session)  # noqa: E731 - asked twice
    renewed = attempt(view, "renew", ask)
    fresh = _holding(crm, renewed.value) if renewed.ok else view
    return renewed, _read(fresh, number), attempt(view, "renew again", ask), _read(fresh, number)


def _revoke(crm: CRM, credential: Credential, number: str) -> tuple[Tried, float | None, Attempt[Session]]:
    """Shut a user out who is at work; return how long the session still opens anything."""
    view = _holding(crm, _sign(crm, credential).value)
    before = _read(view, number)
    crm.acting_as(Actor.ADMIN).disable(credential.username).value  # noqa: B018 - reading the value raises a refusal
    seconds = seconds_until(crm.clock, lambda: not _read(view, number).ok, within=REVOCATION_S + 1)
    return before, seconds, _sign(crm, credential)


def _forged(crm: CRM, number: str) -> tuple[Tried, ...]:
    """Try tokens that nobody was given, among them a real one with one letter changed."""
    real = crm.acting_as(Actor.INTEGRATION).session()
    changed = {name: _bent(value) for name, value in real.headers.items()} if real else {}
    forged = (Session(headers=changed), *(crm.connector.session_of(one) for one in ("forged", "e30.e30.", "0" * 64)))
    return tuple(_read(crm.acting_as(Actor.INTEGRATION).holding(session), number) for session in forged)


def _bent(value: str) -> str:
    """Change one letter in the middle of a token's end."""
    place = max(0, len(value) - 10)
    return value[:place] + ("A" if value[place : place + 1] != "A" else "B") + value[place + 1 :]


def _beyond(crm: CRM, bank: Bank) -> tuple[Tried, ...]:
    """Have the machine try what is an administrator's and an auditor's."""
    machine, stranger = crm.acting_as(Actor.INTEGRATION), credential_for(crm, bank, "by-machine")
    return (
        attempt(machine, "add a user", lambda view: view.add_user(stranger, "admin")),
        attempt(machine, "assign a role", lambda view: view.assign(view.credential.username, "admin")),
        attempt(machine, "read the audit", lambda view: view.audit(who=stranger.username)),
    )


def _weak(crm: CRM, bank: Bank) -> list[Attempt[None]]:
    """Try to create users with secrets that anyone would guess."""
    admin, tried = crm.acting_as(Actor.ADMIN), []
    for turn, secret in enumerate(WEAK):
        credential = replace(credential_for(crm, bank, f"weak{turn}"), secret=secret)
        tried.append(attempt(admin, f"a secret of {len(secret)} characters", _adding(credential)))
    return tried


def _adding(credential: Credential) -> Callable[[CRM], Answer[None]]:
    return lambda view: view.add_user(credential, "teller")


# -- the judgements ---------------------------------------------------------------------------------------------------
def _needs_users(seen: Seen) -> None:
    if not seen.own_users:
        raise NotTestable("the product creates no users over its interface, and those of others must not be locked out")


@sessions_begin_and_end.check
def guessing_is_locked_out(seen: Seen) -> Verdict:
    """After ten wrong guesses even the right secret opens nothing for a while."""
    _needs_users(seen)
    if not seen.right.ok:
        raise Refused(seen.right.reason, detail="the right secret did not open before the guesses either")
    opened = [f"guess {turn + 1}" for turn, one in enumerate(seen.guessed) if one.ok]
    return none_of([*opened, *(["the right secret"] if seen.after_guesses.ok else [])], what="opening after guesses")


@sessions_begin_and_end.check
def logout_ends_the_token(seen: Seen) -> Verdict:
    """A token that was signed out opens nothing any more."""
    _needs_users(seen)
    seen.logout.value  # noqa: B018 - reading the value raises Unsupported or the refusal
    return _ended(seen.before_logout, seen.after_logout)


def _ended(before: Tried, after: Tried) -> Verdict:
    """Pass if a token opened before and does not after."""
    return equal([before.reason, after.reason == "unauthenticated"], ["ok", True], note=f"afterwards: {after.reason}")


@sessions_begin_and_end.check
def a_forged_token_is_refused(seen: Seen) -> Verdict:
    """Tokens that nobody was given open nothing, not even a real one with a letter changed."""
    return none_of((str(one) for one in seen.forged if one.admitted), what="forged token that opens")


@sessions_begin_and_end.check
def an_expired_token_is_refused(seen: Seen) -> Verdict:
    """A token past its time opens nothing."""
    if seen.expired is None:
        raise NotTestable("no expired token is named in the target's settings")
    return equal(seen.expired.reason, "unauthenticated")


@sessions_begin_and_end.check
def a_refresh_token_works_once(seen: Seen) -> Verdict:
    """A renewal works once; used again, it opens nothing and ends what it had opened."""
    _needs_users(seen)
    seen.renewed.value  # noqa: B018 - reading the value raises Unsupported or the refusal
    observed = [seen.with_renewed.reason, seen.renewed_twice.ok, seen.old_family.ok]
    return equal(observed, ["ok", False, False], note="[with the new token, renewed twice, new token afterwards]")


@sessions_begin_and_end.check
def keys_expire(seen: Seen) -> Verdict:
    """A machine's key names its end, and that is no later than a working day."""
    life = seen.machine.seconds if seen.machine else None
    if life is None:
        return holds(False, observed="no end is named", expected=f"<= {LONGEST_KEY_S} s")
    return at_most(life, LONGEST_KEY_S)


@sessions_begin_and_end.check
def keys_are_scoped(seen: Seen) -> Verdict:
    """A machine's key opens what the machine needs, and neither users, roles nor the audit."""
    there = [one for one in seen.beyond_machine if one.offered]
    if not there:
        raise Unsupported("the product offers neither users nor roles nor an audit over its interface")
    return none_of((str(one) for one in there if one.admitted), what="door that opens to a machine")


@sessions_begin_and_end.check
def a_leaver_is_locked_out(seen: Seen) -> Verdict:
    """Who has left the bank gets in no more."""
    if seen.leaver is None:
        raise NotTestable("no leaver is named in the target's settings")
    return holds(not seen.leaver.ok, observed=seen.leaver.reason, expected="a refusal")


@sessions_begin_and_end.check
def revoked_rights_end_in_a_minute(seen: Seen) -> Verdict:
    """A user who is shut out while at work can do nothing a minute later, and cannot sign in again."""
    _needs_users(seen)
    if not seen.before_revocation.ok:
        raise Refused(seen.before_revocation.reason, detail="the user could do nothing before either")
    if seen.revoke_s is None or seen.login_after_revocation.ok:
        again = "signs in again" if seen.login_after_revocation.ok else "works on"
        return holds(False, observed=again, expected=f"shut out within {REVOCATION_S:g} s")
    return at_most(seen.revoke_s, REVOCATION_S, revoke_s=seen.revoke_s)


@sessions_begin_and_end.check
def weak_secrets_are_refused(seen: Seen) -> Verdict:
    """Secrets that are short or known to everyone cannot be chosen."""
    there = [one for one in seen.weak if one.offered]
    if not there:
        raise Unsupported("the product offers no user creation")
    return none_of((one.what for one in there if one.ok), what="weak secret accepted")


@sessions_begin_and_end.check
def an_unknown_user_hears_the_same(seen: Seen) -> Verdict:
    """A wrong secret and an unknown user get the same reply, so that nobody learns who works here."""
    _needs_users(seen)
    wrong, unknown = seen.unknown
    return equal(unknown.decode(), wrong.decode(), note="status and length of the reply")
