"""Creme's pages: days and moments as they are shown, refusals that come with 200, histories with their changes."""

from datetime import UTC, date, datetime

import pytest

from poc.connectors.creme_pages import Event, day, error_of, events, listing, moment
from scenarios.port import Reply


@pytest.mark.parametrize(
    ("shown", "meant"),
    [("Jan. 25, 2003", date(2003, 1, 25)), ("March 4, 2026", date(2026, 3, 4)), ("Sept. 30, 1999", date(1999, 9, 30)),
     ("May 1, 2026", date(2026, 5, 1)), ("2026-02-04", date(2026, 2, 4))],
)  # fmt: skip
def test_days_are_read_as_they_are_shown(shown: str, meant: date) -> None:
    assert day(shown) == meant


@pytest.mark.parametrize(
    ("shown", "hour", "minute"),
    [("4:33 a.m.", 4, 33), ("4 p.m.", 16, 0), ("12:05 a.m.", 0, 5), ("12:05 p.m.", 12, 5), ("noon", 12, 0),
     ("midnight", 0, 0)],
)  # fmt: skip
def test_moments_are_read_as_they_are_shown(shown: str, hour: int, minute: int) -> None:
    assert moment(f"Nov. 24, 2026, {shown}", 7) == datetime(2026, 11, 24, hour, minute, 7, tzinfo=UTC)


def test_what_is_no_moment_is_told() -> None:
    with pytest.raises(ValueError, match="no moment"):
        moment("soon")


@pytest.mark.parametrize(
    ("status", "headers", "body", "reason"),
    [
        (200, {}, "<p>fine</p>", None),
        (302, {"location": "/persons/contact/19"}, "", None),
        (302, {"location": "/creme_login/?next=/persons/contacts"}, "", "unauthenticated"),
        (200, {}, '<ul class="errorlist" id="id_email_error"><li>No.</li></ul>', "invalid"),
        (200, {}, "an errorlist that somebody wrote: class=&quot;errorlist", None),
        (403, {}, "<h1>Forbidden</h1><p>CSRF verification failed.</p>", "unauthenticated"),
        (403, {}, "<h1>Access denied</h1>", "forbidden"),
        (404, {}, "", "not-found"),
        (409, {}, "This entity is used", "conflict"),
        (502, {}, "", "server-error"),
    ],
)
def test_every_shape_of_a_refusal_is_understood(
    status: int, headers: dict[str, str], body: str, reason: str | None
) -> None:
    no = error_of(Reply(status=status, headers=headers, body=body.encode()))
    assert (no.reason if no else None) == reason


def test_a_page_without_a_list_is_told() -> None:
    with pytest.raises(ValueError, match="no list"):
        listing(b"<p>maintenance</p>")


def test_a_history_tells_each_change_with_what_was_and_what_is() -> None:
    line = (
        '<td><span class="datetime-field" title="Seconds: 22">Nov. 24, 2026, 4:33 a.m.</span></td><td>Edition</td><td>'
        '<span class="field-change-field_name">tier</span> set to <span class="field-change-new_value">mass</span>'
        '<span class="field-change-field_name">Detailed position</span> changed from '
        '<span class="field-change-old_value">a</span> to <span class="field-change-new_value">b</span>'
        "</td><td><a>integration</a></td>"
    )
    at = datetime(2026, 11, 24, 4, 33, 22, tzinfo=UTC)
    changes = (("tier", "", "mass"), ("Detailed position", "a", "b"))
    told = Event(at=at, deed="Edition", about="", who="integration", changes=changes)
    assert events(f"<table><tbody><tr>{line}</tr></tbody></table>") == (told,)
