"""Machines: does the door at which machines show certificates let in whom it should, and nobody else?"""

from collections.abc import Mapping
from typing import NamedTuple

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.knocking import EXPIRED, NONE, OTHER_AUTHORITY, OWN, REVOKED, Knocker
from scenarios.library.security.shooting import bent
from scenarios.port import Reply, Request
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer

#: Certificates with which nobody may come in, though the token is good.
BAD = (NONE, EXPIRED, REVOKED, OTHER_AUTHORITY)
#: Who may lend a token: the first of them who may read the customer.
LENDERS = (Actor.COMPLIANCE, Actor.AGENT, Actor.AUDITOR, Actor.MANAGER_A)
#: The good certificate shown along with the good token of somebody else.
BORROWED = "of another user"


class Knocked(NamedTuple):
    """By certificate whether the target gave what was asked; for one that could not be shown, why not."""

    let_in: Mapping[str, bool]
    missing: Mapping[str, str]


@scenario("SEC-02")
def machines_show_certificates_good_and_bad(crm: CRM, bank: Bank) -> Knocked:
    """A customer is asked for at the door of machines, with a good token and certificates of every kind or none."""
    number = bank.customers[0].number
    own = _asking(crm.acting_as(Actor.INTEGRATION), number)
    asked = {name: (name, own) for name in (OWN, *BAD)}
    lender = _lender(crm, number)
    if lender is not None:
        asked[BORROWED] = (OWN, _asking(lender, number))
    let_in: dict[str, bool] = {}
    missing = {} if lender is not None else {BORROWED: "nobody else may read the customer, so no token can be lent"}
    for what, (certificate, request) in asked.items():
        try:
            let_in[what] = _given(crm, _knock(crm, certificate, request))
        except NotTestable as why:
            missing[what] = str(why)
    return Knocked(let_in, missing)


def _lender(crm: CRM, number: str) -> CRM | None:
    views = (crm.acting_as(actor) for actor in LENDERS if actor in crm.credentials)
    return next((view for view in views if view.get(Customer, number).ok), None)


def _asking(view: CRM, number: str) -> Request:
    """Return the vendor's own request for a customer with the token of a view's actor."""
    steps = view.connector.get(Customer, number)
    request = next(steps)
    steps.close()
    session = view.session()
    return bent(request, headers=session.headers if session is not None else {})


def _knock(crm: CRM, certificate: str, request: Request) -> Reply | None:
    if not isinstance(crm.wire, Knocker):
        raise NotTestable("this way to the target knows no door that asks for certificates")
    return crm.wire.knock(certificate, request)


def _given(crm: CRM, reply: Reply | None) -> bool:
    return reply is not None and crm.connector.error_of(reply) is None


@machines_show_certificates_good_and_bad.check
def mutual_tls_is_offered(knocked: Knocked) -> Verdict:
    """A machine gets in with its certificate, and not without, nor with one expired, revoked, foreign or borrowed."""
    if knocked.missing:
        raise NotTestable("; ".join(sorted(set(knocked.missing.values()))))
    wrong = [f"let in: {name}" for name, came_in in knocked.let_in.items() if came_in and name != OWN]
    return none_of(wrong if knocked.let_in[OWN] else ["refused: own", *wrong], what="certificate judged wrongly")
