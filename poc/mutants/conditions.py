"""Conditions: defects in rights that hold under a condition, and in policies that are set while the service works."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network
from typing import Any
from zoneinfo import ZoneInfo

from poc.mutants.mutant import Mutant, always


def _utc(holds: Callable[..., bool]) -> Callable[..., bool]:
    return lambda self, **asked: holds(self, **{**asked, "zone": ZoneInfo("UTC")})


def _hours_unread(holds: Callable[..., bool]) -> Callable[..., bool]:
    return lambda self, **asked: holds(replace(self, hours=None), **asked)


def _believes_headers(_: Any) -> Any:
    def told(request: Any) -> str:
        client = request.scope.get("client")
        forwarded = request.headers.get("x-forwarded-for") or request.headers.get("x-real-ip") or ""
        return forwarded.split(",")[0].strip() or (str(client[0]) if client else "-")

    return told


def _networks_unread(holds: Callable[..., bool]) -> Callable[..., bool]:
    return lambda self, **asked: holds(replace(self, networks=()), **asked)


def _any_network(_: Any) -> Any:
    """Take the first octet for the whole of a network, as a prefix of the text."""

    def loose(address: str, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
        return any(address[:1] == str(one)[:1] for one in networks)

    return loose


def _one_tier_more(closed: Callable[..., tuple[str, ...]]) -> Callable[..., tuple[str, ...]]:
    return lambda *asked: closed(*asked)[1:]


def _one_tier_less(closed: Callable[..., tuple[str, ...]]) -> Callable[..., tuple[str, ...]]:
    def narrow(conditions: Any, role: str, tiers: Any) -> tuple[str, ...]:
        found = closed(conditions, role, tiers)
        return tuple(tiers[max(0, len(tiers) - len(found) - 1) :]) if found else found

    return narrow


def _only_get(scope: Callable[..., Any]) -> Callable[..., Any]:
    def shown(self: Any, caller: Any, operation: str = "") -> Any:
        return scope(self, caller, operation if operation.endswith((".get", ".overview")) else "")

    return shown


def _search_forgets(_: Any) -> str:
    from poc.reference_crm.catalogue import CUSTOMERS

    return (
        f"SELECT {CUSTOMERS.columns_sql} FROM (SELECT set_config('crm.closed', '', true)) AS open,"
        " LATERAL search_customers($1, $2)"
    )


def _last_word(unmet: Any) -> Any:
    """Let the newest condition decide alone."""

    def lenient(self: Any, caller: Any, operation: str, at: datetime) -> Any:
        last = self.conditions.get(operation, ())[-1:]
        return unmet(replace(self, conditions={operation: last}), caller, operation, at)

    return lenient


async def _not_now(*_: Any, **__: Any) -> None:
    return None


def _without_conditions(shown: Any) -> Any:
    async def told(*given: Any) -> dict[str, Any]:
        return {**await shown(*given), "conditions": []}

    return told


def _as_written(shown: Any) -> Any:
    """Export what the file says, whatever was set since."""

    async def told(desk: Any, caller: Any) -> dict[str, Any]:
        now = dict(await shown(desk, caller))
        standing = {one.number for found in desk.written.conditions.values() for one in found}
        return {**now, "conditions": [one for one in now["conditions"] if one["number"] in standing]}

    return told


def _rights_only_added(amended: Any) -> Any:
    """Add roles that are given, and forget to take any back."""

    def added(self: Any, rights: Any, conditions: Any) -> Any:
        more = {name: roles | self.operations.get(name, frozenset()) for name, roles in rights.items()}
        known = getattr(_rights_only_added, "given", {})
        kept = {name: known.get(name, frozenset()) | roles for name, roles in more.items()}
        _rights_only_added.given = {**known, **kept}  # type: ignore[attr-defined]
        return amended(self, {**known, **kept}, conditions)

    return added


def _frozen_clock(unmet: Any) -> Any:
    """Look at a moment that was settled when the service was started: half a day away, at whatever hour it is tried."""
    started = datetime.now(UTC) - timedelta(hours=12)

    def stopped(self: Any, caller: Any, operation: str, at: datetime) -> Any:
        return unmet(self, caller, operation, started)

    return stopped


def _by_first_role(holds: Any) -> Any:
    """Ask conditions of the role that is named first in them, and of no other."""

    def first(self: Any, caller: Any, operation: str, at: datetime) -> Any:
        narrowed = tuple(
            replace(one, roles=frozenset(sorted(one.roles)[:1])) for one in self.conditions.get(operation, ())
        )
        return holds(replace(self, conditions={operation: narrowed}), caller, operation, at)

    return first


def _reads_are_free(let: Any) -> Any:
    """Bind what writes, and let reads of lists through."""

    async def free(self: Any, caller: Any, operation: str, subject: str = "") -> None:
        policy = self.policy
        if operation.endswith(".list") and policy.lets(caller, operation):
            return
        await let(self, caller, operation, subject)

    return free


CONDITIONS = ("conditions_are_obeyed",)

MUTANTS = (
    Mutant(
        name="hours_of_greenwich",
        defect="Hours are compared with the time of the server's zone and not with the bank's clock.",
        killed_by=CONDITIONS,
        precedent="CWE-1025 (the time zone of the rule is ignored)",
        place="domain.conditions:Condition.holds",
        make=_utc,
    ),
    Mutant(
        name="hours_without_end",
        defect="Hours can be set and are never looked at.",
        killed_by=CONDITIONS,
        precedent="CWE-284",
        place="domain.conditions:Condition.holds",
        make=_hours_unread,
    ),
    Mutant(
        name="clock_of_the_start",
        defect="Hours are compared with a moment that was settled when the service was started.",
        killed_by=CONDITIONS,
        precedent="CWE-367",
        place="access:Policy.unmet",
        make=_frozen_clock,
    ),
    Mutant(
        name="believes_any_header",
        defect="Whoever writes an address into X-Forwarded-For is taken to sit there.",
        killed_by=CONDITIONS,
        precedent="CWE-348 (CVE-2011-3187)",
        place="routes.http:address_of",
        make=_believes_headers,
    ),
    Mutant(
        name="networks_unread",
        defect="Networks can be set and are never looked at.",
        killed_by=CONDITIONS,
        precedent="CWE-284",
        place="domain.conditions:Condition.holds",
        make=_networks_unread,
    ),
    Mutant(
        name="networks_by_first_letter",
        defect="An address is in a network whose text begins alike.",
        killed_by=CONDITIONS,
        precedent="CWE-187 (ortexx/ip-cidr#28)",
        place="domain.conditions:within",
        make=_any_network,
    ),
    Mutant(
        name="one_tier_too_far",
        defect="The tier above the highest is open too.",
        killed_by=CONDITIONS,
        precedent="CWE-193",
        place="access:closed_tiers",
        make=_one_tier_more,
    ),
    Mutant(
        name="one_tier_too_few",
        defect="The highest tier that is allowed is closed as well.",
        killed_by=CONDITIONS,
        precedent="CWE-193",
        place="access:closed_tiers",
        make=_one_tier_less,
    ),
    Mutant(
        name="condition_on_get_only",
        defect="A tier that is closed cannot be opened one by one, and is shown in lists and lookups.",
        killed_by=CONDITIONS,
        precedent="CWE-863 (twentyhq/twenty#25911)",
        place="access:Policy.scope",
        make=_only_get,
    ),
    Mutant(
        name="search_beside_the_rule",
        defect="Search runs with more rights than its caller and forgets the closed tiers.",
        killed_by=CONDITIONS,
        precedent="CWE-863",
        place="operations.customers:SEARCH",
        make=_search_forgets,
    ),
    Mutant(
        name="last_rule_wins",
        defect="Where several conditions speak of an operation only the newest counts: a later yes overrides a no.",
        killed_by=CONDITIONS,
        precedent="CWE-696",
        place="access:Policy.unmet",
        make=_last_word,
    ),
    Mutant(
        name="first_role_only",
        defect="Of the roles that a condition names only the first is bound by it.",
        killed_by=CONDITIONS,
        precedent="CWE-863",
        place="access:Policy.unmet",
        make=_by_first_role,
    ),
    Mutant(
        name="lists_are_free",
        defect="Conditions are asked when one record is read and not when a list is.",
        killed_by=CONDITIONS,
        precedent="CWE-862",
        place="desk:Desk.authorise",
        make=_reads_are_free,
    ),
    Mutant(
        name="reload_never_happens",
        defect="What an administrator sets is stored, confirmed and obeyed after the next start.",
        killed_by=("conditions_are_obeyed", "the_policy_changes_without_a_restart"),
        precedent="CWE-613",
        place="operations.rules:learn",
        make=always(_not_now),
    ),
    Mutant(
        name="rights_only_grow",
        defect="A right that was given over the interface is kept in memory when it is taken back.",
        killed_by=("the_policy_changes_without_a_restart",),
        precedent="CWE-281",
        place="access:Policy.amended",
        make=_rights_only_added,
    ),
    Mutant(
        name="export_without_conditions",
        defect="The exported policy tells rights and leaves out the conditions under which they hold.",
        killed_by=("policy_can_be_exported",),
        precedent="CWE-1059",
        place="operations.trail:policy",
        make=_without_conditions,
    ),
    Mutant(
        name="export_of_yesterday",
        defect="The exported policy is the one that the service was started with.",
        killed_by=("policy_can_be_exported",),
        precedent="CWE-1059",
        place="operations.trail:policy",
        make=_as_written,
    ),
)
