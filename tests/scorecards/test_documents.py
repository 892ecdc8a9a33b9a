"""A hostile document is refused in one line, at once, whatever it was made to exhaust."""

import pytest

from scorecards.documents import DEEPEST, LARGEST, DocumentError, document, shown

HOSTILE = {
    "too large": (b"#" * (LARGEST + 1), "give at most 262,144"),
    "brackets": (b"x = " + b"[" * 100_000, "nested too deep"),
    "tables in tables": (b"x = " + b"{a=" * 40 + b"1" + b"}" * 40, "nested too deep"),
    "a key of dots": (b"a." * 100_000 + b"b = 1", "line 1 has 100,000 dots"),
    "headers of dots": (b"[" + b"a." * 90 + b"b]\nc = 1", "nested too deep"),
    "a number of digits": (b"x = " + b"9" * 5_000, "numbers of a few digits"),
    "another encoding": ("name = '示例'".encode("gb18030"), "save it as TOML in UTF-8"),
    "wide characters": ("name = 'x'".encode("utf-16"), "save it as TOML in UTF-8"),
    "zeros": (b"\0" * 100, "mend that line"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "UTF-8"),
}


@pytest.mark.parametrize(("content", "told"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_made_to_exhaust_is_refused_in_one_line(content: bytes, told: str) -> None:
    with pytest.raises(DocumentError, match=told) as refused:
        document(content)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200


def test_an_ordinary_document_is_read_with_or_without_a_mark_in_front() -> None:
    content = b"[a.b]\nc = [[1], [2]]\n"
    assert document(content) == document(b"\xef\xbb\xbf" + content) == {"a": {"b": {"c": [[1], [2]]}}}
    assert document(b"x = " + b"[" * (DEEPEST - 1) + b"]" * (DEEPEST - 1))


def test_a_long_value_is_cut_where_it_is_told() -> None:
    assert shown("short") == "'short'"
    assert len(shown("x" * 10_000)) == 81
