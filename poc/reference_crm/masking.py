"""Masking: the one gate through which a record leaves the service, showing each role what it may see.

Restricted fields rest in one ciphertext, which cannot be written out as JSON: a route that forgot this gate would fail
and not leak. Patterns follow JR/T 0171: enough to recognise, too little to use.
"""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from poc.reference_crm.access import Policy
from poc.reference_crm.crypto import Vault
from poc.reference_crm.kinds import Kind

Row = Mapping[str, object]

#: So many records' masked forms are kept at most: about 10 MB.
MOST_COVERED = 20_000


def _ends(value: str, head: int, tail: int) -> str:
    if len(value) <= head + tail:
        return "*" * len(value)
    return value[:head] + "*" * (len(value) - head - tail) + value[-tail:]


def mask_national_id(value: str) -> str:
    """Return an identity number with its first 3 and last 4 characters left."""
    return _ends(value, 3, 4)


def mask_mobile(value: str) -> str:
    """Return a mobile number with its first 3 and last 4 digits left."""
    return _ends(value, 3, 4)


def mask_card(value: str) -> str:
    """Return a card number with its first 6 and last 4 digits left."""
    return _ends(value, 6, 4)


def mask_email(value: str) -> str:
    """Return an e-mail address with its first letter and domain left."""
    local, at, domain = value.rpartition("@")
    return f"{local[:1]}***{at}{domain}" if at else "***"


def mask_address(value: str) -> str:
    """Return an address with its first 6 characters left."""
    return value[:6] + "****" if len(value) > 6 else "****"


def mask_birth_date(value: str) -> str:
    """Return an ISO date with its year left."""
    return f"{value[:4]}-**-**"


def hide(value: str) -> None:
    """Return nothing of a value."""


MASKS: Mapping[str, Callable[[str], str | None]] = MappingProxyType(
    {
        "national_id": mask_national_id,
        "mobile": mask_mobile,
        "email": mask_email,
        "address": mask_address,
        "birth_date": mask_birth_date,
        "card_number": mask_card,
        "monthly_income": hide,
        "aml_rating": hide,
    }
)


def masked(field: str, value: object) -> object:
    """Return the masked form of one restricted value."""
    return None if value is None else MASKS[field](str(value))


def place(kind: Kind, number: object) -> str:
    """Return the name of the place where a record's ciphertext rests."""
    return f"{kind.table}/{number}"


def _trace(kind: Kind, name: str, value: object) -> object:
    if name in kind.sealed:
        return masked(name, value)
    field = kind.by_name.get(name)
    if field is not None and field.free and isinstance(value, str):
        return f"{value[:1]}***" if value else value
    return value


class Plan(NamedTuple):
    """How a role sees a kind: whether the revision is shown as version, what is masked, whether most is hidden."""

    numbered: bool
    masks: tuple[tuple[str, Callable[[str], str | None]], ...]
    hidden: bool


class Gate:
    """Turns rows of the database into what a role may see of them."""

    def __init__(self, vault: Vault, policy: Policy) -> None:
        """Take the keys and the rules."""
        self._vault, self._policy = vault, policy
        self._plans: dict[tuple[str, str], Plan] = {}
        self._covered: dict[bytes, dict[str, object]] = {}

    def forget(self) -> None:
        """Forget what was masked so far."""
        self._covered.clear()

    def opened(self, kind: Kind, row: Row) -> dict[str, object]:
        """Return a row with its restricted fields in clear, for work inside the service."""
        shown = dict(row)
        sealed = shown.pop("sealed", None)
        if isinstance(sealed, bytes):
            shown |= self._vault.open_fields(place(kind, row["number"]), sealed)
        return shown

    def shown(self, kind: Kind, row: Row, role: str, *, clear: Collection[str] = ()) -> dict[str, object]:
        """Return a record as a role sees it; ``clear`` names restricted fields unmasked for this one reply."""
        plan = self._plans.get((kind.segment, role)) or self._plan(kind, role)
        sealed = row.get("sealed")
        if isinstance(sealed, bytes) and len(plan.masks) == len(kind.sealed) and not clear:
            record = dict(row)
            del record["sealed"]
            record |= self._covered.get(sealed) or self._cover(kind, row["number"], sealed, plan)
        else:
            record = self.opened(kind, row)
            for field, mask in plan.masks:
                if field not in clear:
                    value = record.get(field)
                    record[field] = None if value is None else mask(str(value))
        revision = record.pop("revision", None)
        if plan.numbered:
            record["version"] = revision
        if plan.hidden:
            return {name: value if name in self._policy.hidden_sees else None for name, value in record.items()}
        return record

    def covers(self, kind: Kind, role: str) -> bool:
        """Tell whether a role sees no restricted field of a kind in clear."""
        plan = self._plans.get((kind.segment, role)) or self._plan(kind, role)
        return len(plan.masks) == len(kind.sealed)

    def _cover(self, kind: Kind, number: object, sealed: bytes, plan: "Plan") -> dict[str, object]:
        """Return the masked forms of a record's restricted fields, and keep them so that a list opens nothing twice.

        They are kept by ciphertext, which no two values share, and only where every restricted field is masked: no
        value in clear is ever kept.
        """
        fields = self._vault.open_fields(place(kind, number), sealed)
        covered: dict[str, object] = {
            name: None if fields.get(name) is None else mask(str(fields[name])) for name, mask in plan.masks
        }
        if len(self._covered) >= MOST_COVERED:
            self._covered.clear()
        self._covered[sealed] = covered
        return covered

    def _plan(self, kind: Kind, role: str) -> "Plan":
        """Work out once how a role sees a kind."""
        masks = tuple((name, MASKS[name]) for name in kind.sealed if not self._policy.sees_clear(role, name))
        hidden = bool(kind.sealed) and role in self._policy.hidden
        plan = Plan(numbered="version" not in kind.by_name, masks=masks, hidden=hidden)
        self._plans[kind.segment, role] = plan
        return plan

    def shown_value(self, kind: Kind, field: str, value: object, role: str) -> object:
        """Return one value of a field as a role sees it (change history, audit)."""
        if field in kind.sealed and not self._policy.sees_clear(role, field):
            return masked(field, value)
        return value

    def safe(self, kind: Kind, values: Row) -> dict[str, object]:
        """Return values as they may stand in the audit trail: restricted ones masked, of free text the first letter.

        The trail outlives an erased customer, so it may hold nothing by which to know them but their number.
        """
        return {name: _trace(kind, name, value) for name, value in values.items()}
