"""A meadow: soil on which a tiny bank grows at once, for tests of folders."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

import numpy as np
import pyarrow as pa

from synthetic_data.chance import Chance
from synthetic_data.columns import CELL
from synthetic_data.folders.order import Order, over_months
from synthetic_data.grown import Grown
from synthetic_data.profile import Profile, load_profile

WORDS = pa.array(["app", "branch", "call"])


@cache
def kind() -> Profile:
    return load_profile("cn-digital-bank")


def order(customers: int = 2_500, *, months: int = 2, **other: object) -> Order:
    chosen = {"seed": 7, "cells": 1, **other}
    return Order(profile=over_months(kind(), months), customers=customers, **chosen)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Meadow:
    order: Order

    def once(self) -> Mapping[str, pa.Table]:
        return {"branches": pa.table({"number": ["BR01", "BR02"], "name": ["东路支行", "西路支行"]})}

    def cell(self, cell: int) -> Grown:
        chance = Chance(self.order.seed, cell, "meadow")
        people, calls = np.arange(CELL), np.repeat(np.arange(CELL), 3)
        first = datetime(2025, 1, 1, tzinfo=UTC).timestamp()
        names = pa.table(
            {
                "number": [f"C{cell * CELL + i + 1:08d}" for i in range(CELL)],
                "name": [f"李{i}" for i in range(CELL)],
                "since": pa.array([date(2020, 1, 1 + i % 28) for i in range(CELL)]),
            }
        )
        contacts = pa.table(
            {
                "number": [f"I{cell:04d}{i:06d}" for i in range(len(calls))],
                "customer": names["number"].combine_chunks().take(pa.array(calls)),
                "at": pa.array((first + chance.whole(0, 9_999, len(calls))).astype("M8[s]"), pa.timestamp("s", "UTC")),
                "channel": pa.DictionaryArray.from_arrays(
                    pa.array(chance.pick([3, 1, 1], len(calls)).astype(np.int32)), WORDS
                ),
                "text": ['=1+1, "so"\nsaid 𠮷' if i % 97 == 0 else "问余额" for i in range(len(calls))],
            }
        )
        hazards = pa.table({"customer": names["number"], "hazard": chance.shares(CELL)})
        return Grown(
            {"customers": names, "interactions": contacts},
            {"churners": hazards},
            {"customers": people, "interactions": calls, "churners": people},
        )


def other_schema(asked: Order) -> Meadow:
    return Thistle(asked)


class Thistle(Meadow):
    def cell(self, cell: int) -> Grown:
        grown = super().cell(cell)
        wider = {**grown.tables, "customers": grown.tables["customers"].append_column("mood", pa.array([1] * CELL))}
        return grown._replace(tables=wider)
