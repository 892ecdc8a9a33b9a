"""Ground: kinds that a product lacks are left out, customers never are; who cannot be taken on is not invented."""

import pytest

from scenarios.actors import Actor, Credential
from scenarios.library.newcomers import newcomers
from scenarios.library.security.ground import laid_out
from scenarios.library.security.plot import plot
from scenarios.library.security.staffing import credential_for, taken_on
from scenarios.port import Connector, Unsupported
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from synthetic_data.records import Account, Customer, Household
from tests.doubles import Acme, acme


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=3, customers=40).bank


def test_kinds_that_the_product_lacks_are_left_out(bank: Bank) -> None:
    crm = acme()
    one = plot(crm, bank, bank.branches[0].number, "a", stock=4)
    with laid_out(crm, one.on_file) as kinds:
        assert {Customer, Account} <= kinds
        assert Household not in kinds
        assert crm.get(Customer, one.keep.number).ok


def test_a_product_without_customers_is_unsupported(bank: Bank) -> None:
    class Nothing(Connector):
        pass

    crm = acme()
    crm.connector = Nothing()
    with pytest.raises(Unsupported), laid_out(crm, newcomers(crm, bank, 1)):
        pass


def test_plots_of_two_branches_share_no_number_and_no_identity(bank: Bank) -> None:
    crm = acme()
    plots = [plot(crm, bank, bank.branches[place].number, label, stock=8) for place, label in enumerate("ab")]
    numbers = [record.number for one in plots for record in one.on_file]
    people = [person for one in plots for person in (one.keep, one.drop, one.doomed, *list(one.stock)[:4])]
    assert len(set(numbers)) == len(numbers)
    assert len({person.national_id for person in people}) == len(people)


def test_a_record_to_be_refused_is_new_every_time(bank: Bank) -> None:
    one = plot(acme(), bank, bank.branches[0].number, "a", stock=8)
    assert one.record(Account, known=True) == one.record(Account, known=True)
    assert one.record(Account, known=False).number != one.record(Account, known=False).number


def test_where_no_users_can_be_made_those_who_are_there_stand_in_if_asked(bank: Bank) -> None:
    assert not acme().offers("add_user")
    with taken_on(acme(), bank, ("rm", "rm"), ("spare", "teller")) as nobody:
        assert nobody == {}
    with taken_on(acme(), bank, ("rm", "rm"), ("spare", "teller"), stand_in=True) as standing:
        assert {label: held.username for label, held in standing.items()} == {"rm": Actor.RM_A.value.lower()}


def test_users_of_ours_are_disabled_whatever_happens(bank: Bank) -> None:
    class Staffed(Acme):
        shut: list[str] = []  # noqa: RUF012

        def add_user(self, credential: Credential, role: str):  # type: ignore[no-untyped-def]
            return None
            yield

        def disable(self, username: str):  # type: ignore[no-untyped-def]
            self.shut.append(username)
            return None
            yield

    crm = acme()
    crm.connector = Staffed()
    with pytest.raises(ZeroDivisionError), taken_on(crm, bank, ("rm", "rm")) as people:
        assert people["rm"] == credential_for(crm, bank, "rm", "rm")
        _ = 1 / 0
    assert Staffed.shut == [credential_for(crm, bank, "rm", "rm").username]
