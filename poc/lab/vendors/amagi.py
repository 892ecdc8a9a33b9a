"""Amagi: the users of amagi-crm: three roles for thirteen actors, each with a token that the product draws."""

from collections.abc import Mapping

import httpx

from poc.lab.vendors.posts import POSTS
from poc.lab.vendors.premises import Premises, ProductError
from scenarios.actors import Actor, Credential

#: The product has admin, member and readonly. It shows the audit log to admins alone: without that role nothing of the
#: log could be judged at all, so the auditor has it, and with it the right to change what he audits.
ROLES: Mapping[str, str] = {"auditor": "admin"}


def people(place: Premises) -> dict[Actor, Credential]:
    """Make the users; tokens do not run out, so that the actor with an expired one is left out."""
    admin = _token((place.run / "administrator.txt").read_text("utf-8"))
    made = {Actor.ADMIN: Credential(username="admin", token=admin)}
    with httpx.Client(
        base_url=place.url, headers={"Authorization": f"Bearer {admin}"}, timeout=30.0, trust_env=False
    ) as client:
        for actor, post in POSTS.items():
            if actor is Actor.EXPIRED:
                continue
            told = {"name": post.username, "role": ROLES.get(post.role, "member")}
            token = client.post("/api/users", json=told).raise_for_status().json()["token"]
            made[actor] = Credential(username=post.username, token=token, branch=post.branch)
        client.post(f"/api/users/{made[Actor.LEAVER].username}/revoke").raise_for_status()
    return made


def _token(printed: str) -> str:
    found = [word for word in printed.split() if word.startswith("acrm_")]
    if not found:
        raise ProductError("amagi-crm printed no token for its administrator: remove and install it again")
    return found[0]
