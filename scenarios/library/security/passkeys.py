"""Passkeys: a software authenticator makes one and shows it, soundly and as phishers, copiers and replayers would."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import orjson

from scenarios.actors import Actor
from scenarios.answers import Session
from scenarios.authenticator import PRESENT, Authenticator, Conduct
from scenarios.crm import CRM
from scenarios.library.security.attempts import Attempt, attempt, need
from scenarios.library.security.staffing import seated, taken_on
from scenarios.port import Refused
from scenarios.scenario import scenario
from scenarios.trust import Ceremony
from scenarios.verdict import NotTestable, Verdict, equal, none_of
from synthetic_data.bank import Bank

Tried = Attempt[Any]
#: A place that looks like the bank's and is not.
PHISHING = "crm-login.example"
#: Uses that the authenticator counts before the sound one, so that a smaller count can be shown.
USES = 7


class Seen(NamedTuple):
    """What passkeys opened; ``wrong`` are ceremonies that no sound browser or authenticator performs, by name."""

    username: str
    asked: Tried
    elsewhere: Tried  # one that was made at another place, put on file
    added: Tried
    entered: Tried
    person: Tried
    wrong: Mapping[str, Tried]


@scenario("SEC-23")
def a_passkey_is_made_and_shown(crm: CRM, bank: Bank) -> Seen | None:
    """A user makes a passkey and enters with it; then it is shown at other places, again, copied and by a stranger."""
    need(crm, Actor.ADMIN)
    with taken_on(crm, bank, ("keeper", "agent")) as people:
        if not people:
            return None
        view, passkey = seated(crm, people["keeper"], "agent"), Authenticator(crm.nonce)
        asked = attempt(view, "ask for a passkey", lambda one: one.ask_passkey())
        nothing: Tried = Attempt(actor=Actor.AGENT, what="passkeys", answer=None)
        if not asked.ok:
            return Seen(people["keeper"].username, asked, nothing, nothing, nothing, nothing, {})
        elsewhere = _added(view, passkey.made(replace(_conduct(asked.value), origin=f"https://{PHISHING}")))
        added = _added(view, passkey.made(_conduct(view.ask_passkey().value)))
        entered, shown = _entered(crm, passkey.shown, USES)
        person = attempt(_held(crm, entered), "read who one is", lambda one: one.whoami()) if entered.ok else nothing
        wrong = _wrongly(crm, passkey, shown)
        return Seen(people["keeper"].username, asked, elsewhere, added, entered, person, wrong)


def _conduct(asked: Ceremony, count: int = 0) -> Conduct:
    """Return how a sound browser and authenticator answer: the options name the place, the origin is the page's."""
    relying = asked.options.get("rp")
    place = relying.get("id") if isinstance(relying, Mapping) else asked.options.get("rpId")
    challenge = str(asked.options.get("challenge", ""))
    return Conduct(origin=asked.origin, place=str(place or ""), challenge=challenge, count=count)


def _added(view: CRM, credential: Mapping[str, object]) -> Tried:
    return attempt(view, "put a passkey on file", lambda one: one.add_passkey(credential))


def _held(crm: CRM, entered: Attempt[Session]) -> CRM:
    return crm.acting_as(Actor.AGENT).holding(entered.value)


def _entered(
    crm: CRM, shown: Callable[[Conduct], Mapping[str, object]], count: int, **other: Any
) -> tuple[Attempt[Session], Mapping[str, object]]:
    """Ask for a challenge and answer it, with parts of the conduct replaced; return what came of it and the answer."""
    door = crm.acting_as(Actor.ANONYMOUS).without_waiting()
    credential = shown(replace(_conduct(door.challenge_passkey().value, count), **other))
    return attempt(door, "show a passkey", lambda one: one.enter_with_passkey(credential)), credential


