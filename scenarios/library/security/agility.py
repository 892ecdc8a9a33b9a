"""Agility: a field's algorithm is changed and changed back, weak ones are asked for, the keys' place is looked at."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.inside import Inside, Searched
from scenarios.keyring import Anew, Keyring
from scenarios.library.newcomers import newcomers, on_file, quietly
from scenarios.library.security.attempts import Attempt, attempt, offered, seconds_until
from scenarios.library.security.documents import papers_of
from scenarios.port import Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: What nobody may switch on (OWASP ASVS 5.0, 11.2 to 11.4): modes that prove nothing, broken ciphers, short keys.
WEAK: Mapping[str, tuple[str, ...]] = {
    "encryption": ("AES-128-ECB", "AES-256-ECB", "AES-128-CBC", "3DES", "DES", "RC4", "SM4-ECB", "NONE"),
    "wrapping": ("RSAES-PKCS1-v1_5", "RSA-1024-OAEP", "RSA-1024"),
    "digest": ("MD5", "SHA-1", "HMAC-MD5"),
}
#: The field whose algorithm is changed, and the seconds within which that must be felt.
FIELD, FELT_WITHIN_S, LOOK_S = "Customer.email", 15.0, 0.5
#: How ciphers of the two families are called: international ones, and those of GB/T 32907.
INTERNATIONAL, NATIONAL = ("AES", "CHACHA20", "CAMELLIA"), ("SM4",)
#: Records encrypted anew in one call, for a look and for the whole; and calls for the whole at most.
BATCH, WHOLE, MOST_BATCHES = 200, 2000, 12
#: Seconds for a new key to be known to all processes of a target, when one of them has told of it.
SPREAD_S = 2.0


class Changed(NamedTuple):
    """A field under another algorithm: whether it came to be, and whether old and new values were read right."""

    algorithm: str
    felt_after_s: float | None
    old_right: bool
    new_right: bool
    batches: tuple[Attempt[Anew], ...]
    right_anew: bool


class Replaced(NamedTuple):
    """A key replaced and all values encrypted anew: the keys in stores before and after, and how many are left."""

    before: Mapping[str, tuple[str, ...]]
    after: Mapping[str, tuple[str, ...]]
    left: int


class Agile(NamedTuple):
    """The inventory, answers to weak choices, the change of a field, the search for the key, and its replacement."""

    keyring: Attempt[Keyring]
    weak: tuple[Attempt[None], ...]
    changed: Attempt[None]
    change: Changed | None
    searched: Searched | str
    replaced: Replaced | str


@scenario("SEC-03")
def algorithms_good_and_weak_are_chosen(crm: CRM, bank: Bank) -> Agile:
    """The administrator asks for weak algorithms one by one, and puts one field under one of another family."""
    admin = crm.acting_as(Actor.ADMIN)
    keyring = attempt(admin, "inventory of keys", lambda view: view.keyring())
    weak = tuple(_asked(admin, use, name) for use, names in WEAK.items() for name in names)
    old, new, kept = newcomers(crm, bank, 3)
    if not keyring.ok or FIELD not in keyring.value.fields:
        asked = _asked(admin, "encryption", "SM4-GCM")
        return Agile(keyring, weak, asked, None, _searched(crm), _replaced(crm, admin, kept))
    before, other = keyring.value.fields[FIELD], another(keyring.value)
    with on_file(crm, old), _as_before(admin, before):
        changed = _asked(admin, "encryption", other)
        change = _change(crm, admin, other, old, new) if changed.ok else None
    return Agile(keyring, weak, changed, change, _searched(crm), _replaced(crm, admin, kept))


def another(told: Keyring) -> str:
    """Return a cipher on offer of the family that the field has not, else any other, else a national one to ask for."""
    before = told.fields[FIELD]
    family = NATIONAL if _of(before, INTERNATIONAL) else INTERNATIONAL
    choices = [name for name in told.offered if _of(name, family)] + [one for one in told.offered if one != before]
    return (*choices, "SM4-GCM")[0]


def _of(name: str, family: tuple[str, ...]) -> bool:
    return name.upper().startswith(family)


def _asked(admin: CRM, use: str, name: str) -> Attempt[None]:
    field = FIELD if use == "encryption" else None
    return attempt(admin, f"{name} for {use}", lambda view: view.choose_cipher(name, field=field, use=use))


@contextmanager
def _as_before(admin: CRM, algorithm: str) -> Iterator[None]:
    try:
        yield
    finally:
        quietly(lambda: admin.choose_cipher(algorithm, field=FIELD))


def _change(crm: CRM, admin: CRM, other: str, old: Customer, new: Customer) -> Changed:
    """Wait until the choice is felt, write a new value, read both, encrypt some anew and read again."""

    def felt() -> bool:
        told = admin.keyring()
        return told.ok and told.value.fields.get(FIELD) == other

    after = seconds_until(crm.clock, felt, within=FELT_WITHIN_S, every=LOOK_S)
    with on_file(crm, new):
        old_right, new_right = _right(crm, old), _right(crm, new)
        batches = tuple(attempt(admin, "encryption anew", lambda view: view.encrypt_anew(BATCH)) for _ in range(2))
        anew = all(_right(crm, one) for one in (old, new))
    return Changed(other, after, old_right, new_right, batches, anew)


def _right(crm: CRM, one: Customer) -> bool:
    seen = crm.acting_as(Actor.INTEGRATION).get(Customer, one.number)
    return seen.ok and seen.value.text("email") == one.email


def _searched(crm: CRM) -> Searched | str:
    """Search the stores for copies of the bank's key."""
    try:
        inside = Inside(crm.wire)
        return inside.search({}, inside.begin())
    except NotTestable as hidden:
        return str(hidden)


