"""Rotation: the key that encrypts is replaced while customers are read and written."""

from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.keyring import Keyring
from scenarios.library.newcomers import newcomers, on_file
from scenarios.port import Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import Verdict, equal, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: Rounds of calls after the rotation was asked for, and seconds between them.
ROUNDS, PAUSE = 24, 0.25
#: The least strength of an algorithm in bits (OWASP ASVS 5.0, 11.2.3).
STRENGTH = 128


class Rotated(NamedTuple):
    """Keys before and after, and for each round whether the old row was read right and the other could be written."""

    before: Keyring
    after: Keyring
    read: tuple[bool, ...]
    written: tuple[bool, ...]


@scenario("SEC-03")
def a_key_is_replaced_while_customers_are_served(crm: CRM, bank: Bank) -> Rotated:
    """One customer is read and another written again and again while the administrator replaces the data key."""
    if not crm.offers("rotate_key") or not crm.offers("keyring"):
        raise Unsupported("the product offers neither rotation nor an inventory of keys")
    admin, core = crm.acting_as(Actor.ADMIN), crm.acting_as(Actor.INTEGRATION)
    old, busy = newcomers(crm, bank, 2)
    read: list[bool] = []
    written: list[bool] = []
    with on_file(crm, old, busy):
        before = admin.keyring().value
        _ = admin.rotate_key().value
        for turn in range(ROUNDS):
            seen = core.get(Customer, old.number)
            read.append(seen.ok and seen.value.text("national_id") == old.national_id)
            written.append(core.update(Customer, busy.number, {"address": f"{turn} Rotation Street"}).ok)
            crm.clock.sleep(PAUSE)
        after = admin.keyring().value
    return Rotated(before=before, after=after, read=tuple(read), written=tuple(written))


@a_key_is_replaced_while_customers_are_served.check
def a_key_can_be_replaced(seen: Rotated) -> Verdict:
    """Another key encrypts after the rotation than before it."""
    changed = seen.after.sealing != seen.before.sealing
    return holds(changed, observed=f"{seen.before.sealing} -> {seen.after.sealing}", expected="another key")


@a_key_is_replaced_while_customers_are_served.check
def old_rows_stay_readable(seen: Rotated) -> Verdict:
    """What was encrypted before the rotation is read right all the time."""
    return equal(sum(seen.read), len(seen.read))


@a_key_is_replaced_while_customers_are_served.check
def rotation_fails_no_call(seen: Rotated) -> Verdict:
    """No read and no write fails while the key is replaced."""
    failed = [not (read and written) for read, written in zip(seen.read, seen.written, strict=True)]
    window = sum(failed) * PAUSE
    return equal(sum(failed), 0, rotation_window_s=window)


@a_key_is_replaced_while_customers_are_served.check
def algorithms_are_inventoried(seen: Rotated) -> Verdict:
    """The product lists the algorithms that it uses, each of at least 128 bits of strength."""
    weak = [f"{one.use}: {one.name}" for one in seen.after.ciphers if one.bits < STRENGTH]
    return none_of(weak if seen.after.ciphers else ["nothing is listed"], what="weak or unlisted algorithm")
