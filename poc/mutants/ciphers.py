"""Ciphers: defects in how data keys are replaced and told of."""

import time
from typing import Any

from poc.mutants.mutant import Mutant, always, swap
from poc.reference_crm.algorithms import DEFAULT, OFFERED
from poc.reference_crm.crypto import Sealing
from poc.reference_crm.problems import Problem


async def _nothing(*_: Any) -> None:
    return None


async def _all_done(connection: Any, desk: Any, kind: Any, limit: int) -> int:
    return limit


def _without_history(stores: Any) -> Any:
    return tuple(one for one in stores if one.table != "history")


def _on_paper(chosen: Any) -> Any:
    def without_sm4(name: str) -> Any:
        if name.upper().startswith("SM4"):
            raise ValueError("is to come with the next release")
        return chosen(name)

    return without_sm4


def _held_up(rotate: Any) -> Any:
    """Refuse to write until the new key seals."""
    until = [0.0]

    def sealing(seal: Any) -> Any:
        def waits(self: Any, place: str, data: bytes, *, owner: str = "") -> bytes:
            if time.monotonic() < until[0]:
                raise Problem(reason="conflict", detail="the data key is being replaced: try again")
            return bytes(seal(self, place, data, owner=owner))

        return waits

    async def rotated(desk: Any, caller: Any) -> Any:
        told = await rotate(desk, caller)
        until[0] = time.monotonic() + told["seals_in_seconds"]
        return told

    swap("crypto:Vault.seal", sealing)
    return rotated


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
        precedent="CWE-684",
    ),
    Mutant(
        name="rotation_stops_writes",
        defect="While the data key is replaced nobody can write.",
        killed_by=("rotation_fails_no_call",),
        place="operations.rotation:rotate",
        make=_held_up,
        precedent="CWE-667",
    ),
    Mutant(
        name="weak_cipher_taken",
        defect="Any algorithm may be chosen for a field, and the choice of a weak one is silently passed over.",
        killed_by=("weak_algorithms_are_refused",),
        place="operations.choosing:strong",
        make=always(lambda algorithm: OFFERED[algorithm].name if algorithm in OFFERED else DEFAULT),
        precedent="CWE-757",
    ),
    Mutant(
        name="weak_wrapping_taken",
        defect="Keys may be wrapped by RSA without OAEP, and digests made by MD5.",
        killed_by=("weak_algorithms_are_refused",),
        place="operations.choosing:_only_as_it_is",
        make=always(lambda desk, use, algorithm: None),
        precedent="CWE-780",
    ),
    Mutant(
        name="choice_forgotten",
        defect="The choice of an algorithm for a field is confirmed and not kept.",
        killed_by=("a_field_changes_its_algorithm", "international_and_national_families_are_offered"),
        place="operations.choosing:_decide",
        make=always(_nothing),
        precedent="CWE-393",
    ),
    Mutant(
        name="encrypted_anew_on_paper",
        defect="Encryption anew counts records and leaves them under the old key.",
        killed_by=("a_field_changes_its_algorithm",),
        place="operations.reencrypting:_anew",
        make=always(_all_done),
        precedent="CWE-324",
    ),
    Mutant(
        name="history_keeps_its_keys",
        defect="Encryption anew goes through the records and forgets what their history holds.",
        killed_by=("nothing_is_left_under_an_old_key",),
        place="operations.reencrypting:STORES",
        make=_without_history,
        precedent="CWE-324",
    ),
    Mutant(
        name="national_family_on_paper",
        defect="The inventory offers SM4, and no field can be put under it.",
        killed_by=("international_and_national_families_are_offered", "a_field_changes_its_algorithm"),
        place="algorithms:chosen",
        make=_on_paper,
        precedent="CWE-1059",
    ),
    Mutant(
        name="inventory_of_nothing",
        defect="The inventory lists no algorithm.",
        killed_by=("algorithms_are_inventoried", "encryption_is_described"),
        place="operations.rotation:in_use",
        make=always(lambda desk: []),
        precedent="CWE-1059",
    ),
)
