"""What a drill says is kept as data and told in both languages, with what is missing by name and nothing invented."""

from pathlib import Path

from poc.drill.telling import KEPT, read, sheet, write
from poc.words import words

TOLD = {
    "target": "acme", "met": False, "coverage": 0.5, "agree": 1, "asked": 2, "hours_per_million": None,
    "seconds_out": 1.0, "seconds_in": 0.0,
    "kinds": [
        {"kind": "Customer", "bank": 1200, "out": 1200, "in": 1200, "missing": "", "refused": ""},
        {"kind": "Account", "bank": 7, "out": 0, "in": 0, "missing": "keeps no | Account", "refused": ""},
    ],
    "lost": {"Customer.since": 3, "Account.number": 7},
    "questions": [
        {"question": "how_many_customers_are_there", "agree": True, "before": 1200, "after": 1200, "why": ""},
        {"question": "who_has_several_accounts", "agree": None, "before": None, "after": None, "why": "Account: none"},
    ],
}  # fmt: skip


def test_a_drill_is_told_in_both_languages_and_its_pace_only_where_it_is_known() -> None:
    for language, alike in (("en", "alike"), ("zh", "一致")):
        page = sheet(TOLD, words(language), "Acme")
        kinds, questions, lost = (rows for _, rows in page.tables)
        assert "1,200" in page.lines[0]
        assert len(page.lines) == 3, "no pace; and that the connector was written from documents"
        assert [row[3] for row in kinds] == ["1,200", "0"]
        assert [row[1] == alike for row in questions] == [True, False]
        assert lost == [["Customer.since", "3"]], "of a kind that did not come at all, the first table tells"


def test_what_is_kept_is_read_again_and_its_pages_are_whole(tmp_path: Path) -> None:
    assert read(tmp_path) is None
    data, *pages = write(TOLD, tmp_path)
    assert (read(tmp_path), data.name) == (TOLD, f"{KEPT}.json")
    assert all("keeps no / Account" in page.read_text("utf-8") for page in pages)