def _wrongly(crm: CRM, passkey: Authenticator, shown: Mapping[str, object]) -> dict[str, Tried]:
    """Perform each wrong ceremony; the count goes on rising, so that it is not what is refused."""
    door, stranger = crm.acting_as(Actor.ANONYMOUS).without_waiting(), Authenticator(f"{crm.nonce} stranger")
    return {
        "another origin": _entered(crm, passkey.shown, USES + 1, origin=f"https://{PHISHING}")[0],
        "another place": _entered(crm, passkey.shown, USES + 2, place=PHISHING)[0],
        "the same answer again": attempt(door, "show it again", lambda one: one.enter_with_passkey(shown)),
        "again, its count raised": _entered(crm, passkey.shown, USES + 3, challenge=_challenge_of(shown))[0],
        "a challenge of one's own": _entered(crm, passkey.shown, USES + 4, challenge="A" * 43)[0],
        "owner not verified": _entered(crm, passkey.shown, USES + 5, flags=PRESENT)[0],
        "signed by another": _entered(crm, lambda conduct: passkey.shown(conduct, stranger), USES + 6)[0],
        "a copy that counts on its own": _entered(crm, passkey.shown, USES - 3)[0],
    }


def _challenge_of(shown: Mapping[str, object]) -> str:
    """Return the challenge that an answer answered."""
    response = shown["response"]
    assert isinstance(response, Mapping)
    client = str(response["clientDataJSON"])
    return str(orjson.loads(base64.urlsafe_b64decode(client + "=" * (-len(client) % 4)))["challenge"])


# -- the judgements ---------------------------------------------------------------------------------------------------
def _offered(seen: Seen | None) -> Seen:
    if seen is None:
        raise NotTestable("the product creates no users over its interface, and those of others are not ours to try")
    seen.asked.value  # noqa: B018 - reading the value raises Unsupported or the refusal
    return seen


def _sound(seen: Seen | None) -> Seen:
    offered = _offered(seen)
    if not offered.entered.ok:
        raise Refused(offered.entered.reason, detail="the sound ceremony did not open either")
    return offered


def _refused(seen: Seen | None, *names: str) -> Verdict:
    told = _sound(seen)
    return none_of((name for name in names if told.wrong[name].ok), what="ceremony that opens")


@a_passkey_is_made_and_shown.check
def a_phishing_resistant_factor_is_offered(seen: Seen | None) -> Verdict:
    """A user makes a passkey and gets in with it, as nobody else."""
    told = _offered(seen)
    observed = [told.added.ok, told.entered.ok]
    if told.person.offered:
        name = told.person.value.username if told.person.ok else told.person.reason
        return equal([*observed, name], [True, True, told.username], note="[put on file, let in, as whom]")
    return equal(observed, [True, True], note="[put on file, let in]")


@a_passkey_is_made_and_shown.check
def a_passkey_opens_its_own_place_only(seen: Seen | None) -> Verdict:
    """A ceremony done at another origin or for another place opens nothing and puts no passkey on file."""
    opened = ["made at another origin"] if _sound(seen).elsewhere.ok else []
    told = _sound(seen)
    opened += [name for name in ("another origin", "another place") if told.wrong[name].ok]
    return none_of(opened, what="ceremony that opens")


@a_passkey_is_made_and_shown.check
def a_challenge_is_answered_once(seen: Seen | None) -> Verdict:
    """The answer to a challenge opens once, and a challenge that nobody gave opens nothing."""
    return _refused(seen, "the same answer again", "again, its count raised", "a challenge of one's own")


@a_passkey_is_made_and_shown.check
def a_passkey_asks_for_its_owner(seen: Seen | None) -> Verdict:
    """An authenticator that did not verify its owner opens nothing, nor does another's signature."""
    return _refused(seen, "owner not verified", "signed by another")


@a_passkey_is_made_and_shown.check
def a_copied_passkey_is_noticed(seen: Seen | None) -> Verdict:
    """A passkey whose count of uses falls back was copied, and opens nothing."""
    return _refused(seen, "a copy that counts on its own")
