"""Tampering: what a judge makes of tries to change the audit, and of changes that go unnoticed."""

from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from scenarios.answers import AuditEntry
from scenarios.library.security import tampering
from scenarios.library.security.tampering import Change, Seen
from scenarios.port import Refused, Unsupported
from scenarios.sealed import AuditCopy, AuditProof, AuditSeal, Tampering
from tests.scenarios.library.security.made import missing, no, yes

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
ENTRIES = tuple(AuditEntry(id=str(one), at=AT, who="rm", action="read", trace=f"t{one}") for one in range(1, 5))
COPY = AuditCopy(
    ids=tuple(str(one) for one in range(1, 41)),
    lines=tuple(orjson.dumps({"id": one, "at": "now", "who": f"user{one}"}) for one in range(1, 41)),
)
SEAL = AuditSeal(
    number=1, at=AT, last="40", statement=b"so it is", signature=KEY.sign(b"so it is"), key=PUBLIC,
    algorithm="Ed25519", kept="file",
)  # fmt: skip


def found(*entries: str) -> AuditProof:
    return AuditProof(sound=not entries, findings=tuple(Tampering(kind="altered", entry=one) for one in entries))


def seen(**changes: Any) -> Seen:
    good = Seen(
        tries=(no("forbidden", what="purge the audit"), missing(what="alter the audit")),
        before=ENTRIES[:3],
        after=ENTRIES,
        seals=yes((SEAL,)),
        sealed=True,
        copy=yes(COPY),
        untouched=yes(found()),
        changes=tuple(Change(kind, "7", yes(found("7"))) for kind in tampering.KINDS),
    )
    return good._replace(**changes)


def test_a_sealed_trail_passes_every_check() -> None:
    for check in tampering.the_audit_is_attacked.checks:
        assert check.judge(seen()).passed, check.name


def test_a_try_that_succeeds_is_told_by_its_way() -> None:
    assert not tampering.administrators_cannot_purge(seen(tries=(yes(what="purge the audit"),))).passed
    altered = seen(tries=(yes(what="alter the audit"),))
    assert (
        not tampering.nobody_edits_the_audit(altered).passed and tampering.administrators_cannot_purge(altered).passed
    )


def test_an_entry_that_reads_otherwise_afterwards_was_not_written_once() -> None:
    assert not tampering.the_store_writes_once(seen(after=(replace(ENTRIES[0], who="x"), *ENTRIES[1:]))).passed
    assert not tampering.the_store_writes_once(seen(after=ENTRIES[1:])).passed


def test_what_goes_unnoticed_or_is_found_everywhere_fails() -> None:
    blind = seen(changes=(Change("truncate", "9", yes(found())), Change("alter", "7", yes(found("7")))))
    assert not tampering.a_lost_tail_is_detected(blind).passed and tampering.store_changes_are_detected(blind).passed
    everywhere = seen(changes=(Change("alter", "7", yes(found(*COPY.ids))),))
    assert (
        tampering.store_changes_are_detected(everywhere).passed and not tampering.the_place_is_named(everywhere).passed
    )


def test_a_product_that_doubts_its_own_trail_or_seals_nothing_is_refused() -> None:
    for other in ({"untouched": yes(found("3"))}, {"sealed": False}):
        with pytest.raises(Refused):
            tampering.store_changes_are_detected(seen(**other))
    with pytest.raises(Unsupported):
        tampering.the_place_is_named(seen(seals=missing(), sealed=False))


def test_statements_must_be_signed_and_rest_elsewhere() -> None:
    for seal in (replace(SEAL, signature=b""), replace(SEAL, statement=b"or so"), replace(SEAL, kept="database")):
        assert not tampering.checkpoints_are_kept_elsewhere(seen(seals=yes((seal,)))).passed
    assert not tampering.checkpoints_are_kept_elsewhere(seen(seals=yes(()))).passed


@pytest.mark.parametrize("kind", tampering.KINDS)
def test_every_kind_of_change_changes_the_copy_and_names_its_place(kind: str) -> None:
    entry, lines = tampering.spoilt(COPY, kind, Random(kind))
    assert lines != COPY.lines and entry in COPY.ids
