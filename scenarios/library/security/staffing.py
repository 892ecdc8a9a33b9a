"""Staffing: users whom a story takes on for one play, and shuts out at its end."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from scenarios.actors import Actor, Credential
from scenarios.answers import Session
from scenarios.crm import CRM, Answer
from scenarios.library.newcomers import first_branch, quietly
from scenarios.verdict import NotTestable
from synthetic_data.bank import Bank

#: As whom a user of a role is entered in the record of exchanges.
STAND_INS = {
    "teller": Actor.TELLER_A,
    "rm": Actor.RM_A,
    "manager": Actor.MANAGER_A,
    "agent": Actor.AGENT,
    "marketing": Actor.MARKETING,
    "compliance": Actor.COMPLIANCE,
    "auditor": Actor.AUDITOR,
    "integration": Actor.INTEGRATION,
    "admin": Actor.ADMIN,
}
#: Roles that see one branch only.
BRANCH_ROLES = frozenset({"teller", "rm", "manager"})


def credential_for(crm: CRM, bank: Bank, label: str, role: str = "teller") -> Credential:
    """Return a user name and a strong secret that nobody has yet; both follow from the play's nonce."""
    return Credential(
        username=f"play-{crm.nonce}-{label}",
        secret=f"Lamp{crm.nonce}-over-{label}-Quay7!",
        branch=first_branch(crm, bank) if role in BRANCH_ROLES else None,
    )


def enter(crm: CRM, credential: Credential, actor: Actor = Actor.TELLER_A) -> Answer[Session]:
    """Sign in without waiting out a throttle: a ration on guesses is part of what is looked at."""
    return crm.acting_as(actor).without_waiting().sign_in(credential)


def seated(crm: CRM, credential: Credential, role: str) -> CRM:
    """Sign a user in and return the target as that user meets it; raises Refused if the sign-in is.

    Who was given a token has signed in already.
    """
    actor = STAND_INS.get(role, Actor.TELLER_A)
    if credential.token is not None:
        return crm.acting_as(actor).holding(crm.connector.session_of(credential.token))
    return crm.acting_as(actor).holding(crm.acting_as(actor).sign_in(credential).value)


@contextmanager
def taken_on(crm: CRM, bank: Bank, *wanted: tuple[str, str], stand_in: bool = False) -> Iterator[dict[str, Credential]]:
    """Have the administrator create users, given as (label, role); yields label -> credential, disables them after.

    Where the product creates no users over its interface, or none that we could sign in, nobody is taken on; with
    ``stand_in`` those who hold the roles already stand in for them, and labels whose role nobody holds are missing.
    """
    admin = crm.acting_as(Actor.ADMIN)
    people = {label: credential_for(crm, bank, label, role) for label, role in wanted}
    able = crm.offers("add_user") and crm.has(Actor.ADMIN)
    try:
        able = able and _added(admin, people, wanted)
        yield people if able else _standing(crm, wanted) if stand_in else {}
    finally:
        for credential in people.values() if able else ():
            quietly(admin.disable, credential.username)


def _added(admin: CRM, people: Mapping[str, Credential], wanted: Iterable[tuple[str, str]]) -> bool:
    """Create the users; return whether they are such as we can sign in."""
    try:
        for label, role in wanted:
            admin.add_user(people[label], role).value  # noqa: B018 - reading the value raises a refusal
    except NotTestable:
        return False
    return True


def _standing(crm: CRM, wanted: Iterable[tuple[str, str]]) -> dict[str, Credential]:
    held = ((label, crm.credentials.get(STAND_INS[role])) for label, role in wanted if label == role)
    return {label: credential for label, credential in held if credential is not None and _enters(credential)}


def _enters(credential: Credential) -> bool:
    return bool(credential.secret or credential.token)
