"""Ciphers: defects in how data keys are replaced and told of."""

from typing import Any

from poc.mutants.mutant import Mutant, always
from poc.reference_crm.crypto import Sealing


async def _says_yes(*_: Any) -> dict[str, object]:
    return {"number": 99, "seals_in_seconds": 0.0}


def _forgets(adopt: Any) -> Any:
    def forgetful(self: Any, keys: Any, sealing: Any) -> None:
        """Keep only the keys that are new."""
        if keys:
            self._ciphers = {}
            sealing = Sealing(key=max(keys))
        adopt(self, keys, sealing)

    return forgetful


MUTANTS = (
    Mutant(
        name="rotation_says_yes",
        defect="Replacing the data key says yes and replaces nothing.",
        killed_by=("a_key_can_be_replaced",),
        place="operations.rotation:rotate",
        make=always(_says_yes),
        precedent="CWE-324",
    ),
    Mutant(
        name="rotation_forgets",
        defect="A new data key takes the place of the old ones, and what they encrypted is lost.",
        killed_by=("old_rows_stay_readable", "rotation_fails_no_call"),
        place="crypto:Vault.adopt",
        make=_forgets,
        precedent="CWE-320",
    ),
    Mutant(
        name="inventory_of_nothing",
        defect="The inventory lists no algorithm.",
        killed_by=("algorithms_are_inventoried",),
        place="operations.rotation:in_use",
        make=always(lambda desk: []),
        precedent="CWE-1059",
    ),
)
