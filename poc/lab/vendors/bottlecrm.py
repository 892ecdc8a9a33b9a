"""Bottlecrm: the bank's organisation in BottleCRM: custom fields, branches as accounts, users with access tokens.

The product has two roles: ADMIN sees all and may all, USER sees what is his or assigned to him. People sign in with a
code that is mailed; its own command ``devlogin`` opens the first session of each, in which the token is made.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_type_hints

import httpx

from poc.lab.vendors.posts import POSTS, Post
from poc.lab.vendors.premises import Premises, ProductError
from poc.lab.vendors.recipe import Step
from scenarios.actors import Actor, Credential
from synthetic_data.records import Company, Customer, Opportunity, Record, Ticket

ORGANISATION = "Digital Bank"
ADMINISTRATOR = "admin@bank.example"
#: The branches of every bank that is generated, of the largest profile all 24.
BRANCHES = tuple(f"BR{number:02d}" for number in range(1, 25))
#: The core system must see all that is on file, whoever made it; only an ADMIN does.
ALL_SEEING = frozenset({Actor.INTEGRATION})
#: The words that a customer's fields may hold, as the bank's records tell them.
WORDS: Mapping[str, tuple[str, ...]] = {
    "language": ("zh", "en"),
    "gender": ("F", "M"),
    "tier": ("mass", "affluent", "private"),
    "risk_level": ("C1", "C2", "C3", "C4", "C5"),
    "aml_rating": ("low", "medium", "high"),
    "state": ("active", "dormant", "closed", "deceased"),
}
#: How long the token of the actor lasts whose token has expired: the product makes none that is old at birth.
LAST = timedelta(seconds=2)
#: What the product calls the kinds of records that it keeps, and what the bank must keep there beside their fields: the
#: second of two equal e-mail addresses, since one contact has it, and why a ticket was.
KINDS: Mapping[str, tuple[type[Record], tuple[str, ...]]] = {
    "Contact": (Customer, ("shared_email",)),
    "Account": (Company, ()),
    "Opportunity": (Opportunity, ()),
    "Case": (Ticket, ("root_cause",)),
}


def people(place: Premises) -> dict[Actor, Credential]:
    """Found the organisation and make its users; the leaver is made inactive, the token that expires lasts 2 s."""
    with httpx.Client(base_url=place.url, timeout=60.0, trust_env=False) as client:
        first = _sessions(place, [ADMINISTRATOR])[ADMINISTRATOR]
        told = _post(client, first, "/api/org/", {"name": ORGANISATION, "default_currency": "CNY"})
        admin = _post(client, first, "/api/auth/switch-org/", {"org_id": told["org"]["id"]})["access_token"]
        for one in custom_fields():
            _post(client, admin, "/api/custom-fields/", one)
        for actor, post in POSTS.items():
            role = "ADMIN" if actor in ALL_SEEING else "USER"
            _post(client, admin, "/api/users/", {"email": address(post), "role": role})
        _branches(client, admin)
        return _tokens(place, client, admin, told["org"]["id"])


def custom_fields() -> Iterator[dict[str, object]]:
    """Yield a custom field for each field of the bank's records, as the product takes it and checks its values."""
    for target, (kind, more) in KINDS.items():
        hints = get_type_hints(kind)
        for key in (*hints, *more):
            how: dict[str, object] = {"field_type": _type(hints.get(key, str))}
            if target == "Contact" and key in WORDS:
                how = {"field_type": "dropdown", "options": [{"value": one, "label": one} for one in WORDS[key]]}
            yield {"target_model": target, "key": key, "label": key.replace("_", " "), **how}


def _type(hint: Any) -> str:
    """Return the product's type for a field; its numbers lose cents and it has no moments: both are text."""
    known = {bool: "checkbox", date: "date", date | None: "date"}
    return known.get(hint, "text")


def address(post: Post) -> str:
    """Return the address by which a user is known to the product."""
    return f"{post.username}@bank.example"


def _branches(client: httpx.Client, admin: str) -> None:
    """Make each branch an account, to which those are assigned who may see its customers."""
    profiles = {one["user_details"]["email"]: one["id"] for one in _users(client, admin)}
    for branch in BRANCHES:
        seers = [profiles[address(post)] for post in POSTS.values() if post.branch in (None, branch)]
        _post(client, admin, "/api/accounts/", {"name": branch, "assigned_to": seers})


def _tokens(place: Premises, client: httpx.Client, admin: str, organisation: str) -> dict[Actor, Credential]:
    """Make a token for each actor, then shut the leaver out."""
    sessions = _sessions(place, [address(post) for post in POSTS.values()], organisation=organisation)
    made = {Actor.ADMIN: Credential(username=ADMINISTRATOR, token=_token(client, admin, {}))}
    for actor, post in POSTS.items():
        soon = (datetime.now(UTC) + LAST).isoformat()
        limit = {"expires_at": soon} if actor is Actor.EXPIRED else {}
        token = _token(client, sessions[address(post)], limit)
        made[actor] = Credential(username=address(post), token=token, branch=post.branch)
    users = {one["user_details"]["email"]: one["user_details"]["id"] for one in _users(client, admin)}
    leaver = users[address(POSTS[Actor.LEAVER])]
    _post(client, admin, f"/api/user/{leaver}/status/", {"status": "Inactive"})
    return made


def _token(client: httpx.Client, session: str, limit: Mapping[str, str]) -> str:
    return str(_post(client, session, "/api/profile/tokens/", {"name": "touchstone", "scopes": [], **limit})["token"])


def _users(client: httpx.Client, admin: str) -> list[Any]:
    told = client.get("/api/users/", params={"limit": "100"}, headers=_as(admin)).raise_for_status().json()
    found: list[Any] = told["active_users"]["active_users"]
    return found


def _sessions(place: Premises, addresses: list[str], organisation: str = "") -> dict[str, str]:
    """Open a session for each user in one process of the product; it does so in debug mode only, and only there."""
    bound = f", org={organisation!r}" if organisation else ""
    lines = ["from django.core.management import call_command"]
    lines += [f"call_command('devlogin', {one!r}{bound})" for one in addresses]
    printed = place.do(
        Step(
            says="first sessions",
            command=("${bin}/django-admin", "shell", "--no-imports", "-c", "\n".join(lines)),
            environment={"DEBUG": "True"},
        )
    )
    found = [line.split()[-1] for line in printed.splitlines() if line.startswith("access_token:")]
    if len(found) != len(addresses):
        raise ProductError(f"BottleCRM opened {len(found)} of {len(addresses)} sessions: see {place.log}")
    return dict(zip(addresses, found, strict=True))


def _post(client: httpx.Client, session: str, path: str, told: Mapping[str, object]) -> dict[str, Any]:
    reply = client.post(path, json=told, headers=_as(session))
    if reply.status_code >= 400:
        raise ProductError(f"BottleCRM would not take {path}: {reply.status_code} {reply.text[:200]}")
    answered: dict[str, Any] = reply.json()
    return answered


def _as(session: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {session}"}
