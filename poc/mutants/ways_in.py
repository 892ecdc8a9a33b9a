"""Ways in: defects in second factors, keys of machines, provisioning, idle limits and what the clock tells."""

from typing import Any

from poc.mutants.mutant import Mutant, always, retold, swap
from poc.reference_crm import passwords


async def _nothing(*_: Any, **__: Any) -> None:
    return None


def _all_scopes(lets: Any) -> Any:
    return lambda self, caller, operation: self.may(caller.role, operation)


def _scopes_instead_of_role(lets: Any) -> Any:
    def trusting(self: Any, caller: Any, operation: str) -> bool:
        return self.may(caller.role, operation) if caller.scopes is None else operation in caller.scopes

    return trusting


def _outgrowing(grantable: Any) -> Any:
    swap("access:Policy.lets", _scopes_instead_of_role)
    return lambda desk, role, scope: True


def _hasty(matches: Any) -> Any:
    return lambda digest, password: digest != passwords.NOBODY and matches(digest, password)


FACTORS = (
    Mutant(
        name="codes_for_show",
        defect="Codes can be enrolled and are never asked for.",
        killed_by=("a_second_factor_is_asked",),
        place="operations.sessions:USER_SQL",
        make=retold("f.sealed AS factor", "NULL::bytea AS factor"),
        precedent="CWE-308",
    ),
    Mutant(
        name="codes_again",
        defect="A one-time code opens as often as it is shown within its time.",
        killed_by=("a_code_works_once",),
        place="operations.factors:SPEND_SQL",
        make=retold("AND last_step < $2", "AND last_step <= $2"),
        precedent="CWE-294",
    ),
    Mutant(
        name="codes_of_an_hour",
        defect="Codes pass for an hour before and after their time.",
        killed_by=("a_code_is_short_lived",),
        place="domain.one_time:DRIFT",
        make=always(120),
        precedent="CWE-613",
    ),
    Mutant(
        name="codes_to_guess",
        defect="Wrong codes in the middle of a session are not counted.",
        killed_by=("guessed_codes_are_locked_out",),
        place="operations.stepping_up:count_failure",
        make=always(_nothing),
        precedent="CWE-307",
    ),
    Mutant(
        name="clear_without_code",
        defect="Clear values are given without asking for the second factor afresh.",
        killed_by=("unmasking_asks_for_a_second_factor",),
        place="operations.factors:demand_fresh",
        make=always(_nothing),
        precedent="CWE-306",
    ),
    Mutant(
        name="proof_for_all_sessions",
        defect="A code shown in one session proves all sessions of the user.",
        killed_by=("unmasking_asks_for_a_second_factor",),
        place="operations.factors:FRESH_SQL",
        make=retold("s.access_hash = $2 AND", "($2::bytea IS NOT NULL AND s.factor_at IS NOT NULL) AND"),
        precedent="CWE-384",
    ),
)

KEYS = (
    Mutant(
        name="keys_open_all",
        defect="The scope of a key is written down and not looked at.",
        killed_by=("an_issued_key_keeps_to_its_scope",),
        place="access:Policy.lets",
        make=_all_scopes,
        precedent="CWE-863",
    ),
    Mutant(
        name="keys_outgrow_users",
        defect="A key is given any scope that is asked for, and obeyed beyond its user's role.",
        killed_by=("an_issued_key_keeps_to_its_scope",),
        place="operations.api_keys:grantable",
        make=_outgrowing,
        precedent="CWE-269",
    ),
    Mutant(
        name="keys_never_end",
        defect="A key works on past its time.",
        killed_by=("an_issued_key_ends",),
        place="operations.sessions:KEY_SQL",
        make=retold("k.expires_at > $2 AND", "$2::timestamptz IS NOT NULL AND"),
        precedent="CWE-613",
    ),
    Mutant(
        name="withdrawn_keys_work",
        defect="A withdrawn key is marked and works on.",
        killed_by=("an_issued_key_ends",),
        place="operations.sessions:KEY_SQL",
        make=retold("k.ended_at IS NULL AND ", ""),
        precedent="CWE-613",
    ),
)

PEOPLE = (
    Mutant(
        name="idle_for_ever",
        defect="The idle limit of a user is stored and not applied.",
        killed_by=("an_idle_session_ends",),
        place="operations.sessions:SEEN_SQL",
        make=retold("u.idle_seconds IS NULL OR", "true OR u.idle_seconds IS NULL OR"),
        precedent="CWE-613",
    ),
    Mutant(
        name="provider_is_not_heard",
        defect="A user whom the provider makes inactive loses the session and signs in again.",
        killed_by=("a_deprovisioned_user_is_out",),
        place="operations.provisioning:INACTIVE_SQL",
        make=retold("SET disabled = $2", "SET disabled = disabled AND $2"),
        precedent="CWE-613",
    ),
    Mutant(
        name="clock_tells_names",
        defect="No password is checked for an unknown name, so that its refusal comes at once.",
        killed_by=("an_unknown_user_waits_as_long",),
        place="passwords:matches",
        make=_hasty,
        precedent="CWE-208",
    ),
)

MUTANTS = (*FACTORS, *KEYS, *PEOPLE)
