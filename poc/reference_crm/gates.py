"""Gates: bodies and answers of single sign-on and passkeys, for checking what comes in and for publication."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from poc.reference_crm.hooks import Url
from poc.reference_crm.schemas import Line, Name, Role, Strict, Tokens

Group = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Subject = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f]*$")]
Value = Annotated[str, StringConstraints(max_length=64_000, pattern=r"^[A-Za-z0-9_=-]*$")]


class NewProvider(BaseModel):
    """An identity provider to be trusted: of OpenID Connect by its issuer, of SAML 2.0 by its certificate (PEM)."""

    model_config = Strict
    name: Line
    protocol: Literal["oidc", "saml"]
    issuer: Url
    client_id: Line = ""
    client_secret: Annotated[str, StringConstraints(max_length=200)] = ""
    sign_on_url: Annotated[str, StringConstraints(max_length=500, pattern=r"^[!-~]*$")] = ""
    certificate: Annotated[str, StringConstraints(max_length=10_000)] = ""
    groups_claim: Line = ""
    groups: Annotated[dict[Group, Role], Field(max_length=200)] = {}
    newcomers: bool = False


class Provider(BaseModel):
    """An identity provider as it can be read back."""

    id: str
    name: str
    protocol: Literal["oidc", "saml"]
    issuer: str
    groups: dict[str, str]
    newcomers: bool


class Providers(BaseModel):
    """All identity providers."""

    items: list[Provider]


class Link(BaseModel):
    """Who is meant by a subject of a provider."""

    model_config = Strict
    subject: Subject
    username: Name


class Arrived(Tokens):
    """What a login by way of a provider hands out, and the path at which work goes on."""

    return_to: str


class Ceremony(BaseModel):
    """What a browser's ``navigator.credentials`` is to be given, and the origin at which it must be done."""

    publicKey: dict[str, Any]
    origin: str


class Response(BaseModel):
    """What an authenticator answered; each value is base64url."""

    model_config = ConfigDict(extra="ignore", strict=True, hide_input_in_errors=True)
    clientDataJSON: Value
    attestationObject: Value | None = None
    authenticatorData: Value | None = None
    signature: Value | None = None
    userHandle: Value | None = None


class Credential(BaseModel):
    """A PublicKeyCredential as a browser writes it (WebAuthn level 3, toJSON)."""

    model_config = ConfigDict(extra="ignore", strict=True, hide_input_in_errors=True)
    id: Value
    rawId: Value
    type: Literal["public-key"]
    response: Response


class NewPasskey(BaseModel):
    """A passkey to be."""

    model_config = Strict
    label: Line = ""
    credential: Credential


class Shown(BaseModel):
    """A passkey that is shown at the door."""

    model_config = Strict
    credential: Credential


class AddedPasskey(BaseModel):
    """A passkey that was put on file."""

    id: str
    label: str


class Passkey(AddedPasskey):
    """A passkey on file."""

    added_at: AwareDatetime
    last_used_at: AwareDatetime | None


class Passkeys(BaseModel):
    """The caller's passkeys."""

    items: list[Passkey]
