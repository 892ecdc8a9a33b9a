"""Settings: what the service must be told from outside; secrets come from the environment and have no default."""

import base64
import binascii
import ipaddress
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from poc.reference_crm.algorithms import DEFAULT, USUAL, chosen, digest
from poc.reference_crm.outbound import Network, Rules


class Settings(BaseSettings):
    """What differs between two installations. Every name may be set as ``TOUCHSTONE_CRM_<NAME>``.

    ``master_key`` wraps the data keys (32 bytes in base64); times are in seconds. ``audit_checkpoints`` is the file in
    which the audit trail is sealed every ``seal_seconds``; keep it where the database's administrators have no hand in.
    Without it the trail is not sealed. Events go to public addresses, and to private ones of ``webhook_networks``
    (CIDR, separated by commas); ``webhook_ca`` is trusted besides the system's.

    ``bank_key`` is a PEM file with an RSA key pair of the bank's (3,072 bits or more) that wraps the data keys in place
    of ``master_key``; when the bank takes it away, restricted fields close until it is back. ``cipher`` encrypts what
    is new in a new database, and ``index_digest`` (HMAC-SHA256 or HMAC-SM3) makes its blind indexes for good.

    Users of ``machine_roles`` (names of roles, separated by commas) are let in at the machine door alone, where a
    certificate must name them (``serve --client-ca FILE --machine-port PORT``); others may come there too.

    ``trusted_proxies`` (CIDR, separated by commas) are believed in what X-Forwarded-For says; nobody else is.

    Each tenant has a database of its own with ``tenant_pool_size`` connections; it is made as a copy of
    ``tenant_template``, an empty migrated database that nobody uses, or migrated when it is made.

    ``public_url`` is where browsers find the service: identity providers send them back there, and passkeys work there
    and nowhere else. Without it the service stands at its own port of localhost.

    A document may have ``largest_attachment`` bytes; it comes in base64, so ``largest_body`` must leave a third more.

    ``step_up`` says who must show a second factor afresh (within ``step_up_seconds``) before values are unmasked:
    whoever has enrolled one, or always everybody.
    """

    model_config = SettingsConfigDict(env_prefix="TOUCHSTONE_CRM_", extra="ignore", frozen=True)

    database_url: str = Field(min_length=1)
    master_key: SecretStr
    bank_key: Path | None = None
    cipher: str = DEFAULT
    index_digest: str = USUAL
    admin_password: SecretStr | None = None
    trial_clock: bool = False
    pool_size: int = Field(default=8, ge=1, le=200)
    tenant_pool_size: int = Field(default=2, ge=1, le=200)
    tenant_template: str = Field(default="", pattern=r"^[a-z0-9_]{0,60}$")
    idle_seconds: int = Field(default=900, ge=1)
    absolute_seconds: int = Field(default=12 * 3600, ge=1)
    refresh_seconds: int = Field(default=24 * 3600, ge=1)
    lock_seconds: int = Field(default=1800, ge=1)
    lock_after: int = Field(default=5, ge=1)
    step_up: Literal["enrolled", "always"] = "enrolled"
    step_up_seconds: int = Field(default=300, ge=1)
    longest_key_days: int = Field(default=90, ge=1, le=366)
    session_cache_seconds: float = Field(default=5.0, ge=0, le=30)
    unmask_per_hour: int = Field(default=50, ge=1)
    largest_body: int = Field(default=16 * 1024 * 1024, ge=1024)
    largest_attachment: int = Field(default=8 * 1024 * 1024, ge=1024)
    log_requests: bool = False
    public_url: str = Field(default="https://localhost", pattern=r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?$")
    webhook_ca: Path | None = None
    webhook_networks: str = ""
    audit_checkpoints: Path | None = None
    trusted_proxies: str = ""
    machine_roles: str = ""
    seal_seconds: float = Field(default=1.0, gt=0, le=60)

    @field_validator("master_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr) -> SecretStr:
        try:
            key = base64.b64decode(value.get_secret_value(), validate=True)
        except binascii.Error:
            key = b""
        if len(key) != 32:
            raise ValueError("give 32 random bytes in base64, for example from `openssl rand -base64 32`")
        return value

    @field_validator("cipher")
    @classmethod
    def _is_strong(cls, value: str) -> str:
        return chosen(value).name

    @field_validator("index_digest")
    @classmethod
    def _is_a_digest(cls, value: str) -> str:
        return digest(value).name

    @field_validator("webhook_networks", "trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        _networks(value)
        return value

    @property
    def only_at_machine_door(self) -> frozenset[str]:
        """Return the roles whose users must show a certificate."""
        return frozenset(one.strip() for one in self.machine_roles.split(",") if one.strip())

    @property
    def outbound(self) -> Rules:
        """Return whom the service may call."""
        return Rules(networks=_networks(self.webhook_networks), ca=self.webhook_ca)

    @cached_property
    def proxies(self) -> tuple[Network, ...]:
        """Return the networks of the proxies that are believed."""
        return _networks(self.trusted_proxies)

    @property
    def master_key_bytes(self) -> bytes:
        """Return the master key as 32 bytes."""
        return base64.b64decode(self.master_key.get_secret_value())


def _networks(listed: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(one.strip()) for one in listed.split(",") if one.strip())
