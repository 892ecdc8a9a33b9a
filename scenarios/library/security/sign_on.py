"""Sign-on: logins by way of an identity provider, over OpenID Connect and SAML: what opens, for whom, what must not."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.identity import SigningKey, token
from scenarios.library.newcomers import quietly
from scenarios.library.security.attempts import Attempt, attempt, need
from scenarios.library.security.sign_on_play import (
    NOTHING,
    STRANGER,
    SUBJECT,
    OpenIdRoad,
    SamlRoad,
    Told,
    Tried,
    leads_away,
    opened,
)
from scenarios.library.security.staffing import enter, taken_on
from scenarios.listening import Answering
from scenarios.port import Refused
from scenarios.scenario import scenario
from scenarios.trust import Departure
from scenarios.verdict import NotTestable, Verdict, equal, none_of
from synthetic_data.bank import Bank

PROTOCOLS = ("oidc", "saml")
#: Groups at the provider and the roles that the bank gives to them; a group of no entry gives none.
GROUPS = {"bank-agents": "agent", "bank-marketing": "marketing"}
MEMBER, MOVED, UNMAPPED = ("bank-agents",), ("bank-marketing",), ("admin", "administrators")
#: Where browsers must not be sent after a login.
AWAY = ("https://phish.example/", "//phish.example/", "/\\phish.example/", "javascript:alert(1)")


class Way(NamedTuple):
    """What came of one protocol."""

    trusted: Attempt[str]
    arrived: Tried = NOTHING
    person: Tried = NOTHING
    bound: bool | None = None  # whether the code was tied to who began; None where the protocol has no code
    rotated: Tried = NOTHING  # signed by a key that the provider has added since
    withdrawn: Tried = NOTHING  # signed by the key that it has withdrawn
    forged: Mapping[str, Tried] = {}
    again: Tried = NOTHING  # the same thing brought a second time
    elsewhere: Tried = NOTHING  # brought by a browser that did not begin the journey
    unlinked: Mapping[str, Tried] = {}
    moved: Tried = NOTHING  # who the person is after a change of groups
    unmapped: Tried = NOTHING  # in groups that the bank gave no role
    landed: Mapping[str, str] = {}
    after_logout: tuple[Tried, ...] = ()
    password: tuple[Tried, Tried] | None = None  # the password before and after the user was bound to single sign-on


class Seen(NamedTuple):
    """What came of each protocol that was tried, and the user whom the provider's subject means."""

    username: str
    ways: Mapping[str, Way]


@scenario("SEC-23")
def users_sign_on_by_way_of_a_provider(crm: CRM, bank: Bank) -> Seen | None:
    """The bench is the identity provider: a linked user signs on; forged and repeated words are brought too."""
    need(crm, Actor.ADMIN)
    if not isinstance(crm.wire, Answering):
        raise NotTestable("this way to the target opens no receivers that could be its identity provider")
    with taken_on(crm, bank, ("linked", "agent"), ("victim", "agent")) as people:
        if not people:
            return None
        names = {label: one.username for label, one in people.items()}
        ways = {protocol: _walked(crm, protocol, names) for protocol in PROTOCOLS}
        trusted = [way for way in ways.values() if way.trusted.ok]
        if trusted:
            before = attempt(crm.acting_as(Actor.AGENT), "sign in", lambda _: enter(crm, people["victim"]))
            admin = crm.acting_as(Actor.ADMIN)
            bound = attempt(admin, "bind to sign-on", lambda one: one.require_sign_on(people["victim"].username))
            after = attempt(crm.acting_as(Actor.AGENT), "sign in", lambda _: enter(crm, people["victim"]))
            ways = {name: way._replace(password=(before, after if bound.ok else bound)) for name, way in ways.items()}
        return Seen(names["linked"], ways)


def _walked(crm: CRM, protocol: str, names: Mapping[str, str]) -> Way:
    """Try one protocol, and have its provider forgotten afterwards."""
    trusted, road = opened(crm, protocol, GROUPS)
    if road is None:
        return Way(trusted)
    admin = crm.acting_as(Actor.ADMIN)
    try:
        admin.link_subject(road.number, SUBJECT, names["linked"]).value  # noqa: B018 - raises a refusal
        return _tried(crm, road, trusted, names)
    finally:
        quietly(admin.drop_provider, road.number)


