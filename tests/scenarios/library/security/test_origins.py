"""Origins: what a judge makes of history and lineage of a loaded, edited, merged and reverted record."""

from datetime import UTC, datetime
from typing import Any

import pytest

from scenarios.answers import AuditEntry, Change
from scenarios.library.security import origins
from scenarios.library.security.origins import Seen
from scenarios.oversight import Origin
from scenarios.port import Unsupported

AT = datetime(2026, 6, 30, 8, tzinfo=UTC)


def change(who: str, field: str, source: str) -> Change:
    return Change(at=AT, who=who, field=field, before="a", after="b", source=source)


HISTORY = (
    change("rm", "occupation", "api"),
    change("boss", "since", "merge"),
    change("boss", "occupation", "restore"),
)
ORIGINS = (
    Origin(field="employer", source="bulk", job="J1", who="core"),
    Origin(field="occupation", source="restore", who="boss"),
    Origin(field="since", source="merge", record="C2", who="boss"),
)


def seen(**changes: Any) -> Seen:
    good = Seen(
        job="J1",
        dropped="C2",
        authors={"api": "rm", "merge": "boss"},
        routes={"bulk": "employer", "api": "occupation", "merge": "since"},
        history=HISTORY,
        origins=ORIGINS,
        reverted=True,
        trail=(AuditEntry(id="1", at=AT, who="boss", action="record.restore"),),
    )
    return good._replace(**changes)


def failed(story: Seen) -> set[str]:
    return {one.name for one in origins.a_record_comes_by_four_routes.checks if not one.judge(story).passed}


def test_a_faithful_account_passes_every_check() -> None:
    assert failed(seen()) == set()


def test_a_merge_that_looks_like_an_edit_or_is_nobodys_is_forgotten() -> None:
    assert failed(seen(history=(HISTORY[0], change("boss", "since", "api"), HISTORY[2]))) == {
        "every_route_is_remembered"
    }
    assert failed(seen(history=HISTORY[:2])) == {"a_revert_is_itself_a_change"}


def test_values_without_job_record_or_source_are_of_unknown_origin() -> None:
    nowhere = Origin(field="employer", source="unknown")
    assert failed(seen(origins=(nowhere, *ORIGINS[1:]))) == {"lineage_is_shown"}
    assert failed(seen(origins=(*ORIGINS[:2], Origin(field="since", source="merge", who="boss")))) == {
        "lineage_is_shown"
    }
    with pytest.raises(Unsupported):
        origins.lineage_is_shown(seen(origins=None))
    with pytest.raises(Unsupported):
        origins.a_revert_is_itself_a_change(seen(reverted=False))
