"""Tampering: whether the audit can be changed by anybody, and whether what is changed in its store is found."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from random import Random
from typing import NamedTuple

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from scenarios.actors import Actor
from scenarios.answers import AuditEntry
from scenarios.crm import CRM
from scenarios.library.newcomers import newcomers, on_file
from scenarios.library.security.attempts import Attempt, attempt, need, seconds_until
from scenarios.port import Refused
from scenarios.scenario import scenario
from scenarios.sealed import AuditCopy, AuditProof, AuditSeal
from scenarios.verdict import NotTestable, Verdict, at_least, equal, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: 50 changes of the store (requirement SEC-09), each of five kinds ten times; the last of them cuts the tail off.
KINDS = ("alter", "drop", "reorder", "clone", "truncate")
TIMES = 10
#: How many entries the copy holds, and for how long the product may take to seal what was just written.
ENTRIES, SEALED_WITHIN_S = 40, 20.0
#: Ways to change the audit that are tried; the last takes all of it away.
WAYS = ("alter", "delete", "backdate", "purge")
#: An answer that points at more entries than this does not say where something was done.
MOST_NAMED = 4


class Change(NamedTuple):
    """One change of the copy: its kind, the entry at which it must be found, and what the product says of it."""

    kind: str
    entry: str
    proof: Attempt[AuditProof]

    @property
    def found(self) -> bool:
        """Whether the product noticed anything."""
        return self.proof.ok and not self.proof.value.sound

    @property
    def located(self) -> bool:
        """Whether the product pointed at the entry, and not at everything."""
        named = {one.entry for one in self.proof.value.findings} if self.found else set()
        return self.entry in named and len(named) <= MOST_NAMED

    def __str__(self) -> str:
        """Name the change and its place."""
        return f"{self.kind} at {self.entry}"


class Seen(NamedTuple):
    """Who tried what, the trail before and after, its seals, and what became of a copy that was changed."""

    tries: tuple[Attempt[None], ...]
    before: tuple[AuditEntry, ...]
    after: tuple[AuditEntry, ...]
    seals: Attempt[tuple[AuditSeal, ...]]
    sealed: bool
    copy: Attempt[AuditCopy] | None
    untouched: Attempt[AuditProof] | None
    changes: tuple[Change, ...]


@scenario("SEC-09")
def the_audit_is_attacked(crm: CRM, bank: Bank) -> Seen:
    """Every role tries to alter, delete, backdate and purge the audit; then a copy is changed fifty times."""
    need(crm, Actor.INTEGRATION, Actor.AUDITOR)
    auditor = crm.acting_as(Actor.AUDITOR)
    (customer,) = newcomers(crm, bank, 1)
    with on_file(crm, customer):
        for _ in range(ENTRIES // 2):
            crm.get(Customer, customer.number).value  # noqa: B018 - raises a refusal
        attempt(auditor, "delete", lambda view: view.delete(Customer, customer.number))  # a denial, to be sealed too
        trail = partial(CRM.audit, subject=customer.number)
        before = trail(auditor).value
        if not before:
            raise Refused("not-found", detail="what was just done is not in the audit")
        tries = tuple(_tries(crm, before[-1].id))
        after = trail(auditor).value
        seals, sealed = _sealed(crm, auditor, before[-1].id)
        copy, untouched, changes = _changed(auditor, bank, seals, sealed)
        return Seen(tries, before, after, seals, sealed, copy, untouched, changes)


def _tries(crm: CRM, entry: str) -> Iterator[Attempt[None]]:
    """Let everybody who can sign in, and a stranger, go every way there might be."""
    for actor in Actor:
        if not crm.has(actor) or actor in (Actor.LEAVER, Actor.EXPIRED):
            continue
        for act in WAYS:
            yield attempt(crm.acting_as(actor), f"{act} the audit", partial(CRM.tamper, entry=entry, act=act))


def _sealed(crm: CRM, auditor: CRM, entry: str) -> tuple[Attempt[tuple[AuditSeal, ...]], bool]:
    """Wait until the statements speak of an entry; return the last answer and whether they do."""
    told = [attempt(auditor, "seals", CRM.audit_seals)]

    def there() -> bool:
        told.append(attempt(auditor, "seals", CRM.audit_seals))
        return not told[-1].ok or (bool(told[-1].value) and _reaches(told[-1].value[-1].last, entry))

    if told[0].ok:
        seconds_until(crm.clock, there, within=SEALED_WITHIN_S, every=0.5)
    return told[-1], told[-1].ok and bool(told[-1].value) and _reaches(told[-1].value[-1].last, entry)


def _reaches(last: str, entry: str) -> bool:
    return int(last) >= int(entry) if last.isdecimal() and entry.isdecimal() else last >= entry


def _changed(
    auditor: CRM, bank: Bank, seals: Attempt[tuple[AuditSeal, ...]], sealed: bool
) -> tuple[Attempt[AuditCopy] | None, Attempt[AuditProof] | None, tuple[Change, ...]]:
    """Take a copy of what is sealed, have it verified as it is, then changed in fifty ways, one at a time."""
    if not sealed:
        return None, None, ()
    last = seals.value[-1].last
    copy = attempt(auditor, "copy", partial(CRM.audit_copy, upto=last, entries=ENTRIES))
    if not copy.ok or len(copy.value.lines) < ENTRIES // 2:
        return copy, None, ()
    untouched = attempt(auditor, "verify", partial(CRM.verify_audit, copy=copy.value, lines=copy.value.lines))
    random = Random(f"{bank.seed}/tampering")
    changes = []
    for kind in KINDS * TIMES:
        entry, lines = spoilt(copy.value, kind, random)
        told = attempt(auditor, kind, partial(CRM.verify_audit, copy=copy.value, lines=lines))
        changes.append(Change(kind, entry, told))
    return copy, untouched, tuple(changes)


def spoilt(copy: AuditCopy, kind: str, random: Random) -> tuple[str, tuple[bytes, ...]]:
    """Return a copy that was tampered with, and the id of the entry at which that must be found."""
    lines = list(copy.lines)
    one, other = sorted(random.sample(range(1, len(lines) - 6), 2))
    if kind == "alter":
        lines[one] = altered(lines[one], random)
    elif kind == "drop":
        del lines[one]
    elif kind == "reorder":
        lines[one], lines[other] = lines[other], lines[one]
    elif kind == "clone":
        lines.insert(other, lines[one])
    else:
        one = len(lines) - random.randint(1, 5)
        del lines[one:]
    return copy.ids[one], tuple(lines)


def altered(line: bytes, random: Random) -> bytes:
    """Return a line in which one text says something else; a line that is no JSON gets another last character."""
    try:
        entry = orjson.loads(line)
        texts = sorted(name for name, value in entry.items() if isinstance(value, str) and value and name != "id")
        name = random.choice([text for text in texts if text not in ("at", "forgotten")])
    except (ValueError, AttributeError, IndexError):
        return line[:-1] + (b"0" if line[-1:] != b"0" else b"1")
    return orjson.dumps(entry | {name: entry[name][:-1] + ("x" if entry[name][-1] != "x" else "y")})


def _changes(seen: Seen) -> tuple[Change, ...]:
    """Return the changes; raises what says why there are none."""
    seen.seals.value  # noqa: B018 - raises Unsupported or the refusal
    if not seen.sealed:
        raise Refused("not-found", detail=f"nothing was sealed within {SEALED_WITHIN_S:g} s")
    if seen.copy is None or len(seen.copy.value.lines) < ENTRIES // 2 or seen.untouched is None:
        raise NotTestable("the export holds too few sealed entries to change any of them")
    if not seen.untouched.value.sound:
        raise Refused("invalid", detail="the product calls an untouched copy of its own trail tampered with")
    return seen.changes


def _noticed(changes: Iterable[Change]) -> Verdict:
    told = tuple(changes)
    blind = [str(one) for one in told if not one.found]
    return none_of(blind, what="change that goes unnoticed", note=f"{len(told)} changes")


@the_audit_is_attacked.harm
def nobody_edits_the_audit(seen: Seen) -> Verdict:
    """Nobody, whatever their role, can alter, delete or backdate an entry."""
    return none_of(_admitted(seen, WAYS[:3]), what="way to change the audit", note=f"{len(seen.tries)} tries")


@the_audit_is_attacked.check
def administrators_cannot_purge(seen: Seen) -> Verdict:
    """Nobody can purge the audit, administrators least of all."""
    return none_of(_admitted(seen, WAYS[3:]), what="way to purge the audit", note=f"{len(seen.tries)} tries")


def _admitted(seen: Seen, ways: Sequence[str]) -> list[str]:
    """Return the tries that the system let happen."""
    return [str(one) for one in seen.tries if one.ok and any(one.what.startswith(way) for way in ways)]


@the_audit_is_attacked.check
def the_store_writes_once(seen: Seen) -> Verdict:
    """Entries read before and after all these tries are the same word for word, and new ones only follow."""
    later = {one.id: one for one in seen.after}
    changed = [f"{one.action} {one.id}" for one in seen.before if later.get(one.id) != one]
    early = [one.id for one in seen.after if one.at < seen.before[-1].at - timedelta(hours=1)]
    known = {one.id for one in seen.before}
    slipped = [f"put in at {one}" for one in early if one not in known]
    return none_of([*changed, *slipped], what="entry that changed", note=f"{len(seen.before)} entries")


@the_audit_is_attacked.check
def store_changes_are_detected(seen: Seen) -> Verdict:
    """Of entries altered, dropped, swapped or doubled in a copy of the trail, the product notices every one."""
    return _noticed(one for one in _changes(seen) if one.kind != "truncate")


@the_audit_is_attacked.check
def a_lost_tail_is_detected(seen: Seen) -> Verdict:
    """When the newest entries are cut off, the product notices."""
    return _noticed(one for one in _changes(seen) if one.kind == "truncate")


@the_audit_is_attacked.check
def the_place_is_named(seen: Seen) -> Verdict:
    """The product names the very entry at which the trail was changed."""
    changes = _changes(seen)
    lost = sorted({str(one) for one in changes if not one.located})
    share = sum(one.located for one in changes) / len(changes)
    return at_least(share, 1.0, note="; ".join(lost[:5]) or f"{len(changes)} changes", changes_located_share=share)


@the_audit_is_attacked.check
def checkpoints_are_kept_elsewhere(seen: Seen) -> Verdict:
    """What the trail is proven by rests outside its database, in statements whose signatures we verify ourselves."""
    seals = seen.seals.value
    if not seals:
        return equal(len(seals), "at least one", note="no statement at all")
    wrong = [f"statement {one.number}: not signed" for one in seals if not signed(one)]
    if len({one.key for one in seals}) > 1:
        wrong.append("the key changes from statement to statement")
    if not all(one.kept for one in seals) or any(one.kept.startswith("database") for one in seals):
        wrong.append("kept in the database that they speak of")
    return none_of(wrong, what="statement that proves nothing", note=f"{len(seals)} statements")


def signed(seal: AuditSeal) -> bool:
    """Whether a statement bears the signature of the key it names; raises NotTestable for a scheme unknown to us."""
    if not seal.signature or not seal.key:
        return False
    if seal.algorithm != "Ed25519":
        raise NotTestable(f"we do not verify signatures of the scheme {seal.algorithm!r}")
    try:
        Ed25519PublicKey.from_public_bytes(seal.key).verify(seal.signature, seal.statement)
    except (InvalidSignature, ValueError):
        return False
    return True
