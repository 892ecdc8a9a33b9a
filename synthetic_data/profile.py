"""Profile: what kind of bank is grown; every rate stands beside the source it was taken from."""

import tomllib
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from synthetic_data.figures import Amount, Count, Curve, Day, Letters, Part, Share, Table
from synthetic_data.numbering import Country
from synthetic_data.profile_lives import Lives
from synthetic_data.profile_money import Money

TIERS = ("mass", "affluent", "private")
FOLDER = "profiles"


class ProfileError(ValueError):
    """A profile that cannot be used; the message names the field, the value and the remedy."""


class Product(Curve):
    """How many of a tier hold a product, and how much is on it."""

    held: Annotated[float, Field(ge=0, le=1)]


class Staffing(Part):
    """Heads: teller, rm and manager in each branch, the others in the whole bank."""

    teller: Count
    rm: Count
    manager: Count
    agent: Count
    marketing: Count
    compliance: Count
    auditor: Count
    admin: Count


class Families(Part):
    """Families of each make among a hundred customers."""

    couple: Amount
    couple_child: Amount
    couple_two: Amount
    divorced: Amount
    overlap: Amount
    trust: Amount
    twins: Amount
    father_son: Amount
    namesakes: Amount


class Duplicates(Part):
    """Second files of the same person among a hundred customers, by what differs, and how hard they are to tell."""

    typo: Amount
    script: Amount
    mobile: Amount
    old_id: Amount
    order: Amount
    moved: Amount
    renamed: Amount
    latin: Amount
    characters: Letters
    missing: Share


class States(Part):
    """Customers among a hundred who are not simply active."""

    closed_recently: Amount
    closed_long_ago: Amount
    dormant: Amount
    deceased: Amount


class Companies(Part):
    """How many companies there are and who owns them."""

    per_hundred: Amount
    co_owner: Share
    held_by_company: Share
    sizes: Table
    turnover: Curve


class Rates(Part):
    """Shares of customers, or events a year, as each name says."""

    english: Share
    legal_hold: Share
    joint_savings: Share
    introduced: Share
    guarantor: Share
    employed_by_client: Share
    marketing_consent: Share
    profiling_consent: Share
    sharing_consent: Share
    elder_refusal: Share
    elder_offline: Share
    consent_withdrawn: Share
    campaign_reached: Share
    campaign_control: Share
    response_target: Share
    response_control: Share
    complaint: Share
    ticket_a_year: Amount
    opportunity_a_year: Amount


class Tables(Part):
    """What values are how frequent."""

    gender: Table
    tier: Table
    risk_level: Table
    aml_rating: Table
    channel: Table
    severity: Table
    ticket_status: Table
    stage: Table


class Curves(Part):
    """How amounts are spread over people."""

    adult_age: Curve
    income_mass: Curve
    income_affluent: Curve
    income_private: Curve


class Accounts(Part):
    """Products by tier."""

    mass: dict[str, Product]
    affluent: dict[str, Product]
    private: dict[str, Product]


class Contacts(Part):
    """Interactions of a customer in twelve months, by tier."""

    mass: Amount
    affluent: Amount
    private: Amount


class Profile(Part):
    """A kind of bank."""

    name: str
    home_currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    numbering: Country = "china"
    as_of: date
    opened: Day
    branches: Count
    staff: Staffing
    families: Families
    duplicates: Duplicates
    states: States
    companies: Companies
    rates: Rates
    tables: Tables
    curves: Curves
    accounts: Accounts
    contacts: Contacts
    money: Money
    lives: Lives


def profile_names() -> tuple[str, ...]:
    """The names of the profiles that come with the workbench."""
    folder = resources.files("synthetic_data").joinpath(FOLDER)
    return tuple(
        sorted(f.name.removesuffix(".toml").replace("_", "-") for f in folder.iterdir() if f.name.endswith(".toml"))
    )


def load_profile(which: str | Path) -> Profile:
    """A profile by its name, or from a file of one's own (a path, or a text that ends in ``.toml``).

    Raises ``ProfileError`` in one line when there is none of that name or a field is wrong.
    """
    if isinstance(which, Path) or which.endswith(".toml"):
        which = Path(which)
        place, text = str(which), _text_of(which)
    elif which in profile_names():
        place = f"{which.replace('-', '_')}.toml"
        text = resources.files("synthetic_data").joinpath(FOLDER, place).read_text(encoding="utf-8")
    else:
        raise ProfileError(f"profile: unknown name {which!r}; choose one of {', '.join(profile_names())}")
    try:
        return Profile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise ProfileError(f"profile {place}: not TOML ({fault}); mend that line") from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        field = ".".join(map(str, first["loc"]))
        if first["type"] == "missing":
            raise ProfileError(f"profile {place}: {field} is missing; add it, or mend that file") from fault
        raise ProfileError(f"profile {place}: {field} = {first['input']!r}: {first['msg']}; mend that field") from fault


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as fault:
        raise ProfileError(f"profile {path}: cannot be read ({fault.strerror}); check the path") from fault