def _tried(crm: CRM, road: OpenIdRoad | SamlRoad, trusted: Attempt[str], names: Mapping[str, str]) -> Way:
    sound = Told(groups=MEMBER)
    arrived, departure, brought = road.journey(sound)
    if not arrived.ok:
        return Way(trusted, arrived)
    person = _person(crm, arrived)
    again = road.arrived(departure, brought)
    bound = road.bound(departure) if isinstance(road, OpenIdRoad) else None
    rotated, withdrawn = _rotated(road, sound)
    forged = {name: road.journey(sound, forge)[0] for name, forge in road.forgeries().items()}
    moved, _, _ = road.journey(Told(groups=MOVED, more={"role": "admin", "roles": ["admin"]}))
    return Way(
        trusted,
        arrived,
        person,
        bound,
        rotated,
        withdrawn,
        forged,
        again,
        _elsewhere(road, sound),
        _unlinked(road, names),
        _person(crm, moved),
        road.journey(Told(groups=UNMAPPED, more={"role": "admin", "roles": ["admin"]}))[0],
        _landed(road, sound),
        _logged_out(crm, road, sound),
    )


def _person(crm: CRM, arrived: Tried) -> Tried:
    if not arrived.ok:
        return arrived
    view = crm.acting_as(Actor.AGENT).holding(arrived.value.session)
    return attempt(view, "read who one is", lambda one: one.whoami())


def _rotated(road: OpenIdRoad | SamlRoad, sound: Told) -> tuple[Tried, Tried]:
    """Have the provider change its key, sign with the new one and with the old, and take the old one back."""
    if not isinstance(road, OpenIdRoad):
        return NOTHING, NOTHING
    old, new = road.key, SigningKey(f"{road.crm.nonce} newer")
    road.publishing(new)
    rotated = road.journey(sound, lambda claims: token(claims, new))[0]
    withdrawn = road.journey(sound, lambda claims: token(claims, old))[0]
    road.publishing(old)
    return rotated, withdrawn


def _elsewhere(road: OpenIdRoad | SamlRoad, sound: Told) -> Tried:
    """Bring what another browser was given, with no cookie of one's own (login CSRF)."""
    way = road.departed()
    if not way.ok:
        return way
    return road.arrived(Departure(url=way.value.url), road.brought(way.value, sound))


def _unlinked(road: OpenIdRoad | SamlRoad, names: Mapping[str, str]) -> dict[str, Tried]:
    """Have the provider speak of somebody whom the bank never linked, under names of somebody it knows."""
    victim = names["victim"]
    more = {"email": victim, "email_verified": True, "preferred_username": victim, "name": victim, "upn": victim}
    tried = {"a user's name as subject": road.journey(Told(subject=victim, groups=MEMBER))[0]}
    if isinstance(road, OpenIdRoad):
        tried["a user's name and e-mail"] = road.journey(Told(subject=STRANGER, groups=MEMBER, more=more))[0]
    return {name: _person(road.crm, one) for name, one in tried.items()}


def _landed(road: OpenIdRoad | SamlRoad, sound: Told) -> dict[str, str]:
    """Want to be sent away after a login; return where one was."""
    found: dict[str, str] = {}
    for wanted in AWAY:
        arrived = road.journey(sound, onward=wanted)[0]
        if arrived.ok and leads_away(arrived.value.onward):
            found[wanted] = arrived.value.onward
    if isinstance(road, SamlRoad):
        arrived = road.journey(sound, RelayState=AWAY[0])[0]
        if arrived.ok and leads_away(arrived.value.onward):
            found[f"relay state {AWAY[0]}"] = arrived.value.onward
    return found


def _logged_out(crm: CRM, road: OpenIdRoad | SamlRoad, sound: Told) -> tuple[Tried, ...]:
    """Sign on, sign out, and use what is left: the session, and its renewal."""
    arrived = road.journey(sound)[0]
    if not arrived.ok:
        return (arrived,)
    session = arrived.value.session
    view = crm.acting_as(Actor.AGENT).holding(session)
    out = attempt(view, "sign out", lambda one: one.sign_out())
    left = attempt(view, "read who one is", lambda one: one.whoami())
    return out, left, attempt(view, "renew", lambda one: one.renew(session))


# -- the judgements ---------------------------------------------------------------------------------------------------
def _ways(seen: Seen | None) -> dict[str, Way]:
    """Return the protocols that the product offers; raises Unsupported where it offers none."""
    if seen is None:
        raise NotTestable("the product creates no users over its interface, and those of others are not ours to try")
    offered = {name: way for name, way in seen.ways.items() if way.trusted.offered}
    if not offered:
        next(iter(seen.ways.values())).trusted.value  # noqa: B018 - reading the value raises Unsupported
    return offered


def _sound(seen: Seen | None) -> dict[str, Way]:
    """Return the protocols over which a sound login succeeded; raises the refusal where none did."""
    offered = _ways(seen)
    sound = {name: way for name, way in offered.items() if way.arrived.ok}
    if not sound:
        way = next(iter(offered.values()))
        raise Refused(way.arrived.reason if way.trusted.ok else way.trusted.reason, detail="no sound login succeeded")
    return sound


