"""Creme: the bank in Creme CRM: custom fields, views that show them, roles, branches as teams, users with passwords.

All of it is done as an administrator does it, through the forms of the product's own configuration.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import httpx

from poc.lab.vendors.posts import POSTS, Post
from poc.lab.vendors.premises import Premises, ProductError
from poc.lab.vendors.recipe import Step
from poc.webforms import SENT_AS, Told, WebForm, complaints, webform
from scenarios.actors import Actor, Credential

ADMINISTRATOR = "root"
#: The branches of every bank that is generated, of the largest profile all 24.
BRANCHES = tuple(f"BR{number:02d}" for number in range(1, 25))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of record at the product: its list, the form that adds one, the product's word for it, its list's view.

    ``own`` are the columns that a list shows of the product's own fields; ``custom`` are the fields that the bank adds,
    ``sums`` those of them that hold sums of money by which one filters.
    """

    path: str
    form: str
    word: str
    view: str
    own: tuple[str, ...]
    custom: tuple[str, ...]
    sums: tuple[str, ...] = ()


#: What is kept there, and how: the bank's number stands in a field of its own.
KINDS: tuple[Kind, ...] = (
    Kind(
        path="/persons/contacts", form="/persons/contact/add", word="Contact", view="persons-hf_contact",
        own=("last_name", "first_name", "mobile", "email", "full_position", "birthday", "user"),
        custom=(
            "number", "language", "gender", "national_id", "address", "card_number", "monthly_income", "currency",
            "employer", "tier", "risk_level", "aml_rating", "state", "branch", "manager", "since", "closed_on",
            "legal_hold", "guardian",
        ),
    ),
    Kind(
        path="/persons/organisations", form="/persons/organisation/add",
        word="Organisation", view="persons-hf_organisation",
        own=("name", "code", "phone", "annual_revenue", "user"),
        custom=("registration_id", "industry", "size", "currency", "address", "branch", "manager", "since"),
    ),
    Kind(
        path="/opportunities/opportunities", form="/opportunities/opportunity/add",
        word="Opportunity", view="opportunities-hf",
        own=("name", "reference", "sales_phase", "currency", "first_action_date", "expected_closing_date", "user"),
        custom=("customer", "owner"), sums=("amount",),
    ),
    Kind(
        path="/tickets/tickets", form="/tickets/ticket/add", word="Ticket", view="tickets-hf_ticket",
        own=("title", "description", "status", "priority", "solution", "created", "closing_date", "user"),
        custom=("number", "customer", "category", "opened_at", "complaint"),
    ),
    Kind(
        path="/activities/activities", form="/activities/activity/add", word="Activity", view="activities-hf_activity",
        own=("title", "description", "start", "sub_type", "user"),
        custom=("number", "customer", "channel", "direction", "at", "staff"),
    ),
)  # fmt: skip

#: The states of a ticket that the product does not ship with, and whether a ticket is closed in them.
STATUSES: Mapping[str, bool] = {"Paused": False, "Resolved": True}
#: The product's words for the kinds of custom field that are needed.
TEXT, SUM = "Short string", "Decimal"
APPS = ("persons", "opportunities", "tickets", "activities", "assistants", "documents", "creme_core")
#: Documents hang on records of every kind.
EVERYTHING = (*(one.word for one in KINDS), "Document")
DEEDS = ("can_view", "can_change", "can_delete", "can_link", "can_unlink")


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a role may do, as the product takes it: kinds of record, and deeds on all of them or on its team's."""

    deeds: tuple[str, ...]
    creates: tuple[str, ...] = ()
    lists: tuple[str, ...] = EVERYTHING
    exports: tuple[str, ...] = ()
    everywhere: bool = True


_READS, _WRITES = DEEDS[:1], ("can_view", "can_change", "can_link", "can_unlink")
_SERVES = ("Ticket", "Activity", "Document")
#: As the bank's policy has it, as far as the product can be told: rights go by kind of record, never by field.
ROLES: Mapping[str, Role] = {
    "teller": Role(deeds=_WRITES, creates=("Contact", *_SERVES), everywhere=False,
                   lists=("Contact", "Organisation", *_SERVES)),
    "rm": Role(deeds=_WRITES, creates=EVERYTHING, everywhere=False),
    "manager": Role(deeds=_WRITES, creates=EVERYTHING, everywhere=False),
    "agent": Role(deeds=_WRITES, creates=_SERVES, lists=("Contact", "Organisation", *_SERVES)),
    "marketing": Role(deeds=_READS, lists=("Contact",)),
    "compliance": Role(deeds=(*_READS, "can_delete"), exports=EVERYTHING),
    "auditor": Role(deeds=_READS),
    "integration": Role(deeds=DEEDS, creates=EVERYTHING, exports=EVERYTHING),
}  # fmt: skip


