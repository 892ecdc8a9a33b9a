"""Documents: what a judge makes of files that went in and came back."""

from typing import Any

import pytest

from scenarios.library.security import documents
from scenarios.library.security.documents import Handed, Tried, pdf
from scenarios.papers import Attachment, Paper
from scenarios.verdict import NotTestable
from tests.scenarios.library.security.made import no, yes

CONTENT = pdf("a line")
SAVED = Paper(content=CONTENT, media_type="application/pdf", disposition='attachment; filename="p"', sniffing="nosniff")


def tried(paper: Paper | None = SAVED, *, name: str = "p.pdf", media_type: str = "application/pdf") -> Tried:
    if paper is None:
        return Tried("a file", no("invalid"), None, None)
    return Tried("a file", yes("D1"), Attachment(number="D1", name=name, media_type=media_type), yes(paper))


def seen(**changes: Any) -> Handed:
    good = Handed(good=tried(), content=CONTENT, pages=(tried(None),), names=(tried(),))
    return good._replace(**changes)


def test_a_target_that_refuses_pages_and_sends_papers_to_be_saved_passes_every_check() -> None:
    for check in documents.files_good_and_bad_are_handed_in.checks:
        assert check.judge(seen()).passed, check.name


def test_a_page_that_was_taken_for_a_paper_fails_and_one_kept_as_plain_bytes_does_not() -> None:
    page = Paper(content=b"<html>", media_type="text/html", disposition="attachment", sniffing="nosniff")
    tame = Paper(content=b"<html>", media_type="application/octet-stream", disposition="attachment", sniffing="nosniff")
    assert not documents.a_file_is_what_it_claims(seen(pages=(tried(page, media_type="text/html"),))).passed
    assert not documents.a_file_is_what_it_claims(seen(pages=(tried(tame),))).passed
    assert documents.a_file_is_what_it_claims(seen(pages=(tried(tame, media_type="application/octet-stream"),))).passed


@pytest.mark.parametrize("change", [{"disposition": "inline"}, {"disposition": ""}, {"sniffing": ""}])
def test_a_file_that_a_browser_would_show_fails(change: dict[str, str]) -> None:
    shown = Paper(**{"content": CONTENT, "disposition": "attachment", "sniffing": "nosniff"} | change)  # type: ignore[arg-type]
    assert not documents.a_file_comes_as_a_download(seen(names=(tried(shown),))).passed


@pytest.mark.parametrize("name", ["../p.pdf", "..\\p.pdf", "p.pdf\r\nx"])
def test_a_name_that_leads_somewhere_fails(name: str) -> None:
    assert not documents.a_file_name_leads_nowhere(seen(names=(tried(name=name),))).passed


def test_what_takes_no_files_is_open_to_no_attack_by_files() -> None:
    for check in documents.files_good_and_bad_are_handed_in.checks:
        verdict = check.judge(None)
        assert (verdict.passed, verdict.note[:11]) == (True, "not offered")


def test_nothing_is_concluded_where_no_good_file_comes_back() -> None:
    for check in documents.files_good_and_bad_are_handed_in.checks:
        with pytest.raises(NotTestable):
            check.judge(seen(good=tried(None)))


def test_a_made_paper_is_a_whole_pdf_with_its_lines_in_clear() -> None:
    start = int(CONTENT.rsplit(b"startxref\n", 1)[1].split()[0])
    assert CONTENT[start : start + 4] == b"xref"
    assert CONTENT[int(CONTENT[start:].split(b"\n")[3][:10]) :].startswith(b"1 0 obj")
    assert b"%a line\n" in CONTENT
