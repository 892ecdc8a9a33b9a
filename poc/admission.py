"""Admission: who may enter the workbench where others can reach it: names, roles and Argon2id hashes in one file."""

import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Annotated

import tomli_w
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

#: Where the users are listed, and the name by which the environment says otherwise.
USERS, VARIABLE = Path("users.toml"), "TOUCHSTONE_USERS"
#: Characters that a password has at least (NIST SP 800-63B-4 asks for 15 where it is the only factor).
SHORTEST, LONGEST = 15, 200
#: Wrong passwords after which a name is shut out, and for how many seconds (JR/T 0068-2020 asks for a lock).
TRIES, SHUT_S = 5, 900.0
#: Seconds without a click, and in all, after which one must sign in again.
IDLE_S, LONGEST_S = 900.0, 8 * 3600.0
#: Addresses that nobody but this machine reaches.
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
#: Cost as OWASP's Password Storage Cheat Sheet has it: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: A hash of nobody's password, so that an unknown name takes as long as a known one.
NOBODY = HASHER.hash("a password that nobody has")


class AdmissionError(ValueError):
    """A list of users that cannot be read or changed; the text names the thing and the remedy."""


class Role(StrEnum):
    """What somebody may do: look, also order runs and grow banks, also see who may enter."""

    VIEWER = "viewer"
    ASSESSOR = "assessor"
    ADMIN = "admin"

    def may(self, needed: "Role") -> bool:
        """Whether this role includes another one."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


class Person(BaseModel):
    """One who may enter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Role
    hash: Annotated[str, Field(pattern=r"^\$argon2id\$")]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    users: dict[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")], Person] = {}


def listed(path: Path) -> Mapping[str, Person]:
    """Return the users of a file by name, none where there is no file; raises AdmissionError if it is unreadable."""
    try:
        return _File.model_validate(tomllib.loads(path.read_text("utf-8"))).users
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise AdmissionError(f"{path} cannot be read ({fault}): mend it, or make it anew by touchstone user") from None
    except ValidationError as fault:
        where = ".".join(str(part) for part in fault.errors()[0]["loc"])
        raise AdmissionError(
            f"{path}: {where} is wrong ({fault.errors()[0]['msg']}): set it by touchstone user"
        ) from None


def enlist(path: Path, name: str, role: Role, password: str) -> None:
    """Let somebody in, or change role and password; raises AdmissionError for a bad name or a weak password."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", name):
        raise AdmissionError(f"user {name!r}: write small letters, digits, dots and dashes, at most 64 of them")
    if not SHORTEST <= len(password) <= LONGEST:
        raise AdmissionError(f"the password of {name} has {len(password)} characters: give it {SHORTEST} to {LONGEST}")
    if name in password.lower() or len(set(password)) < SHORTEST // 2:
        raise AdmissionError(
            f"the password of {name} is too easy to guess: leave out the name, and vary the characters"
        )
    _write(path, {**listed(path), name: Person(role=role, hash=HASHER.hash(password))})


def strike(path: Path, name: str) -> None:
    """Let somebody in no more; raises AdmissionError if there is nobody of that name."""
    users = dict(listed(path))
    if users.pop(name, None) is None:
        raise AdmissionError(f"user {name!r} is not in {path}; there are {' '.join(sorted(users)) or 'none'}")
    _write(path, users)


def _write(path: Path, users: Mapping[str, Person]) -> None:
    told = {"users": {name: one.model_dump(mode="json") for name, one in sorted(users.items())}}
    handle, draft = tempfile.mkstemp(dir=path.absolute().parent, prefix=".users-")  # readable by its owner alone
    with os.fdopen(handle, "wb") as file:
        tomli_w.dump(told, file)
    Path(draft).replace(path)


def must_sign_in(address: str | None) -> bool:
    """Whether others than this machine reach what is served on an address; none at all means every address."""
    return address not in LOOPBACK


@dataclass(slots=True)
class Porter:
    """Stands at the door: compares passwords in equal time and shuts out names that were guessed at too often."""

    _wrong: dict[str, list[float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def admits(self, users: Mapping[str, Person], name: str, password: str, *, now: float) -> bool:
        """Whether a name and a password open; ``now`` is in seconds of any clock that does not go back."""
        with self._lock:
            wrong = [at for at in self._wrong.get(name, ()) if now - at < SHUT_S]
            if len(wrong) >= TRIES:
                return False
        person = users.get(name)
        right = _matches(person.hash if person else NOBODY, password[: LONGEST + 1]) and person is not None
        with self._lock:
            if right:
                self._wrong.pop(name, None)
            else:
                self._wrong = {
                    **{one: at for one, at in self._wrong.items() if now - at[-1] < SHUT_S},
                    name: [*wrong, now],
                }
        return right


def _matches(digest: str, password: str) -> bool:
    try:
        return HASHER.verify(digest, password)
    except (VerificationError, InvalidHashError):
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody who signed in: name, when, and the last click, in seconds of the same clock."""

    name: str
    began: float
    last: float

    def lives(self, now: float) -> bool:
        """Whether the visit has neither idled nor lasted too long."""
        return now - self.last <= IDLE_S and now - self.began <= LONGEST_S
