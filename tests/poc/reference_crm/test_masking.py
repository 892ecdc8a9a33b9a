"""Masking: the patterns, and the gate that no restricted value passes unasked."""

import pytest

from poc.reference_crm import masking
from poc.reference_crm.access import load_policy
from poc.reference_crm.catalogue import CUSTOMERS, INTERACTIONS
from poc.reference_crm.crypto import Vault
from tests.poc.reference_crm.counter import customer

VAULT = Vault({1: b"a" * 32}, b"i" * 32)
GATE = masking.Gate(VAULT, load_policy(frozenset(CUSTOMERS.sealed)))


def row() -> dict[str, object]:
    record = customer(1)
    sealed = {name: record.pop(name) for name in CUSTOMERS.sealed}
    return record | {"sealed": VAULT.seal_fields("customers/C000001", sealed), "revision": 3}


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("national_id", "11010519491231002X", "110***********002X"),
        ("mobile", "15412345678", "154****5678"),
        ("email", "someone@bank.example", "s***@bank.example"),
        ("address", "浙江省杭州市西湖区", "浙江省杭州市****"),
        ("birth_date", "1980-05-06", "1980-**-**"),
        ("card_number", "6220001234561234", "622000******1234"),
        ("monthly_income", "12000.00", None),
        ("mobile", "12", "**"),
        ("email", "nonsense", "***"),
        ("address", "短", "****"),
    ],
)
def test_masks_leave_enough_to_recognise_and_too_little_to_use(field: str, value: str, shown: str | None) -> None:
    assert masking.masked(field, value) == shown


@pytest.mark.parametrize(
    ("role", "rating"), [("rm", "low"), ("teller", None), ("nobody", None), ("integration", "low")]
)
def test_the_gate_shows_each_role_what_the_policy_says(role: str, rating: str | None) -> None:
    shown = GATE.shown(CUSTOMERS, row(), role)
    assert shown["aml_rating"] == rating
    assert (shown["national_id"] == customer(1)["national_id"]) is (role == "integration")
    assert shown["version"] == 3


def test_unmasking_clears_the_named_fields_only() -> None:
    shown = GATE.shown(CUSTOMERS, row(), "rm", clear=["mobile"])
    assert shown["mobile"] == customer(1)["mobile"]
    assert shown["email"] != customer(1)["email"]


def test_the_audit_keeps_no_free_text() -> None:
    assert GATE.safe(INTERACTIONS, {"text": "a secret", "channel": "app"}) == {"text": "a***", "channel": "app"}