def _replaced(crm: CRM, admin: CRM, one: Customer) -> Replaced | str:
    """Look which keys are in the stores before and after the key is replaced and everything encrypted anew.

    A customer with a change and a document is on file meanwhile, so that history and documents have something to keep.
    """
    if not (crm.offers("rotate_key") and crm.offers("encrypt_anew")):
        return "the product does not replace keys and encrypt anew"
    try:
        inside = Inside(crm.wire)
        with on_file(crm, one), papers_of(crm, one):
            core = crm.acting_as(Actor.INTEGRATION)
            _ = core.update(Customer, one.number, {"address": f"new, {one.address}"}).value
            before = inside.keys_in_stores()
            left = _all_anew(admin)
            return Replaced(before, inside.keys_in_stores(), left)
    except NotTestable as hidden:
        return str(hidden)


def _all_anew(admin: CRM) -> int:
    """Replace the key and have everything encrypted anew; return how many values are left all the same."""
    clock, before = admin.clock, admin.keyring().value.sealing
    _ = admin.rotate_key().value
    seconds_until(clock, lambda: admin.keyring().value.sealing != before, within=FELT_WITHIN_S, every=LOOK_S)
    clock.sleep(SPREAD_S)
    left = 1
    for _turn in range(MOST_BATCHES):
        left = admin.encrypt_anew(WHOLE).value.left
        if not left:
            break
    return left


@algorithms_good_and_weak_are_chosen.harm
def weak_algorithms_are_refused(seen: Agile) -> Verdict:
    """Nobody can switch a weak algorithm on: modes that prove nothing, broken ciphers and digests, short keys."""
    return none_of((one.what for one in offered(seen.weak) if one.ok), what="weak algorithm that was taken")


@algorithms_good_and_weak_are_chosen.check
def a_field_changes_its_algorithm(seen: Agile) -> Verdict:
    """One field goes over to another algorithm; old and new values stay readable, and old ones are encrypted anew."""
    _ = seen.changed.value  # raises what says why nothing was changed
    if seen.change is None:
        raise Unsupported("the product does not say which algorithm encrypts which field")
    change = seen.change
    wrong = [] if change.felt_after_s is not None else [f"not felt within {FELT_WITHIN_S:g} s"]
    right = {"old value": change.old_right, "new value": change.new_right, "value encrypted anew": change.right_anew}
    wrong += [f"{name} read wrong" for name, holds_true in right.items() if not holds_true]
    wrong += [] if _proceeds([one.value for one in change.batches]) else ["encryption anew does not proceed"]
    return none_of(wrong, what="trouble with another algorithm", note=change.algorithm)


def _proceeds(batches: list[Anew]) -> bool:
    first, second = batches
    return first.done > 0 and (first.left == 0 or second.left < first.left)


@algorithms_good_and_weak_are_chosen.check
def keys_are_kept_apart_from_data(seen: Agile) -> Verdict:
    """The key that wraps all others is kept outside the database, and no copy of it is in any store in reach."""
    told = seen.keyring.value.kept
    copies = [] if isinstance(seen.searched, str) else [str(one) for one in seen.searched.finds]
    if not told and isinstance(seen.searched, str):
        raise Unsupported("the product does not say where its keys are kept")
    apart = not copies and not told.lower().startswith("database")
    return holds(apart, observed=copies or told, expected="kept apart from the data")


@algorithms_good_and_weak_are_chosen.check
def international_and_national_families_are_offered(seen: Agile) -> Verdict:
    """Ciphers of the international family (AES) and of the national one (SM4) can be chosen for data."""
    told = seen.keyring.value
    families = {
        name: any(_of(one, family) for one in told.offered)
        for name, family in {"international": INTERNATIONAL, "national": NATIONAL}.items()
    }
    works = seen.change is not None and seen.change.felt_after_s is not None
    note = f"absent by the product's word: {', '.join(told.absent)}" if told.absent else ""
    return holds(
        all(families.values()) and works, observed=list(told.offered), expected="both, and a change", note=note
    )


@algorithms_good_and_weak_are_chosen.deep
def nothing_is_left_under_an_old_key(seen: Agile) -> Verdict:
    """After the key was replaced and all was encrypted anew, no store holds a value under a key from before."""
    replaced = seen.replaced
    if isinstance(replaced, str):
        raise NotTestable(replaced)
    if replaced.left:
        raise NotTestable(f"{replaced.left:,} values were still to be encrypted anew after {MOST_BATCHES} calls")
    old = {mark for marks in replaced.before.values() for mark in marks}
    wrong = [store for store, marks in replaced.after.items() if old & set(marks)]
    return none_of(wrong, what="store with values under an old key", note=f"{len(replaced.after)} stores")
