"""Soil: what the cells of a bank grow on, laid out once for each partition."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from synthetic_data.cell import grow_cell
from synthetic_data.folders.order import Order
from synthetic_data.ground import Ground, lay_ground
from synthetic_data.grown import Grown
from synthetic_data.records import Branch, Campaign, Staff
from synthetic_data.tables import from_records


@dataclass(frozen=True)
class BankSoil:
    """The ground of a bank, and the domains that grow on it."""

    ground: Ground

    def once(self) -> Mapping[str, pa.Table]:
        """Branches, staff and campaigns stand before the first customer."""
        return {
            "branches": from_records(self.ground.branches, Branch),
            "staff": from_records(self.ground.staff, Staff),
            "campaigns": from_records(self.ground.campaigns, Campaign),
        }

    def cell(self, cell: int) -> Grown:
        """All domains of a whole cell."""
        return grow_cell(self.ground, cell)


def soil_of(order: Order) -> BankSoil:
    """Lay out what an order's cells grow on."""
    return BankSoil(lay_ground(order.seed, order.profile))
