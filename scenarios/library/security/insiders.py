"""Insiders: six kinds of misuse by people who are let in, five clean days beside them, and what is told and stopped."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from scenarios.actors import Actor, Credential
from scenarios.answers import ApprovalFlow, ApprovalLevel, AuditEntry
from scenarios.crm import CRM
from scenarios.library.newcomers import newcomers, on_file, quietly, second_branch
from scenarios.library.security.attempts import attempt, need, seconds_until
from scenarios.library.security.staffing import enter, seated, taken_on
from scenarios.oversight import MISUSES, Alert
from scenarios.port import Unsupported
from scenarios.scenario import scenario
from scenarios.verdict import Verdict, at_most, holds, none_of
from synthetic_data.bank import Bank
from synthetic_data.records import Customer, Opportunity

#: Seconds that an alert is waited for here, since the requirement's five minutes would stop the play for as long; and
#: how long false ones get once all others were told.
PATIENCE, MORE = 12.0, 2.5
#: Who plays which misuse, with the role of each; the last two do clean work only.
PEOPLE = (
    ("exporter", "compliance"),
    ("owl", "rm"),
    ("stranger", "rm"),
    ("leaver", "compliance"),
    ("maker", "manager"),
    ("shared", "agent"),
    ("calm", "rm"),
    ("steady", "rm"),
)
#: What is played by whom.
PLAYED: Mapping[str, str] = {
    "bulk-export": "exporter",
    "night-browsing": "owl",
    "foreign-customers": "stranger",
    "leavers-export": "leaver",
    "conflicting-duties": "maker",
    "shared-account": "shared",
}
#: Customers looked at in a misuse, and how many the rules are set to let pass.
LOOKED_AT, LET_PASS = 4, 3
#: Clean days played, and false alarms allowed a day for a hundred users (requirement SEC-21).
CLEAN_DAYS, FALSE_A_DAY = 5, 1.0


class Seen(NamedTuple):
    """Alerts by user name; who played what; which misuse could be tried; what the audit holds; what was stopped."""

    alerts: tuple[Alert, ...]
    players: Mapping[str, str]
    tried: frozenset[str]
    logged: tuple[AuditEntry, ...]
    stopped: bool | None
    clean: frozenset[str]


@scenario("SEC-21")
def people_who_are_let_in_misuse_it(crm: CRM, bank: Bank) -> Seen:
    """Six people misuse their rights in six ways while two do five days of clean work; alerts are read."""
    if not (crm.offers("alerts") and crm.offers("watch_for") and crm.offers("add_user")):
        raise Unsupported("the product tells of no misuse")
    need(crm, Actor.ADMIN, Actor.COMPLIANCE, Actor.INTEGRATION)
    begun = _now(crm) - timedelta(seconds=1)
    home = newcomers(crm, bank, LOOKED_AT + 2)
    away = newcomers(crm, bank, 2 * LOOKED_AT + 2, branch=second_branch(crm, bank))[LOOKED_AT + 2 :]
    prominent = [replace(one, tier="private") for one in home[:LOOKED_AT]]
    plain = [replace(one, tier="mass") for one in home[LOOKED_AT:]]
    with on_file(crm, *prominent, *plain, *away), taken_on(crm, bank, *PEOPLE) as people:
        with _watched(crm, size=_size(crm)):
            stopped, tried = _played(crm, people, prominent, plain, away)
            _clean_days(crm, people, plain)
            alerts = _waited(crm, begun, frozenset(people[PLAYED[one]].username for one in tried))
        clerk = crm.acting_as(Actor.COMPLIANCE)
        logged = tuple(entry for one in tried for entry in clerk.audit(who=people[PLAYED[one]].username).value)
    return Seen(
        alerts=alerts,
        players={misuse: people[label].username for misuse, label in PLAYED.items()},
        tried=tried,
        logged=logged,
        stopped=stopped,
        clean=frozenset(people[label].username for label in ("calm", "steady")),
    )


def _now(crm: CRM) -> datetime:
    told = attempt(crm.acting_as(Actor.INTEGRATION), "clock", lambda view: view.now())
    return told.value if told.ok else crm.clock.now()


def _size(crm: CRM) -> int:
    """Return how many customers one export takes along."""
    return sum(crm.acting_as(Actor.COMPLIANCE).count(Customer, "tier").value.values())


@contextmanager
def _watched(crm: CRM, size: int) -> Iterator[None]:
    """Set the bank's own bounds for the length of the play, and put those back that stood before.

    The day is set so that every hour is night: a target's clock cannot be put to midnight without all its work.
    """
    admin = crm.acting_as(Actor.ADMIN)
    wanted: Mapping[str, Mapping[str, object]] = {
        "bulk-export": {"most": size + size // 2, "then": "stop"},
        "night-browsing": {"most": LET_PASS, "day": ["00:00", "00:00"]},
        "foreign-customers": {"most": LET_PASS},
        "leavers-export": {"most": 0},
        "conflicting-duties": {"most": 0},
        "shared-account": {"most": LET_PASS, "minutes": 5},
    }
    before = admin.alert_rules().value
    with ExitStack() as tidy:
        for misuse, settings in wanted.items():
            if misuse in before:
                kept = {name: value for name, value in before[misuse].items() if name in settings}
                tidy.callback(quietly, admin.watch_for, misuse, kept)
                admin.watch_for(misuse, settings).value  # noqa: B018 - reading the value raises a refusal
        yield


def _played(
    crm: CRM,
    people: Mapping[str, Credential],
    prominent: "list[Customer]",
    plain: "list[Customer]",
    away: "tuple[Customer, ...]",
) -> tuple[bool | None, frozenset[str]]:
    """Misuse rights in six ways; return whether the exporter was stopped, and what could be tried."""
    tried = {"night-browsing", "foreign-customers", "shared-account"}
    owl, stranger = seated(crm, people["owl"], "rm"), seated(crm, people["stranger"], "rm")
    for one in prominent:
        owl.get(Customer, one.number)
    for one in away:
        stranger.get(Customer, one.number)
    for _ in range(LET_PASS + 1):
        enter(crm, people["shared"])
    if crm.offers("announce_leaver"):
        day = _now(crm).date() + timedelta(days=7)
        crm.acting_as(Actor.ADMIN).announce_leaver(people["leaver"].username, day).value  # noqa: B018
        if attempt(seated(crm, people["leaver"], "compliance"), "export", lambda view: view.export(Customer)).ok:
            tried.add("leavers-export")
    if _decided_alone(crm, people["maker"], plain[0]):
        tried.add("conflicting-duties")
    exporter = seated(crm, people["exporter"], "compliance")
    stopped = None
    if all(attempt(exporter, "export", lambda view: view.export(Customer)).ok for _ in range(2)):
        tried.add("bulk-export")
        end = seconds_until(
            crm.clock, lambda: not attempt(exporter, "count", lambda view: view.count(Customer, "tier")).ok,
            within=PATIENCE,
        )  # fmt: skip
        stopped = end is not None and not enter(crm, people["exporter"]).ok
    return stopped, frozenset(tried)


def _decided_alone(crm: CRM, maker: Credential, customer: Customer) -> bool:
    """Have a manager ask for what needs a manager's word and try to give it; return whether it could be tried."""
    if not (crm.offers("set_up_flow") and crm.offers("propose") and crm.offers("decide")):
        return False
    admin, number = crm.acting_as(Actor.ADMIN), None
    level = ApprovalLevel(roles=("manager",))
    flow = ApprovalFlow(
        name=f"insiders {crm.nonce}", kind=Opportunity, amount="amount", at_least=Decimal("500000000"), levels=(level,)
    )
    deal = _deal(crm, customer)
    with on_file(crm, deal):
        try:
            number = admin.set_up_flow(flow).value
            view = seated(crm, maker, "manager")
            asked = view.propose(Opportunity, deal.number, {"amount": "600000000.00"})
            if not asked.ok:
                return False
            view.decide(asked.value.number, "approve")
            view.decide(asked.value.number, "recall")
            return True
        finally:
            if number is not None:
                quietly(admin.retire_flow, number)


