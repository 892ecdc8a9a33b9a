"""Staffing: where nobody can be taken on whom we could sign in, those who hold the roles stand in."""

from collections.abc import Mapping

import pytest

from scenarios.actors import Actor, Credential
from scenarios.crm import CRM
from scenarios.library.security.staffing import seated, taken_on
from scenarios.port import Connector, Steps
from scenarios.recording import Memory, Recording
from scenarios.verdict import NotTestable
from synthetic_data.bank import Bank
from synthetic_data.generator import generate
from tests.doubles import AcmeServer, QuietClock


class Mailed(Connector):
    """A product whose users sign in with mailed codes."""

    def add_user(self, credential: Credential, role: str) -> Steps[None]:
        raise NotTestable("no bench reads mail")


@pytest.fixture(scope="module")
def bank() -> Bank:
    return generate(seed=5, customers=60).bank


def met(credentials: Mapping[Actor, Credential]) -> CRM:
    wire = AcmeServer()
    return CRM(Mailed(), wire, credentials=credentials, recorder=Recording(Memory()), clock=QuietClock())


def test_holders_of_tokens_stand_in_and_sit_without_signing_in(bank: Bank) -> None:
    banker, admin = Credential(username="rm-a", token="t-1"), Credential(username="admin", token="t-0")
    crm = met({Actor.RM_A: banker, Actor.ADMIN: admin})
    with taken_on(crm, bank, ("rm", "rm"), ("auditor", "auditor"), stand_in=True) as people:
        assert people == {"rm": banker}
        session = seated(crm, banker, "rm").session()
        assert session is not None
        assert session.headers == {"Authorization": "Bearer t-1"}
    with taken_on(crm, bank, ("rm", "rm")) as people:
        assert people == {}
