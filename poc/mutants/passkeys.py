"""Passkeys: defects in how the answer of an authenticator is judged (WebAuthn level 2, 7.1 and 7.2)."""

import base64
import json
from typing import Any

from poc.mutants.mutant import Mutant, always, retold


class _Anywhere(list[str]):
    """A list of places that holds every place."""

    def index(self, *_: Any) -> int:
        return 0


async def _whatever_they_say(desk: Any, credential: Any, purpose: str, username: str = "") -> bytes:
    told = str(credential["response"]["clientDataJSON"])
    client = json.loads(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)))
    challenge = str(client["challenge"])
    return base64.urlsafe_b64decode(challenge + "=" * (-len(challenge) % 4))


MUTANTS = (
    Mutant(
        name="challenges_again",
        defect="The challenge of a passkey can be answered again and again.",
        killed_by=("a_challenge_is_answered_once",),
        place="operations.passkeys:TAKE_SQL",
        make=retold("DELETE FROM passkey_challenges", "UPDATE passkey_challenges SET until = until"),
        precedent="CWE-294",
    ),
    Mutant(
        name="challenges_of_their_own",
        defect="Whatever challenge an answer holds is taken for one that was given.",
        killed_by=("a_challenge_is_answered_once",),
        place="operations.passkeys:_taken",
        make=always(_whatever_they_say),
        precedent="CWE-345",
    ),
    Mutant(
        name="passkeys_anywhere",
        defect="The page on which a passkey was shown is not looked at.",
        killed_by=("a_passkey_opens_its_own_place_only",),
        place="operations.passkeys:origins",
        make=always(lambda desk: _Anywhere()),
        precedent="CWE-346",
    ),
    Mutant(
        name="copies_count_on",
        defect="How often a passkey was used is kept and not compared.",
        killed_by=("a_copied_passkey_is_noticed",),
        place="operations.passkeys:counted",
        make=always(lambda known: 0),
        precedent="CWE-294",
    ),
    Mutant(
        name="found_keys_open",
        defect="A passkey opens without its owner having been verified.",
        killed_by=("a_passkey_asks_for_its_owner",),
        place="operations.passkeys:VERIFIED",
        make=always(False),
        precedent="CWE-308",
    ),
    Mutant(
        name="passkeys_for_show",
        defect="Passkeys can be made and open nothing.",
        killed_by=("a_phishing_resistant_factor_is_offered",),
        place="operations.passkeys:HOLDER_SQL",
        make=retold("WHERE p.id = $1", "WHERE p.id = $1 AND false"),
        precedent="CWE-1390",
    ),
)
