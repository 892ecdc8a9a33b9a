"""Keeper: when the bank takes its key away restricted fields close, and open again when it is back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from poc.reference_crm.operations.rotation import learn
from tests.poc.reference_crm.counter import Counter, counter, opened
from tests.poc.reference_crm.test_wrapping import ONE, OTHER

pytestmark = pytest.mark.pg


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bank") / "key.pem"
    path.write_bytes(ONE)
    return path


@pytest.fixture(scope="module")
def held(crm_database: str, key: Path) -> Iterator[Counter]:
    with counter(crm_database) as first:  # the service's own secret wraps the keys at first
        opened(first, 8201)
    with counter(crm_database, bank_key=key) as crm:
        yield crm


def asked(crm: Counter, who: str = "integration") -> int:
    return crm.ask(who, "GET", "/v1/customers/C008201").status_code


@pytest.mark.parametrize("instead", [None, OTHER, b"no key"])
def test_restricted_fields_close_when_the_key_goes_and_open_when_it_is_back(
    held: Counter, key: Path, instead: bytes | None
) -> None:
    assert asked(held) == 200
    if instead is None:
        key.unlink()
    else:
        key.write_bytes(instead)
    held.wait(learn(held.desk))
    assert (asked(held), asked(held, "rm-a")) == (423, 423)
    assert held.ask("integration", "GET", "/v1/customers", params={"mobile": "13900008201"}).status_code == 423
    assert held.ask("admin", "POST", "/v1/crypto/rotations").status_code == 423
    key.write_bytes(ONE)
    held.wait(learn(held.desk))
    assert (asked(held), asked(held, "rm-a")) == (200, 200)


def test_the_inventory_tells_that_the_bank_holds_the_key(held: Counter) -> None:
    told = held.ask("auditor", "GET", "/v1/crypto/inventory").json()
    assert (told["held_by"], told["kept"]) == ("bank", "the bank's file outside the product")
    assert "RSA-OAEP-SHA256" in {one["algorithm"] for one in told["algorithms"]}


def test_without_the_banks_key_its_database_does_not_open(held: Counter, crm_database: str) -> None:
    with pytest.raises(Exception, match="TOUCHSTONE_CRM_BANK_KEY"), counter(crm_database):
        pass
