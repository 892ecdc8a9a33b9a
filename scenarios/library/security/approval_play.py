"""Approval play: twelve sequences of asking and agreeing, twenty agreements at once, and a flow that is tried."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, TypeAlias, TypeVar

from scenarios.actors import Actor, Credential
from scenarios.answers import Approval, ApprovalFlow, ApprovalLevel
from scenarios.crm import CRM, Answer
from scenarios.library.clockwork import advance_to, now
from scenarios.library.integration.concurrency import at_once
from scenarios.library.newcomers import newcomers, on_file, quietly
from scenarios.library.security.attempts import need
from scenarios.library.security.staffing import seated, taken_on
from scenarios.port import Refused, Unsupported
from scenarios.verdict import NotTestable
from synthetic_data.bank import Bank
from synthetic_data.records import Customer, Opportunity

T = TypeVar("T")

#: What the sale is worth on file, what is asked for, and what an amended request asks for.
FILED, WISHED, AMENDED = Decimal("1000.00"), Decimal("250000.00"), Decimal("380000.00")
#: From which amounts a second, third and fourth level must agree; agreements that arrive at once (requirement SEC-06).
STEPS, AT_ONCE = (Decimal(50_000), Decimal(100_000), Decimal(500_000)), 20
#: Amounts on either side of each of these bounds, and how many levels they need.
BOUNDS = (
    (Decimal("49999.99"), 1), (Decimal("50000.00"), 2), (Decimal("99999.99"), 2), (Decimal("100000.00"), 3),
    (Decimal("499999.99"), 3), (Decimal("500000.00"), 4),
)  # fmt: skip
#: How long a level may keep silent, and how long lent rights hold: one that ends before, one that does not.
SILENCE, SHORT, LONG = timedelta(hours=2), timedelta(hours=1), timedelta(days=300)

MANAGER, COMPLIANCE, AGENT, TELLER = (
    ApprovalLevel(roles=(role,)) for role in ("manager", "compliance", "agent", "teller")
)


class Step(NamedTuple):
    """One act, what came of it (the request's state, or refused), and whether the change was made by then."""

    what: str
    outcome: str
    done: bool

    def __str__(self) -> str:
        """Tell act and outcome in one line."""
        return f"{self.what}: {self.outcome}{', the change is made' if self.done else ''}"


Steps = tuple[Step, ...]
#: What was seen, or why it could not be: raised where it is judged.
Told: TypeAlias = T | Exception


class Twenty(NamedTuple):
    """How often a change was made on which twenty agreed at once, and where four of one hand led on two levels."""

    times_made: int
    said_yes: int
    one_hand: Step


class Seen(NamedTuple):
    """The sequences by the name of their check, and what else was tried."""

    sequences: Mapping[str, Told[Steps]]
    levels: Told[tuple[tuple[str, int, int], ...]]  # amount or tier, levels wanted, levels told
    twenty: Told[Twenty]
    simulated: Told[tuple[tuple[str, ...], ...]]
    changed: Told[tuple[int, ...]]  # levels of the request before the change, and of the one after it


class Sale:
    """One sale on file under a flow of its own, and who acts on it."""

    def __init__(self, crm: CRM, number: str, product: str, stack: ExitStack) -> None:
        """Begin without a flow; ``stack`` takes flows out of work at the end."""
        self.crm, self.number, self.product, self._stack = crm, number, product, stack
        self.flow, self.request, self.steps = "", "", list[Step]()

    def rule(self, *levels: ApprovalLevel) -> ApprovalFlow:
        """Return a flow that covers this sale and no other."""
        return ApprovalFlow(
            name=f"Play {self.product}", kind=Opportunity, levels=levels, where={"product": (self.product,)},
            at_least=FILED + 1,
        )  # fmt: skip

    def under(self, *levels: ApprovalLevel) -> "Sale":
        """Have the administrator put the sale under a flow."""
        admin = self.crm.acting_as(Actor.ADMIN)
        self.flow = admin.set_up_flow(self.rule(*levels)).value
        self._stack.callback(quietly, admin.retire_flow, self.flow)
        return self

    def made(self) -> Decimal:
        """Return what the sale is worth on file now."""
        return Decimal(str(self.crm.acting_as(Actor.INTEGRATION).get(Opportunity, self.number).value["amount"]))

    def ask(self, amount: Decimal = WISHED, view: CRM | None = None) -> "Sale":
        """Ask for another amount, as the branch's banker unless told otherwise."""
        asker = view or self.crm.acting_as(Actor.RM_A)
        answer = asker.propose(Opportunity, self.number, {"amount": amount})
        self.request = answer.value.number
        return self.note("ask", answer, amount)

    def act(
        self, who: Actor | CRM, act: str, details: Mapping[str, object] | None = None, wish: Decimal = WISHED
    ) -> "Sale":
        """Decide on the request."""
        view = who if isinstance(who, CRM) else self.crm.acting_as(who)
        return self.note(f"{view.actor} {act}", view.decide(self.request, act, details), wish)

    def note(self, what: str, answer: Answer[Approval], wish: Decimal = WISHED) -> "Sale":
        """Remember what came of an act."""
        outcome = answer.value.state if answer.ok else "refused"
        self.steps.append(Step(what, outcome, self.made() == wish))
        return self

    def told(self) -> Steps:
        """Return what was seen."""
        return tuple(self.steps)


class Cast(NamedTuple):
    """Users of our own: one who borrows rights, one who loses the role, one who asks and borrows."""

    deputy: Credential
    turncoat: Credential
    asker: Credential


def played(crm: CRM, bank: Bank) -> Seen:
    """Play everything on sales of one newcomer; what is set up is taken away again."""
    need(crm, Actor.INTEGRATION, Actor.ADMIN, Actor.RM_A, Actor.MANAGER_A, Actor.COMPLIANCE, Actor.AGENT)
    (one,) = newcomers(crm, bank, 1)
    names = (*SEQUENCES, "levels", "twenty", "one_hand", "simulated", "changed", "lapsed", "recalled_late", "borrowed")
    sales = {name: sale_of(crm, one, i) for i, name in enumerate(names)}
    staff = (("deputy", "agent"), ("turncoat", "manager"), ("asker", "rm"))
    with ExitStack() as stack, on_file(crm, one, *sales.values()), taken_on(crm, bank, *staff) as people:
        at = {name: Sale(crm, sale.number, sale.product, stack) for name, sale in sales.items()}
        cast = Cast(**people) if people else None
        return Seen(
            sequences={name: _tried(play, at, cast) for name, play in SEQUENCES.items()},
            levels=_tried(_levels, at, one, stack),
            twenty=_tried(_twenty, at),
            simulated=_tried(_simulated, at),
            changed=_tried(_changed, at),
        )


def sale_of(crm: CRM, one: Customer, i: int) -> Opportunity:
    """Return a sale to a customer, below what needs agreement under a flow of its own."""
    return Opportunity(
        number=f"OA{crm.nonce}{i:02d}", customer=one.number, product=f"play {crm.nonce} {i:02d}", stage="qualified",
        amount=FILED, currency="CNY", owner=one.manager, opened=date(2026, 1, 5), closes=date(2026, 12, 18),
    )  # fmt: skip


def _tried(play: Callable[..., T], *given: object) -> Told[T]:
    """Play a part; what the product lacks or refuses, or does not let us look at, is told of this part alone."""
    try:
        return play(*given)
    except (Unsupported, Refused, NotTestable) as no:
        return no


def _cast(cast: Cast | None) -> Cast:
    if cast is None:
        raise NotTestable("the product creates no users over its interface who could lose a role or borrow rights")
    return cast


Sales = Mapping[str, Sale]


def _one_level(at: Sales, cast: Cast | None) -> Steps:
    sale = at["one_level_is_approved"].under(MANAGER).ask()
    past = sale.crm.acting_as(Actor.RM_A).update(Opportunity, sale.number, {"amount": WISHED})
    sale.steps.append(Step("past the flow", "made" if past.ok else "refused", sale.made() == WISHED))
    return sale.act(Actor.MANAGER_A, "approve").told()


def _four_levels(at: Sales, cast: Cast | None) -> Steps:
    wish = BOUNDS[-1][0]
    sale = at["levels_follow_the_amount"].under(*_chain()).ask(wish)
    for actor in (Actor.TELLER_A, Actor.MANAGER_A, Actor.AGENT, Actor.COMPLIANCE):
        sale.act(actor, "approve", wish=wish)
    return sale.told()


def _chain() -> tuple[ApprovalLevel, ...]:
    """Return four levels, of which each but the first is needed from its bound on."""
    bound = zip((MANAGER, AGENT, COMPLIANCE), STEPS, strict=True)
    return (TELLER, *(ApprovalLevel(roles=level.roles, at_least=step) for level, step in bound))


def _parallel(at: Sales, cast: Cast | None) -> Steps:
    sale = at["parallel_approval_waits_for_all"].under(ApprovalLevel(roles=("manager", "compliance"), need="all"))
    return sale.ask().act(Actor.MANAGER_A, "approve").act(Actor.COMPLIANCE, "approve").told()


def _any_of(at: Sales, cast: Cast | None) -> Steps:
    sale = at["any_of_several_suffices"].under(ApprovalLevel(roles=("manager", "compliance")))
    return sale.ask().act(Actor.AGENT, "approve").act(Actor.COMPLIANCE, "approve").told()


def _veto(at: Sales, cast: Cast | None) -> Steps:
    sale = at["a_veto_ends_it"].under(ApprovalLevel(roles=("manager", "compliance"), need="all"), AGENT)
    sale.ask().act(Actor.MANAGER_A, "approve").act(Actor.COMPLIANCE, "reject")
    return sale.act(Actor.COMPLIANCE, "approve").act(Actor.AGENT, "approve").told()


def _delegate(at: Sales, cast: Cast | None) -> Steps:
    sale, deputy = at["a_delegate_may_approve"].under(MANAGER).ask(), _cast(cast).deputy
    view, lapsed = seated(sale.crm, deputy, "agent"), at["lapsed"].under(COMPLIANCE).ask()
    sale.act(view, "approve")
    begun = now(sale.crm)
    sale.crm.acting_as(Actor.MANAGER_A).lend_approval(deputy.username, begun + LONG).value  # noqa: B018 - raises
    sale.crm.acting_as(Actor.COMPLIANCE).lend_approval(deputy.username, begun + SHORT).value  # noqa: B018 - raises
    sale.act(view, "approve")
    advance_to(sale.crm, begun + SILENCE)
    return (*sale.told(), *lapsed.act(seated(sale.crm, deputy, "agent"), "approve").told())


def _timeout(at: Sales, cast: Cast | None) -> Steps:
    hours = SILENCE.total_seconds() / 3600
    level = ApprovalLevel(roles=("manager",), hours=hours, escalate_to=("compliance",))
    sale = at["a_timeout_escalates"].under(level).ask()
    advance_to(sale.crm, now(sale.crm) + SILENCE + timedelta(minutes=1))
    sale.note("silence", sale.crm.acting_as(Actor.COMPLIANCE).approval(sale.request))
    return sale.act(Actor.COMPLIANCE, "approve").told()


def _recall(at: Sales, cast: Cast | None) -> Steps:
    sale = at["a_request_can_be_recalled"].under(MANAGER).ask()
    sale.act(Actor.COMPLIANCE, "recall").act(Actor.RM_A, "recall").act(Actor.MANAGER_A, "approve")
    late = at["recalled_late"].under(MANAGER).ask().act(Actor.MANAGER_A, "approve").act(Actor.RM_A, "recall")
    return (*sale.told(), *late.told())


def _returned(at: Sales, cast: Cast | None) -> Steps:
    sale = at["a_request_returns_to_a_step"].under(AGENT, MANAGER, COMPLIANCE).ask()
    sale.act(Actor.AGENT, "approve").act(Actor.MANAGER_A, "approve").act(Actor.COMPLIANCE, "return", {"to": 1})
    sale.act(Actor.MANAGER_A, "approve").act(Actor.AGENT, "approve").act(Actor.MANAGER_A, "approve")
    return sale.act(Actor.COMPLIANCE, "approve").told()


def _own(at: Sales, cast: Cast | None) -> Steps:
    own = at["nobody_approves_their_own"].under(MANAGER)
    manager = own.crm.acting_as(Actor.MANAGER_A)
    own.ask(view=manager)
    at_once(lambda _: manager.decide(own.request, "approve"), 2, 2)
    own.act(manager, "approve")
    if cast is None:
        return own.told()
    asker, borrowed = seated(own.crm, cast.asker, "rm"), at["borrowed"].under(MANAGER)
    manager.lend_approval(cast.asker.username, now(own.crm) + LONG).value  # noqa: B018 - reading raises a refusal
    return (*own.told(), *borrowed.ask(view=asker).act(asker, "approve").told())


def _lost_role(at: Sales, cast: Cast | None) -> Steps:
    sale, turncoat = at["a_lost_role_cannot_approve"].under(MANAGER).ask(), _cast(cast).turncoat
    view = seated(sale.crm, turncoat, "manager")
    view.approval(sale.request).value  # noqa: B018 - who could not even read it loses nothing
    sale.crm.acting_as(Actor.ADMIN).assign(turncoat.username, "teller").value  # noqa: B018 - raises
    return sale.act(view, "approve").told()


def _amended(at: Sales, cast: Cast | None) -> Steps:
    sale = at["a_change_restarts_approval"].under(MANAGER, COMPLIANCE).ask().act(Actor.MANAGER_A, "approve")
    sale.act(Actor.RM_A, "amend", {"changes": {"amount": str(AMENDED)}}, AMENDED)
    sale.act(Actor.COMPLIANCE, "approve", wish=AMENDED).act(Actor.MANAGER_A, "approve", wish=AMENDED)
    return sale.act(Actor.COMPLIANCE, "approve", wish=AMENDED).told()


def _levels(at: Sales, one: Customer, stack: ExitStack) -> tuple[tuple[str, int, int], ...]:
    """Ask for amounts on either side of each bound, and for a tier that needs consent; each is recalled."""
    sale, told = at["levels"].under(*_chain()), list[tuple[str, int, int]]()
    banker, admin = sale.crm.acting_as(Actor.RM_A), sale.crm.acting_as(Actor.ADMIN)
    for amount, wanted in BOUNDS:
        asked = banker.propose(Opportunity, sale.number, {"amount": amount}).value
        told.append((str(amount), wanted, asked.levels))
        quietly(banker.decide, asked.number, "recall")
    rule = ApprovalFlow(
        name=f"Play {sale.product}", kind=Customer, levels=(MANAGER, COMPLIANCE),
        where={"number": (one.number,), "tier": ("private",)},
    )  # fmt: skip
    stack.callback(quietly, admin.retire_flow, admin.set_up_flow(rule).value)
    asked = banker.propose(Customer, one.number, {"tier": "private"}).value
    quietly(banker.decide, asked.number, "recall")
    return (*told, ("tier private", 2, asked.levels))


def _twenty(at: Sales) -> Twenty:
    """Let two people agree twenty times at once, and one person four times where two must agree."""
    sale = at["twenty"].under(ApprovalLevel(roles=("manager", "compliance"))).ask()
    views = [sale.crm.acting_as(actor) for actor in (Actor.MANAGER_A, Actor.COMPLIANCE)]
    answers = at_once(lambda i: views[i % 2].decide(sale.request, "approve"), AT_ONCE, AT_ONCE)
    history = sale.crm.acting_as(Actor.COMPLIANCE).history(Opportunity, sale.number).value
    one = at["one_hand"].under(MANAGER, MANAGER).ask()
    at_once(lambda _: views[0].decide(one.request, "approve"), 4, 4)
    one.note("four clicks", views[0].approval(one.request))
    return Twenty(
        times_made=sum(change.field == "amount" for change in history),
        said_yes=sum(answer.ok for answer in answers),
        one_hand=one.steps[-1],
    )


def _simulated(at: Sales) -> tuple[tuple[str, ...], ...]:
    """Ask who would have to agree to a small and to a large sale; nothing is asked for by that."""
    sale = at["simulated"].under(MANAGER, ApprovalLevel(roles=("compliance",), at_least=STEPS[1]))
    view = sale.crm.acting_as(Actor.MANAGER_A)
    found = []
    for amount in (STEPS[1] - 1, STEPS[1]):
        levels = view.simulate_flow(Opportunity, {"product": sale.product, "amount": str(amount)}).value
        found.append(tuple("+".join(level.roles) for level in levels))
    return tuple(found)


def _changed(at: Sales) -> tuple[int, ...]:
    """Change a flow while a request is under way."""
    sale = at["changed"].under(MANAGER).ask()
    banker, admin = sale.crm.acting_as(Actor.RM_A), sale.crm.acting_as(Actor.ADMIN)
    before = banker.approval(sale.request).value.levels
    admin.set_up_flow(sale.rule(MANAGER, COMPLIANCE), sale.flow).value  # noqa: B018 - reading raises a refusal
    after = banker.propose(Opportunity, sale.number, {"amount": AMENDED}).value
    quietly(banker.decide, after.number, "recall")
    return before, after.levels


SEQUENCES: Mapping[str, Callable[[Sales, Cast | None], Steps]] = {
    "one_level_is_approved": _one_level,
    "levels_follow_the_amount": _four_levels,
    "parallel_approval_waits_for_all": _parallel,
    "any_of_several_suffices": _any_of,
    "a_veto_ends_it": _veto,
    "a_delegate_may_approve": _delegate,
    "a_timeout_escalates": _timeout,
    "a_request_can_be_recalled": _recall,
    "a_request_returns_to_a_step": _returned,
    "nobody_approves_their_own": _own,
    "a_lost_role_cannot_approve": _lost_role,
    "a_change_restarts_approval": _amended,
}
