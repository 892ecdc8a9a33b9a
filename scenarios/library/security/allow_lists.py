"""Allow lists: whether a role that is given a list of fields is shown those alone."""

from collections.abc import Iterable
from dataclasses import fields

from scenarios.library.security.paths import Look
from scenarios.library.security.policy import the_policy
from scenarios.verdict import NotTestable, Verdict, none_of
from synthetic_data.records import Customer

#: The fields of a customer; what else a reply says (version, dates of the record) is the target's own.
FIELDS = tuple(field.name for field in fields(Customer))


def listed_alone(looks: Iterable[Look]) -> Verdict:
    """Judge the customers that were shown to roles with a list; raises NotTestable if none was."""
    policy = the_policy()
    rows = [
        (look.actor, row)
        for look in looks
        if policy.role(look.actor) in policy.allow_listed
        for row in look.rows
        if row.kind == "Customer"
    ]
    if not rows:
        raise NotTestable("no customer was shown to a role that has a list of fields")
    wrong = {
        f"{actor} sees {name}"
        for actor, row in rows
        for name in policy.beyond(actor, {name: row[name] for name in FIELDS})
    }
    return none_of(wrong, what="field that is not on the list", note=f"{len(rows)} customers")
