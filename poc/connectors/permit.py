"""Permit: on what ground a target may be attacked: it is on this machine, or a named person permitted it in writing."""

import tomllib
from datetime import date

from pydantic import BaseModel, ConfigDict, ValidationError

from poc.settings import SettingsError, Target, is_loopback


class Paper(BaseModel):
    """The signed permission, as a TOML file: for which address, by whom, and until when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    signed_by: str
    until: date


def ground(target: Target, today: date) -> str:
    """Return on what ground attacks are permitted, "" if they are not; raises SettingsError for a wrong paper."""
    if is_loopback(target.url):
        return "loopback"
    if target.attack_permission is None:
        return ""
    paper = _read(target)
    if paper.url.rstrip("/") != target.url:
        raise SettingsError(f"{target.attack_permission}: url = {paper.url!r} is not that of target {target.name}")
    return f"signed by {paper.signed_by} until {paper.until.isoformat()}" if today <= paper.until else ""


def _read(target: Target) -> Paper:
    path = target.attack_permission
    assert path is not None
    try:
        return Paper.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise SettingsError(f"target {target.name}: cannot read {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not TOML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"{path}: {where}: {first['msg']}") from None
