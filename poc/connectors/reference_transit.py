"""Reference transit: webhooks, keys and payload encryption of the reference CRM."""

from collections.abc import Mapping

from poc.connectors.reference_answers import SHAPES
from poc.connectors.replies import fields_of
from scenarios.keyring import Anew, Cipher, Keyring
from scenarios.port import Connector, Request, Steps
from synthetic_data.records import Record

#: What is subscribed to; the reference CRM tells of all kinds of records alike.
EVENTS = ("record.create", "record.update")


class ReferenceTransit(Connector):
    """What leaves the reference CRM by itself, and what leaves it under a second layer."""

    def subscribe(self, url: str) -> Steps[str]:
        """Set a webhook up."""
        told = {"url": url, "events": EVENTS}
        return str(fields_of((yield Request(method="POST", path="/v1/webhooks", json=told)))["id"])

    def unsubscribe(self, subscription: str) -> Steps[None]:
        """Take a webhook away."""
        yield Request(method="DELETE", path=f"/v1/webhooks/{subscription}")

    def keyring(self) -> Steps[Keyring]:
        """Read the inventory."""
        told = fields_of((yield Request(method="GET", path="/v1/crypto/inventory")))
        ciphers = tuple(Cipher(use=one["use"], name=one["algorithm"], bits=one["bits"]) for one in told["algorithms"])
        return Keyring(
            ciphers=ciphers,
            sealing=next(str(one["number"]) for one in told["keys"] if one["seals"]),
            offered=tuple(told["offered"]),
            absent=tuple(told["absent"]),
            fields={f"Customer.{name.partition('.')[2]}": cipher for name, cipher in told["fields"].items()},
            tenants=tuple(sorted({one["tenant"] for one in told["keys"]})),
            held_by=told["held_by"],
            kept=told["kept"],
            revoked_within_s=told["revoked_within_seconds"],
        )

    def rotate_key(self) -> Steps[None]:
        """Make a new data key."""
        yield Request(method="POST", path="/v1/crypto/rotations")

    def choose_cipher(self, algorithm: str, *, field: str | None = None, use: str = "encryption") -> Steps[None]:
        """Choose for a field of customers, or ask whether something else may be used."""
        place = None if field is None else field.replace("Customer.", "customers.")
        yield Request(method="PUT", path="/v1/crypto/choice", json={"use": use, "algorithm": algorithm, "field": place})

    def encrypt_anew(self, limit: int) -> Steps[Anew]:
        """Have values of all stores encrypted anew."""
        told = fields_of((yield Request(method="POST", path="/v1/crypto/reencryptions", json={"limit": limit})))
        return Anew(done=told["done"], left=told["left"])

    def register_key(self, key: Mapping[str, str]) -> Steps[None]:
        """Leave the caller's public key."""
        yield Request(method="PUT", path="/v1/payload-key", json=dict(key))

    def get_sealed(self, kind: type[Record], number: str) -> Steps[str]:
        """Read a record as a JWE."""
        reply = yield Request(method="GET", path=f"{SHAPES.of(kind).path}/{number}/sealed")
        return reply.body.decode("ascii")
