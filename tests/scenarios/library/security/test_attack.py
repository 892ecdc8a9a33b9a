"""Attack: what a judge makes of shots that hit and shots that were withstood, and how a finding is told."""

import shlex

import pytest

from scenarios.library.security import attack
from scenarios.library.security.attack import ATTACKS, Played, Seen
from scenarios.library.security.weaknesses import Shot, weaknesses
from scenarios.port import Reply, Request
from scenarios.verdict import NotTestable
from scorecards.criterion import catalogue

CHECKS = {check.name: check for check in attack.a_harmless_pack_of_attacks_is_tried.checks}


def shot(weakness: str = "", *, status: int = 200, request: Request | None = None, session: str = "") -> Shot:
    asked = request or Request(method="GET", path="/v1/customers/C1")
    reply = Reply(status=status, headers={}, body=b"{}") if status else None
    carried = (session,) if session else ()
    return Shot(what="get", actor="RM-A", request=asked, reply=reply, exchange="x000001", session=carried,
                weakness=weakness)  # fmt: skip


def seen(*weak: str) -> Seen:
    known = weaknesses()
    played = {name: Played((shot(), *(shot(one) for one in weak if known[one].kind == name))) for name in ATTACKS}
    return Seen(ground="loopback", played=played)


def counts(*weak: str) -> dict[str, float]:
    return dict(attack.no_critical_finding(seen(*weak)).measures)


def test_a_pack_that_was_withstood_passes_every_check() -> None:
    for check in CHECKS.values():
        assert check.judge(seen()).passed, check.name


def test_every_weakness_belongs_to_a_class_that_is_played_and_every_class_has_one() -> None:
    assert {one.kind for one in weaknesses().values()} == set(ATTACKS)


@pytest.mark.parametrize("name", weaknesses())
def test_a_weakness_fails_its_own_class_and_no_other(name: str) -> None:
    failed = [check.name for check in CHECKS.values() if not check.judge(seen(name)).passed]
    critical = weaknesses()[name].severity == "critical"
    assert len(failed) == 2 if critical else len(failed) == 1
    assert ("no_critical_finding" in failed) is critical


def test_findings_are_counted_by_band_and_a_weakness_counts_once_however_often_it_is_shown() -> None:
    assert counts("open_door", "others_record", "others_record", "wildcard", "kept_answer") == {
        "critical_findings": 1.0, "high_findings": 1.0, "medium_findings": 1.0, "low_findings": 1.0,
    }  # fmt: skip


def test_the_gravest_finding_is_told_first() -> None:
    told = attack.no_critical_finding(seen("kept_answer", "open_door", "wildcard")).observed
    assert isinstance(told, dict)
    assert [one["severity"] for one in told["findings"]] == ["critical", "medium", "low"]


def test_a_class_that_the_product_offers_nothing_for_is_not_testable() -> None:
    hindered = {**seen().played, "inside": Played((), "the product calls no address that a user names")}
    with pytest.raises(NotTestable, match="calls no address"):
        attack.no_call_goes_into_the_inside(Seen(ground="loopback", played=hindered))


def test_silence_on_every_request_proves_nothing() -> None:
    silent = {**seen().played, "paths": Played((shot(status=0), shot(status=0)))}
    with pytest.raises(NotTestable, match="hung up"):
        attack.paths_stay_inside(Seen(ground="loopback", played=silent))


def test_what_was_found_before_the_target_said_no_counts_all_the_same() -> None:
    broken = {**seen().played, "login": Played((shot("open_door"),), "refused: forbidden")}
    assert not attack.no_door_opens_without_a_login(Seen(ground="loopback", played=broken)).passed


def test_the_bands_are_those_of_cvss_4() -> None:
    bands = {one.name: one.severity for one in weaknesses().values()}
    assert bands["open_door"] == "critical" and bands["others_record"] == "high"
    assert bands["whole_bank"] == "medium" and bands["guessed_type"] == "low"
    assert all(one.cvss.startswith("CVSS:4.0/") for one in weaknesses().values())


def test_a_finding_is_repeated_by_a_line_without_the_session_in_it() -> None:
    asked = Request(method="PATCH", path="/v1/customers/C1'", json={"role": "admin"}, headers={"If-Match": '"1"'})
    line = shot("mass_assignment", request=asked, session="Authorization").curl
    words = shlex.split(line.replace("$TARGET", "https://crm").replace("$SESSION", "Bearer t"))
    assert words[:5] == ["curl", "--include", "--request", "PATCH", "https://crm/v1/customers/C1'"]
    assert "Authorization: Bearer t" in words and words[-1] == '{"role":"admin"}'
    assert '"$TARGET"' in line and '"$SESSION"' in line


@pytest.mark.parametrize(
    ("weak", "points"),
    [
        ((), 5), (("kept_answer",), 5), (("wildcard",), 4), (("wildcard", "whole_bank"), 4),
        (("wildcard", "whole_bank", "unhandled"), 3), (("others_record",), 2), (("open_door",), 0),
    ],
)  # fmt: skip
def test_points_fall_with_the_gravity_of_what_was_found(weak: tuple[str, ...], points: int) -> None:
    from scorecards.rubric import Facts

    told = seen(*weak)
    verdicts = {name: check.judge(told) for name, check in CHECKS.items()}
    measures = {name: (value,) for name, value in verdicts["no_critical_finding"].measures.items()}
    facts = Facts(checks={name: verdict.passed for name, verdict in verdicts.items()}, measures=measures)
    assert catalogue().by_id["SEC-20"].rubric.points(facts).observed == points
