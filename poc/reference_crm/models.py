"""Models: the pydantic models of each kind for the wire, made from the catalogue, and the checking of bodies."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
    create_model,
)
from pydantic import Field as Constraint
from pydantic_core import ErrorDetails, PydanticCustomError

from poc.reference_crm import checks
from poc.reference_crm.catalogue import KINDS
from poc.reference_crm.kinds import NUMBER_PATTERN, Field, Kind
from poc.reference_crm.masking import masked
from poc.reference_crm.problems import FieldError

#: Text may hold line ends and tabs, but no other control character.
PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Strict = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


def _reasonable(moment: AwareDatetime) -> AwareDatetime:
    if not 1900 <= moment.year <= 2200:
        raise PydanticCustomError("moment", "must lie between 1900 and 2200")
    return moment


def _reasonable_day(day: date) -> date:
    if not 1800 <= day.year <= 2200:
        raise PydanticCustomError("day", "must lie between 1800 and 2200")
    return day


Moment = Annotated[AwareDatetime, AfterValidator(_reasonable)]
Day = Annotated[date, AfterValidator(_reasonable_day)]
Number = Annotated[str, StringConstraints(pattern=NUMBER_PATTERN, max_length=40)]


def _decimal(places: int, digits: int) -> Any:
    return Annotated[Decimal, Constraint(max_digits=digits, decimal_places=places)]


def _text(field: Field) -> Any:
    shortest = 0 if field.name in ("email", "occupation", "employer", "text") else 1
    if field.choices:
        pattern: str | None = f"^({'|'.join(field.choices)})$"
    else:
        pattern = field.pattern or PRINTABLE
    return Annotated[str, StringConstraints(min_length=shortest, max_length=field.longest, pattern=pattern)]


def _rule(name: str) -> AfterValidator:
    check = checks.RULES[name]

    def apply(value: object) -> object:
        wrong = check(value)
        if wrong is not None:
            raise PydanticCustomError("rule", wrong)
        return value

    return AfterValidator(apply)


def annotation(field: Field) -> Any:
    """Return the type of a field as a request must carry it."""
    forms: dict[str, Any] = {
        "date": Day,
        "moment": Moment,
        "money": _decimal(2, 18),
        "units": _decimal(4, 18),
        "share": Annotated[Decimal, Constraint(ge=0, le=1, decimal_places=6)],
        "flag": bool,
        "texts": Annotated[list[Number], Constraint(max_length=50)],
    }
    kind = _text(field) if field.form == "text" else forms[field.form]
    if field.rule:
        kind = Annotated[kind, _rule(field.rule)]
    return kind | None if field.optional and field.form in ("text", "date", "share", "moment") else kind


@cache
def record_model(kind: Kind) -> type[BaseModel]:
    """Return the model of a whole record in a request."""
    fields: dict[str, Any] = {"number": (Number | None, None)}
    for field in kind.fields:
        default = (
            (list(field.default) if isinstance(field.default, tuple) else field.default) if field.optional else ...
        )
        fields[field.name] = (annotation(field), default)
    return create_model(kind.model, __config__=Strict, **fields)


@cache
def changes_model(kind: Kind) -> type[BaseModel]:
    """Return the model of changes to a record: what may be changed at all, each of it optional."""
    fields: dict[str, Any] = {field.name: (annotation(field), None) for field in kind.fields if not field.immutable}
    return create_model(f"{kind.model}Changes", __config__=Strict, **fields)


@cache
def view_model(kind: Kind) -> type[BaseModel]:
    """Return the model of a record in a reply: values may be masked or not shown, dates and money are text."""
    fields: dict[str, Any] = {"number": (str, ...)}
    for field in kind.fields:
        shown: Any = {"flag": bool, "texts": list[str]}.get(field.form, str)
        fields[field.name] = (shown | None, None)
    if "version" not in kind.by_name:
        fields["version"] = (int, ...)
    return create_model(f"{kind.model}View", __config__=ConfigDict(extra="allow"), **fields)


@cache
def page_model(kind: Kind) -> type[BaseModel]:
    """Return the model of a page of records."""
    items: Any = list[view_model(kind)]  # type: ignore[misc]
    return create_model(f"{kind.model}Page", items=(items, ...), next=(str | None, ...))


def errors_of(kind: Kind | None, fault: ValidationError) -> list[FieldError]:
    """Return what pydantic found as field errors, with restricted values masked."""
    return [_error(kind, error) for error in fault.errors(include_url=False, include_context=False)[:50]]


def _error(kind: Kind | None, error: ErrorDetails) -> FieldError:
    name = ".".join(str(part) for part in error["loc"]) or "body"
    top = str(error["loc"][0]) if error["loc"] else ""
    given = error.get("input")
    value = None if kind is None or isinstance(given, dict | list | None) else str(given)[:80]
    if value is not None and kind is not None and top in kind.sealed:
        shown = masked(top, value)
        value = None if shown is None else str(shown)
    return FieldError(field=name, message=error["msg"][:200], value=value)


#: Fields of which the second may not lie before the first.
SPANS = (("since", "until"), ("opened", "closed"), ("starts", "ends"))


def _cross(kind: Kind, values: Mapping[str, object]) -> list[FieldError]:
    identity, birth = values.get("national_id"), values.get("birth_date")
    if kind.segment == "customers" and isinstance(identity, str) and isinstance(birth, date):
        wrong = checks.agree(identity, birth)
        return [FieldError(field="birth_date", message=wrong)] if wrong else []
    for first, last in SPANS:
        if last not in values:
            continue
        begin, end = values.get(first), values.get(last)
        if isinstance(begin, date) and isinstance(end, date) and end < begin:
            return [FieldError(field=last, message=f"must not lie before {first}", value=str(end))]
    return []


def checked(kind: Kind, body: bytes | str) -> dict[str, object] | list[FieldError]:
    """Check one record given as JSON: return its values as Python values, or what is wrong with it."""
    try:
        values: dict[str, object] = record_model(kind).__pydantic_validator__.validate_json(body).__dict__
    except ValidationError as fault:
        return errors_of(kind, fault)
    return _cross(kind, values) or values


def checked_changes(kind: Kind, body: bytes) -> dict[str, object] | list[FieldError]:
    """Check changes given as JSON: return the changed fields as Python values, or what is wrong with them."""
    try:
        model = changes_model(kind).model_validate_json(body)
    except ValidationError as fault:
        return errors_of(kind, fault)
    values = {name: getattr(model, name) for name in model.model_fields_set}
    empty = [name for name, value in values.items() if value is None and not kind.by_name[name].optional]
    if empty:
        return [FieldError(field=name, message="must have a value") for name in empty]
    return _cross(kind, values) or values


#: Reads a filter's text as the value of a field.
READERS: Mapping[str, Callable[[str], object]] = {
    "text": str,
    "date": date.fromisoformat,
    "money": Decimal,
    "units": Decimal,
    "share": Decimal,
}


def known_kinds() -> tuple[Kind, ...]:
    """Return every kind, parents before children."""
    return tuple(KINDS.values())
