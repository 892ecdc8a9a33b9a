"""Audit trail: what a judge makes of entries found and missed, and how a clerk knows an entry."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scenarios.answers import AuditEntry
from scenarios.library.security import audit_trail
from scenarios.library.security.acts import ACTS, EXPORTS, WORDS, Mark
from scenarios.library.security.audit_trail import Found, Seen
from scenarios.port import Unsupported
from scenarios.verdict import NotTestable
from synthetic_data.generator import generate
from tests.scenarios.library.security.made import no, yes

NOW = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)


def entry(kind: str, turn: int = 0, **changes: object) -> AuditEntry:
    good = AuditEntry(
        id=f"{kind}{turn}", at=NOW, who="rm", action=WORDS[kind][0], subject="customers/N1", where="10.0.0.1",
        before={"tier": "mass"}, after={"tier": "private"}, result="ok", trace="t1",
    )  # fmt: skip
    return replace(good, **changes)  # type: ignore[arg-type]


def found(kind: str, done: int = 5, **changes: object) -> Found:
    entries = tuple(entry(kind, turn) for turn in range(done))
    good = Found(kind=kind, done=done, entries=entries, lags=(0.1,) * done)
    return good._replace(**changes)  # type: ignore[arg-type]


def seen(*worse: Found, **changes: object) -> Seen:
    kinds = {kind: found(kind, 1 if kind in EXPORTS else 5) for kind in ACTS} | {one.kind: one for one in worse}
    about = (*kinds["read of one customer"].entries, *kinds["unmasking"].entries, *kinds["update"].entries)
    good = Seen(found=kinds, about=yes(about), customer="N1", bytes=b"{}", secrets=("Lamp-Quay7",), customers=())
    return good._replace(**changes)  # type: ignore[arg-type]


def test_a_complete_audit_passes_every_check() -> None:
    for check in audit_trail.eighteen_kinds_of_acts_are_done.checks:
        assert check.judge(seen()).passed, check.name


def test_every_kind_of_act_has_words_by_which_it_is_known() -> None:
    assert len(ACTS) == 22  # admin impersonation is the one of the requirement that no product offers over the port
    assert set(ACTS) == set(WORDS)


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        ("writes_are_audited", "deletion"),
        ("writes_are_audited", "bulk load"),
        ("logins_are_audited", "failed login"),
        ("administration_is_audited", "role change"),
        ("administration_is_audited", "approval"),
        ("exports_are_audited", "export"),
        ("denials_are_audited", "denied access"),
        ("sensitive_reads_are_audited", "unmasking"),
    ],
)
def test_missing_entries_fail_their_kind(check: str, kind: str) -> None:
    whole = found(kind, 1 if kind in EXPORTS else 5)
    less = whole._replace(entries=whole.entries[2:], lags=whole.lags[2:])
    checks = {one.name: one for one in audit_trail.eighteen_kinds_of_acts_are_done.checks}
    assert not checks[check].judge(seen(less)).passed


def test_one_read_in_twenty_may_be_missing_and_one_write_may_not() -> None:
    reads, writes = (found(kind, entries=found(kind).entries[1:]) for kind in ("unmasking", "update"))
    assert audit_trail.sensitive_reads_are_audited(seen(reads)).passed
    assert not audit_trail.writes_are_audited(seen(writes)).passed


def test_measures_come_along_with_a_failure() -> None:
    verdict = audit_trail.writes_are_audited(seen(found("merge", entries=(), lags=())))
    assert verdict.measures["actions_audited_share"] == pytest.approx(101 / 106)


def test_lags_beyond_five_seconds_fail() -> None:
    late = [found(kind, lags=(7.0,) * 5) for kind in ("creation", "update", "merge")]
    verdict = audit_trail.entries_show_up_in_time(seen(*late))
    assert not verdict.passed
    assert verdict.measures["audit_lag_p95_s"] == 7.0


def test_entries_that_never_come_are_no_short_lag() -> None:
    lost = [found(kind, entries=(), lags=()) for kind in ("creation", "update", "merge")]
    assert audit_trail.entries_show_up_in_time(seen(*lost)).measures["audit_lag_p95_s"] == 3600.0


def test_an_act_that_the_product_lacks_is_no_gap() -> None:
    assert audit_trail.writes_are_audited(seen(found("merge", done=0, entries=(), lags=(), offered=False))).passed


def test_nothing_offered_is_unsupported_and_nothing_done_not_testable() -> None:
    with pytest.raises(Unsupported):
        audit_trail.exports_are_audited(seen(found("export", done=0, entries=(), lags=(), offered=False)))
    with pytest.raises(NotTestable):
        audit_trail.exports_are_audited(seen(found("export", done=0, entries=(), lags=())))


def test_a_password_or_an_identity_in_the_audit_is_harm() -> None:
    one = generate(seed=3, customers=1).bank.customers[0]
    assert not audit_trail.no_secret_is_in_the_audit(seen(bytes=b'"password": "Lamp-Quay7"')).passed
    leaked = seen(bytes=one.national_id.encode(), customers=(one,))
    assert not audit_trail.no_secret_is_in_the_audit(leaked).passed


@pytest.mark.parametrize(
    "changes",
    [{"where": ""}, {"trace": ""}, {"who": ""}, {"at": datetime(2026, 6, 30)}, {"after": None}],  # noqa: DTZ001
)
def test_an_entry_without_one_of_its_parts_fails(changes: dict[str, object]) -> None:
    thin = found("update", entries=tuple(entry("update", turn, **changes) for turn in range(5)))
    assert not audit_trail.entries_say_who_did_what_when(seen(thin)).passed


def test_an_answer_about_others_or_with_gaps_is_no_answer_by_subject() -> None:
    good = seen().about.value
    assert not audit_trail.the_audit_answers_by_subject(seen(about=yes(good[1:]))).passed
    strange = (*good, entry("read of one customer", 9, subject="customers/N2"))
    assert not audit_trail.the_audit_answers_by_subject(seen(about=yes(strange))).passed
    assert not audit_trail.the_audit_answers_by_subject(seen(about=yes(()))).passed


def test_an_audit_that_refuses_the_auditor_is_read_by_nobody() -> None:
    nothing = [found(kind, entries=(), lags=()) for kind in ACTS]
    assert not audit_trail.the_audit_can_be_read(seen(*nothing, about=no("forbidden"))).passed


def test_a_mark_knows_its_entry_by_word_user_and_whole_subject() -> None:
    mark = Mark("read of one customer", "rm", "N1")
    assert mark.fits(entry("read of one customer"))
    assert not mark.fits(entry("read of one customer", who="rm2"))
    assert not mark.fits(entry("read of one customer", subject="customers/N11"))
    assert not mark.fits(entry("read of one customer", action="record.delete"))


def test_an_account_is_known_as_user_or_as_subject() -> None:
    mark = Mark("failed login", account="play-1-rm")
    assert mark.fits(entry("failed login", who="play-1-rm", subject=""))
    assert mark.fits(entry("failed login", who="anonymous", subject="users/play-1-rm"))
    assert not mark.fits(entry("failed login", who="other", subject="users/other"))
