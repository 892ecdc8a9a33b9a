"""Functions: who may do what, tried operation by operation in the name of every actor."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from scenarios.actors import Actor, Credential
from scenarios.conditions import AccessCondition
from scenarios.crm import CRM, Answer
from scenarios.library.newcomers import first_branch, quietly, second_branch
from scenarios.library.security.attempts import Attempt, attempt, need, seconds_until
from scenarios.library.security.conditional import MORE_S, Conditioned, tried_under_conditions
from scenarios.library.security.ground import laid_out
from scenarios.library.security.plot import Plot, plot
from scenarios.library.security.policy import the_policy
from scenarios.library.security.probes import PROBES, Ask, Scene
from scenarios.library.security.staffing import credential_for, enter, seated, taken_on
from scenarios.port import Refused, Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import NotTestable, Verdict, at_least, at_most, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Account, Company, Customer, Opportunity, Record, Relation

#: A changed role must be felt within this time (requirement SEC-04).
PROPAGATION_S = 60.0
#: The operation whose rights are moved to and fro: agents may not do it.
MOVED = "opportunity.list"
#: Actors whose sight is the second branch; all others are tried on the first.
SECOND = frozenset({Actor.RM_B})
#: Kinds whose update must present a version.
VERSIONED: tuple[type[Record], ...] = (Customer, Company, Relation, Account, Opportunity)


class Decision(NamedTuple):
    """One cell of the matrix: what the policy expects and what came of the try."""

    operation: str
    expected: bool
    tried: Attempt[Any]

    @property
    def offered(self) -> bool:
        """Whether the product has the operation at all."""
        return self.tried.offered

    @property
    def false_allow(self) -> bool:
        """Whether someone got in who must not."""
        return not self.expected and self.tried.admitted

    @property
    def false_denial(self) -> bool:
        """Whether someone was kept out who must get in."""
        return self.expected and self.offered and not self.tried.admitted


#: Seconds until a right that was given, and one that was taken back, is felt; None where it never is.
Moved: TypeAlias = tuple[float | None, float | None]


class Seen(NamedTuple):
    """What came of all tries."""

    matrix: tuple[Decision, ...]
    forged: tuple[Attempt[Any], ...]
    conditioned: Conditioned
    own_users: bool  # whether users of our own could be made, to change their roles
    promotion_s: float | None
    demotion_s: float | None
    moved_s: Moved | None
    new_role: tuple[Attempt[Any], ...]  # creating the user first, then what it tried
    export: Attempt[Mapping[str, Any]]


@scenario("SEC-04")
def every_operation_is_tried_by_everyone(crm: CRM, bank: Bank) -> Seen:
    """Thirteen actors try each of the bank's 48 operations; roles change, tokens are forged, branches are crossed."""
    need(crm, Actor.INTEGRATION)
    plots = {
        "a": plot(crm, bank, first_branch(crm, bank), "a", stock=2 * len(Actor)),
        "b": plot(crm, bank, second_branch(crm, bank), "b", stock=2 * len(Actor)),
    }
    records = [record for one in plots.values() for record in one.on_file]
    with laid_out(crm, records), taken_on(crm, bank, ("resident", "teller")) as people:
        scenes = {
            label: Scene(
                plot=one,
                versions=_versions(crm, one),
                change=_a_change(crm, one),
                newcomer=credential_for(crm, bank, f"stranger-{label}"),
                resident=people.get("resident") or credential_for(crm, bank, "resident"),
            )
            for label, one in plots.items()
        }
        promotion_s, demotion_s = _promoted(crm, people["resident"]) if people else (None, None)
        matrix = tuple(_matrix(crm, scenes))
        conditioned, moved_s = _moved(crm, lambda: tried_under_conditions(crm, bank, scenes, SECOND))
        return Seen(
            matrix=matrix,
            forged=_forged(crm, plots["a"].keep),
            conditioned=conditioned,
            own_users=bool(people),
            promotion_s=promotion_s,
            demotion_s=demotion_s,
            moved_s=moved_s,
            new_role=_new_role(crm, bank, plots["a"].keep),
            export=attempt(crm.acting_as(Actor.COMPLIANCE), "export the policy", lambda view: view.policy()),
        )


def _versions(crm: CRM, one: Plot) -> dict[str, str | None]:
    core = crm.acting_as(Actor.INTEGRATION)
    told: dict[str, str | None] = {}
    for kind in VERSIONED:
        with suppress(Unsupported, Refused):
            told[one.of(kind)] = core.get(kind, one.of(kind)).value.version
    return told


