"""Permission: the signed paper without which no system beyond this machine is pressed or attacked."""

import json
import tomllib
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Literal

import tomli_w
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

#: What is put before the bytes that are signed, so that a signature over anything else never serves here.
_PREFIX = b"touchstone permission v1\n"
#: What may be permitted: load tests; scans and attacks of the security scenarios.
Purpose = Literal["load", "attack"]


class PermitError(ValueError):
    """A paper that permits nothing, or not this; the text says why and what would."""


class Permission(BaseModel):
    """Who permits what: ``host`` of ``vendor`` may be pressed or attacked between two moments.

    ``window`` are hours of the day in UTC ("22:00-05:00"; empty: all day). ``most_per_second`` bounds the requests of
    a load test; 0 permits none. ``signed_by`` is the person who answers for it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    vendor: Annotated[str, Field(min_length=1)]
    host: Annotated[str, Field(pattern=r"^[a-z0-9.:-]+$")]
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]
    begins: AwareDatetime
    expires: AwareDatetime
    window: Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$")] = ""
    most_per_second: Annotated[float, Field(ge=0)] = 0
    signed_by: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _holds_together(self) -> "Permission":
        if self.begins >= self.expires:
            raise ValueError(f"expires {self.expires.isoformat()} must come after begins {self.begins.isoformat()}")
        if "load" in self.purposes and not self.most_per_second:
            raise ValueError("most_per_second must be above 0 when load is permitted")
        return self

    def told(self) -> str:
        """Return in a few words who permits until when."""
        rate = f", at most {self.most_per_second:g} requests/s" if "load" in self.purposes else ""
        hours = f", {self.window} UTC" if self.window else ""
        return f"signed by {self.signed_by} of {self.vendor} until {self.expires.date().isoformat()}{hours}{rate}"

    def message(self) -> bytes:
        """Return the bytes that are signed."""
        plain = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return _PREFIX + plain.encode()


class _Signature(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    algorithm: Literal["Ed25519"]
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    value: Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]


class Paper(BaseModel):
    """A permission and the signature over it, as they lie in a TOML file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    permission: Permission
    signature: _Signature

    @classmethod
    def read(cls, text: str) -> "Paper":
        """Read a paper without believing it; raises PermitError naming the field."""
        try:
            return cls.model_validate(tomllib.loads(text))
        except tomllib.TOMLDecodeError as fault:
            raise PermitError(f"is not TOML: {fault}") from None
        except ValidationError as fault:
            first = fault.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise PermitError(f"{where}: {first['msg'].removeprefix('Value error, ')}") from None

    @classmethod
    def sign(cls, permission: Permission, key: Ed25519PrivateKey) -> "Paper":
        """Sign a permission."""
        seal = {
            "algorithm": "Ed25519",
            "key": key.public_key().public_bytes_raw().hex(),
            "value": key.sign(permission.message()).hex(),
        }
        return cls(permission=permission, signature=_Signature.model_validate(seal))

    def text(self) -> str:
        """Return it as TOML."""
        told = self.model_dump(mode="python")
        told["permission"]["purposes"] = list(told["permission"]["purposes"])
        return tomli_w.dumps(told)

    def believed(self, trusted: str) -> Permission:
        """Return the permission if a trusted key (Ed25519, 64 hex digits) signed it; raises PermitError."""
        if self.signature.key != trusted.lower():
            raise PermitError(f"is signed with the key {self.signature.key[:16]}…, which is not the trusted one")
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(trusted))
            public.verify(bytes.fromhex(self.signature.value), self.permission.message())
        except (ValueError, InvalidSignature):
            raise PermitError("was changed after it was signed: ask for a new one") from None
        return self.permission


def allow(
    permission: Permission, purpose: Purpose, host: str, now: datetime, *, seconds: float = 0, per_second: float = 0
) -> None:
    """Raise PermitError unless a permission covers a purpose on a host, from now on for so many seconds.

    ``per_second`` is the highest mean rate of requests.
    """
    end = now + timedelta(seconds=seconds)
    if purpose not in permission.purposes:
        raise PermitError(f"permits {', '.join(permission.purposes)}, not {purpose}")
    if host != permission.host:
        raise PermitError(f"permits {permission.host}, not {host}")
    if not permission.begins <= now <= end <= permission.expires:
        between = f"{permission.begins.isoformat()} and {permission.expires.isoformat()}"
        raise PermitError(f"permits between {between}; this would last from {_short(now)} to {_short(end)}")
    if permission.window and not _within(permission.window, now, end):
        raise PermitError(f"permits {permission.window} UTC only; this would last from {_short(now)} to {_short(end)}")
    if purpose == "load" and per_second > permission.most_per_second:
        raise PermitError(
            f"permits {permission.most_per_second:g} requests/s, and {per_second:g}/s are asked: lower the rate"
        )


def _within(window: str, now: datetime, end: datetime) -> bool:
    opens, closes = (time.fromisoformat(part) for part in window.split("-"))
    begin = now.astimezone(UTC)
    for day in (begin.date() - timedelta(days=1), begin.date()):
        first = datetime.combine(day, opens, UTC)
        last = datetime.combine(day if closes > opens else day + timedelta(days=1), closes, UTC)
        if first <= begin and end <= last:
            return True
    return False


def _short(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
