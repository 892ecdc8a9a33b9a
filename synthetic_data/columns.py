"""Columns: a cell of a thousand customers as arrays, on which every further domain of the bank is grown.

A cell depends on nothing but the seed, the profile and its number, so cells can be grown in any order, on any machine,
and a larger bank keeps its first customers. Links between customers stay inside a cell and point to who came before.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

#: Customers in a cell.
CELL = 1_000
#: The day of what has not ended, far after every bank.
NEVER = 2**31 - 1

TIERS = ("mass", "affluent", "private")
STATES = ("active", "dormant", "closed", "deceased")
PRODUCTS = ("current", "savings", "deposit", "loan", "fund", "wealth")

#: Days since 1970-01-01.
Days: TypeAlias = NDArray[np.int32]
#: Places in a tuple of words such as TIERS.
Codes: TypeAlias = NDArray[np.int8]
#: Amounts in hundredths of a currency unit.
Cents: TypeAlias = NDArray[np.int64]
Places: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The customers of a cell, second files included, each array as long as the cell has customers."""

    cell: int
    index: Places  # place in the bank, counted from 0; the customer's number is ground.number("C", index)
    birth: Days
    male: Flags
    english: Flags
    tier: Codes
    state: Codes
    risk: Codes  # 0 ... 4 for C1 ... C5
    since: Days
    closed: Days  # NEVER while a customer
    branch: Places  # place in ground.branches
    manager: Places  # place in ground.staff
    income: Cents  # a month; 0 for minors
    minor: Flags
    copies: Places  # position in the cell of the person whose second file this is, -1 for a first file

    def __len__(self) -> int:
        return len(self.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The accounts of a cell's customers."""

    owner: Places  # position of the owner in People
    nth: Places  # which account of the owner's; its number follows from owner and nth
    product: Codes  # place in PRODUCTS
    balance: Cents  # as the bank stands; negative for loans
    opened: Days
    closed: Days  # NEVER while open

    def __len__(self) -> int:
        return len(self.owner)
