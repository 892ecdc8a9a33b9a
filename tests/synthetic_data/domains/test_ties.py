"""What binds two of a cell, in the order of those on whom it hangs."""

import numpy as np

from synthetic_data.columns import CELL, NEVER
from synthetic_data.domains.ties import ROLES, company, merged, nobody, ties
from synthetic_data.tables import NONE


def test_ties_stand_in_the_order_of_their_owners_and_of_the_rules() -> None:
    me, never, since = np.arange(3), np.full(3, NEVER), np.array([10, 11, 12])
    found = ties(
        (np.array([False, True, True]), me - 1, me, "spouse", since, never, nobody(3)),
        (np.array([False, False, True]), me, company(me), "owner", since, never, np.full(3, 40)),
    )
    assert found.owner.tolist() == [1, 2, 2]
    assert [ROLES[role] for role in found.role] == ["spouse", "spouse", "owner"]
    assert found.source.tolist() == [0, 1, 2]
    assert found.target.tolist() == [1, 2, 2 + CELL]
    assert found.share.tolist() == [NONE, NONE, 40]


def test_merged_ties_keep_the_order_of_the_parts() -> None:
    me, never = np.arange(2), np.full(2, NEVER)
    one = ties((np.array([False, True]), me, me, "director", me, never, nobody(2)))
    other = ties((np.array([True, True]), me, me, "owner", me, never, nobody(2)))
    both = merged(one, other)
    assert both.owner.tolist() == [0, 1, 1]
    assert [ROLES[role] for role in both.role] == ["owner", "director", "owner"]
