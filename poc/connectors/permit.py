"""Permit: on what ground a target may be attacked: it is on this machine, or somebody signed a permission."""

from datetime import datetime
from urllib.parse import urlsplit

from loadtests.permission import Paper, PermitError, allow
from poc.settings import SettingsError, Target, is_loopback


def ground(target: Target, now: datetime) -> str:
    """Return on what ground attacks are permitted now, "" if they are not; raises SettingsError for a wrong paper.

    A paper that is good but does not cover attacks, this host or this moment permits nothing.
    """
    if is_loopback(target.url):
        return "loopback"
    text = target.paper()
    if not text:
        return ""
    try:
        permission = Paper.read(text).believed(target.permission_key or "")
    except PermitError as no:
        raise SettingsError(f"target {target.name}: {target.permission} {no}") from None
    try:
        allow(permission, "attack", urlsplit(target.url).hostname or "", now)
    except PermitError:
        return ""
    return permission.told()
