"""Webforms: forms are sent back as a browser would, with what was told put in."""

from urllib.parse import parse_qsl

import pytest

from poc.webforms import complaints, webform

PAGE = """
<form method="post"><input name="q" type="search"></form>
<form method="post">
  <input type="hidden" name="csrfmiddlewaretoken" value="once"><input type="hidden" name="kept" value="as it is">
  <label for="id_name">Name <span>*</span></label><input name="name" id="id_name" value="王">
  <label for="id_cf">risk_level</label><input name="custom_field-7" id="id_cf">
  <textarea name="text">
two
lines</textarea>
  <select name="phase"><option value="1">Won</option><option value="2" selected>Lost  now</option></select>
  <select name="first"><option value="">---</option><option value="9">Nine</option></select>
  <select name="many" multiple><option value="a">A</option><option value="b">B</option></select>
  <input type="checkbox" name="off"><input type="checkbox" name="on" checked>
  <input type="radio" name="way" value="l"><input type="radio" name="way" value="r" checked>
  <input type="file" name="scan"><input name=""><input type="submit" name="send" value="Go">
</form>
""".encode()
UNTOUCHED = [
    ("kept", "as it is"), ("name", "王"), ("custom_field-7", ""), ("text", "two\nlines"), ("phase", "2"), ("first", ""),
    ("on", "on"), ("way", "r"),
]  # fmt: skip


def test_an_untouched_form_goes_back_as_a_browser_sends_it() -> None:
    form = webform(PAGE)
    assert form is not None
    assert parse_qsl(form.filled({}).decode(), keep_blank_values=True) == UNTOUCHED


def test_fields_are_told_by_name_or_label_and_choices_by_their_words() -> None:
    form = webform(PAGE)
    assert form is not None
    told = {"risk_level": "C3", "phase": "Won", "many": ["A", "b"], "on": None}
    sent = parse_qsl(form.filled(told).decode(), keep_blank_values=True)
    assert {("custom_field-7", "C3"), ("phase", "1"), ("many", "a"), ("many", "b")} <= set(sent)
    assert "on" not in dict(sent)


def test_a_field_that_is_not_there_is_no_field() -> None:
    form = webform(PAGE)
    assert form is not None
    assert not form.has("colour")
    with pytest.raises(KeyError):
        form.filled({"colour": "red"})


def test_a_page_without_a_form_has_none() -> None:
    assert webform(b"<p>nothing</p>") is None
    assert webform(b"") is None


def test_complaints_name_their_fields() -> None:
    page = b'<ul class="errorlist" id="id_email_error"><li>No address.</li></ul><ul class="errorlist nonfield"><li>No'
    assert complaints(page) == (("email", "No address."), ("", "No"))
