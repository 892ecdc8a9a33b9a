"""Customers: defects in master data, the overview and households."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from poc.mutants.mutant import Mutant, always


def _without_check_digits(rules: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**rules, "national_id": lambda value: None}


def _cut_short(sealed: Any) -> Any:
    def cut(desk: Any, kind: Any, values: Mapping[str, Any]) -> dict[str, Any]:
        row: dict[str, Any] = sealed(desk, kind, values)
        return {**row, "employer": str(row["employer"])[:8]} if "employer" in row else row

    return cut


def _at_any_version(update: Any) -> Any:
    async def updated(desk: Any, caller: Any, kind: Any, number: str, changes: Any, version: int) -> Any:
        async with desk.database.connection(desk.policy.scope(caller)) as connection:
            now = await connection.fetchval(f"SELECT revision FROM {kind.table} WHERE number = $1", number)
        return await update(desk, caller, kind, number, changes, now or version)

    return updated


def _old_index(columns: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    return lambda *given: {name: one for name, one in columns(*given).items() if not name.endswith("_index")}


def _without_consents(domains: Mapping[str, tuple[str, str]]) -> Mapping[str, tuple[str, str]]:
    operation, rows = domains["consents"]
    return {**domains, "consents": (operation, f"SELECT * FROM ({rows}) AS none WHERE false")}


def _as_first_entered(overview: Any) -> Any:
    async def shown(desk: Any, caller: Any, number: str) -> dict[str, Any]:
        from poc.reference_crm.catalogue import CUSTOMERS
        from poc.reference_crm.operations import changes

        told: dict[str, Any] = await overview(desk, caller, number)
        entered = await changes.as_of(desk, caller, CUSTOMERS, number, told["customer"]["created_at"])
        identity = {name: entered.get(name) for name in told["identity"][0]}
        return told | {"customer": entered, "identity": [identity]}

    return shown


def _slowly(overview: Any) -> Any:
    async def late(*given: Any) -> Any:
        await asyncio.sleep(0.8)
        return await overview(*given)

    return late


def _once_a_holder(owned: Any) -> Any:
    def counted(accounts: Any, members: frozenset[str], day: Any) -> dict[str, Any]:
        found = owned(accounts, members, day)
        return {f"{number}/{one}": held for number, held in found.items() for one in held.holders & members}

    return counted


def _for_ever(one: Any, day: Any) -> bool:
    return bool(one.since <= day)


def _latest_household_only(roll_up: Any) -> Any:
    latest = "SELECT DISTINCT ON (customer) customer, household FROM memberships ORDER BY customer, since DESC, number"

    async def rolled(desk: Any, caller: Any, number: str, at: Any) -> dict[str, Any]:
        told: dict[str, Any] = await roll_up(desk, caller, number, at)
        async with desk.database.connection(desk.policy.scope(caller)) as connection:
            rows = await connection.fetch(latest)
        home = {row["customer"]: row["household"] for row in rows}
        return told | {"members": [one for one in told["members"] if home.get(one) == number]}

    return rolled


def _one_way(page: Any) -> Any:
    async def listed(desk: Any, caller: Any, kind: Any, want: Any) -> Any:
        if kind.segment == "relations" and any(name == "target" for name, _, _ in want.where):
            return {"items": [], "next": None}
        return await page(desk, caller, kind, want)

    return listed


def _role_forgotten(sealed: Any) -> Any:
    def forgetful(desk: Any, kind: Any, values: Mapping[str, Any]) -> dict[str, Any]:
        row: dict[str, Any] = sealed(desk, kind, values)
        return {**row, "role": "introducer"} if kind.segment == "relations" else row

    return forgetful


MUTANTS = (
    Mutant(
        name="no_check_digits",
        defect="Identity numbers with a wrong check digit are taken.",
        killed_by=("invalid_values_are_refused",),
        place="checks:RULES",
        make=_without_check_digits,
    ),
    Mutant(
        name="cuts_values",
        defect="The employer is cut off after eight characters when a customer is put on file.",
        killed_by=("valid_values_come_back_unchanged", "imports_corrupt_nothing"),
        place="operations.inserts:sealed_row",
        make=_cut_short,
    ),
    Mutant(
        name="last_writer_wins",
        defect="The version that an update presents is not compared.",
        killed_by=("no_update_is_lost", "stale_updates_are_refused", "counters_add_up"),
        place="operations.records:update",
        make=_at_any_version,
    ),
    Mutant(
        name="stale_index",
        defect="A changed telephone number is not found: the index keeps the old one.",
        killed_by=("changes_are_seen_at_once",),
        place="operations.records:_columns",
        make=_old_index,
    ),
    Mutant(
        name="overview_without_consents",
        defect="The overview leaves consents empty.",
        killed_by=("planted_facts_are_found",),
        place="operations.overviews:DOMAINS",
        make=_without_consents,
    ),
    Mutant(
        name="overview_of_yesterday",
        defect="The overview shows customers as they were first entered.",
        killed_by=("changes_reach_the_overview",),
        place="operations.overviews:overview",
        make=_as_first_entered,
    ),
    Mutant(
        name="slow_overview",
        defect="The overview takes 0.8 seconds longer.",
        killed_by=("the_overview_is_quick",),
        place="operations.overviews:overview",
        make=_slowly,
    ),
    Mutant(
        name="joint_twice",
        defect="An account counts in a household once for each holder.",
        killed_by=("joint_accounts_count_once", "households_add_up"),
        place="domain.roll_up:owned",
        make=_once_a_holder,
    ),
    Mutant(
        name="members_for_ever",
        defect="Who left a household still counts in it.",
        killed_by=("membership_is_dated",),
        place="domain.roll_up:is_current",
        make=always(_for_ever),
    ),
    Mutant(
        name="one_home_each",
        defect="A person counts in one household only, the latest.",
        killed_by=("a_person_belongs_to_two_households",),
        place="operations.households:roll_up",
        make=_latest_household_only,
    ),
    Mutant(
        name="relations_one_way",
        defect="A relation is not found under the person it leads to.",
        killed_by=("relations_read_from_both_sides",),
        place="operations.listing:page",
        make=_one_way,
    ),
    Mutant(
        name="role_forgotten",
        defect="Every relation is kept as an introduction, whatever it was.",
        killed_by=("relations_are_kept",),
        place="operations.inserts:sealed_row",
        make=_role_forgotten,
    ),
)