def _deal(crm: CRM, customer: Customer) -> Opportunity:
    return Opportunity(
        number=f"I{crm.nonce}", customer=customer.number, product="fund", stage="proposed", amount=Decimal("1000.00"),
        currency=customer.currency, owner=customer.manager, opened=customer.since, closes=customer.since,
    )  # fmt: skip


def _clean_days(crm: CRM, people: Mapping[str, Credential], plain: "list[Customer]") -> None:
    """Work through five ordinary days in one go: look at one's own customers, change one, search, sign in once."""
    for label in ("calm", "steady"):
        view = seated(crm, people[label], "rm")
        for _ in range(CLEAN_DAYS):
            for one in plain:
                view.get(Customer, one.number)
            view.search(Customer, plain[0].latin_name)
        view.update(Customer, plain[0].number, {"occupation": f"clerk {label}"})


def _waited(crm: CRM, begun: datetime, wanted: frozenset[str]) -> tuple[Alert, ...]:
    """Wait until something was told of everybody wanted, or patience ends, and a little more; return all alerts."""
    clerk = crm.acting_as(Actor.COMPLIANCE)
    told: list[tuple[Alert, ...]] = [()]

    def all_told() -> bool:
        told[0] = clerk.alerts(since=begun).value
        return wanted <= {alert.who for alert in told[0]}

    seconds_until(crm.clock, all_told, within=PATIENCE, every=1.0)
    crm.clock.sleep(MORE)
    return clerk.alerts(since=begun).value