@users_sign_on_by_way_of_a_provider.check
def single_sign_on_works(seen: Seen | None) -> Verdict:
    """Whom the provider vouches for is let in as the user who is linked, over each protocol that the product offers."""
    wrong: list[str] = []
    for name, way in _ways(seen).items():
        assert seen is not None
        if not way.arrived.ok:
            wrong.append(f"{name}: {way.arrived.reason if way.trusted.ok else way.trusted.reason}")
        elif way.person.offered and (not way.person.ok or way.person.value.username != seen.username):
            wrong.append(f"{name}: taken for {way.person.value.username if way.person.ok else way.person.reason}")
        elif name == "oidc" and not way.rotated.ok:
            wrong.append("oidc: a key that the provider has added is not known")
    return none_of(wrong, what="login that failed")


@users_sign_on_by_way_of_a_provider.check
def a_forged_word_of_a_provider_is_refused(seen: Seen | None) -> Verdict:
    """What another signed, or nobody, or for another, of another time, or wrapped around the truth, opens nothing."""
    opened_by = [f"{name}: {what}" for name, way in _sound(seen).items() for what, one in way.forged.items() if one.ok]
    opened_by += [f"{name}: a key that was withdrawn" for name, way in _sound(seen).items() if way.withdrawn.ok]
    return none_of(opened_by, what="forgery that opens")


@users_sign_on_by_way_of_a_provider.check
def a_word_of_a_provider_opens_once(seen: Seen | None) -> Verdict:
    """What a browser brought opens once, and only for the browser that began the login."""
    wrong = [f"{name}: a second time" for name, way in _sound(seen).items() if way.again.ok]
    wrong += [f"{name}: in another browser" for name, way in _sound(seen).items() if way.elsewhere.ok]
    return none_of(wrong, what="word that opens")


@users_sign_on_by_way_of_a_provider.check
def a_code_is_tied_to_who_began(seen: Seen | None) -> Verdict:
    """The product proves to the provider that it began the login whose code it brings (PKCE)."""
    told = [way.bound for way in _sound(seen).values() if way.bound is not None]
    if not told:
        raise NotTestable("the product signs on over SAML alone, which has no code")
    return equal(told, [True])


@users_sign_on_by_way_of_a_provider.check
def an_account_is_linked_by_subject_alone(seen: Seen | None) -> Verdict:
    """Somebody unknown whom a provider calls by a user's name or e-mail address is not taken for that user."""
    wrong = [f"{name}: {what}" for name, way in _sound(seen).items() for what, one in way.unlinked.items() if one.ok]
    return none_of(wrong, what="account taken over")


@users_sign_on_by_way_of_a_provider.check
def groups_give_the_role(seen: Seen | None) -> Verdict:
    """Roles follow the groups that the bank mapped; a group of no mapping, or a role that is claimed, gives none."""
    wrong: list[str] = []
    for name, way in _sound(seen).items():
        role = way.moved.value.role if way.moved.ok else way.moved.reason
        wrong += [f"{name}: {role} after moving to marketing"] if way.moved.offered and role != "marketing" else []
        wrong += [f"{name}: groups without a role get in"] if way.unmapped.ok else []
    return none_of(wrong, what="role that no group gives")


@users_sign_on_by_way_of_a_provider.check
def nobody_is_sent_away_after_signing_on(seen: Seen | None) -> Verdict:
    """After a login the browser stays with the product, whatever address was wanted or relayed."""
    wrong = [f"{name}: {wanted}" for name, way in _sound(seen).items() for wanted in way.landed]
    return none_of(wrong, what="way out")


@users_sign_on_by_way_of_a_provider.check
def logout_ends_what_a_provider_opened(seen: Seen | None) -> Verdict:
    """After signing out neither the session that a provider opened nor its renewal opens anything."""
    wrong: list[str] = []
    for name, way in _sound(seen).items():
        out, *left = way.after_logout
        out.value  # noqa: B018 - reading the value raises Unsupported or the refusal
        wrong += [f"{name}: {one.what}" for one in left if one.ok]
    return none_of(wrong, what="thing that still opens")


@users_sign_on_by_way_of_a_provider.check
def who_is_bound_to_sign_on_has_no_password(seen: Seen | None) -> Verdict:
    """A user who must sign on by way of the provider gets in with the password no more."""
    way: Any = next(iter(_sound(seen).values()))
    before, after = way.password
    if after.what == "bind to sign-on":
        after.value  # noqa: B018 - reading the value raises Unsupported or the refusal
    return equal([before.ok, after.ok], [True, False], note="[password before, password after]")