def people(place: Premises) -> dict[Actor, Credential]:
    """Configure the product for the bank and make its users; the leaver is shut out, one session is made to expire."""
    made = {Actor.ADMIN: Credential(username=ADMINISTRATOR, secret=place.secrets()["admin"])}
    with closing(entered(place.url, made[Actor.ADMIN])) as client:
        for kind in KINDS:
            _fit_out(client, kind)
        for status, closes in STATUSES.items():
            told = {"name": status, "is_closed": "on" if closes else None}
            _through(client, "/creme_config/tickets/status/add", [told])
        for name, role in ROLES.items():
            _role(client, name, role)
        for actor, post in POSTS.items():
            made[actor] = Credential(username=post.username, secret=secrets.token_urlsafe(18), branch=post.branch)
            _user(client, post, made[actor])
        _teams(client)
        _deactivate(client, POSTS[Actor.LEAVER].username)
    made[Actor.EXPIRED] = _expired(place, made[Actor.EXPIRED])
    return made


def entered(url: str, credential: Credential) -> httpx.Client:
    """Return a client that is signed in; raises ProductError when the product refuses."""
    client = httpx.Client(base_url=url, timeout=60.0, trust_env=False)
    client.get("/creme_login/").raise_for_status()
    told = {"username": credential.username, "password": credential.secret}
    reply = client.post("/creme_login/", data=told, headers={"X-CSRFToken": client.cookies["csrftoken"]})
    if reply.status_code != 302:
        raise ProductError(f"Creme would not let {credential.username} in")
    client.headers["X-CSRFToken"] = client.cookies["csrftoken"]
    return client


def _fit_out(client: httpx.Client, kind: Kind) -> None:
    """Add the custom fields of a kind, and have its list show them all."""
    shown = client.get(kind.path).raise_for_status().text
    found = re.search(r'value="(\d+)"\s+type="hidden" name="ct_id"', shown)
    if found is None:
        raise ProductError(f"Creme's list {kind.path} does not tell its content type")
    wizard = f"/creme_config/custom_fields/wizard/creation/{found[1]}"
    for name in (*kind.custom, *kind.sums):
        _through(client, wizard, [{"0-name": name, "0-field_type": SUM if name in kind.sums else TEXT}, {}])
    cells = [f"regular_field-{name}" for name in kind.own]
    added = _form(client, kind.form)
    cells += [added.labels[name] for name in (*kind.custom, *kind.sums)]
    _through(client, f"/creme_core/header_filter/edit/{kind.view}", [{"cells": ",".join(cells)}])


def _role(client: httpx.Client, name: str, role: Role) -> None:
    """Walk through the eight steps of the wizard that makes a role."""
    deeds = {f"6-{deed}": "on" if deed in role.deeds else None for deed in DEEDS}
    steps: list[Told] = [
        {"0-name": name, "0-allowed_apps": APPS},
        {},
        {"2-creatable_ctypes": role.creates},
        {"3-listable_ctypes": role.lists},
        {"4-exportable_ctypes": role.exports},
        {},
        {"6-set_type": "1" if role.everywhere else "2", **deeds},
        {},
    ]
    _through(client, "/creme_config/role/wizard", steps)


def _user(client: httpx.Client, post: Post, credential: Credential) -> None:
    told = {
        "username": post.username,
        "last_name": post.username,
        "first_name": post.role,
        "displayed_name": post.username,
        "email": f"{post.username}@bank.example",
        "password_1": credential.secret,
        "password_2": credential.secret,
        "roles": [post.role],
        "relation": "persons-subject_employed_by",
    }
    _through(client, "/creme_config/user/add", [told])


def _teams(client: httpx.Client) -> None:
    """Make each branch a team: its records belong to the team, and so do those who may see them."""
    for branch in BRANCHES:
        mates = [post.username for post in POSTS.values() if post.branch == branch] or [
            POSTS[Actor.INTEGRATION].username
        ]
        _through(client, "/creme_config/team/add", [{"username": branch, "teammates": mates}])


def _deactivate(client: httpx.Client, username: str) -> None:
    user = _form(client, "/creme_config/team/add").choices["teammates"][username]
    client.post(f"/creme_config/user/deactivate/{user}").raise_for_status()


def _expired(place: Premises, twin: Credential) -> Credential:
    """Sign a user in and make the session old; the product has no session that is old at birth."""
    with closing(entered(place.url, twin)) as client:
        session = client.cookies["sessionid"]
    place.do(
        Step(
            says="a session that has expired",
            command=("${bin}/creme", "shell", "--no-imports", "-c", _AGE),
            environment={"SESSION": session},
        )
    )
    return Credential(username=twin.username, token=session, branch=twin.branch)


_AGE = """
import os, datetime
from django.contrib.sessions.models import Session
past = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)
assert Session.objects.filter(session_key=os.environ["SESSION"]).update(expire_date=past) == 1
"""


def _form(client: httpx.Client, path: str) -> WebForm:
    found = webform(client.get(path).raise_for_status().content)
    if found is None:
        raise ProductError(f"Creme shows no form at {path}")
    return found


def _through(client: httpx.Client, path: str, steps: Sequence[Told]) -> None:
    """Fill one form after the other, as each reply is the next; raises ProductError with what the product says."""
    shown = client.get(path).raise_for_status().content
    for told in steps:
        form = webform(shown)
        if form is None:
            raise ProductError(f"Creme shows no form at {path} for {told}")
        reply = client.post(path, content=form.filled(told), headers=dict(SENT_AS))
        if reply.status_code >= 400 or complaints(reply.content):
            raise ProductError(f"Creme would not take {path}: {reply.status_code} {complaints(reply.content)}")
        shown = reply.content
