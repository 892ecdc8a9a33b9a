"""Telling: a contest side by side in both languages: who took part, who did not and why, and a dash for the unseen."""

from pathlib import Path

from poc.contest.plan import OURS, Contest, Log
from poc.contest.telling import write
from poc.pressing import file
from scenarios.folders import AssessmentFolder
from scenarios.manifest import machine
from tests.poc.pages.sample import pressed, write_sample


def test_a_contest_is_told_in_both_languages(tmp_path: Path) -> None:
    folder = AssessmentFolder(tmp_path, "sample")
    write_sample(tmp_path)
    log = Log(folder)
    log.begin(Contest(products=("leaky", "absent"), customers=100, rate=100, factors=(1.0, 2.0)))
    log.hold(bank="ab" * 32, catalogue="cd" * 32, machine=machine(), code="ef")
    log.note(OURS, title="Reference CRM", version="1", licence="Apache-2.0", settings="as its lab starts it")
    log.note("leaky", title="Leaky", version="2", licence="MIT", settings="two workers", source="its README")
    log.note("leaky", seeded={"rows": {"Customer": 100}, "left_out": {"Account": "none"}, "seconds": 12.3})
    log.note("absent", title="Absent", out="absent needs Redis | and more")
    log.note("leaky-2", title="Leaky", of="leaky", replied="you set it up wrongly")
    file(pressed(OURS), folder.of(OURS))
    pages = {page.name: page.read_text("utf-8") for page in write(folder)}
    assert {"report.en.html", "report.zh.html", "side-by-side.en.md", "side-by-side.zh.md"} <= set(pages)
    english, chinese = pages["side-by-side.en.md"], pages["side-by-side.zh.md"]
    assert "| Leaky | 2, MIT | two workers (its README) | 100 rows in 12 s; has no place for: Account |" in english
    assert "did not take part: absent needs Redis / and more" in english
    assert "leaky-2 is leaky again, after its vendor replied: “you set it up wrongly”" in english
    assert "| Reference CRM | 40 | – | 100% | 0.0% | 100.0 |" in english
    assert english.count("| Reference CRM | – | – | – | – | – |") == 1
    assert "未参加" in chinese


def test_a_contest_of_which_nothing_was_seen_writes_no_page(tmp_path: Path) -> None:
    folder = AssessmentFolder(tmp_path, "empty")
    Log(folder).begin(Contest(products=("absent",)))
    assert write(folder) == ()
