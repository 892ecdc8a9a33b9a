"""Cells on which payments are grown, kept for all tests of this room."""

from functools import cache

import pandas as pd
import pyarrow as pa

from synthetic_data.accounts import accounts
from synthetic_data.columns import Accounts, People
from synthetic_data.domains.money.domain import money
from synthetic_data.domains.money.payments import Payments, payments
from synthetic_data.domains.money.scene import Scene, scene
from synthetic_data.folk import folk
from synthetic_data.ground import Ground, lay_ground
from synthetic_data.grown import Grown
from synthetic_data.profile import Profile, load_profile

PROFILES = ("cn-digital-bank", "cn-joint-stock", "eu-retail")


@cache
def ground_of(profile: str = PROFILES[0], seed: int = 7) -> Ground:
    return lay_ground(seed, load_profile(profile))


def turned(profile: Profile, section: str, **values: float) -> Profile:
    """The profile with other values in a section of its money."""
    part = getattr(profile.money, section)
    new = {name: getattr(part, name).model_copy(update={"value": value}) for name, value in values.items()}
    money_told = profile.money.model_copy(update={section: part.model_copy(update=new)})
    return profile.model_copy(update={"money": money_told})


def crowd(ground: Ground, cell: int = 0) -> tuple[People, Accounts]:
    people = folk(ground, cell).people
    return people, accounts(ground, people)


@cache
def scene_of(profile: str = PROFILES[0], cell: int = 0) -> Scene:
    return scene(ground_of(profile), *crowd(ground_of(profile), cell))


@cache
def payments_of(profile: str = PROFILES[0], cell: int = 0) -> Payments:
    return payments(scene_of(profile, cell))


@cache
def grown_of(profile: str = PROFILES[0], cell: int = 0) -> Grown:
    return money(ground_of(profile), *crowd(ground_of(profile), cell))


@cache
def frame(name: str, profile: str = PROFILES[0], cell: int = 0) -> pd.DataFrame:
    return seen(grown_of(profile, cell), name)


def seen(grown: Grown, name: str) -> pd.DataFrame:
    """A table of a cell with amounts as floats."""
    table = {**grown.tables, **grown.truth}[name]
    for place, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            table = table.set_column(place, field.name, table.column(place).cast(pa.float64()))
    found: pd.DataFrame = table.to_pandas()
    return found
