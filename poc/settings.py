"""Settings: which systems are on trial and how they are reached; secrets by the name of their variable, never here."""

import ipaddress
import os
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import tomli_w
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from scenarios.actors import Actor, Credential

#: Where targets are listed unless told otherwise.
TARGETS = Path("targets.toml")
#: The connector of a product that nobody can ask: it is judged on paper, and has no address.
PAPER = "paper"


class SettingsError(ValueError):
    """What was set is not usable; the text names the setting, its value and the remedy."""


class Door(BaseModel):
    """A model of what people write: unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Login(Door):
    """How one actor gets in. ``secret_env`` and ``token_env`` are names of environment variables."""

    username: str = ""
    secret_env: str | None = None
    token_env: str | None = None
    branch: str | None = None


class Window(Door):
    """A sliding window of a contract: so many requests in so many seconds, of all, of an interface or of a user."""

    requests: int = Field(gt=0)
    seconds: float = Field(gt=0, le=86_400)
    per: Literal["all", "interface", "user"] = "all"


class Limits(Door):
    """What the vendor declares; None means that nothing was declared."""

    requests_per_second: float | None = Field(default=None, gt=0)
    parallel: int | None = Field(default=None, gt=0)
    requests_per_day: int | None = Field(default=None, gt=0)
    windows: tuple[Window, ...] = ()


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this machine only."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ValueError("write it as https://host:port")
    if parts.username or parts.password:
        raise ValueError("an address holds no user name or password; name a variable under [actors] instead")
    if parts.scheme == "http" and not is_loopback(url):
        raise ValueError("use https: passwords would cross the network in clear")
    return url.rstrip("/")


class Inside(Door):
    """Access behind the interface of a target on the bank's own machines; each part may be missing.

    ``database`` is the URL of its PostgreSQL without a password (PGPASSWORD has it), ``pg_dump`` the program that backs
    it up, ``data`` the server's data directory; ``folders`` are further stores by name (logs, search index). In
    ``table`` restricted values rest in the columns ``ciphertexts``, indexes to find them by in ``indexes``. All columns
    of ciphertext in all tables (``table.column``) are ``encrypted``; their first ``mark_bytes`` tell by which key.
    ``bank_key`` is the file with the key that the bank may take away.
    """

    database: str = ""
    pg_dump: Path = Path("pg_dump")
    data: Path | None = None
    folders: Mapping[str, Path] = Field(default_factory=dict)
    table: str = ""
    key_column: str = "number"
    ciphertexts: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    encrypted: tuple[str, ...] = ()
    mark_bytes: int = Field(default=0, ge=0, le=64)
    bank_key: Path | None = None

    @field_validator("database")
    @classmethod
    def _holds_no_password(cls, value: str) -> str:
        if urlsplit(value).password:
            raise ValueError("holds a password: leave it out and set PGPASSWORD")
        return value


class Verified(Door):
    """That a connector kept its promises on a live system: when, at which address, in which version (sha256)."""

    on: datetime
    url: str
    connector: str


class Target(Door):
    """A system on trial; one whose connector is ``paper`` has no ``url`` and cannot be asked.

    ``secrets_file`` is a TOML file of actor -> {secret, token} that the lab writes for itself.
    ``receivers`` is a folder with the certificates under which the bench receives events (sound.pem, self-signed.pem,
    wrong-host.pem, expired.pem, each with its key), ``receiver_host`` this machine's address as the target sees it.
    ``machine_url`` is the door at which machines must show a certificate, ``machines`` a folder with certificates to
    show there (own.pem of the actor integration; expired.pem, revoked.pem, other-authority.pem; each with its key).
    ``permission`` is the signed paper without which no load test and no attack leaves this machine, ``permission_key``
    the Ed25519 public key (64 hex digits) that must have signed it. ``load`` says how hard the target may be pressed:
    full, capped (never beyond the declared limits) or attested (not at all).
    ``licence`` is what its makers give it out under (an SPDX name), as readers of a scorecard are told.
    ``identity`` is where its sign-in lives, for a product that sends there; nothing else outside ``url`` is asked.
    ``verified`` is what `touchstone target verify` found out; it lapses with another address or connector.
    ``baseline_leaks`` is how many combinations of actor, path and field leak in the bank's present system (SEC-22).
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    connector: str
    url: str = Field(default="", validate_default=True)
    identity: Annotated[str, AfterValidator(_address)] | None = None
    title: str = ""
    licence: str = ""
    ca: Path | None = None
    client_certificate: Path | None = None
    machine_url: Annotated[str, AfterValidator(_address)] | None = None
    machines: Path | None = None
    timeout: float = Field(default=30.0, gt=0, le=600)
    plain_ports: tuple[Annotated[int, Field(gt=0, lt=65536)], ...] = ()
    secrets_file: Path | None = None
    receivers: Path | None = None
    receiver_host: str = "127.0.0.1"
    inside: Inside | None = None
    permission: Path | None = None
    permission_key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    load: Literal["full", "capped", "attested"] | None = None
    baseline_leaks: int | None = Field(default=None, ge=0)
    labels: tuple[str, ...] = ()
    verified: Verified | None = None
    limits: Limits = Limits()
    actors: Mapping[Actor, Login] = Field(default_factory=dict)

    @field_validator("url")
    @classmethod
    def _leads_somewhere(cls, value: str, known: ValidationInfo) -> str:
        if known.data.get("connector") != PAPER:
            return _address(value)
        if value:
            raise ValueError("a product that is judged on paper has no address; name the connector that speaks to it")
        return ""

    def without_secrets(self) -> dict[str, object]:
        """Return the settings for a manifest: names of variables and files, and nothing that they hold."""
        return self.model_dump(mode="json", exclude_none=True)

    def credentials(self, environment: Mapping[str, str] = os.environ) -> dict[Actor, Credential]:
        """Return what each actor signs in with; raises SettingsError for a variable that is not set."""
        lab = self._lab_secrets()
        return {actor: self._credential(actor, login, lab, environment) for actor, login in self.actors.items()}

    @property
    def load_mode(self) -> Literal["full", "capped", "attested"]:
        """Return how hard it may be pressed: as said, else never beyond what was declared, if anything was."""
        return self.load or ("full" if self.limits == Limits() else "capped")

    def paper(self) -> str:
        """Return the text of its permission, "" if there is none; raises SettingsError if it cannot be read."""
        if self.permission is None:
            return ""
        if self.permission_key is None:
            raise SettingsError(
                f"target {self.name}: permission needs permission_key, the key that must have signed it"
            )
        try:
            return self.permission.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text"
            raise SettingsError(f"target {self.name}: cannot read {self.permission}: {why}") from None

    def _credential(
        self, actor: Actor, login: Login, lab: Mapping[str, Mapping[str, str]], environment: Mapping[str, str]
    ) -> Credential:
        held = lab.get(actor.value, {})
        return Credential(
            username=login.username,
            secret=self._variable(actor, login.secret_env, environment) or held.get("secret", ""),
            token=self._variable(actor, login.token_env, environment) or held.get("token"),
            branch=login.branch,
        )

    def _variable(self, actor: Actor, name: str | None, environment: Mapping[str, str]) -> str | None:
        if name is None:
            return None
        if name not in environment:
            raise SettingsError(f"target {self.name}, actor {actor.value}: set the environment variable {name}")
        return environment[name]

    def _lab_secrets(self) -> Mapping[str, Mapping[str, str]]:
        if self.secrets_file is None:
            return {}
        return _toml(self.secrets_file)


