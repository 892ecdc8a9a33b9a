"""Subjects: thirty cases, and what a judge makes of what became of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scenarios.answers import AuditEntry, Page, SubjectAnswer
from scenarios.library.security import subjects
from scenarios.library.security.cases import PEOPLE, Case, cases, ten_years_after
from scenarios.library.security.subjects import Seen, Subject
from scenarios.port import Unsupported
from synthetic_data.generator import generate
from synthetic_data.identities import is_national_id
from synthetic_data.records import KINDS
from tests.scenarios.library.security.made import missing, no, on_file, yes

TODAY = date(2026, 6, 30)
NEW = [
    replace(one, state="active", closed_on=None, legal_hold=False)
    for one in generate(seed=4, customers=2 * PEOPLE).bank.customers
    if len(one.national_id) == 18
]
TOLD, ACCOUNTS = cases(NEW, TODAY)


def subject(case: Case, **changes: Any) -> Subject:
    row = on_file(case.customer.number)
    until = case.until.isoformat() if case.until else ""
    answer = (
        SubjectAnswer(status="done") if case.erasable else SubjectAnswer(status="restricted", basis="law", until=until)
    )
    gone = case.erasable
    good = Subject(
        case=case,
        before=yes((row,)),
        answer=yes(answer),
        after=yes(() if gone else (row,)),
        record=no("not-found") if gone else yes(row),
        use_before=yes(row),
        use_after=no("not-found") if gone or case.retained else yes(row),
        deletion=no("conflict") if case.retained else None,
    )
    return good._replace(**changes)


def copy(case: Case, *, without: str = "") -> SubjectAnswer:
    facts = [fact for fact in subjects._facts(case, frozenset(KINDS)) if fact != without]
    return SubjectAnswer(status="done", data={"facts": facts})


def seen(*worse: Subject, **changes: Any) -> Seen:
    told = {case.customer.number: subject(case) for case in TOLD}
    told |= {one.case.customer.number: one for one in worse}
    entry = AuditEntry(id="1", at=datetime(2026, 6, 30, tzinfo=UTC), who="x", action="record.create")
    refusal = on_file("S", kind="Consent", purpose="marketing", granted=False, at="2026-06-30")
    good = Seen(
        subjects=tuple(told.values()),
        copies=tuple((case, yes(copy(case))) for case in TOLD[::5]),
        portable=yes(SubjectAnswer(status="done", data={"customer": {"name": TOLD[0].customer.name}})),
        audit_before=yes((entry,)),
        audit_after=yes((entry,)),
        residue=b"nothing",
        talks=(),
        rectified=yes(on_file("N", occupation="Lighthouse keeper")),
        consents=yes(Page(rows=(refusal,))),
        kinds=frozenset(KINDS),
    )
    return good._replace(**changes)


def of(kind: str) -> Case:
    return next(case for case in TOLD if case.kind == kind)


def test_a_lawful_target_passes_every_check() -> None:
    for check in subjects.thirty_people_ask_for_their_rights.checks:
        assert check.judge(seen()).passed, check.name


def test_there_are_thirty_people_of_all_kinds_each_on_the_right_side_of_the_law() -> None:
    assert len(TOLD) == len({case.customer.number for case in TOLD}) == PEOPLE
    assert {"active", "joint account", "closed", "closed long ago", "minor", "deceased", "legal hold", "two files"} <= {
        case.kind for case in TOLD
    }
    for case in TOLD:
        closed = case.customer.closed_on
        lawful = closed is not None and ten_years_after(closed) <= TODAY and not case.customer.legal_hold
        assert case.erasable is lawful, case.kind


def test_their_identity_numbers_are_valid_and_their_accounts_are_theirs() -> None:
    assert all(is_national_id(case.customer.national_id) for case in TOLD)
    owners = {case.customer.number for case in TOLD if not case.erasable}
    assert {holder for account in ACCOUNTS for holder in (account.customer, *account.joint_holders)} <= owners


def test_erasing_what_the_law_wants_kept_is_harm() -> None:
    case = of("legal hold")
    lost = subject(case, answer=yes(SubjectAnswer(status="done")), record=no("not-found"))
    assert not subjects.records_under_retention_are_kept(seen(lost)).passed
    assert subjects.subjects_are_treated_right(seen(lost)).measures["subjects_right_share"] == pytest.approx(29 / 30)


def test_a_yes_that_keeps_the_record_is_no_erasure() -> None:
    case = of("closed long ago")
    kept = subject(case, after=yes((on_file(case.customer.number),)), record=yes(on_file(case.customer.number)))
    assert not subjects.the_erased_are_found_no_more(seen(kept)).passed


def test_who_was_never_on_file_was_not_erased() -> None:
    assert not subjects.the_erased_are_found_no_more(seen(subject(of("closed long ago"), before=yes(())))).passed


@pytest.mark.parametrize(
    "answer",
    [
        SubjectAnswer(status="restricted", until="2030-01-01"),
        SubjectAnswer(status="restricted", basis="law", until="soon"),
        SubjectAnswer(status="restricted", basis="law", until="2099-01-01"),
        SubjectAnswer(status="done"),
    ],
)
def test_a_refusal_must_name_basis_and_the_right_date(answer: SubjectAnswer) -> None:
    worse = seen(subject(of("closed"), answer=yes(answer)))
    assert not subjects.a_refusal_names_reason_basis_and_date(worse).passed


def test_a_kept_record_in_ordinary_use_fails() -> None:
    case = of("closed")
    used = subject(case, use_after=yes(on_file(case.customer.number)))
    assert not subjects.kept_records_are_restricted(seen(used)).passed


def test_a_copy_with_a_missing_talk_is_incomplete() -> None:
    copies = tuple((case, yes(copy(case, without=f"Talk {case.customer.number} about fees"))) for case in TOLD[::5])
    verdict = subjects.access_is_complete(seen(copies=copies))
    assert not verdict.passed
    assert verdict.measures["facts_found_share"] == pytest.approx(12 / 13)


def test_a_value_or_a_talk_that_stays_is_a_trace() -> None:
    gone = of("closed long ago").customer
    assert not subjects.nothing_of_the_erased_is_left(seen(residue=gone.mobile.encode())).passed
    assert not subjects.nothing_of_the_erased_is_left(seen(talks=(on_file("I1"),))).passed
    kept = of("active").customer
    assert subjects.nothing_of_the_erased_is_left(seen(residue=kept.mobile.encode())).passed


def test_an_audit_that_forgets_fails() -> None:
    assert not subjects.the_audit_survives_erasure(seen(audit_after=yes(()))).passed


def test_a_text_blob_is_no_portable_copy() -> None:
    blob = SubjectAnswer(status="done", data={"text": f"Name: {TOLD[0].customer.name}"})
    assert not subjects.the_copy_is_machine_readable(seen(portable=yes(blob))).passed


def test_an_old_yes_is_outlived_by_a_newer_no_only() -> None:
    granted = on_file("S2", kind="Consent", purpose="marketing", granted=True, at="2026-07-01")
    rows = (*seen().consents.value.rows, granted)
    assert not subjects.an_objection_ends_marketing(seen(consents=yes(Page(rows=rows)))).passed
    assert not subjects.an_objection_ends_marketing(seen(consents=yes(Page(rows=())))).passed


def test_a_correction_that_does_not_show_fails() -> None:
    assert not subjects.a_wrong_fact_is_corrected(seen(rectified=yes(on_file("N", occupation="Baker")))).passed


def test_a_product_without_such_requests_is_unsupported() -> None:
    deaf = tuple(one._replace(answer=missing()) for one in seen().subjects)
    with pytest.raises(Unsupported):
        subjects.a_request_is_taken(seen()._replace(subjects=deaf))


@pytest.mark.parametrize("today", [TODAY, date(2028, 2, 29), date(2026, 3, 1), date(2026, 12, 31)])
def test_cases_are_the_same_on_any_day(today: date) -> None:
    told, _ = cases(NEW, today)
    for case in told:
        closed = case.customer.closed_on
        if closed is not None:
            assert (ten_years_after(closed) <= today) is (case.erasable or case.kind == "legal hold"), case.kind
            assert case.customer.since < closed < today - timedelta(days=300)