def _noticed(seen: Seen, misuse: str) -> Verdict:
    if misuse not in seen.tried:
        raise Unsupported(f"the product gives no way to play this: {misuse}")
    told = [alert for alert in seen.alerts if alert.rule == misuse and alert.who == seen.players[misuse]]
    return holds(bool(told), observed=f"{len(told)} alerts", expected="an alert that names the user")


@people_who_are_let_in_misuse_it.check
def misuse_is_logged(seen: Seen) -> Verdict:
    """Whatever was misused, the audit names who did it."""
    known = {entry.who for entry in seen.logged}
    silent = [misuse for misuse in MISUSES if misuse in seen.tried and seen.players[misuse] not in known]
    return none_of(silent, what="misuse without an entry", note=f"{len(seen.tried)} kinds of misuse")


@people_who_are_let_in_misuse_it.check
def bulk_export_is_noticed(seen: Seen) -> Verdict:
    """Records that leave in two exports, together more than the bank lets pass, raise an alert."""
    return _noticed(seen, "bulk-export")


@people_who_are_let_in_misuse_it.check
def night_browsing_is_noticed(seen: Seen) -> Verdict:
    """Looking at prominent customers outside the working day raises an alert."""
    return _noticed(seen, "night-browsing")


@people_who_are_let_in_misuse_it.check
def foreign_customers_are_noticed(seen: Seen) -> Verdict:
    """Asking for customers of another branch raises an alert, shown or not."""
    return _noticed(seen, "foreign-customers")


@people_who_are_let_in_misuse_it.check
def a_leavers_export_is_noticed(seen: Seen) -> Verdict:
    """An export by somebody who is leaving raises an alert."""
    return _noticed(seen, "leavers-export")


@people_who_are_let_in_misuse_it.check
def conflicting_duties_are_noticed(seen: Seen) -> Verdict:
    """Trying to decide on what one asked for oneself raises an alert."""
    return _noticed(seen, "conflicting-duties")


@people_who_are_let_in_misuse_it.check
def a_shared_account_is_noticed(seen: Seen) -> Verdict:
    """One account that is entered again and again within minutes raises an alert."""
    return _noticed(seen, "shared-account")


@people_who_are_let_in_misuse_it.check
def alerts_come_in_time(seen: Seen) -> Verdict:
    """Alerts are told within five minutes of the act."""
    ours = frozenset(seen.players.values())
    waits = [(alert.told_at - alert.at).total_seconds() for alert in seen.alerts if alert.who in ours]
    if not waits:
        return holds(False, observed="no alert", expected="<= 300 s")
    return at_most(max(waits), 300.0, alert_s=max(waits))


@people_who_are_let_in_misuse_it.check
def clean_days_raise_few_alarms(seen: Seen) -> Verdict:
    """Clean work of five days raises at most one alert a day for a hundred users."""
    alarms = sum(alert.who in seen.clean for alert in seen.alerts)
    rate = alarms / (len(seen.clean) * CLEAN_DAYS) * 100
    return at_most(rate, FALSE_A_DAY, note=f"{alarms} alerts in {len(seen.clean) * CLEAN_DAYS} clean days of work")


@people_who_are_let_in_misuse_it.check
def misuse_is_stopped(seen: Seen) -> Verdict:
    """Whom the bank's rule says to stop gets no further: session and account are shut."""
    if seen.stopped is None:
        raise Unsupported("the product gives no way to play this: bulk-export")
    return holds(seen.stopped, observed="stopped" if seen.stopped else "goes on", expected="stopped")
