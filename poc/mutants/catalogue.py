"""Catalogue: all planted defects, in the order of the dimensions that must notice them."""

from poc.mutants import (
    access,
    accountability,
    approvals,
    attacks,
    ciphers,
    conditions,
    customers,
    entities,
    giveaways,
    insiders,
    integration,
    intelligence,
    machines,
    masks,
    origins,
    outgoing,
    papers,
    passkeys,
    performance,
    resting,
    sequences,
    service,
    sign_on,
    trails,
    unrecorded,
    ways_in,
)
from poc.mutants.mutant import Mutant


def mutants() -> tuple[Mutant, ...]:
    """Return every mutant; those that take longest to notice come first, so that the others run beside them."""
    known = (
        *access.MUTANTS,
        *ways_in.MUTANTS,
        *sign_on.MUTANTS,
        *passkeys.MUTANTS,
        *conditions.MUTANTS,
        *approvals.MUTANTS,
        *sequences.MUTANTS,
        *entities.MUTANTS,
        *origins.MUTANTS,
        *insiders.MUTANTS,
        *outgoing.MUTANTS,
        *machines.MUTANTS,
        *ciphers.MUTANTS,
        *resting.MUTANTS,
        *papers.MUTANTS,
        *masks.MUTANTS,
        *attacks.MUTANTS,
        *giveaways.MUTANTS,
        *accountability.MUTANTS,
        *trails.MUTANTS,
        *unrecorded.MUTANTS,
        *customers.MUTANTS,
        *service.MUTANTS,
        *integration.MUTANTS,
        *intelligence.MUTANTS,
        *performance.MUTANTS,
    )
    return tuple(sorted(known, key=lambda one: one.name not in LONG))


#: What is noticed only by waiting in vain, or by hundreds of calls.
LONG = frozenset(
    {
        "sticky_sessions",
        "reload_never_happens",
        "rights_only_grow",
        "overview_of_yesterday",
        "stale_index",
        "contract_is_a_sketch",
        "audit_loses_its_tail",
    }
)

#: Checks of what the reference CRM does not offer, as its inventory says; that it says so is no false alarm.
ABSENT = frozenset({"national_suites_are_offered"})

#: Checks for which no mutant can be made by weakening the reference CRM alone, and why.
WHY_UNBITTEN = {
    "national_suites_are_offered": "the reference CRM's TLS library has none of them, so there is nothing to weaken",
    "certificate_is_valid": "a target with a wrong certificate cannot be talked to at all, which is told before a run",
    "few_calls_suffice": "how many calls an overview takes is the connector's doing, and its own tests try that",
}
