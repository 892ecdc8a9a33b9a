"""Clockwork: a target's own clock, read and moved; without a trial clock no story of days can be told."""

from datetime import datetime, timedelta

from scenarios.actors import Actor
from scenarios.crm import CRM
from scenarios.port import Refused
from scenarios.verdict import NotTestable


def now(crm: CRM) -> datetime:
    """Return what time it is for the target."""
    return crm.acting_as(Actor.INTEGRATION).now().value


def advance_to(crm: CRM, moment: datetime) -> None:
    """Move the target's clock forward to a moment; raises NotTestable where it cannot be moved."""
    by = moment - now(crm)
    if by <= timedelta(0):
        return
    try:
        _ = crm.acting_as(Actor.INTEGRATION).advance(by).value
    except Refused as no:
        raise NotTestable(f"the target's clock cannot be moved ({no}): start it with a trial clock") from None
