"""Reference trust: single sign-on and passkeys of the reference CRM."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from poc.connectors.reference_answers import opened
from poc.connectors.replies import fields_of
from scenarios.answers import Session
from scenarios.port import Connector, Reply, Request, Steps
from scenarios.trust import Arrival, Ceremony, Departure, Person, Provider

PROVIDERS, SSO = "/v1/identity-providers", "/v1/auth/sso"


def ceremony(reply: Reply) -> Ceremony:
    """Return the options and the origin of a reply."""
    told = fields_of(reply)
    return Ceremony(options=told["publicKey"], origin=str(told["origin"]))


class ReferenceTrust(Connector):
    """The reference CRM's logins by way of others, and by passkey."""

    def whoami(self) -> Steps[Person]:
        """Read oneself."""
        told = fields_of((yield Request(method="GET", path="/v1/me")))
        return Person(username=told["username"], role=told["role"])

    def trust_provider(self, provider: Provider) -> Steps[str]:
        """Set a provider up."""
        told: dict[str, object] = {
            "name": provider.name,
            "protocol": provider.protocol,
            "issuer": provider.issuer,
            "groups_claim": "groups",
            "groups": dict(provider.groups),
        }
        if provider.protocol == "oidc":
            told |= {"client_id": provider.client, "client_secret": provider.secret}
        else:
            told |= {"sign_on_url": provider.sign_on_url, "certificate": provider.certificate}
        return str(fields_of((yield Request(method="POST", path=PROVIDERS, json=told)))["id"])

    def drop_provider(self, number: str) -> Steps[None]:
        """Take it away."""
        yield Request(method="DELETE", path=f"{PROVIDERS}/{number}")

    def link_subject(self, number: str, subject: str, username: str) -> Steps[None]:
        """Link a subject."""
        told = {"subject": subject, "username": username}
        yield Request(method="PUT", path=f"{PROVIDERS}/{number}/subjects", json=told)

    def depart(self, number: str, onward: str) -> Steps[Departure]:
        """Be sent away."""
        reply = yield Request(method="GET", path=f"{SSO}/{number}", query={"return_to": onward})
        cookie = reply.headers.get("set-cookie", "").partition(";")[0]
        return Departure(url=reply.headers.get("location", ""), headers={"Cookie": cookie})

    def arrive(self, number: str, departure: Departure, brought: Mapping[str, str]) -> Steps[Arrival]:
        """Come back: with a code by GET, with an assertion by POST."""
        headers = dict(departure.headers)
        if "SAMLResponse" in brought:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            form = urlencode(dict(brought), quote_via=quote).encode()
            reply = yield Request(method="POST", path=f"{SSO}/{number}/acs", content=form, headers=headers)
        else:
            reply = yield Request(method="GET", path=f"{SSO}/{number}/callback", query=brought, headers=headers)
        return Arrival(session=opened(reply), onward=str(fields_of(reply)["return_to"]))

    def require_sign_on(self, username: str) -> Steps[None]:
        """Bind a user to single sign-on."""
        yield Request(method="PATCH", path=f"/v1/users/{username}", json={"sso_only": True})

    def ask_passkey(self) -> Steps[Ceremony]:
        """Ask for the options of a new passkey."""
        return ceremony((yield Request(method="POST", path="/v1/me/passkeys/challenge")))

    def add_passkey(self, credential: Mapping[str, object]) -> Steps[None]:
        """Put it on file."""
        told = {"label": "a passkey", "credential": dict(credential)}
        yield Request(method="POST", path="/v1/me/passkeys", json=told)

    def challenge_passkey(self) -> Steps[Ceremony]:
        """Ask for a challenge."""
        return ceremony((yield Request(method="POST", path="/v1/auth/passkey/challenge")))

    def enter_with_passkey(self, credential: Mapping[str, object]) -> Steps[Session]:
        """Show it."""
        return opened((yield Request(method="POST", path="/v1/auth/passkey", json={"credential": dict(credential)})))
