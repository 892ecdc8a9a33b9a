"""Viewing: what a judge makes of acts in another's name."""

from datetime import UTC, datetime
from typing import Any

import pytest

from scenarios.answers import AuditEntry
from scenarios.library.security import viewing
from scenarios.library.security.viewing import Viewed
from scenarios.verdict import NotTestable
from tests.scenarios.library.security.made import no, yes


def entry(who: str, where: str = "") -> AuditEntry:
    return AuditEntry(id="1", at=datetime(2026, 1, 1, tzinfo=UTC), who=who, action="record.update", where=where)


BOTH = entry("admin", "PATCH /v1/customers/C1 as ada")


def seen(**changes: Any) -> Viewed:
    good = Viewed("admin", "ada", (yes(), yes()), (BOTH, BOTH, entry("core")), "refused")
    return good._replace(**changes)


def test_both_names_and_no_approval_pass_as_does_a_product_without_views() -> None:
    for check in viewing.an_administrator_acts_for_a_banker.checks:
        assert check.judge(seen()).passed, check.name
        assert check.judge(None).passed, check.name


@pytest.mark.parametrize("entries", [(BOTH,), (BOTH, BOTH, entry("ada")), (entry("admin"), entry("admin"))])
def test_one_name_alone_or_a_missing_entry_fails(entries: tuple[AuditEntry, ...]) -> None:
    assert not viewing.acting_for_another_names_both(seen(entries=entries)).passed


def test_an_approval_in_the_name_of_another_fails_and_one_that_could_not_be_tried_proves_nothing() -> None:
    assert not viewing.nobody_approves_for_another(seen(approval="approved")).passed
    with pytest.raises(NotTestable):
        viewing.nobody_approves_for_another(seen(approval="not tried: no flows"))
    with pytest.raises(NotTestable):
        viewing.acting_for_another_names_both(seen(done=(no("forbidden"),)))
