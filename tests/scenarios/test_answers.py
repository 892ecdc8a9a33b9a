"""Answers: what is not shown reads as nothing, and pages are walked like lists."""

from scenarios.answers import OnFile, Page


def test_a_field_that_is_not_shown_is_nothing_and_no_error() -> None:
    row = OnFile(kind="Customer", number="C1", fields={"name": "Ada", "income": None, "age": 0})
    assert (row["name"], row["missing"]) == ("Ada", None)
    assert [row.text(name) for name in ("name", "income", "missing", "age")] == ["Ada", "", "", "0"]


def test_a_page_is_walked_and_counted() -> None:
    rows = tuple(OnFile(kind="Customer", number=f"C{n}", fields={}) for n in range(3))
    page = Page(rows=rows, next="c")
    assert (list(page), len(page)) == (list(rows), 3)