def _a_change(crm: CRM, one: Plot) -> str:
    """Make a change that can be taken back, and return its id."""
    core, keep = crm.acting_as(Actor.INTEGRATION), one.keep.number
    with suppress(Unsupported, Refused):
        version = core.get(Customer, keep).value.version
        core.update(Customer, keep, {"employer": "Plot & Sons"}, version=version)
        history = crm.acting_as(Actor.COMPLIANCE).history(Customer, keep).value
        return next((change.id for change in reversed(history) if change.field == "employer"), "")
    return ""


def _matrix(crm: CRM, scenes: Mapping[str, Scene]) -> Iterator[Decision]:
    """Try every operation as every actor whom the settings let in: first those who may not, then those who may."""
    policy = the_policy()
    there = [actor for actor in Actor if crm.has(actor)]
    shut = {actor: barred for actor in there if (barred := _barred(crm.acting_as(actor))) is not None}
    for operation, probe in PROBES.items():
        for actor in sorted(there, key=lambda one: policy.may(one, operation)):
            may = policy.may(actor, operation)
            scene = scenes["b" if actor in SECOND else "a"]
            at = Scene(
                plot=scene.plot, versions=scene.versions, change=scene.change, newcomer=scene.newcomer,
                resident=scene.resident, may=may,
            )  # fmt: skip
            if actor in shut:
                tried = Attempt(actor=actor, what=operation, answer=shut[actor])
            else:
                tried = attempt(crm.acting_as(actor), operation, partial(_ask, probe.ask, at))
            yield Decision(operation, may, tried)


def _ask(ask: Ask, at: Scene, view: CRM) -> Answer[Any]:
    return ask(view, at)


def _barred(view: CRM) -> Answer[Any] | None:
    """Return the refusal of an actor who cannot even sign in: it holds for all operations."""
    try:
        view.session()
    except Refused as no:
        return Answer(given=None, refusal=no)
    return None


def _forged(crm: CRM, customer: Customer) -> tuple[Attempt[Any], ...]:
    """Try reads and a write with tokens that nobody was given."""
    tokens = (
        "forged-token",
        "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJhZG1pbiIsInJvbGUiOiJjb21wbGlhbmNlIn0.",
        "0" * 43,
        "' OR '1'='1",
    )
    found: list[Attempt[Any]] = []
    number, changes = customer.number, {"occupation": "Forger"}
    for token in tokens:
        view = crm.acting_as(Actor.EXPIRED).holding(crm.connector.session_of(token))
        found.append(attempt(view, f"get with {token[:12]}…", lambda one: one.get(Customer, number)))
        found.append(attempt(view, f"list with {token[:12]}…", lambda one: one.list(Customer, limit=1)))
        found.append(attempt(view, f"update with {token[:12]}…", lambda one: one.update(Customer, number, changes)))
    return tuple(found)


def _promoted(crm: CRM, credential: Credential) -> tuple[float | None, float | None]:
    """Make a teller who is at work a manager, and a teller again."""
    resident = seated(crm, credential, "teller")
    promotion_s = _felt(crm, resident, credential.username, "manager", wanted=True)
    return promotion_s, _felt(crm, resident, credential.username, "teller", wanted=False)


def _felt(crm: CRM, resident: CRM, username: str, role: str, *, wanted: bool) -> float | None:
    """Give a user who is at work another role; return after how many seconds it is felt, None if it never is.

    Relations are shown to managers and not to tellers, so reading them tells the one from the other.
    """
    crm.acting_as(Actor.ADMIN).assign(username, role).value  # noqa: B018 - reading the value raises a refusal
    return seconds_until(
        crm.clock,
        lambda: resident.list(Relation, limit=1).ok is wanted,
        within=PROPAGATION_S + 1,
    )


def _moved(crm: CRM, meanwhile: Callable[[], Conditioned]) -> tuple[Conditioned, Moved | None]:
    """Have agents be let to list opportunities, and not any more; tell after how many seconds each is felt.

    What is not felt at once has its minute while something else is tried ``meanwhile``.
    """
    if not crm.offers("set_rights"):
        return meanwhile(), None
    admin, agent = crm.acting_as(Actor.ADMIN), crm.acting_as(Actor.AGENT)
    roles, begun = the_policy().operations[MOVED], crm.clock.now()

    def felt(wanted: bool, within: float) -> float | None:
        return seconds_until(crm.clock, lambda: agent.list(Opportunity, limit=1).ok is wanted, within=within)

    try:
        admin.set_rights(MOVED, sorted(roles | {"agent"})).value  # noqa: B018 - reading the value raises a refusal
        given, conditioned = felt(True, MORE_S), meanwhile()
        if given is None:
            gone = (crm.clock.now() - begun).total_seconds()
            more = felt(True, max(0.0, PROPAGATION_S + 1 - gone))
            given = None if more is None else gone + more
    finally:
        quietly(admin.set_rights, MOVED, None)
    return conditioned, (given, felt(False, PROPAGATION_S + 1))


