"""Rotation: the key that encrypts is replaced while customers are read and written."""

from datetime import datetime
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.keyring import Keyring
from scenarios.library.newcomers import newcomers, on_file
from scenarios.port import Unsupported
from scenarios.scenario import FullSize, scenario
from scenarios.verdict import Verdict, equal, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: The least strength of an algorithm in bits (OWASP ASVS 5.0, 11.2.3).
STRENGTH = 128


class Pace(NamedTuple):
    """How many rounds of a read and a write follow the order to rotate, and the seconds from one to the next."""

    rounds: int
    every: float


#: Six seconds tell whether anything fails; the requirement names 20 calls a second for five minutes.
ORDINARY, FULL = Pace(24, 0.25), Pace(3_000, 0.1)


class Rotated(NamedTuple):
    """Keys before and after, and for each round whether the old row was read right and the other could be written.

    ``every`` are the seconds between two rounds that were meant, ``seconds`` those that all of them took.
    """

    before: Keyring
    after: Keyring
    read: tuple[bool, ...]
    written: tuple[bool, ...]
    every: float
    seconds: float


def _in_full(crm: CRM, bank: Bank) -> Rotated:
    return _rotated(crm, bank, FULL)


@scenario("SEC-03", full=FullSize(play=_in_full, told="20 calls a second for 5 minutes", seconds=900.0))
def a_key_is_replaced_while_customers_are_served(crm: CRM, bank: Bank) -> Rotated:
    """One customer is read and another written again and again while the administrator replaces the data key."""
    return _rotated(crm, bank, ORDINARY)


def _rotated(crm: CRM, bank: Bank, pace: Pace) -> Rotated:
    if not crm.offers("rotate_key") or not crm.offers("keyring"):
        raise Unsupported("the product offers neither rotation nor an inventory of keys")
    admin, core = crm.acting_as(Actor.ADMIN), crm.acting_as(Actor.INTEGRATION)
    old, busy = newcomers(crm, bank, 2)
    read: list[bool] = []
    written: list[bool] = []
    with on_file(crm, old, busy):
        before = admin.keyring().value
        _ = admin.rotate_key().value
        began = crm.clock.now()
        for turn in range(pace.rounds):
            crm.clock.sleep(max(0.0, turn * pace.every - _since(crm, began)))
            seen = core.get(Customer, old.number)
            read.append(seen.ok and seen.value.text("national_id") == old.national_id)
            written.append(core.update(Customer, busy.number, {"address": f"{turn} Rotation Street"}).ok)
        took, after = _since(crm, began), admin.keyring().value
    return Rotated(before, after, tuple(read), tuple(written), pace.every, took)


def _since(crm: CRM, began: datetime) -> float:
    return (crm.clock.now() - began).total_seconds()


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
    return equal(
        sum(failed), 0, rotation_window_s=sum(failed) * seen.every, calls=2.0 * len(failed), seconds=seen.seconds
    )


@a_key_is_replaced_while_customers_are_served.check
def algorithms_are_inventoried(seen: Rotated) -> Verdict:
    """The product lists the algorithms that it uses, each of at least 128 bits of strength."""
    weak = [f"{one.use}: {one.name}" for one in seen.after.ciphers if one.bits < STRENGTH]
    return none_of(weak if seen.after.ciphers else ["nothing is listed"], what="weak or unlisted algorithm")
