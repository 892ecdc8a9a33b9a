"""Masks: defects by which a restricted value is seen, worked out, or written by those who must not."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import Any

from pydantic import create_model

from poc.mutants.mutant import Mutant, always
from poc.mutants.policies import STAFF, policy
from poc.reference_crm.catalogue import CUSTOMERS
from poc.reference_crm.masking import Plan
from poc.reference_crm.problems import FieldError, Problem
from poc.reference_crm.routes.http import reply

EVERYBODY = f"SELECT {CUSTOMERS.columns_sql} FROM customers ORDER BY number"


async def _people(desk: Any, caller: Any) -> list[dict[str, Any]]:
    """Return all customers in reach in clear, as a defect sees them."""
    async with desk.database.connection(desk.policy.scope(caller)) as connection:
        return [desk.gate.opened(CUSTOMERS, row) for row in await connection.fetch(EVERYBODY)]


def _unmasked(plan: Any) -> Any:
    def open_plan(self: Any, kind: Any, role: str) -> Plan:
        found = Plan(numbered="version" not in kind.by_name, masks=(), hidden=False)
        self._plans[kind.segment, role] = found
        return found

    return open_plan


def _deny_list(plan_of: Any) -> Any:
    def planned(self: Any, kind: Any, role: str) -> Plan:
        found: Plan = plan_of(self, kind, role)._replace(hidden=False)
        self._plans[kind.segment, role] = found
        return found

    return planned


def _comparable(field: str, value: object) -> Any:
    return Decimal(str(value)) if field == "monthly_income" else str(value)


COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {"=": eq, ">": gt, ">=": ge, "<": lt, "<=": le}


def _holds(one: Mapping[str, Any], where: Sequence[tuple[str, str, str]]) -> bool:
    return all(COMPARED[sign](_comparable(name, one[name]), _comparable(name, text)) for name, sign, text in where)


def _filtered(page: Any) -> Any:
    """Filter by restricted fields as by any other; the rows that come back are masked all the same."""

    async def listed(desk: Any, caller: Any, kind: Any, want: Any) -> Any:
        if kind is not CUSTOMERS or not {name for name, _, _ in want.where} & set(kind.sealed):
            return await page(desk, caller, kind, want)
        await desk.authorise(caller, "customer.list")
        found = [one for one in await _people(desk, caller) if _holds(one, want.where)]
        return {"items": await _shown(desk, caller, found[: want.limit]), "next": None}

    return listed


def _sorted(page: Any) -> Any:
    """Sort by restricted fields as by any other."""

    async def listed(desk: Any, caller: Any, kind: Any, want: Any) -> Any:
        if kind is not CUSTOMERS or want.sort not in kind.sealed:
            return await page(desk, caller, kind, want)
        await desk.authorise(caller, "customer.list")
        people = sorted(await _people(desk, caller), key=lambda one: _comparable(want.sort, one[want.sort]))
        return {"items": await _shown(desk, caller, people[: want.limit]), "next": None}

    return listed


async def _shown(desk: Any, caller: Any, people: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    numbers = [one["number"] for one in people]
    async with desk.database.connection(desk.policy.scope(caller)) as connection:
        rows = {row["number"]: row for row in await connection.fetch(EVERYBODY)}
    return [desk.gate.shown(CUSTOMERS, rows[number], caller.role) for number in numbers]


def _by_part(search: Any) -> Any:
    async def found(desk: Any, caller: Any, text: str, limit: int) -> list[dict[str, Any]]:
        named: list[dict[str, Any]] = await search(desk, caller, text, limit)
        people = [one for one in await _people(desk, caller) if text in one["mobile"] or text in one["national_id"]]
        return [*named, *await _shown(desk, caller, people)][:limit]

    return found


def _by_anything(count: Any) -> Any:
    async def counted(desk: Any, caller: Any, by: str) -> Mapping[str, int]:
        if by not in CUSTOMERS.sealed:
            told: Mapping[str, int] = await count(desk, caller, by)
            return told
        await desk.authorise(caller, "customer.count")
        return Counter(str(one[by]) for one in await _people(desk, caller))

    return counted


def _with_cards(page: Any) -> Any:
    async def listed(desk: Any, caller: Any, kind: Any, want: Any) -> Any:
        told = await page(desk, caller, kind, want)
        if kind.segment == "accounts":
            cards = {one["number"]: one["card_number"] for one in await _people(desk, caller)}
            told["items"] = [{**one, "paid_by": cards.get(one["customer"])} for one in told["items"]]
        return told

    return listed


def _side_doors(routers: tuple[Any, ...]) -> tuple[Any, ...]:
    """Add two addresses that nobody thought of when the gate was built: a log of webhooks, and attachments."""
    health, *others = routers

    def with_doors(desk: Any) -> Any:
        routes = health(desk)

        async def told() -> Any:
            async with desk.database.connection(desk.policy.scope(SERVICE)) as connection:
                rows = await connection.fetch(EVERYBODY)
            return reply({"items": [desk.gate.opened(CUSTOMERS, row) for row in rows]})

        for path in ("/v1/webhooks", "/v1/attachments/{number}"):
            routes.add_api_route(path, told, methods=["GET"])
        return routes

    return (with_doors, *others)


class SERVICE:
    """Who asks at a side door: the service itself."""

    role, branch, username, insider = "integration", "", "", False


def _echo(cross: Any) -> Any:
    def echoed(kind: Any, values: Mapping[str, Any]) -> list[FieldError]:
        errors: list[FieldError] = cross(kind, values)
        told = str(values.get("national_id"))
        return [FieldError(field=one.field, message=f"{one.message} {told}", value=told) for one in errors]

    return echoed


def _conflict_tells_all(update: Any) -> Any:
    async def told(desk: Any, caller: Any, kind: Any, number: str, changes: Any, version: int) -> Any:
        try:
            return await update(desk, caller, kind, number, changes, version)
        except Problem as no:
            if no.status == 412 and kind is CUSTOMERS:
                people = [one for one in await _people(desk, caller) if one["number"] == number]
                no.detail = f"{no.detail}; it holds {[one['mobile'] for one in people]}"
            raise

    return told


def _long_masks(masks: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**masks, "national_id": lambda value: value[:6] + "*" * (len(value) - 10) + value[-4:]}


def _no_reason_needed(unmasking: Any) -> Any:
    return create_model("Unmasking", __base__=unmasking, reason=(str, ""))


def unnoted(*actions: str) -> Callable[[Any], Any]:
    """Return a maker after which some actions of an act are entered nowhere."""

    def make(note: Any) -> Any:
        def forgetful(self: Any, action: str, subject: str, **more: Any) -> None:
            if action not in actions:
                note(self, action, subject, **more)

        return forgetful

    return make


async def _no_ration(act: Any, most: int) -> None:
    return None


FIELDS = (
    Mutant(
        name="no_masks",
        defect="Nothing is masked for anybody.",
        killed_by=(
            "something_is_masked",
            "identities_and_cards_are_masked",
            "reads_are_masked",
            "get_leaks_nothing",
            "list_leaks_nothing",
            "report_leaks_nothing",
            "expand_leaks_nothing",
            "no_secret_leaks",
            "the_leak_surface_is_smaller",
        ),
        precedent="CWE-200 (espocrm/espocrm#2515)",
        place="masking:Gate._plan",
        make=_unmasked,
    ),
    Mutant(
        name="listed_by_what_is_closed",
        defect="A role with a list of fields is shown all that nobody thought of closing.",
        killed_by=("fields_can_be_allow_listed",),
        precedent="CWE-184 (twentyhq/twenty#23461)",
        place="masking:Gate._plan",
        make=_deny_list,
    ),
    Mutant(
        name="filter_oracle",
        defect="Lists can be filtered by fields that are masked.",
        killed_by=("filter_leaks_nothing", "oracles_are_closed"),
        precedent="CWE-203 (CVE-2023-22894)",
        place="operations.listing:page",
        make=_filtered,
    ),
    Mutant(
        name="sort_oracle",
        defect="Lists can be sorted by fields that are masked.",
        killed_by=("sort_leaks_nothing",),
        precedent="CWE-203 (frappe/frappe#40515)",
        place="operations.listing:page",
        make=_sorted,
    ),
    Mutant(
        name="search_by_part",
        defect="A part of a telephone or identity number leads to its owner.",
        killed_by=("search_leaks_nothing",),
        precedent="CWE-203 (directus/directus#23894)",
        place="operations.customers:search",
        make=_by_part,
    ),
    Mutant(
        name="counts_by_anything",
        defect="Reports count customers by restricted fields too.",
        killed_by=("aggregate_leaks_nothing",),
        precedent="CWE-203 (krayin/laravel-crm#719)",
        place="operations.customers:count",
        make=_by_anything,
    ),
    Mutant(
        name="accounts_with_cards",
        defect="Lists of accounts carry their owner's card number.",
        killed_by=("bulk_query_leaks_nothing",),
        precedent="CWE-213 (strapi/strapi#10236)",
        place="operations.listing:page",
        make=_with_cards,
    ),
    Mutant(
        name="exports_for_all",
        defect="Everybody may export, and gets clear values.",
        killed_by=("export_leaks_nothing", "exports_are_masked"),
        precedent="CWE-863 (YetiForceCompany/YetiForceCRM#15907)",
        place="access:load_policy",
        make=policy(operations=lambda rules: {**rules, "customer.export": STAFF}, export_clear=lambda _: STAFF),
    ),
    Mutant(
        name="clear_history",
        defect="Histories tell restricted values in clear.",
        killed_by=("history_leaks_nothing",),
        precedent="CWE-212",
        place="masking:Gate.shown_value",
        make=always(lambda self, kind, field, value, role: value),
    ),
    Mutant(
        name="conflict_tells_all",
        defect="The refusal of a stale update tells the telephone number on file.",
        killed_by=("error_text_leaks_nothing",),
        precedent="CWE-209",
        place="operations.records:update",
        make=_conflict_tells_all,
    ),
    Mutant(
        name="side_doors",
        defect="A log of webhooks and a folder of attachments show customers as they are.",
        killed_by=("webhook_leaks_nothing", "attachment_leaks_nothing"),
        precedent="CWE-532",
        place="service:ROUTERS",
        make=_side_doors,
    ),
    Mutant(
        name="mass_assignment",
        defect="Any role may write the branch along with other fields.",
        killed_by=("restricted_fields_cannot_be_written_along",),
        precedent="CWE-915 (espocrm/espocrm#2122)",
        place="access:load_policy",
        make=policy(guarded_by=lambda _: STAFF),
    ),
)

UNMASKING = (
    Mutant(
        name="error_echoes_identity",
        defect="The refusal of a wrong birth date repeats the identity number.",
        killed_by=("errors_are_masked",),
        precedent="CWE-209",
        place="models:_cross",
        make=_echo,
    ),
    Mutant(
        name="long_masks",
        defect="A masked identity number shows its region as well.",
        killed_by=("masks_follow_the_pattern",),
        precedent="CWE-359",
        place="masking:MASKS",
        make=_long_masks,
    ),
    Mutant(
        name="unmasks_without_reason",
        defect="Clear values are given without a reason.",
        killed_by=("unmasking_needs_a_reason",),
        precedent="CWE-359",
        place="routes.customers:Unmasking",
        make=_no_reason_needed,
    ),
    Mutant(
        name="unmasks_in_silence",
        defect="Unmasking leaves no trace in the audit.",
        killed_by=("unmasking_is_audited", "sensitive_reads_are_audited"),
        precedent="CWE-778",
        place="desk:Act.note",
        make=unnoted("customer.unmask"),
    ),
    Mutant(
        name="unmasks_without_end",
        defect="Clear values are given as often as one likes.",
        killed_by=("unmasking_is_rationed",),
        precedent="CWE-799",
        place="operations.customers:ration",
        make=always(_no_ration),
    ),
)

MUTANTS = (*FIELDS, *UNMASKING)
