"""Models: bodies are checked field by field, and whatever is sent is answered with values or errors."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poc.reference_crm.catalogue import CUSTOMERS, KINDS, RELATIONS
from poc.reference_crm.models import changes_model, checked, checked_changes, record_model, view_model
from tests.poc.reference_crm.counter import customer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def test_a_valid_record_becomes_typed_values() -> None:
    values = checked(CUSTOMERS, orjson.dumps(customer(1)))
    assert isinstance(values, dict)
    assert str(values["birth_date"]) == "1980-01-01"


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from([*CUSTOMERS.by_name, "number", "x"]), JSON, max_size=4))
def test_whatever_replaces_a_field_is_answered_with_values_or_errors(spoiled: dict[str, object]) -> None:
    answer = checked(CUSTOMERS, json.dumps(customer(1) | spoiled))
    assert isinstance(answer, dict | list)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"name": "\\ud800"}', b"1e999"])
def test_what_is_no_record_at_all_is_refused(body: bytes) -> None:
    assert isinstance(checked(CUSTOMERS, body), list)


def test_several_errors_are_told_at_once() -> None:
    errors = checked(CUSTOMERS, orjson.dumps(customer(1, gender="X", tier="gold")))
    assert isinstance(errors, list)
    assert {error.field for error in errors} == {"gender", "tier"}


def test_changes_may_not_empty_what_must_have_a_value() -> None:
    assert isinstance(checked_changes(CUSTOMERS, b'{"tier": null}'), list)
    assert checked_changes(CUSTOMERS, b'{"guardian": null}') == {"guardian": None}


def test_time_runs_forward() -> None:
    body = {"source": "C1", "target": "C2", "role": "spouse", "since": "2020-01-02", "until": "2020-01-01"}
    assert isinstance(checked(RELATIONS, orjson.dumps(body)), list)


def test_every_kind_has_its_three_models() -> None:
    for kind in KINDS.values():
        assert set(record_model(kind).model_fields) == {"number", *kind.by_name}
        assert not set(changes_model(kind).model_fields) & {field.name for field in kind.fields if field.immutable}
        assert "number" in view_model(kind).model_fields