def targets(path: Path = TARGETS) -> dict[str, Target]:
    """Return the targets that a TOML file lists (``[targets.<name>]``); raises SettingsError naming what is wrong."""
    listed = _toml(path).get("targets", {})
    if not isinstance(listed, dict):
        raise SettingsError(f"{path}: write each target as a table [targets.<name>]")
    return {name: _target(path, name, entry) for name, entry in listed.items()}


def target(name: str, path: Path = TARGETS) -> Target:
    """Return one target by name; raises SettingsError listing the known ones."""
    known = targets(path)
    if name not in known:
        raise SettingsError(f"unknown target {name!r}: {path} knows {', '.join(sorted(known)) or 'none'}")
    return known[name]


def keep_target(kept: Target, path: Path = TARGETS) -> None:
    """Add a target to the file, or put it in the place of the one of the same name."""
    whole = _toml(path) if path.exists() else {}
    entry = {key: value for key, value in kept.without_secrets().items() if key != "name"}
    whole.setdefault("targets", {})[kept.name] = entry
    _write(path, tomli_w.dumps(whole))


def drop_target(name: str, path: Path = TARGETS) -> None:
    """Take a target off the file; raises SettingsError if the file cannot be read or written."""
    whole = _toml(path)
    whole.get("targets", {}).pop(name, None)
    _write(path, tomli_w.dumps(whole))


def keep_secrets(path: Path, credentials: Mapping[Actor, Credential]) -> None:
    """Write the secrets of a lab of our own into a file that only its owner may read."""
    told = {
        actor.value: {"secret": held.secret, **({"token": held.token} if held.token is not None else {})}
        for actor, held in credentials.items()
    }
    _write(path, tomli_w.dumps(told))


def _write(path: Path, text: str) -> None:
    aside = path.with_name(path.name + ".new")
    try:
        aside.touch(mode=0o600)
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise SettingsError(f"cannot write {path}: {error.strerror}") from None


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"there is no {path}: `touchstone demo` writes one, docs/cli.md shows how") from None
    except OSError as error:
        raise SettingsError(f"cannot read {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not TOML: {error}") from None


def _target(path: Path, name: str, entry: object) -> Target:
    if not isinstance(entry, dict):
        raise SettingsError(f"{path}: targets.{name} = {entry!r}: write it as a table [targets.{name}]")
    try:
        return Target(name=name, **entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"{path}: targets.{name}.{where}{_shown(first['type'], first['input'])}: {first['msg']}"
        ) from None


def _shown(trouble: str, value: object) -> str:
    """Show a wrong value, unless it may be a secret that was written where none belongs."""
    return "" if trouble == "extra_forbidden" or "@" in str(value) else f" = {value!r}"
