"""Inventory: what a target has is counted to the last page, and not known is not none."""

import pytest

from poc.inventory import PAGE, NotListed, census, on_file
from poc.pouring import Patience
from scenarios.answers import OnFile
from scenarios.port import Connector, Refused, Request, Steps
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import Customer, Record, Ticket
from tests.doubles import AcmeServer, acme
from tests.poc.ledger import Ledger, meet


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=PAGE + 20).bank


def filled(ledger: Ledger, bank: Bank) -> Ledger:
    ledger.rows = {(type(one), one.number): one for one in bank.customers}
    return ledger


def test_every_page_is_read(bank: Bank) -> None:
    crm = meet(filled(Ledger(), bank))
    assert [one.number for one in on_file(crm, Customer, Patience(crm))] == [one.number for one in bank.customers]
    counted = census(crm, Patience(crm))
    assert (counted["Customer"], counted["Ticket"]) == (PAGE + 20, 0)


def test_many_are_read_through_the_export(bank: Bank) -> None:
    class Exporting(Ledger):
        def export(self, kind: type[Record]) -> Steps[tuple[OnFile, ...]]:
            yield Request(method="GET", path="/export")
            return (OnFile(kind="Customer", number="from the export", fields={}),)

    crm = meet(filled(Exporting(), bank))
    assert [one.number for one in on_file(crm, Customer, Patience(crm))] == ["from the export"]
    assert list(on_file(crm, Ticket, Patience(crm))) == []


def test_a_kind_that_the_product_lacks_is_not_known(bank: Bank) -> None:
    crm = acme(AcmeServer())
    assert census(crm, Patience(crm)) == {
        kind: 0 if kind in ("Customer", "Account") else None for kind in census(crm, Patience(crm))
    }


def test_a_refusal_is_not_an_empty_list() -> None:
    class Closed(Ledger):
        export = Connector.export

        def list(self, *args: object, **more: object) -> Steps[object]:  # type: ignore[override]
            yield Request(method="GET", path="/list")
            raise Refused("forbidden", status=403)

    crm = meet(Closed())
    with pytest.raises(NotListed, match="refused: forbidden"):
        list(on_file(crm, Customer, Patience(crm)))
