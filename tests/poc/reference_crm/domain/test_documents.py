"""Documents: what a file is by its bytes, and names that stay names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poc.reference_crm.domain.documents import JPEG, LONGEST, PDF, PNG, TEXT, form_of, safe_name

PDF_FILE = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG_FILE = b"\x89PNG\r\n\x1a\n" + bytes(8) + b"IEND\xaeB`\x82"


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (PDF_FILE, PDF),
        (PNG_FILE, PNG),
        (b"\xff\xd8\xff\xe0" + bytes(9) + b"\xff\xd9", JPEG),
        ("客户来电，约定周五回访。\n".encode(), TEXT),
        (PDF_FILE + b"<html><script>alert(1)</script></html>", None),
        (PNG_FILE + b"PK\x03\x04", None),
        (b"  <svg onload=alert(1)>", None),
        (b"\xef\xbb\xbf<!doctype html><p>x", None),
        (b"MZ\x90\x00", None),
        (b"PK\x03\x04\x14\x00", None),
        (b"#!/bin/sh\x00", None),
        (b"", None),
        (b" \n", None),
    ],
)
def test_a_file_is_what_its_bytes_say_from_the_first_to_the_last(content: bytes, form: object) -> None:
    assert form_of(content) is form


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("身份证 2026.pdf", "身份证 2026.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\win.ini", "win.ini.pdf"),
        ("a.pdf\r\nSet-Cookie: x=1", "a.pdfSet-Cookie x=1.pdf"),
        ("page.html", "page.html.pdf"),
        ('"; filename="x.exe', "filename=x.exe.pdf"),
        ("／etc／shadow", "shadow.pdf"),
        ("...", "document.pdf"),
        ("Report.PDF", "Report.pdf"),
    ],
)
def test_a_name_loses_folders_and_signs_and_ends_as_the_file_is(given_name: str, kept: str) -> None:
    assert safe_name(given_name, PDF) == kept


@settings(max_examples=80, deadline=None)
@given(st.text(min_size=1, max_size=300))
def test_no_name_leads_anywhere(text: str) -> None:
    name = safe_name(text, TEXT)
    assert name.endswith(".txt")
    assert len(name) <= LONGEST
    assert not set(name) & set('/\\"\r\n\x00')
    assert not name.startswith(".")
