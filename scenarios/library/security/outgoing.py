"""Outgoing: events reach only receivers that prove who they are, and restricted values travel under a second layer."""

import base64
from collections.abc import Callable, Mapping
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.envelope import Envelope
from scenarios.library.newcomers import newcomers, on_file, quietly
from scenarios.listening import BAD, SOUND, Listener
from scenarios.port import Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: Seconds that an event may take to arrive, between two looks, and that the others get once one of them arrived.
PATIENCE, LOOK, GRACE = 15.0, 0.5, 1.5


class Told(NamedTuple):
    """Receivers by make: whether the target took the subscription, and how many events came to each."""

    taken: Mapping[str, bool]
    came: Mapping[str, int]


@scenario("SEC-02")
def events_are_told_to_receivers_good_and_bad(crm: CRM, bank: Bank) -> Told:
    """Receivers without TLS, self-signed, of another name and out of date subscribe beside a sound one."""
    wire = crm.wire
    if not isinstance(wire, Listener):
        raise NotTestable("this way to the target opens no receivers")
    if not crm.offers("subscribe"):
        raise NotTestable("the product offers no webhooks, so it delivers to nobody that could be tried")
    urls = {make: wire.listen(make) for make in (SOUND, *BAD)}
    core = crm.acting_as(Actor.INTEGRATION)
    taken: dict[str, str] = {}
    try:
        for make, url in urls.items():
            answer = core.subscribe(url)
            if answer.ok:
                taken[make] = answer.value
        one = newcomers(crm, bank, 1)[0]
        with on_file(crm, one):
            _ = core.update(Customer, one.number, {"occupation": "archivist"}).value
            came = _waited(crm, wire, urls)
    finally:
        for subscription in taken.values():
            quietly(core.unsubscribe, subscription)
    return Told(taken={make: make in taken for make in urls}, came=came)


def _waited(crm: CRM, wire: Listener, urls: Mapping[str, str]) -> dict[str, int]:
    """Wait until the sound receiver was told, then a little for the others, and count."""
    waited = 0.0
    while not wire.heard(urls[SOUND]) and waited < PATIENCE:
        crm.clock.sleep(LOOK)
        waited += LOOK
    crm.clock.sleep(GRACE)
    return {make: len(wire.heard(url)) for make, url in urls.items()}


@events_are_told_to_receivers_good_and_bad.check
def no_delivery_to_bad_certificate(told: Told) -> Verdict:
    """No event goes to a receiver without TLS, with a self-signed, a wrong or an outdated certificate."""
    wrong = [f"{make}: {count} events" for make, count in told.came.items() if make in BAD and count]
    if not wrong and not told.came[SOUND]:
        raise NotTestable("no event came to the sound receiver either, so nothing is known about the others")
    return none_of(wrong, what="delivery to a receiver that proved nothing")


def events_of(crm: CRM, one: Customer, act: Callable[[], None]) -> tuple[str, ...] | None:
    """Return the bodies that come to a sound receiver about a customer while and after something is done to it.

    None where this way to the target opens no receivers, or the product takes no subscription.
    """
    wire = crm.wire
    if not isinstance(wire, Listener) or not crm.offers("subscribe"):
        act()
        return None
    core = crm.acting_as(Actor.INTEGRATION)
    try:
        url = wire.listen(SOUND)
    except NotTestable:
        act()
        return None
    subscription = core.subscribe(url)
    try:
        act()
        if not subscription.ok:
            return None
        waited = 0.0
        while not (came := [one_.body for one_ in wire.heard(url) if one.number in one_.body]) and waited < PATIENCE:
            crm.clock.sleep(LOOK)
            waited += LOOK
        return tuple(came)
    finally:
        if subscription.ok:
            quietly(core.unsubscribe, subscription.value)


class Envelopes(NamedTuple):
    """One customer read twice under a layer besides TLS: what crossed the wire, and what it holds once opened."""

    marks: tuple[str, ...]
    crossed: tuple[str, ...]
    opened: tuple[str, ...]


@scenario("SEC-02")
def a_customer_is_read_under_a_second_layer(crm: CRM, bank: Bank) -> Envelopes:
    """The core system leaves a public key and reads a customer encrypted to it, twice."""
    if not crm.offers("get_sealed"):
        raise Unsupported("the product offers no encryption besides that of the line")
    core, own, other = crm.acting_as(Actor.INTEGRATION), Envelope(crm.nonce), Envelope(f"{crm.nonce} other")
    one = newcomers(crm, bank, 1)[0]
    with on_file(crm, one):
        _ = core.register_key(own.jwk).value
        crossed = tuple(core.get_sealed(Customer, one.number).value for _ in range(2))
    _ = core.register_key(other.jwk).value  # the key of this play is not used again
    return Envelopes(
        marks=(one.national_id, one.mobile, one.card_number), crossed=crossed, opened=tuple(map(_opener(own), crossed))
    )


def _opener(own: Envelope) -> Callable[[str], str]:
    def opened(crossed: str) -> str:
        try:
            return own.opened(crossed).decode("utf-8", "replace")
        except ValueError:
            return ""

    return opened


@a_customer_is_read_under_a_second_layer.check
def payload_layer_is_offered(read: Envelopes) -> Verdict:
    """Restricted values cross the line encrypted to their reader once more: nobody else could read or repeat them."""
    wrong = [f"read {place} does not open" for place, text in enumerate(read.opened) if not text]
    for crossed in read.crossed:
        shown = crossed + "".join(_plain(part) for part in crossed.split("."))
        wrong += [f"a value of {len(mark)} characters can be seen" for mark in read.marks if mark in shown]
    wrong += [] if all(any(mark in text for mark in read.marks) for text in read.opened) else ["no restricted value"]
    wrong += ["both reads look alike"] if len({crossed.rpartition(".")[2] for crossed in read.crossed}) < 2 else []
    return none_of(wrong, what="weakness of the second layer")


def _plain(part: str) -> str:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("utf-8", "replace")
    except ValueError:
        return ""
