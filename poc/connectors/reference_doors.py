"""Reference doors: second factors, keys, provisioning and idle limits of the reference CRM."""

from collections.abc import Mapping, Sequence

from poc.connectors.replies import fields_of
from scenarios.actors import Credential
from scenarios.answers import Session
from scenarios.doors import IssuedKey
from scenarios.port import Connector, Request, Steps

USERS = "/scim/v2/Users"
BANK = "urn:touchstone:params:scim:schemas:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def told_at_sign_in(credential: Credential) -> Mapping[str, str]:
    """Return what a user shows at the door: name, password and, if there is one, a code."""
    told = {"username": credential.username, "password": credential.secret}
    return {**told, "otp": credential.otp} if credential.otp else told


class ReferenceDoors(Connector):
    """The reference CRM's ways in, each a request or two."""

    def enrol_factor(self) -> Steps[str]:
        """Draw a secret."""
        return str(fields_of((yield Request(method="POST", path="/v1/me/factor")))["secret"])

    def confirm_factor(self, otp: str) -> Steps[None]:
        """Confirm it."""
        yield Request(method="POST", path="/v1/me/factor/confirm", json={"otp": otp})

    def step_up(self, otp: str) -> Steps[None]:
        """Show a fresh code."""
        yield Request(method="POST", path="/v1/me/step-up", json={"otp": otp})

    def issue_key(self, username: str, scopes: Sequence[str], seconds: int) -> Steps[IssuedKey]:
        """Make a key; it is shown in this reply only."""
        told = {"username": username, "scopes": list(scopes), "expires_in": seconds}
        made = fields_of((yield Request(method="POST", path="/v1/keys", json=told)))
        session = Session(headers={"Authorization": f"Bearer {made['api_key']}"}, seconds=seconds)
        return IssuedKey(id=str(made["id"]), session=session)

    def end_key(self, number: str) -> Steps[None]:
        """Withdraw it."""
        yield Request(method="DELETE", path=f"/v1/keys/{number}")

    def provision(self, credential: Credential, role: str) -> Steps[str]:
        """Bring a user."""
        told = {
            "schemas": [CORE],
            "userName": credential.username,
            "password": credential.secret,
            "roles": [{"value": role}],
            BANK: {"branch": credential.branch or ""},
        }
        return str(fields_of((yield Request(method="POST", path=USERS, json=told)))["id"])

    def find_provisioned(self, username: str) -> Steps["tuple[str, ...]"]:
        """Find a user by name."""
        reply = yield Request(method="GET", path=USERS, query={"filter": f'userName eq "{username}"'})
        return tuple(str(one["id"]) for one in fields_of(reply)["Resources"] if one["active"])

    def deprovision(self, number: str) -> Steps[None]:
        """Set active to false."""
        change = {"op": "replace", "path": "active", "value": False}
        yield Request(method="PATCH", path=f"{USERS}/{number}", json={"schemas": [PATCH], "Operations": [change]})

    def limit_idle(self, username: str, seconds: int) -> Steps[None]:
        """Set the user's own limit."""
        yield Request(method="PATCH", path=f"/v1/users/{username}", json={"idle_seconds": seconds})

    def view_as(self, username: str, reason: str, seconds: int) -> Steps[Session]:
        """Open a view."""
        told = {"reason": reason, "seconds": seconds}
        made = fields_of((yield Request(method="POST", path=f"/v1/users/{username}/views", json=told)))
        return Session(headers={"Authorization": f"Bearer {made['access_token']}"}, seconds=made["expires_in"])
