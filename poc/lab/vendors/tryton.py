"""Tryton: a bank in Tryton: currency, company, groups with rights and branches, users with keys for its REST interface.

The product knows rights by model, field, button and record. Whoever works in a branch is bound to it by a record rule;
the auditor reads only; deleting is for the compliance desk, the core system and the administrator.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from poc.lab.vendors.posts import BRANCHES, POSTS
from poc.lab.vendors.premises import Premises, ProductError
from scenarios.actors import Actor, Credential

#: Who changes nothing, and who may take a customer off file.
READERS, DESK = frozenset({Actor.AUDITOR}), frozenset({Actor.COMPLIANCE, Actor.INTEGRATION, Actor.ADMIN})
#: Models whose rights are the bank's to give.
MODELS = ("party.party", "sale.opportunity")
CURRENCIES = {"CNY": "156", "USD": "840", "HKD": "344", "EUR": "978"}


@dataclass(slots=True)
class Office:
    """A user of the product over its JSON-RPC, where everything can be set up; ``key`` opens the REST interface."""

    client: httpx.Client
    user: int
    headers: Mapping[str, str]
    context: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def enter(cls, client: httpx.Client, name: str, password: str) -> "Office":
        """Sign in; raises ProductError."""
        told = {"id": 0, "method": "common.db.login", "params": [name, {"password": password}, "en"]}
        user, token, *_ = _result(client.post("rpc/", json=told))
        proof = base64.b64encode(f"{name}:{user}:{token}".encode()).decode()
        return cls(client, user, {"Authorization": f"Session {proof}"})

    def __call__(self, method: str, *arguments: object) -> Any:
        """Call a method of a model; raises ProductError with the product's own words."""
        told = {"id": 1, "method": f"model.{method}", "params": [*arguments, self.context]}
        return _result(self.client.post("rpc/", json=told, headers=dict(self.headers)))

    def key(self) -> str:
        """Return a key of his own for the REST interface; it is valid at once."""
        made = self("res.user.application.create", [{"user": self.user, "application": "rest"}])
        return str(self("res.user.application.read", made, ["key"])[0]["key"])


def people(place: Premises) -> dict[Actor, Credential]:
    """Set the bank up and make its users; the leaver is made inactive, the expired key is a cancelled one."""
    with httpx.Client(base_url=f"{place.url}{place.recipe.path}/", timeout=120.0, trust_env=False) as client:
        admin = Office.enter(client, "admin", place.secrets()["admin"])
        _found(admin)
        groups = _groups(admin)
        admin("res.user.write", [admin.user], {"groups": [["add", [groups["bank"], groups["desk"]]]]})
        made = {Actor.ADMIN: Credential(username="admin", token=admin.key())}
        for actor, post in POSTS.items():
            made[actor] = _user(admin, client, actor, post.username, post.branch, groups)
        leaver = admin("res.user.search", [["login", "=", POSTS[Actor.LEAVER].username]])
        admin("res.user.write", leaver, {"active": False})
        return made


def _found(admin: Office) -> None:
    """Found the bank: currencies, a company and one employee; the administrator gets all groups that there are."""
    admin.context = admin("res.user.get_preferences", True)
    every = admin("res.group.search", [])
    admin("res.user.write", [admin.user], {"groups": [["add", every]]})
    known = {one["code"] for one in admin("currency.currency.search_read", [], 0, None, None, ["code"])}
    missing = [_currency(code, number) for code, number in CURRENCIES.items() if code not in known]
    if missing:
        admin("currency.currency.create", missing)
    (yuan,) = admin("currency.currency.search", [["code", "=", "CNY"]])
    bank, banker = admin("party.party.create", [{"name": "Digital Bank"}, {"name": "Relationship Manager"}])
    (company,) = admin("company.company.create", [{"party": bank, "currency": yuan}])
    admin("company.employee.create", [{"party": banker, "company": company}])


def _currency(code: str, number: str) -> dict[str, Any]:
    cent = {"__class__": "Decimal", "decimal": "0.01"}
    return {"name": code, "symbol": code, "code": code, "numeric_code": number, "rounding": cent, "digits": 2}


def _groups(admin: Office) -> dict[str, int]:
    """Make the bank's groups and their rights."""
    names = ["bank", "desk", *BRANCHES]
    made = dict(zip(names, admin("res.group.create", [{"name": f"Bank: {name}"} for name in names]), strict=True))
    for model in MODELS:
        rights = [
            _access(model, None, write=False, delete=False),
            _access(model, made["bank"], write=True, delete=False),
            _access(model, made["desk"], write=True, delete=True),
        ]
        admin("ir.model.access.create", rights)
    for branch in BRANCHES:
        rule = {"domain": f'[["identifiers.code", "=", "branch:{branch}"]]'}
        told = {"name": f"Customers of {branch}", "model": "party.party", "global_p": False, "default_p": False}
        told |= {"groups": [["add", [made[branch]]]], "rules": [["create", [rule]]]}
        admin("ir.rule.group.create", [told])
    return made


def _access(model: str, group: int | None, *, write: bool, delete: bool) -> dict[str, Any]:
    rights = {"perm_read": True, "perm_write": write, "perm_create": write, "perm_delete": delete}
    return {"model": model, "group": group, **rights}


def _user(
    admin: Office, client: httpx.Client, actor: Actor, username: str, branch: str | None, groups: Mapping[str, int]
) -> Credential:
    wanted = [] if actor in READERS else ["bank"]
    wanted += ["desk"] if actor in DESK else []
    wanted += [branch] if branch else []
    password = f"{secrets.token_urlsafe(18)}-A1"
    told = {"name": username, "login": username, "password": password, "email": f"{username}@bank.example"}
    admin("res.user.create", [{**told, "groups": [["add", [groups[name] for name in wanted]]]}])
    own = Office.enter(client, username, password)
    key = own.key()
    if actor is Actor.EXPIRED:
        (application,) = own("res.user.application.search", [["key", "=", key]])
        own("res.user.application.cancel", [application])
    return Credential(username=username, token=key, branch=branch)


def _result(reply: httpx.Response) -> Any:
    """Return what a call gave back; raises ProductError, also where the product says 200 and means no."""
    told = reply.raise_for_status().json()
    if told.get("error"):
        raise ProductError(f"Tryton would not: {str(told['error'])[:300]}")
    return told["result"]
