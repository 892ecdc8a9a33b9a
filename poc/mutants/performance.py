"""Performance: a defect that only load shows."""

import asyncio
import time
from typing import Any

from poc.mutants.mutant import Mutant

#: One second in so many stands still.
EVERY_S, STALL_S = 10.0, 1.0


def _stalling(call: Any) -> Any:
    async def stalled(self: Any, scope: Any, receive: Any, send: Any) -> None:
        into = time.monotonic() % EVERY_S
        if into < STALL_S:
            await asyncio.sleep(STALL_S - into)
        await call(self, scope, receive, send)

    return stalled


MUTANTS = (
    Mutant(
        name="second_of_standstill",
        defect="One second in ten every request waits, as when memory is tidied up.",
        killed_by=("reads_are_quick_enough", "writes_are_quick_enough"),
        place="doorway:Doorway.__call__",
        make=_stalling,
    ),
)