def _new_role(crm: CRM, bank: Bank, customer: Customer) -> tuple[Attempt[Any], ...]:
    """Give a user a role that nobody has granted anything, and let it try."""
    admin, credential = crm.acting_as(Actor.ADMIN), credential_for(crm, bank, "trainee")
    added = attempt(admin, "add a user with a new role", lambda view: view.add_user(credential, "trainee"))
    entered = attempt(admin, "sign in", lambda _: enter(crm, credential)) if added.ok else None
    if entered is None or not entered.ok:
        return (added,)
    view = crm.acting_as(Actor.TELLER_A).holding(entered.value)
    tried = (
        attempt(view, "customer.get", lambda one: one.get(Customer, customer.number)),
        attempt(view, "customer.list", lambda one: one.list(Customer, limit=1)),
        attempt(view, "customer.search", lambda one: one.search(Customer, customer.latin_name)),
        attempt(view, "relation.list", lambda one: one.list(Relation, limit=1)),
    )
    quietly(admin.disable, credential.username)
    return (added, *tried)


def _offered(seen: Seen) -> tuple[Decision, ...]:
    there = tuple(decision for decision in seen.matrix if decision.offered)
    if not there:
        raise Unsupported("the product offers none of the 48 operations")
    return there


def _names(decisions: Iterator[Decision]) -> tuple[str, ...]:
    return tuple(str(decision.tried) for decision in decisions)


@every_operation_is_tried_by_everyone.harm
def nobody_without_login_gets_in(seen: Seen) -> Verdict:
    """Without a login, with an expired or a forged token, and after leaving the bank, no operation opens."""
    outside = {Actor.ANONYMOUS, Actor.EXPIRED, Actor.LEAVER}
    cells = [decision.tried for decision in _offered(seen) if decision.tried.actor in outside]
    if not cells:
        raise NotTestable("no actor without a valid login is named in the target's settings")
    tried = [*cells, *seen.forged]
    return none_of((str(one) for one in tried if one.admitted), what="operation that opens", note=f"{len(tried)} tries")


@every_operation_is_tried_by_everyone.harm
def no_role_writes_beyond_its_rights(seen: Seen) -> Verdict:
    """No role changes anything on file that the policy does not let it change."""
    written = (one for one in _offered(seen) if PROBES[one.operation].writes and not one.expected and one.tried.ok)
    return none_of(_names(written), what="write beyond one's rights")


@every_operation_is_tried_by_everyone.check
def the_matrix_is_mostly_right(seen: Seen) -> Verdict:
    """At least nine in ten decisions on who may do what are as the policy says."""
    cells = _offered(seen)
    right = sum(1 for one in cells if not one.false_allow and not one.false_denial) / len(cells)
    note = f"{len(cells)} of {len(seen.matrix)} decisions are of operations that the product offers"
    return at_least(right, 0.9, note=note, decisions=len(cells), decisions_right_share=right)


@every_operation_is_tried_by_everyone.check
def no_sensitive_read_beyond_rights(seen: Seen) -> Verdict:
    """Nobody reads what the bank must guard without the right to it."""
    sensitive = the_policy().sensitive
    wrong = _names(one for one in _offered(seen) if one.operation in sensitive and one.false_allow)
    return none_of(wrong, what="sensitive read beyond one's rights", sensitive_false_allows=len(wrong))


@every_operation_is_tried_by_everyone.check
def nobody_may_too_much(seen: Seen) -> Verdict:
    """In the whole matrix of actors and operations nobody gets in who must not."""
    wrong = _names(one for one in _offered(seen) if one.false_allow)
    return replace(none_of(wrong, what="false allow", false_allows=len(wrong)), facts=matrix_of(seen))


@every_operation_is_tried_by_everyone.check
def nobody_may_too_little(seen: Seen) -> Verdict:
    """At most one in a hundred permitted operations is refused."""
    permitted = [one for one in _offered(seen) if one.expected]
    if not permitted:
        raise NotTestable("no actor with rights is named in the target's settings")
    wrong = [one for one in permitted if one.false_denial]
    share = len(wrong) / len(permitted)
    return at_most(share, 0.01, note="; ".join(_names(iter(wrong[:10]))), false_denial_share=share)


@every_operation_is_tried_by_everyone.check
def a_changed_role_is_felt_in_a_minute(seen: Seen) -> Verdict:
    """A new role gives and a lost role takes rights within a minute, without a new login."""
    if not seen.own_users:
        raise NotTestable("the product creates no users over its interface whose role could be changed")
    if seen.promotion_s is None or seen.demotion_s is None:
        return holds(False, observed="never felt", expected=f"<= {PROPAGATION_S:g} s")
    slower = max(seen.promotion_s, seen.demotion_s)
    return at_most(slower, PROPAGATION_S, role_change_s=slower)


@every_operation_is_tried_by_everyone.check
def a_new_role_may_nothing(seen: Seen) -> Verdict:
    """A role to which nothing was granted opens nothing, or cannot be given at all."""
    added, *tried = seen.new_role
    if not added.offered:
        raise Unsupported("the product offers no user creation")
    note = "" if added.ok else f"a user with an unknown role is refused: {added.reason}"
    return none_of((str(one) for one in tried if one.admitted), what="operation that opens", note=note)


@every_operation_is_tried_by_everyone.check
def conditions_are_obeyed(seen: Seen) -> Verdict:
    """Twenty rights hold under a condition of branch, hour, network or tier only: they open inside and not outside."""
    rights = seen.conditioned.rights
    wrong = [line for one in rights for line in one.wrong]
    share = 1 - sum(1 for one in rights if one.wrong) / len(rights)
    verdict = none_of(wrong, what="right beyond its condition", conditions_right_share=share)
    felt = seen.conditioned.felt_s
    measures = verdict.measures if felt is None else {**verdict.measures, "condition_felt_s": felt}
    facts = [{"kind": one.kind, "operation": one.operation, "wrong": list(one.wrong)} for one in rights]
    return replace(verdict, note=f"{len(rights)} conditional rights", measures=measures, facts={"conditions": facts})


@every_operation_is_tried_by_everyone.check
def the_policy_changes_without_a_restart(seen: Seen) -> Verdict:
    """A right that is given to a role, or taken back, over the interface is felt within a minute."""
    if seen.moved_s is None:
        raise Unsupported("the product sets no rights over its interface")
    felt = [seconds for seconds in seen.moved_s if seconds is not None]
    if len(felt) < len(seen.moved_s):
        return holds(False, observed="never felt", expected=f"<= {PROPAGATION_S:g} s")
    slower = max(felt)
    return at_most(slower, PROPAGATION_S, policy_change_s=slower)


@every_operation_is_tried_by_everyone.check
def policy_can_be_exported(seen: Seen) -> Verdict:
    """The policy can be read over the interface: every operation as the bank set it, and the conditions that stand."""
    told, set_by_bank = seen.export.value, the_policy().operations
    wrong = [name for name, roles in set_by_bank.items() if set(told.get(name, ())) != roles]
    if seen.conditioned.exported is not None:
        wrong += _unexported(seen.conditioned)
    return none_of(wrong, what="rule that the export lacks or tells otherwise", note=f"{len(told)} operations")


def _unexported(seen: Conditioned) -> list[str]:
    """Return the names of conditions that stood and are not in the export as they were set."""
    exported = seen.exported
    given = {_bare(one) for one in exported.value} if exported is not None else set()
    return [f"condition {one.name!r}" for one in seen.stood if _bare(one) not in given]


def _bare(one: AccessCondition) -> AccessCondition:
    """Return a condition in a form that can be compared: without order."""
    return replace(
        one, operations=tuple(sorted(one.operations)), roles=tuple(sorted(one.roles)),
        networks=tuple(sorted(one.networks)),
    )  # fmt: skip


def matrix_of(seen: Seen) -> dict[str, object]:
    """Return the whole matrix for pages: by operation and actor, what was expected and what was seen.

    A cell is two letters: ``+`` or ``-`` for a right or none, then ``a`` admitted, ``d`` denied, ``n`` not offered.
    Exchanges that reproduce the wrong cells are named by their ids.
    """
    cells: dict[str, dict[str, str]] = {}
    exchanges: dict[str, str] = {}
    for one in seen.matrix:
        actor = one.tried.actor.value
        came = "n" if not one.offered else "a" if one.tried.admitted else "d"
        cells.setdefault(one.operation, {})[actor] = f"{'+' if one.expected else '-'}{came}"
        answer = one.tried.answer
        if (one.false_allow or one.false_denial) and answer is not None and answer.exchanges:
            exchanges[f"{one.operation} {actor}"] = answer.exchanges[-1]
    return {"matrix": cells, "exchanges": exchanges}
